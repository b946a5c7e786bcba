package io.portreeve.requirements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The samples in here are run by a launcher of their own; surefire does not see classes that are static members. */
class ProofListenerTest {

    @TempDir
    private Path target;

    @Proves("pcp:CLASS")
    static class Sample {
        @Test
        @Proves({"pcp:GOOD", "wire:TWO"})
        void good() {}

        @Test
        @Proves("pcp:BAD")
        void bad() {
            fail();
        }

        @Test
        @Proves("pcp:ABORTED")
        void aborted() {
            Assumptions.abort();
        }

        @Test
        @Proves("pcp:SKIPPED")
        @EnabledIfSystemProperty(named = "no.such.property", matches = "set")
        void skipped() {}

        @ParameterizedTest
        @Proves("pcp:ALL-GOOD")
        @ValueSource(ints = {1, 2, 3})
        void allGood(int n) {
            assertThat(n).isPositive();
        }

        @ParameterizedTest
        @Proves("pcp:ONE-BAD")
        @ValueSource(ints = {1, -2, 3})
        void oneBad(int n) {
            assertThat(n).isPositive();
        }

        @TestFactory
        @Proves("pcp:DYNAMIC")
        Stream<DynamicTest> dynamic() {
            return Stream.of(
                    dynamicTest("from elsewhere", URI.create("file:///elsewhere"), () -> {}),
                    dynamicTest("from elsewhere too", URI.create("file:///elsewhere"), () -> fail()));
        }

        @TestFactory
        @Proves("pcp:NOTHING-RAN")
        Stream<DynamicTest> nothing() {
            return Stream.of();
        }
    }

    @Proves("pcp:OUTER")
    static class WithNested {
        @Nested
        class Inner {
            @Test
            @Proves("pcp:INNER")
            void inner() {}
        }
    }

    abstract static class Contract {
        @Test
        @Proves("pcp:CONTRACT")
        void holds() {}
    }

    static class FakeOfContract extends Contract {}

    static class NeverStarted {
        @BeforeAll
        static void breaks() {
            fail();
        }

        @Test
        @Proves("pcp:NEVER-STARTED")
        void unreached() {}
    }

    static class NoRows {
        @Test
        void provesNothing() {}
    }

    @Test
    void recordsEachRowWithWhatBecameOfItsTest() throws IOException {
        run(Sample.class);
        var tests = new ArrayList<String>();
        for (var claim : claims()) {
            if (!claim.id().equals("pcp:CLASS")) {
                tests.add(claim.id() + " " + claim.test() + " " + claim.held());
            }
        }
        assertThat(tests)
                .containsExactlyInAnyOrder(
                        "pcp:GOOD ProofListenerTest.Sample.good true",
                        "wire:TWO ProofListenerTest.Sample.good true",
                        "pcp:BAD ProofListenerTest.Sample.bad false",
                        "pcp:ABORTED ProofListenerTest.Sample.aborted false",
                        "pcp:SKIPPED ProofListenerTest.Sample.skipped false",
                        "pcp:ALL-GOOD ProofListenerTest.Sample.allGood true",
                        "pcp:ONE-BAD ProofListenerTest.Sample.oneBad false",
                        "pcp:DYNAMIC ProofListenerTest.Sample.dynamic false",
                        "pcp:NOTHING-RAN ProofListenerTest.Sample.nothing false");
    }

    @Test
    void everyTestOfAClassSpeaksForTheRowsOfTheClass() throws IOException {
        run(Sample.class);
        assertThat(claims())
                .filteredOn(claim -> claim.id().equals("pcp:CLASS"))
                .extracting(Claim::held)
                .contains(true, false)
                .hasSize(8);
    }

    @Test
    void nestedClassesAndContractsInheritRows() throws IOException {
        run(WithNested.class, FakeOfContract.class);
        assertThat(claims())
                .containsExactlyInAnyOrder(
                        new Claim("pcp:INNER", "ProofListenerTest.WithNested.Inner.inner", true),
                        new Claim("pcp:OUTER", "ProofListenerTest.WithNested.Inner.inner", true),
                        new Claim("pcp:CONTRACT", "ProofListenerTest.FakeOfContract.holds", true));
    }

    @Test
    void aClassThatCannotStartProvesNothing() throws IOException {
        run(NeverStarted.class);
        assertThat(claims())
                .containsExactly(new Claim("pcp:NEVER-STARTED", "ProofListenerTest.NeverStarted.unreached", false));
    }

    @Test
    void anotherRunReplacesWhatTheLastOneSaid() throws IOException {
        run(Sample.class);
        run(NoRows.class);
        assertThat(target).isEmptyDirectory();
    }

    private void run(Class<?>... samples) {
        var launcher = LauncherFactory.create(LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .build());
        var request = LauncherDiscoveryRequestBuilder.request();
        for (var sample : samples) {
            request.selectors(selectClass(sample));
        }
        launcher.execute(request.build(), new ProofListener(target));
    }

    private List<Claim> claims() throws IOException {
        return Files.readAllLines(target.resolve(getClass().getName() + ".tsv")).stream()
                .map(Claim::ofLine)
                .toList();
    }
}
