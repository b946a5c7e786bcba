package io.portreeve.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.portreeve.requirements.Proves;
import io.portreeve.testing.House;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = House.classes("io.portreeve.client");

    @Test
    void theEngineTouchesNothingOfTheWorld() {
        House.engineTouchesNothingOfTheWorld("..client.engine..", CLASSES);
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
    @Proves("pcp:B-NON-01")
    void whatIsToBeUnguessableHasNoOtherSourceThanTheSecureOne() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Random.class, SplittableRandom.class, ThreadLocalRandom.class, RandomGeneratorFactory.class)
                .orShould()
                .callMethod(Math.class, "random")
                .because("nonces come from the generator that the engine is given")
                .check(CLASSES);
    }

    /** The store alone reads it, because nothing else outlives the machine. */
    @Test
    @Proves("pcp:C-LIFE-07")
    void noTimerLooksAtTheWallClock() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..client.store..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class, Instant.class, Date.class)
                .orShould()
                .callMethod(InstantSource.class, "instant")
                .orShould()
                .callMethod(InstantSource.class, "millis")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .because("it jumps")
                .check(CLASSES);
    }

    @Test
    void packagesDoNotGoRoundInCircles() {
        House.packagesDoNotGoRoundInCircles("io.portreeve.client", CLASSES);
    }

    @Test
    void theFaceOfTheLibraryDoesNotKnowWhatIsBehindIt() {
        noClasses()
                .that()
                .resideInAPackage("io.portreeve.client")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.portreeve.client.*..")
                .because("who uses the library reads this package only")
                .check(CLASSES);
    }
}
