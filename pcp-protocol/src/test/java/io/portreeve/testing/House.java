package io.portreeve.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;

/** Rules that hold in every module. */
public final class House {
    private House() {}

    /** {@return the classes of {@code packageName} and below, without tests, be they in folders or packed by Maven} */
    public static JavaClasses classes(String packageName) {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages(packageName);
    }

    /** Checks that the engine in {@code enginePackage} is given everything it knows. */
    public static void engineTouchesNothingOfTheWorld(String enginePackage, JavaClasses classes) {
        engineTouchesNothingOfTheWorld(noClasses().that().resideInAPackage(enginePackage), classes);
    }

    /** Checks that none of {@code engine} has a clock, a generator, a file, a socket, a thread or an octet. */
    public static void engineTouchesNothingOfTheWorld(GivenClassesConjunction engine, JavaClasses classes) {
        engine.should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.net..",
                        "java.nio.channels..",
                        "java.nio.file..",
                        "java.sql..",
                        "java.util.concurrent..",
                        "io.netty..",
                        "org.eclipse.jetty..",
                        "org.jupnp..",
                        "org.slf4j..",
                        "io.portreeve.netfilter..",
                        "io.portreeve.netlink..",
                        "io.portreeve.pcp.wire..",
                        "io.portreeve.runtime..",
                        "io.portreeve.storage..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Thread.class, Random.class, SecureRandom.class, Clock.class, Instant.class, InstantSource.class)
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .because("the simulation of whole worlds must own time, chance, network and disk")
                .check(classes);
    }

    /** Checks that the packages directly below {@code packageName} do not need each other in a circle. */
    public static void packagesDoNotGoRoundInCircles(String packageName, JavaClasses classes) {
        slices().matching(packageName + ".(*)..")
                .should()
                .beFreeOfCycles()
                .because("each package must be understood without the ones above it")
                .check(classes);
    }

    /** Checks that nothing outside of {@code leaf} needs what is in it. */
    public static void nobodyNeeds(String leaf, JavaClasses classes) {
        noClasses()
                .that()
                .resideOutsideOfPackage(leaf)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(leaf)
                .because("wiring is a leaf")
                .check(classes);
    }
}
