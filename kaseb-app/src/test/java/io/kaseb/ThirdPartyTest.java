package io.kaseb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `THIRD-PARTY.md` names whatever is shipped beside our own code, with a licence whose text is
/// shipped too; runs after packaging, when the libraries lie beside the jar.
@Tag("jar")
class ThirdPartyTest {
  private static final Path ROOT = Path.of("..");
  private static final Path LICENSES = Path.of("src", "dist", "licenses");
  private static final Path LIB =
      Path.of(System.getProperty("kaseb.jar", "run mvn verify")).resolveSibling("lib");
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
  private static final Pattern NATIVE = Pattern.compile(".*\\.(?:so|dll|dylib|jnilib)(?:_\\w+)?");

  /// A row of a table: the names in its first cell, and its licence.
  private record Row(List<String> names, String licence) {}

  private static List<Row> rows(String heading, int licenceCell) throws IOException {
    String page = Files.readString(ROOT.resolve("THIRD-PARTY.md"));
    String part = page.substring(page.indexOf("## " + heading + "\n"));
    int end = part.indexOf("\n## ");
    List<Row> rows = new ArrayList<>();
    for (String line : (end < 0 ? part : part.substring(0, end)).split("\n")) {
      String[] cells = line.split("\\|");
      if (line.startsWith("| `")) {
        List<String> names =
            QUOTED.matcher(cells[1]).results().map((MatchResult match) -> match.group(1)).toList();
        rows.add(new Row(names, cells[licenceCell].strip()));
      }
    }
    assertThat(rows).isNotEmpty();
    return rows;
  }

  private static Set<String> names(Collection<Row> rows) {
    return rows.stream()
        .flatMap(row -> row.names().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.list(LIB)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("kaseb-"))
          .sorted()
          .toList();
    }
  }

  /// Returns a jar's artifact: its name without version, and without Scala's.
  private static String artifact(Path jar) {
    return jar.getFileName().toString().replaceFirst("(?:_2\\.\\d+)?-\\d.*\\.jar$", "");
  }

  @Test
  void everyLibraryHasItsRowAndEveryRowItsLibrary() throws IOException {
    Set<String> shipped = new TreeSet<>();
    jars().forEach(jar -> shipped.add(artifact(jar)));
    assertThat(names(rows("Libraries", 2))).isEqualTo(shipped);
  }

  @Test
  void everyLibraryWithNativeCodeSaysWhatIsInIt() throws IOException {
    Set<String> natives = new TreeSet<>();
    for (Path jar : jars()) {
      try (JarFile file = new JarFile(jar.toFile())) {
        if (file.stream().anyMatch(entry -> NATIVE.matcher(entry.getName()).matches())) {
          natives.add(artifact(jar));
        }
      }
    }
    assertThat(names(rows("Native code inside them", 3))).isEqualTo(natives);
  }

  @Test
  void everyVendoredScriptHasItsRow() throws IOException {
    Set<String> vendored = new TreeSet<>();
    for (String module : List.of("kaseb-tune", "kaseb-forecast", "kaseb-core", "kaseb-app")) {
      Path resources = ROOT.resolve(module).resolve("src/main/resources");
      if (Files.isDirectory(resources)) {
        try (Stream<Path> files = Files.walk(resources)) {
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.contains(".min."))
              .forEach(vendored::add);
        }
      }
    }
    assertThat(names(rows("Scripts inside Kaseb's own jars", 3))).isEqualTo(vendored);
  }

  @Test
  void everyLicenceIsOneThatMayBeShippedAndHasItsText() throws IOException {
    List<Row> rows = new ArrayList<>(rows("Libraries", 2));
    rows.addAll(rows("Native code inside them", 3));
    rows.addAll(rows("Scripts inside Kaseb's own jars", 3));
    for (Row row : rows) {
      if (row.licence().equals("in the public domain")) {
        continue;
      }
      // What could be chosen instead needs no text.
      for (String licence : row.licence().replaceFirst(" \\(or .*\\)", "").split(", ")) {
        assertThat(licence).as("%s", row.names()).doesNotContain("GPL");
        assertThat(LICENSES.resolve(licence + ".txt")).as("%s", row.names()).isNotEmptyFile();
      }
    }
  }

  @Test
  void ourOwnJarsCarryLicenceAndNotice() throws IOException {
    List<Path> ours = new ArrayList<>(List.of(Path.of(System.getProperty("kaseb.jar"))));
    try (Stream<Path> files = Files.list(LIB)) {
      files.filter(file -> file.getFileName().toString().startsWith("kaseb-")).forEach(ours::add);
    }
    assertThat(ours).hasSize(4);
    for (Path jar : ours) {
      try (JarFile file = new JarFile(jar.toFile())) {
        assertThat(file.getEntry("META-INF/LICENSE")).as("%s", jar).isNotNull();
        assertThat(file.getEntry("META-INF/NOTICE")).as("%s", jar).isNotNull();
      }
    }
  }
}
