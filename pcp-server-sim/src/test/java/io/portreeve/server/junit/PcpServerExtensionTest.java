package io.portreeve.server.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the tests of the classes below, as JUnit runs those of others. */
final class PcpServerExtensionTest {
    private static final List<PcpTestServer> SEEN = Collections.synchronizedList(new ArrayList<>());

    private final Leftovers leftovers = new Leftovers();

    @BeforeEach
    @AfterEach
    void forget() {
        SEEN.clear();
    }

    private static void assertPass(int tests, Class<?> sample) {
        var summary = Launched.run(sample);
        assertThat(Launched.failures(summary)).isEmpty();
        assertThat(summary.getTestsSucceededCount()).isEqualTo(tests);
    }

    @ExtendWith(PcpServerExtension.class)
    static class EveryPlace {
        private final PcpTestServer ofConstructor;
        private PcpTestServer ofBeforeEach;

        EveryPlace(PcpTestServer server) {
            ofConstructor = server;
        }

        @BeforeEach
        void before(PcpTestServer server) {
            ofBeforeEach = server;
        }

        @Test
        void one(PcpTestServer server, PcpTestServer same) {
            check(server);
            assertThat(same).isSameAs(server);
        }

        @RepeatedTest(2)
        void repeated(PcpTestServer server) {
            check(server);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void parameterized(int number, PcpTestServer server) {
            check(server);
        }

        @Test
        void withoutAParameterOfItsOwn() {
            check(ofBeforeEach);
        }

        private void check(PcpTestServer server) {
            assertThat(server).isSameAs(ofBeforeEach).isSameAs(ofConstructor);
            assertThat(SEEN).doesNotContain(server);
            SEEN.add(server);
        }

        @AfterEach
        void after(PcpTestServer server) {
            assertThat(server).isSameAs(ofConstructor);
            assertThat(server.mappings()).as("it still runs").isEmpty();
        }

        @Nested
        class Inside {
            private final PcpTestServer ofItsConstructor;

            Inside(PcpTestServer server) {
                ofItsConstructor = server;
            }

            @Test
            void two(PcpTestServer server) {
                check(server);
                assertThat(server).isSameAs(ofItsConstructor);
            }
        }
    }

    @Test
    void aTestHasOneServerWhereverItAsks() throws Exception {
        assertPass(7, EveryPlace.class);
        assertThat(SEEN).hasSize(7);
        leftovers.assertNone();
    }

    @TestInstance(Lifecycle.PER_CLASS)
    @ExtendWith(PcpServerExtension.class)
    static class OneInstance {
        @Test
        void one(PcpTestServer server) {
            SEEN.add(server);
        }

        @Test
        void two(PcpTestServer server) {
            assertThat(SEEN).doesNotContain(server);
            SEEN.add(server);
        }
    }

    @Test
    void testsOfOneInstanceHaveTheirOwnServersToo() {
        assertPass(2, OneInstance.class);
        assertThat(SEEN).hasSize(2).doesNotHaveDuplicates();
    }

    @PcpServerSettings({"pool = 203.0.113.10", "quota = 1"})
    static class Settings {
        @Test
        void ofTheClass(PcpTestServer server) {
            assertThat(server.externalAddress()).isEqualTo(InetAddress.ofLiteral("203.0.113.10"));
        }

        @Test
        @PcpServerSettings("pool = 203.0.113.11")
        void ofTheMethod(PcpTestServer server) {
            assertThat(server.externalAddress()).isEqualTo(InetAddress.ofLiteral("203.0.113.11"));
        }

        @Test
        @VirtualTime
        void timeOfTheMethod(PcpTestServer server) {
            server.advance(Duration.ofSeconds(1));
        }

        @Nested
        @VirtualTime
        @PcpServerSettings("faults = seed=1")
        class Inside {
            @Test
            void ofBothClasses(PcpTestServer server) {
                server.advance(Duration.ofSeconds(1));
                assertThat(server.faults()).hasToString("seed=1");
                assertThat(server.externalAddress()).isEqualTo(InetAddress.ofLiteral("203.0.113.10"));
            }

