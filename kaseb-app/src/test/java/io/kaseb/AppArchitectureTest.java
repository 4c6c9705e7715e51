package io.kaseb;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The package rules of the app.
class AppArchitectureTest {
  private static final JavaClasses APP =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.kaseb");

  private static final Map<String, String> HOME =
      Map.of(
          "picocli..",
          "io.kaseb.cli",
          "me.tongfei..",
          "io.kaseb.cli",
          "io.helidon..",
          "io.kaseb.serve",
          "io.micrometer..",
          "io.kaseb.serve",
          "io.lettuce..",
          "io.kaseb.serve",
          "org.HdrHistogram..",
          "io.kaseb.serve");

  @Test
  void everyLibraryHasOneHome() {
    HOME.forEach(
        (library, home) ->
            noClasses()
                .that()
                .resideInAPackage("io.kaseb..")
                .and()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(APP));
  }

  @Test
  void serveKnowsNothingOfTheCommandLineNorOfModelsInside() {
    noClasses()
        .that()
        .resideInAPackage("io.kaseb.serve..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.kaseb.cli..",
            "io.kaseb.model..",
            "io.kaseb.kernel..",
            "io.kaseb.train..",
            "io.kaseb.intent..",
            "io.kaseb.baseline..")
        .check(APP);
  }

  @Test
  void coreKnowsNothingOfTheApp() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.kaseb.cli..", "io.kaseb.serve..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.kaseb.cli..", "io.kaseb.serve..")
        .check(APP);
  }

  @Test
  void noCycles() {
    slices().matching("io.kaseb.(*)..").should().beFreeOfCycles().check(APP);
  }
}
