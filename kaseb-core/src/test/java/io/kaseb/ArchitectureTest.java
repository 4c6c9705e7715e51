package io.kaseb;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The package rules of docs/architecture.md. Packages that are still to come are listed too.
class ArchitectureTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.kaseb");

  /// What each package may import, besides itself, the root package and libraries.
  private static final Map<String, List<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("kernel", List.of()),
          Map.entry("data", List.of()),
          Map.entry("tune", List.of()),
          Map.entry("model", List.of("kernel", "data")),
          Map.entry("train", List.of("kernel", "data", "model")),
          Map.entry("intent", List.of("kernel", "data", "model", "train")),
          Map.entry("baseline", List.of("kernel", "data", "model")),
          Map.entry("forecast", List.of("kernel", "data", "model", "intent", "baseline")),
          Map.entry("eval", List.of("data", "forecast")),
          Map.entry("export", List.of("model", "intent")),
          Map.entry("store", List.of("tune")));

  /// The one home of each third-party library.
  private static final Map<String, String> HOME =
      Map.of(
          "org.duckdb..", "data",
          "org.apache.commons.compress..", "data",
          "org.sqlite..", "store",
          "ml.dmlc..", "intent",
          "jdk.incubator.vector..", "kernel");

  @Test
  void packagesImportOnlyWhatTheyMay() {
    MAY_IMPORT.forEach(
        (name, allowed) -> {
          List<String> packages = new ArrayList<>(List.of("java..", "javax..", "jdk..", "org.."));
          packages.addAll(List.of("tools..", "ml..", "com..", "io.kaseb", "io.kaseb." + name));
          allowed.forEach(other -> packages.add("io.kaseb." + other));
          classes()
              .that()
              .resideInAPackage("io.kaseb." + name)
              .should()
              .onlyDependOnClassesThat()
              .resideInAnyPackage(packages.toArray(String[]::new))
              .allowEmptyShould(true)
              .check(CORE);
        });
  }

  @Test
  void tuneNeedsOnlyTheJdk() {
    classes()
        .that()
        .resideInAPackage("io.kaseb.tune")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "io.kaseb.tune", "org.jspecify..")
        .allowEmptyShould(true)
        .check(CORE);
  }

  @Test
  void everyLibraryHasOneHome() {
    HOME.forEach(
        (library, home) ->
            noClasses()
                .that()
                .resideOutsideOfPackage("io.kaseb." + home)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CORE));
  }

  @Test
  void noCycles() {
    slices().matching("io.kaseb.(*)..").should().beFreeOfCycles().check(CORE);
  }

  @Test
  void onlyTheCommandPrintsOrExits() {
    noClasses().should().accessField(System.class, "out").check(CORE);
    noClasses().should().accessField(System.class, "err").check(CORE);
    noClasses().should().callMethod(System.class, "exit", int.class).check(CORE);
  }

  @Test
  void sourcesKeepTheSizeCap() throws java.io.IOException {
    try (var files = java.nio.file.Files.walk(java.nio.file.Path.of("src"))) {
      for (var file : (Iterable<java.nio.file.Path>) files::iterator) {
        if (file.toString().endsWith(".java")) {
          assertThat(java.nio.file.Files.readAllLines(file).size())
              .as(file.toString())
              .isLessThanOrEqualTo(600);
        }
      }
    }
  }
}
