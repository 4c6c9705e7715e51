package io.kaseb.base;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {
  @TempDir private Path folder;

  @Test
  void oneHolderAtATime() throws IOException {
    Path file = LockFile.of(folder.resolve("model.kaseb"));
    assertThat(file).isEqualTo(folder.resolve("model.kaseb.lock"));
    assertThat(LockFile.held(file)).isFalse();
    try (LockFile lock = LockFile.take(file)) {
      assertThat(lock).isNotNull();
      assertThat(LockFile.held(file)).isTrue();
      assertThat(LockFile.take(file)).isNull();
      assertThat(LockFile.take(folder.resolve("x").resolveSibling("model.kaseb.lock"))).isNull();
    }
    assertThat(LockFile.held(file)).isFalse();
    assertThat(file).doesNotExist();
  }

  @Test
  void aLockIsGivenBackOnceAndCanBeTakenAgain() throws IOException {
    Path file = folder.resolve("lock");
    LockFile first = LockFile.take(file);
    assertThat(first).isNotNull();
    first.close();
    LockFile second = LockFile.take(file);
    assertThat(second).isNotNull();
    first.close();
    assertThat(LockFile.held(file)).isTrue();
    second.close();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFileThatAKilledProcessLeftHoldsNobodyUp() throws IOException, InterruptedException {
    Path file = folder.resolve("lock");
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(other.getInputStream(), UTF_8))) {
      assertThat(said.readLine()).isEqualTo("held");
      assertThat(LockFile.held(file)).isTrue();
      assertThat(LockFile.take(file)).isNull();
    } finally {
      other.destroyForcibly();
    }
    assertThat(other.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(Files.exists(file)).isTrue();
    try (LockFile lock = LockFile.take(file)) {
      assertThat(lock).isNotNull();
    }
  }

  /// Holds a lock until it is killed.
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      LockFile lock = LockFile.take(Path.of(args[0]));
      System.out.println(lock == null ? "refused" : "held");
      System.out.flush();
      while (System.in.read() >= 0) {
        // Standard input stays open until the parent kills this process.
      }
    }
  }
}
