package io.kaseb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a program may call says what it takes, gives and throws: javac's own check of comments,
/// with none of them missing. The build checks the rest of them everywhere.
class PublicDocsTest {
  /// What a program reads first, by module.
  private static final Map<String, List<String>> PACKAGES =
      Map.of(
          "kaseb-tune",
          List.of(
              "io.kaseb.tune.space",
              "io.kaseb.tune.trial",
              "io.kaseb.tune.pruner",
              "io.kaseb.tune.sampler",
              "io.kaseb.tune.study"),
          "kaseb-forecast",
          List.of("io.kaseb.forecast", "io.kaseb.event", "io.kaseb.newitem"));

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"kaseb-tune", "kaseb-forecast"})
  void nothingIsWithoutAWord(String module) throws IOException {
    List<String> packages = PACKAGES.getOrDefault(module, List.of());
    Path sources = Path.of("..", module, "src", "main", "java");
    List<Path> files = packages.stream().flatMap(name -> in(sources, name)).toList();
    assertThat(files).hasSizeGreaterThan(packages.size());
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    String path =
        System.getProperty("java.class.path", "")
            + File.pathSeparator
            + System.getProperty("jdk.module.path", "");
    List<String> options =
        List.of(
            "-proc:none",
            "-Xmaxwarns",
            "10000",
            "-Xdoclint:all/protected",
            "-Xdoclint/package:" + String.join(",", packages),
            "-d",
            folder.toString(),
            "-classpath",
            path);
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(found, Locale.ROOT, null)) {
      boolean compiled =
          compiler
              .getTask(
                  null, manager, found, options, null, manager.getJavaFileObjectsFromPaths(files))
              .call();
      assertThat(found.getDiagnostics()).map(String::valueOf).isEmpty();
      assertThat(compiled).isTrue();
    }
  }

  private static Stream<Path> in(Path sources, String name) {
    try (Stream<Path> files = Files.list(sources.resolve(name.replace('.', '/')))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("package-info.java"))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
