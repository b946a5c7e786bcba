package io.portreeve.client.worlds;

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
                .resideInAnyPackage("..client.engine..", "..client.store..", "..client.threads..", "..server..")
                .because("who shares the engine's code shares its mistakes")
                .check(new ClassFileImporter().importPackages("io.portreeve.client.worlds.checker"));
    }

    @Test
    void onlyTheLoopSpeaksTheEnginesLanguage() {
        noClasses()
                .that()
                .resideInAPackage("..client.worlds..")
                .and()
                .doNotHaveSimpleName("EngineLoop")
                .and()
                .doNotHaveSimpleName("ClientDisk")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..client.engine..")
                .because("a change of the engine's face must change one place here, and its rows another")
                .check(new ClassFileImporter().importPackages("io.portreeve.client.worlds"));
    }
}
