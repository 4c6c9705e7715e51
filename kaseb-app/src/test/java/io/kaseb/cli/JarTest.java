package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The packaged jar, started by a plain `java -jar`; runs after packaging.
@Tag("jar")
class JarTest {
  private static final String MODULE = "--add-modules=jdk.incubator.vector";
  private static final String JAR =
      System.getProperty("kaseb.jar", "set by the build: run mvn verify");

  @TempDir Path folder;

  private record Run(int exit, List<String> lines) {}

  @Test
  void runsWithoutFlagsOnScalarKernelsAndSaysSoOnce() throws Exception {
    train(null);
    assertThat(kaseb(null, "info", "m.kaseb").lines())
        .anySatisfy(line -> assertThat(line).contains("scalar"));
  }

  @Test
  void theEnvironmentAddsTheModule() throws Exception {
    train(MODULE);
    assertThat(kaseb(MODULE, "info", "m.kaseb").lines())
        .anySatisfy(line -> assertThat(line).contains("vector", "bit"));
  }

  /// The launcher's class is read by any java, and ends with a plain message where it is too old.
  @Test
  void anOlderJavaSaysWhatItNeeds() throws Exception {
    try (JarFile jar = new JarFile(JAR);
        DataInputStream start =
            new DataInputStream(jar.getInputStream(jar.getEntry("io/kaseb/cli/Start.class")))) {
      assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
          .isEqualTo("io.kaseb.cli.Start");
      assertThat(start.readInt()).isEqualTo(0xcafebabe);
      assertThat(start.readUnsignedShort()).isZero();
      assertThat(start.readUnsignedShort()).isEqualTo(52);
    }
  }

  /// Starts what the catalogue for JBang names, as JBang does: the jar, its main class, its
  /// options.
  @Test
  void theCatalogueOfJBangNamesThisJar() throws Exception {
    JsonNode alias =
        new JsonMapper()
            .readTree(Files.readString(Path.of("..", "jbang-catalog.json")))
            .at("/aliases/kaseb");
    Path jar = Path.of("..", alias.get("script-ref").asString());
    assertThat(Files.isSameFile(jar, Path.of(JAR))).isTrue();
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    alias.get("java-options").forEach(option -> command.add(option.asString()));
    command.addAll(List.of("-classpath", jar.toString(), alias.get("main").asString()));
    command.add("--version");
    assertThat(output(0, command.toArray(String[]::new))).contains("kaseb ");
    // The launcher gives the JVM no others, but for those of one system or one command.
    String launcher = Files.readString(Path.of("..", "kaseb"));
    alias.get("java-options").forEach(option -> assertThat(launcher).contains(option.asString()));
  }

  /// Runs on the `java` of the PATH, which is an older one where the build finds its own beside it.
  @Test
  void theOlderJavaOfThePathSaysWhatItNeeds() throws Exception {
    Matcher version =
        Pattern.compile("java.specification.version = (?:1\\.)?(\\d+)")
            .matcher(output(1, "java", "-XshowSettings:properties", "-version"));
    int major = version.find() ? Integer.parseInt(version.group(1)) : 25;
    assumeTrue(major < 25, "the java of the PATH is " + major);
    assertThat(output(1, "java", "-jar", JAR, "info", "x"))
        .contains("kaseb needs Java 25 or newer; this is Java " + major)
        .doesNotContain("Exception");
  }

  private static String output(int most, String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isBetween(0, most);
    return output;
  }

  private void train(String options) throws Exception {
    Files.writeString(folder.resolve("log.txt"), "1 2 3\n2 3 1\n3 1 2\n1 2 3\n");
    Run prepared =
        kaseb(options, "prepare", "--format", "sessions", "--clicks", "log.txt", "--out", "data");
    assertThat(prepared.exit()).as("%s", prepared).isZero();
    // DuckDB is native: without the manifest's Enable-Native-Access the JVM would complain.
    assertThat(prepared.lines())
        .noneMatch(line -> line.contains("restricted") || line.contains("native-access"));
    Run trained = kaseb(options, "train", "data", "--out", "m.kaseb", "--set", "n_epochs=1");
    assertThat(trained.exit()).as("%s", trained).isZero();
    assertThat(trained.lines())
        .filteredOn(line -> line.contains("scalar kernels") && line.contains(MODULE))
        .hasSize(options == null ? 1 : 0);
  }

  private Run kaseb(String options, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
    if (options != null) {
      builder.environment().put("JDK_JAVA_OPTIONS", options);
    }
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output.lines().toList());
  }
}
