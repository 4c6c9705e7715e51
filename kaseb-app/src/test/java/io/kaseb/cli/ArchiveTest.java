package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The archive with its own runtime, where no Java is installed; runs under `mvn -Pdist verify`.
@Tag("dist")
class ArchiveTest {
  /// What the launcher calls, and nothing else: above all no java.
  private static final List<String> TOOLS =
      List.of("sh", "dirname", "readlink", "uname", "mktemp", "mkfifo", "rm", "cat");

  @TempDir private Path folder;

  private static Path found(String tool) {
    for (String place : System.getenv("PATH").split(":")) {
      Path file = Path.of(place, tool);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    throw new IllegalStateException(tool + " is not on the PATH");
  }

  /// Unpacks the archive with the rights that its entries name, and returns its one folder.
  private Path unpacked() throws IOException {
    Path archive =
        Path.of(
            Objects.requireNonNull(System.getProperty("kaseb.archive"), "run mvn -Pdist verify"));
    Path top = null;
    try (ZipFile zip = ZipFile.builder().setPath(archive).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        Path target = folder.resolve(entry.getName()).normalize();
        assertThat(target.startsWith(folder)).as(entry.getName()).isTrue();
        top = folder.resolve(folder.relativize(target).getName(0));
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else if (!entry.isUnixSymlink()) {
          Files.createDirectories(target.getParent());
          try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, target);
          }
          if ((entry.getUnixMode() & 0100) != 0) {
            assertThat(target.toFile().setExecutable(true)).isTrue();
          }
        }
      }
    }
    return Objects.requireNonNull(top);
  }

  @Test
  void runsWithoutAnyJavaFromLogToForecast() throws Exception {
    Path kaseb = unpacked();
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String tool : TOOLS) {
      Files.createSymbolicLink(bin.resolve(tool), found(tool));
    }
    Files.writeString(folder.resolve("log.txt"), "1 2 3\n2 3 1\n3 1 2\n1 2 3\n");
    run(kaseb, bin, "prepare", "--format", "sessions", "--clicks", "log.txt", "--out", "data");
    run(kaseb, bin, "train", "data", "--out", "m.kaseb", "--set", "n_epochs=1");
    run(
        kaseb,
        bin,
        "forecast",
        "m.kaseb",
        "--clicks",
        "log.txt",
        "--format",
        "sessions",
        "--next",
        "2",
        "--out",
        "answers.txt");
    assertThat(folder.resolve("answers.txt")).isNotEmptyFile();
    assertThat(run(kaseb, bin, "info", "m.kaseb")).contains("vector").doesNotContain("scalar");
    for (String part :
        List.of(
            "kaseb.cmd",
            "LICENSE",
            "NOTICE",
            "THIRD-PARTY.md",
            "README.md",
            "deploy",
            "licenses/Apache-2.0.txt",
            "runtime/legal/java.base/LICENSE")) {
      assertThat(kaseb.resolve(part)).exists();
    }
    theListOfPartsIsWhatIsThere(kaseb);
  }

  /// The CycloneDX list names each jar with its version, and nothing that is not there.
  private static void theListOfPartsIsWhatIsThere(Path kaseb) throws IOException {
    JsonNode list = new JsonMapper().readTree(Files.readString(kaseb.resolve("sbom.json")));
    assertThat(list.get("bomFormat").asString()).isEqualTo("CycloneDX");
    JsonNode self = list.at("/metadata/component");
    Set<String> listed =
        new TreeSet<>(Set.of(self.get("name").asString() + "-" + self.get("version").asString()));
    for (JsonNode part : list.get("components")) {
      listed.add(part.get("name").asString() + "-" + part.get("version").asString());
      assertThat(part.get("licenses")).as(part.get("name").asString()).isNotEmpty();
    }
    Set<String> shipped = new TreeSet<>();
    try (Stream<Path> jars = Files.list(kaseb.resolve("lib"))) {
      jars.forEach(jar -> shipped.add(jar.getFileName().toString().replaceFirst("\\.jar$", "")));
    }
    assertThat(listed).isEqualTo(shipped);
  }

  private String run(Path kaseb, Path bin, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(kaseb.resolve("kaseb").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", bin.toString());
    environment.put("HOME", folder.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).doesNotContain("WARNING");
    return output;
  }
}
