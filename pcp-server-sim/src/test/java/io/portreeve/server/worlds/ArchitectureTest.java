package io.portreeve.server.worlds;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

    @Test
    void theCheckerLooksFromOutside() {
        noClasses()
                .that()
                .resideInAPackage("..worlds.checker..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.portreeve.server", "..server.engine..", "..server.store..", "..server.cgn..")
                .because("who shares the engine's code shares its mistakes")
                .check(new ClassFileImporter().importPackages("io.portreeve.server.worlds.checker"));
    }
}
