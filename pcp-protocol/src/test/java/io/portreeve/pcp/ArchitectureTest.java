package io.portreeve.pcp;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Arrows that must never exist in this module. */
class ArchitectureTest {
    private static final String[] VOCABULARY = {"io.portreeve.pcp", "io.portreeve.pcp.natpmp"};
    private static final Set<String> JAVA_BASE = Object.class.getModule().getPackages();

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.portreeve");

    private static boolean isOfJavaBase(JavaClass type) {
        return JAVA_BASE.contains(type.getBaseComponentType().getPackageName());
    }

    @Test
    void theImportFoundTheClasses() {
        assertThat(MAIN.contain(MapRequest.class)).isTrue();
        assertThat(MAIN.contain(ArchitectureTest.class)).isFalse();
    }

    @Test
    void theVocabularyNeedsNothing() {
        classes()
                .that()
                .resideInAnyPackage(VOCABULARY)
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(VOCABULARY).or(describe("are of java.base", ArchitectureTest::isOfJavaBase)))
                .because("every module speaks it, and none should inherit a library with it")
                .check(MAIN);
    }

    @Test
    void theVocabularyDoesNotKnowTheWire() {
        noClasses()
                .that()
                .resideInAnyPackage(VOCABULARY)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.portreeve.pcp.wire")
                .because("a message is what is said, and octets are one way to say it")
                .check(MAIN);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("io.portreeve.(**)")
                .should()
                .beFreeOfCycles()
                .because("a package that can be read alone can be changed alone")
                .check(MAIN);
    }
}