            @Nested
            class Deeper {
                @Test
                @PcpServerSettings("pool = 203.0.113.12")
                void ofAllAround(PcpTestServer server) {
                    server.advance(Duration.ofSeconds(1));
                    assertThat(server.externalAddress()).isEqualTo(InetAddress.ofLiteral("203.0.113.12"));
                }
            }
        }
    }

    static class Heir extends Settings {}

    @Test
    void settingsAreThoseOfAllAroundAndTheInnermostCount() {
        assertPass(5, Settings.class);
        assertPass(5, Heir.class);
    }

    @PcpServerSettings("quotta = 1")
    static class Mistaken {
        @Test
        void never(PcpTestServer server) {
            SEEN.add(server);
        }
    }

    @Test
    void aMistakeInTheSettingsFailsTheTestAndSaysWhy() throws Exception {
        assertThat(Launched.failures(Launched.run(Mistaken.class)))
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure).hasMessageContaining("unknown key 'quotta'; did you mean 'quota'?"));
        assertThat(SEEN).isEmpty();
        leftovers.assertNone();
    }

    @ExtendWith(PcpServerExtension.class)
    static class ForTheClass {
        @BeforeAll
        static void before(PcpTestServer server) {
            SEEN.add(server);
        }

        @Test
        void never() {}
    }

    @TestInstance(Lifecycle.PER_CLASS)
    @ExtendWith(PcpServerExtension.class)
    static class ForTheOneInstance {
        ForTheOneInstance(PcpTestServer server) {
            SEEN.add(server);
        }

        @Test
        void never() {}
    }

    @Test
    void aServerForAWholeClassIsRefused() {
        for (var sample : List.of(ForTheClass.class, ForTheOneInstance.class)) {
            assertThat(Launched.failures(Launched.run(sample)))
                    .singleElement()
                    .satisfies(failure ->
                            assertThat(failure).hasMessageContaining("a PcpTestServer lives as long as one test"));
        }
        assertThat(SEEN).isEmpty();
    }

    @ExtendWith(PcpServerExtension.class)
    static class Failing {
        @Test
        void fails(PcpTestServer server) {
            SEEN.add(server);
            throw new IllegalStateException("a bug of the client");
        }
    }

    @ExtendWith(PcpServerExtension.class)
    static class FailingToBegin {
        FailingToBegin(PcpTestServer server) {
            SEEN.add(server);
            throw new IllegalStateException("a bug of the client");
        }

        @Test
        void never() {}
    }

    @Test
    void aTestThatFailsLeavesNothingBehind() throws Exception {
        for (var sample : List.of(Failing.class, FailingToBegin.class)) {
            assertThat(Launched.failures(Launched.run(sample)))
                    .singleElement()
                    .satisfies(failure -> assertThat(failure).hasStackTraceContaining("a bug of the client"));
        }
        assertThat(SEEN).hasSize(2);
        leftovers.assertNone();
    }

    @ExtendWith(PcpServerExtension.class)
    static class Broken {
        @Test
        void theServerStopsByItself(PcpTestServer server) {
            server.running().failure().complete(new IllegalStateException("a bug of the server"));
        }
    }

    @Test
    void aServerThatStoppedByItselfFailsTheTest() {
        assertThat(Launched.failures(Launched.run(Broken.class)))
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasStackTraceContaining("a bug of the server"));
    }

    @VirtualTime
    static class SideBySide {
        @RepeatedTest(20)
        void one(PcpTestServer server) {
            server.faults().delay(Duration.ofMillis(5));
            server.advance(Duration.ofHours(1));
            server.restartWithoutState();
            SEEN.add(server);
        }
    }

    @Test
    void testsMayRunSideBySide() throws Exception {
        var summary = Launched.run(
                SideBySide.class,
                Map.of(
                        "junit.jupiter.execution.parallel.enabled", "true",
                        "junit.jupiter.execution.parallel.mode.default", "concurrent",
                        "junit.jupiter.execution.parallel.config.strategy", "fixed",
                        "junit.jupiter.execution.parallel.config.fixed.parallelism", "4"));
        assertThat(Launched.failures(summary)).isEmpty();
        assertThat(SEEN).hasSize(20).doesNotHaveDuplicates();
        leftovers.assertNone();
    }
}
