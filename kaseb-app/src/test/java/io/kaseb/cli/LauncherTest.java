package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script `kaseb` at the root, in a tree that is built and with a JDK that only says how it was
/// called.
class LauncherTest {
  private static final Path SCRIPT = Path.of("..", "kaseb").toAbsolutePath().normalize();

  @TempDir private Path folder = Path.of("");
  private Path root = Path.of("");
  private Path jdk = Path.of("");

  @BeforeEach
  void tree() throws IOException {
    assumeTrue(Files.isExecutable(SCRIPT) && Files.isExecutable(Path.of("/bin/sh")), "needs sh");
    folder = folder.toRealPath();
    root = folder.resolve("my root");
    for (String module : List.of("kaseb-tune", "kaseb-forecast", "kaseb-core", "kaseb-app")) {
      Files.createDirectories(root.resolve(module + "/src/main"));
      Files.createFile(root.resolve(module + "/pom.xml"));
    }
    Files.createFile(root.resolve("pom.xml"));
    Files.copy(SCRIPT, root.resolve("kaseb"));
    Files.createDirectories(root.resolve("kaseb-app/target"));
    Files.createFile(root.resolve("kaseb-app/target/kaseb.built"));
    jdk = folder.resolve("jdk");
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    Path java =
        Files.writeString(
            jdk.resolve("bin/java"),
            """
            #!/bin/sh
            echo "WARNING: Using incubator modules: jdk.incubator.vector" >&2
            printf '%s\\n' "$@"
            echo "a word of its own" >&2
            exit 7
            """);
    assertThat(java.toFile().setExecutable(true)).isTrue();
    assertThat(root.resolve("kaseb").toFile().setExecutable(true)).isTrue();
  }

  private Cli run(Path launcher, Map<String, String> environment) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(launcher.toString(), "info", "two words")
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    int exit = builder.start().waitFor();
    // The reader of standard error may end a moment later than the command.
    Path err = folder.resolve("err");
    for (int i = 0; i < 500 && Files.size(err) == 0; i++) {
      Thread.sleep(10);
    }
    return new Cli(exit, Files.readString(folder.resolve("out")), Files.readString(err));
  }

  private void assertRuns(Path launcher, Map<String, String> environment) throws Exception {
    Cli run = run(launcher, environment);
    assertThat(run.exit()).as(run.err()).isEqualTo(7);
    assertThat(run.err()).isEqualTo("a word of its own\n");
    assertThat(run.out())
        .contains(root + "/kaseb-app/target/classes:" + root + "/kaseb-app/target/lib/*\n")
        .endsWith("io.kaseb.cli.Main\ninfo\ntwo words\n");
  }

  @Test
  void linksLeadToTheRootsOwnFolder() throws Exception {
    Map<String, String> environment = Map.of("JAVA_HOME", jdk.toString(), "PATH", "/usr/bin:/bin");
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path relative = Files.createSymbolicLink(folder.resolve("one"), Path.of("my root/kaseb"));
    Path chain = Files.createSymbolicLink(bin.resolve("two"), Path.of("../one"));
    Path rootLink = Files.createSymbolicLink(folder.resolve("root"), Path.of("my root"));
    for (Path launcher :
        List.of(root.resolve("kaseb"), relative, chain, rootLink.resolve("kaseb"))) {
      assertRuns(launcher, environment);
    }
  }

  /// As services and cron jobs start programs.
  @Test
  void noHomeIsNeeded() throws Exception {
    assertRuns(root.resolve("kaseb"), Map.of("PATH", jdk.resolve("bin") + ":/usr/bin:/bin"));
    Path other = Files.createDirectories(folder.resolve("old/bin"));
    Cli run =
        run(
            root.resolve("kaseb"),
            Map.of("JAVA_HOME", other.getParent().toString(), "PATH", "/usr/bin:/bin"));
    assertThat(run.err()).doesNotContain("HOME: ");
  }
}
