package io.kaseb.tune.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples as a module of their own that requires io.kaseb.tune: the built jar and the JDK are
/// all it needs.
@Tag("jar")
class TuningModuleTest {
  private static final String JAR = System.getProperty("kaseb.jar", "missing");

  @Test
  void theExamplesRunAsAModule(@TempDir Path folder) throws Exception {
    Path module = Files.createDirectories(folder.resolve("example"));
    Path descriptor =
        Files.writeString(
            folder.resolve("module-info.java"), "module example { requires io.kaseb.tune; }");
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
                JAR,
                descriptor.toString(),
                "src/test/java/io/kaseb/example/TuningExample.java");
    assertThat(code).as("%s", complaints).isZero();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-p",
                JAR + File.pathSeparator + module,
                "-m",
                "example/io.kaseb.example.TuningExample")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines().filter(line -> line.matches("best [-+0-9.E]+"))).hasSize(2);
  }
}
