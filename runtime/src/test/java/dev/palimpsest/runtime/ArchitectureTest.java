package dev.palimpsest.runtime;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class ArchitectureTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.palimpsest");

    @Test
    void the_api_knows_java_and_nd4j_only() {
        classes()
                .that()
                .resideInAPackage("dev.palimpsest.api..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.nd4j..", "dev.palimpsest.api..")
                .check(ALL);
    }

    @Test
    void plugins_know_the_api_and_never_the_runtime() {
        classes()
                .that()
                .resideInAPackage("dev.palimpsest.plugins..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax..",
                        "org.nd4j..",
                        "org.deeplearning4j..",
                        "org.bytedeco..",
                        "dev.palimpsest.api..",
                        "dev.palimpsest.plugins..")
                .check(ALL);
    }

    @Test
    void the_test_kit_knows_the_api_and_none_of_the_code_that_it_judges() {
        classes()
                .that()
                .resideInAPackage("dev.palimpsest.testkit..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.nd4j..",
                        "org.hipparchus..",
                        "org.junit.jupiter.api..",
                        "dev.palimpsest.api..",
                        "dev.palimpsest.testkit..")
                .check(ALL);
    }

    @Test
    void plugins_never_know_each_other() {
        slices().matching("dev.palimpsest.plugins.(*)..")
                .should()
                .notDependOnEachOther()
                .check(ALL);
    }

    /** The clock on the wall can be set back, and then no duration may be negative, and nothing wait; only event files state the time of day. */
    @Test
    void no_duration_is_told_by_the_clock_on_the_wall() {
        noClasses()
                .that()
                .doNotHaveSimpleName("EventFile")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Instant")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Date")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock")
                .check(ALL);
    }

    @Test
    void the_runtime_has_no_package_cycle() {
        slices().matching("dev.palimpsest.runtime.(*)..")
                .should()
                .beFreeOfCycles()
                .check(ALL);
    }

    @Test
    void every_stage_can_be_called_with_no_recipe_and_no_plugin_host() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.palimpsest.runtime.data..",
                        "dev.palimpsest.runtime.transport..",
                        "dev.palimpsest.runtime.train..",
                        "dev.palimpsest.runtime.evaluate..",
                        "dev.palimpsest.runtime.simple..",
                        "dev.palimpsest.runtime.report..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.palimpsest.runtime.recipe..",
                        "dev.palimpsest.runtime.plugin..",
                        "dev.palimpsest.runtime.run..",
                        "dev.palimpsest.runtime.cli..")
                .check(ALL);
    }

    @Test
    void only_plugin_and_recipe_know_pf4j_and_yaml() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.palimpsest.runtime.plugin..", "dev.palimpsest.runtime.recipe..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.pf4j..", "org.yaml..")
                .check(ALL);
    }

    @Test
    void randomness_comes_from_generators_that_are_passed() {
        noClasses()
                .should()
                .callMethodWhere(target(owner(type(Nd4j.class))).and(target(nameStartingWith("rand"))))
                .orShould()
                .callMethodWhere(target(owner(type(Nd4j.class))).and(target(nameStartingWith("getRandom"))))
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocalRandom.class)
                .check(ALL);
    }

    @Test
    void only_the_command_line_writes_to_the_console() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.palimpsest.runtime.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(ALL);
    }
}
