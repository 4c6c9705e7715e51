package io.kaseb.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a program gets that depends on kaseb-forecast: the built jar and the libraries it pulls in,
/// laid out under `target/lib` by the build.
@Tag("jar")
class EmbeddingTest {
  private static final Path JAR = Path.of(System.getProperty("kaseb.jar", "missing"));
  private static final Path LIBRARIES = Path.of("target/lib");
  private static final Path MODEL =
      Path.of("../kaseb-core/src/test/resources/formats/v2/model.kaseb");
  private static final String EXAMPLE = "io.kaseb.example.ForecasterExample";
  private static final Path SOURCE =
      Path.of("src/test/java/io/kaseb/example/ForecasterExample.java");
  private static final long MOST_BYTES = 5_000_000;

  private static List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.list(LIBRARIES)) {
      return Stream.concat(Stream.of(JAR), files).toList();
    }
  }

  @Test
  void itIsSmallAndHasNoNativeCode() throws IOException {
    long bytes = 0;
    for (Path jar : jars()) {
      bytes += Files.size(jar);
      assertThat(jar.getFileName().toString())
          .matches("(kaseb-forecast|jackson-(core|databind|annotations)|slf4j-api|jspecify)-.*jar");
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        assertThat(zip.stream().map(e -> e.getName()))
            .noneMatch(name -> name.matches(".*[.](so|dll|dylib|jnilib)"));
      }
    }
    assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);
  }

  @Test
  void theExampleRunsOnItAlone() throws Exception {
    forecasts("-cp", path(jars(), Path.of("target/test-classes")), EXAMPLE);
  }

  /// A module of its own that requires io.kaseb.forecast sees all that it needs.
  @Test
  void theExampleRunsAsAModule(@TempDir Path folder) throws Exception {
    Path module = Files.createDirectories(folder.resolve("example"));
    Path descriptor =
        Files.writeString(
            folder.resolve("module-info.java"), "module example { requires io.kaseb.forecast; }");
    StringWriter complaints = new StringWriter();
    int code =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                new PrintWriter(complaints),
                new PrintWriter(complaints),
                "-d",
                module.toString(),
                "-p",
                path(jars()),
                descriptor.toString(),
                SOURCE.toString());
    assertThat(code).as("%s", complaints).isZero();
    forecasts("-p", path(jars(), module), "-m", "example/" + EXAMPLE);
  }

  private static String path(List<Path> jars, Path... more) {
    return Stream.concat(jars.stream(), Stream.of(more))
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static void forecasts(String... how) throws Exception {
    List<String> ids = Forecaster.load(MODEL).catalogue().ids();
    for (String flag : List.of("--add-modules=jdk.incubator.vector", "-Dkaseb.kernels=vector")) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add(flag);
      command.addAll(List.of(how));
      command.addAll(List.of(MODEL.toString(), ids.get(1), ids.get(2), "0"));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      assertThat(output.lines().filter(line -> line.matches("next \\S+ .*"))).hasSize(5);
      assertThat(output).containsPattern("buys 0\\.\\d+").contains("bought [Item[item=");
      // Without the vector module it runs all the same, and says so.
      boolean hasModule = flag.startsWith("--add-modules");
      assertThat(output.contains("Using incubator modules")).isEqualTo(hasModule);
      assertThat(output.contains("scalar kernels")).isEqualTo(!hasModule);
    }
  }

  @Test
  void thePageShowsTheExample() throws IOException {
    String source = Files.readString(SOURCE);
    String code =
        source.substring(source.indexOf("// tag::example") + 15, source.indexOf("// end::example"));
    assertThat(code.strip().lines()).hasSize(10);
    assertThat(squeezed(Files.readString(Path.of("../docs/embedding.md"))))
        .contains(squeezed(code));
  }

  private static String squeezed(String text) {
    return Arrays.stream(text.split("\\s+")).collect(Collectors.joining(" ")).strip();
  }
}
