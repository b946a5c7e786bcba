package io.portreeve.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The arrows between packages that must never exist. */
final class HouseTest {
    private static final JavaClasses SERVER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.portreeve.server");

    @Test
    void theEngineTouchesNothing() {
        noClasses()
                .that()
                .resideInAPackage("..server.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.net..",
                        "java.nio..",
                        "java.io..",
                        "java.sql..",
                        "java.util.concurrent..",
                        "io.netty..",
                        "org.slf4j..",
                        "io.portreeve.pcp.wire..",
                        "io.portreeve.storage..",
                        "io.portreeve.runtime..")
                .because("a simulation must own network, disk and threads, and the engine must not see an octet")
                .check(SERVER);
    }

    @Test
    void theEngineHasNoClockAndNoDice() {
        noClasses()
                .that()
                .resideInAPackage("..server.engine..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(SecureRandom.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Instant.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(InstantSource.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .because("a run must be the same again from the same seed")
                .check(SERVER);
    }

    @Test
    void theCgnKnowsNobody() {
        noClasses()
                .that()
                .resideInAPackage("..server.cgn..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.portreeve.server", "..server.engine..", "..server.net..", "..server.store..")
                .because("a CGN may be another program")
                .check(SERVER);
    }

    @Test
    void theServerKnowsNoClient() {
        noClasses()
                .that()
                .resideInAPackage("io.portreeve.server..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.portreeve.client..", "io.portreeve.igd..")
                .because("shared code would share the bug: client and server read the RFC on their own")
                .allowEmptyShould(true)
                .check(SERVER);
    }

    @Test
    void nettyStaysAtTheEdge() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..server.net..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .because("transport must not know what a request means, nor the rest how it came")
                .check(SERVER);
    }

    @Test
    void nobodyNeedsTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..server.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..server.cli..", "picocli..")
                .because("wiring is a leaf")
                .check(SERVER);
    }

    @Test
    void packagesDoNotGoRoundInCircles() {
        slices().matching("io.portreeve.server.(*)..")
                .should()
                .beFreeOfCycles()
                .because("a package that cannot be read by itself cannot be understood by itself")
                .check(SERVER);
    }
}
