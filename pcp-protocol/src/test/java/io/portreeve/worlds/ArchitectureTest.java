package io.portreeve.worlds;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

    @Test
    void theWorldsKnowNoProgram() {
        classes()
                .that()
                .resideInAPackage("io.portreeve.worlds..")
                .and()
                .haveSimpleNameNotEndingWith("Test")
                .and()
                .haveNameNotMatching(".*Test\\$.*")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.portreeve.worlds..", "io.portreeve.pcp", "java..")
                .because("the weather knows nobody: server, client and gateway are tried in the same worlds")
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.OnlyIncludeTests())
                        .importPackages("io.portreeve.worlds"));
    }
}
