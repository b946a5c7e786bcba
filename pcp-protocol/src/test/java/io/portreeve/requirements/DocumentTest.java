package io.portreeve.requirements;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentTest {
    private static final List<String> LEVELS = List.of("MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY", "DEC");
    private static final int LONGEST_TITLE = 100;

    static Stream<Document> documents() {
        return Document.all().stream();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyRowIsWellFormedAndUnique(Document document) {
        assertThat(document.rows()).isNotEmpty().extracting(Requirement::id).doesNotHaveDuplicates();
        assertThat(document.rows()).allSatisfy(row -> {
            assertThat(row.id()).matches("(pcp|igd|rel|wire):[A-Z][A-Z0-9]*(-[A-Z0-9]+)*[a-z]?");
            assertThat(row.level()).isIn(LEVELS);
            assertThat(row.title()).isNotBlank().doesNotContain("|").hasSizeLessThan(LONGEST_TITLE);
        });
    }

    /** Authentication, the PCP proxy, DeviceProtection: left out of this release on purpose. */
    @Test
    void listsWhatIsNotBuilt() {
        assertThat(documents().flatMap(document -> document.rows().stream()))
                .filteredOn(row -> !row.built())
                .extracting(Requirement::id)
                .allMatch(id -> id.matches("pcp:B-AUTH-\\d+|pcp:P-\\d+|igd:I-ACL-07|wire:V33"))
                .hasSize(13);
    }
}
