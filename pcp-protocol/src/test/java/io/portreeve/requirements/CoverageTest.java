package io.portreeve.requirements;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoverageTest {
    private static final String ROWS = """
            A-1\tMUST\tthe first thing holds
            A-2\tSHOULD\tthe second thing holds
            A-3\tMUST NOT\tthe third thing never happens
            A-4\tMUST\tnobody builds this\tnot-built
            """;

    @TempDir
    private Path root;

    private Document document;

    @BeforeEach
    void read() throws IOException {
        document = Document.of("doc", "A document", new StringReader(ROWS));
    }

    private Coverage with(Claim... claims) {
        return new Coverage(List.of(document), List.of(claims));
    }

    @Test
    void countsProvedRowsAndKeepsTheNotBuiltOnesApart() {
        var coverage = with(new Claim("doc:A-1", "T.a", true), new Claim("doc:A-2", "T.b", true));
        assertThat(coverage.summary())
                .containsExactly("requirements doc: 2 of 3 rows proved (MUST 1 of 2), 1 not built");
        assertThat(coverage.errors()).isEmpty();
    }

    @Test
    void oneFailingTestTakesTheRowBack() {
        var coverage = with(new Claim("doc:A-1", "T.a", true), new Claim("doc:A-1", "T.b", false));
        assertThat(coverage.summary()).first().asString().contains("0 of 3 rows");
        assertThat(coverage.table()).contains("| doc:A-1 | MUST | the first thing holds | - |");
    }

    @Test
    void namesTheTestThatClaimsAnUnknownRow() {
        assertThat(with(new Claim("doc:A-9", "T.a", true), new Claim("dco:A-1", "T.b", false))
                        .errors())
                .containsExactly(
                        "T.a claims doc:A-9, which no requirement document has",
                        "T.b claims dco:A-1, which no requirement document has");
    }

    @Test
    void namesTheTestThatClaimsWhatIsNotBuilt() {
        assertThat(with(new Claim("doc:A-4", "T.a", true)).errors())
                .containsExactly("T.a claims doc:A-4, which is listed as not built");
    }

    @Test
    void theTableNamesTheTestsOfEachRow() {
        var coverage = with(
                new Claim("doc:A-3", "T.b", true),
                new Claim("doc:A-3", "T.a", true),
                new Claim("doc:A-3", "T.a", true));
        assertThat(coverage.table())
                .contains("## A document")
                .contains("| doc:A-2 | SHOULD | the second thing holds | - |")
                .contains("| doc:A-3 | MUST NOT | the third thing never happens | T.a, T.b |")
                .contains("| doc:A-4 | MUST | nobody builds this | not built |");
    }

    @Test
    void readsTheClaimsOfAllModules() throws IOException {
        claim("one", "x.FirstTest", "doc:A-1\tFirstTest.a\theld");
        claim("two", "x.SecondTest", "doc:A-2\tSecondTest.b\tfailed");
        Files.createDirectories(root.resolve("never-built"));
        assertThat(ClaimFiles.read(root))
                .containsExactlyInAnyOrder(
                        new Claim("doc:A-1", "FirstTest.a", true), new Claim("doc:A-2", "SecondTest.b", false));
    }

    @Test
    void forgetsTheClaimsOfAClassThatIsGone() throws IOException {
        claim("one", "x.RemovedTest", "doc:A-1\tRemovedTest.a\theld");
        Files.delete(root.resolve("one/target/test-classes/x/RemovedTest.class"));
        assertThat(ClaimFiles.read(root)).isEmpty();
    }

    @Test
    void forgetsTheClaimsOfAClassThatWasCompiledSince() throws IOException {
        var file = claim("one", "x.ChangedTest", "doc:A-1\tChangedTest.a\theld");
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        assertThat(ClaimFiles.read(root)).isEmpty();
    }

    private Path claim(String module, String testClass, String line) throws IOException {
        var compiled = root.resolve(module, "target", "test-classes").resolve(testClass.replace('.', '/') + ".class");
        Files.createDirectories(compiled.getParent());
        Files.createFile(compiled);
        var file = root.resolve(module, "target", "requirements", testClass + ".tsv");
        Files.createDirectories(file.getParent());
        return Files.writeString(file, line + "\n");
    }
}
