package io.portreeve.igd.worlds;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.portreeve.igd.iwf.Interworking;
import io.portreeve.igd.iwf.PortMapping;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

    @Test
    void theCheckerLooksFromOutside() {
        noClasses()
                .that()
                .resideInAPackage("..worlds.checker..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "..client.engine..",
                        "..client.store..",
                        "..igd.gateway..",
                        "..igd.nat..",
                        "..igd.store..",
                        "..server..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Interworking.class, PortMapping.class)
                .because("who shares the engine's code shares its mistakes")
                .check(new ClassFileImporter().importPackages("io.portreeve.igd.worlds.checker"));
    }
}
