package io.portreeve.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.portreeve.testing.House;
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
