package io.portreeve.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.portreeve.client");

    @Test
    void theEngineTouchesNothingOfTheWorld() {
        noClasses()
                .that()
                .resideInAPackage("..client.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.net..",
                        "java.nio..",
                        "java.sql..",
                        "java.util.concurrent..",
                        "io.portreeve.runtime..",
                        "io.portreeve.storage..",
                        "io.portreeve.pcp.wire..",
                        "org.slf4j..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, Random.class, SecureRandom.class, Clock.class, Instant.class)
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .because("the simulation of whole worlds must own time, chance, network and disk")
                .check(CLASSES);
    }

    @Test
    void clientAndServerShareTheWireFormatAndNothingElse() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.portreeve.server..", "io.portreeve.worlds..")
                .because("two independent readings of the RFC find each other's mistakes; shared code would share them")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.portreeve.client.(*)..")
                .should()
                .beFreeOfCycles()
                .because("each package must be understood without the ones above it")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.portreeve.client")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.portreeve.client.*..")
                .because("the face of the library does not depend on what is behind it")
                .check(CLASSES);
    }
}
