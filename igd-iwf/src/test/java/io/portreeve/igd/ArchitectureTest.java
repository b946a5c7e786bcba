package io.portreeve.igd;

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
            .importPackages("io.portreeve.igd");

    @Test
    void theInterworkingTouchesNothingOfTheWorld() {
        noClasses()
                .that()
                .resideInAPackage("..igd.iwf..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.net..",
                        "java.nio..",
                        "java.sql..",
                        "java.util.concurrent..",
                        "org.jupnp..",
                        "org.eclipse.jetty..",
                        "io.portreeve.runtime..",
                        "io.portreeve.storage..",
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
    void theSsdpEngineTouchesNothingOfTheWorld() {
        noClasses()
                .that()
                .resideInAPackage("..igd.ssdp..")
                .and()
                .haveNameNotMatching(".*\\.Ssdp(Responder|Writer).*")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.net..", "java.nio.channels..", "java.util.concurrent..", "io.portreeve.runtime..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, Random.class, SecureRandom.class, Clock.class, Instant.class)
                .because("delays, announcements and limits are replayed from a seed")
                .check(CLASSES);
    }

    @Test
    void theGatewayIsAUserOfPcp() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.portreeve.client.engine..",
                        "io.portreeve.client.net..",
                        "io.portreeve.client.store..",
                        "io.portreeve.pcp.wire..",
                        "io.portreeve.server..",
                        "io.portreeve.worlds..")
                .because("the interworking asks a client for mappings and must not know how that gets them")
                .check(CLASSES);
    }

    @Test
    void theTransportDoesNotKnowWhatAnActionMeans() {
        noClasses()
                .that()
                .resideInAnyPackage("..igd.http..", "..igd.ssdp..", "..igd.upnp..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.portreeve.client..", "..igd.gateway..", "..igd.nat..", "..igd.store..")
                .because("it carries an IgdAction there and an IgdReply back")
                .check(CLASSES);
    }

    @Test
    void onlyTheDaemonPutsThePartsTogether() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..igd.daemon..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..igd.daemon..")
                .because("wiring is a leaf")
                .check(CLASSES);
        slices().matching("io.portreeve.igd.(*)..")
                .should()
                .beFreeOfCycles()
                .because("each package must be understood without the ones above it")
                .check(CLASSES);
    }
}
