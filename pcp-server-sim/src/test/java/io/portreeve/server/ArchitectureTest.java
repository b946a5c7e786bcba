package io.portreeve.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.portreeve.testing.House;
import org.junit.jupiter.api.Test;

/** The arrows between packages that must never exist. */
final class ArchitectureTest {
    private static final JavaClasses SERVER = House.classes("io.portreeve.server");

    @Test
    void theEngineTouchesNothingOfTheWorld() {
        House.engineTouchesNothingOfTheWorld("..server.engine..", SERVER);
    }

    @Test
    void faultsAreGivenTimeAndChance() {
        House.engineTouchesNothingOfTheWorld(
                noClasses()
                        .that()
                        .resideInAPackage("..server.faults..")
                        .and()
                        .haveNameNotMatching(".*FaultLine(\\$.*)?"),
                SERVER);
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
    void whatIsForTheTestsOfOthersIsALeaf() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..server.junit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..server.junit..", "org.junit..")
                .because("the programs are packaged without JUnit")
                .check(SERVER);
    }

    @Test
    void aTestServerMadeByHandNeedsNoJUnit() {
        noClasses()
                .that()
                .resideInAPackage("..server.junit..")
                .and()
                .areNotAnnotations()
                .and()
                .doNotHaveSimpleName("PcpServerExtension")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.junit..")
                .because("other test frameworks may use it")
                .check(SERVER);
    }

    @Test
    void packagesDoNotGoRoundInCircles() {
        House.packagesDoNotGoRoundInCircles("io.portreeve.server", SERVER);
    }
}
