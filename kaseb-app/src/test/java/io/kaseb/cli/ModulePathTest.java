package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The use cases with kaseb-core and what it needs on the module path, the command alone on the
/// class path; runs after packaging.
@Tag("jar")
class ModulePathTest {
  private static final Path JAR = Path.of(System.getProperty("kaseb.jar", "missing"));
  private static final String MODULES =
      "(kaseb-(tune|forecast|core)|jackson|snakeyaml|slf4j-api|jspecify|duckdb|sqlite|xgboost|kryo"
          + "|minlog|objenesis|commons|xz)-?.*";

  @TempDir Path folder;

  @Test
  void theUseCasesRunAsModules() throws Exception {
    kaseb("quickstart", "--sessions", "2000", "--out", "first");
    assertThat(folder.resolve("first/report.html")).isNotEmptyFile();
    String out =
        kaseb(
            "tune", "first/dataset", "--max-trials", "1", "--set", "n_epochs=1", "--out", "search");
    assertThat(out).contains("1 trial");
  }

  private String kaseb(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=io.kaseb.core,jdk.incubator.vector",
                "--enable-native-access="
                    + "ALL-UNNAMED,duckdb.jdbc,org.xerial.sqlitejdbc,ml.dmlc.xgboost4j",
                "--sun-misc-unsafe-memory-access=allow",
                "-p",
                libraries(true),
                "-cp",
                JAR.toAbsolutePath() + File.pathSeparator + libraries(false),
                "io.kaseb.cli.Main"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private static String libraries(boolean modules) throws IOException {
    try (Stream<Path> files = Files.list(JAR.resolveSibling("lib"))) {
      return files
          .filter(file -> file.getFileName().toString().matches(MODULES) == modules)
          .map(file -> file.toAbsolutePath().toString())
          .collect(Collectors.joining(File.pathSeparator));
    }
  }
}
