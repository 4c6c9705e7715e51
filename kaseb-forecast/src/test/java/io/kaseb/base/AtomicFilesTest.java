package io.kaseb.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where output may go, and what stays as it was.
class AtomicFilesTest {
  @TempDir private Path folder = Path.of("");

  private static void write(Path target, String text) throws IOException {
    AtomicFiles.write(target, path -> Files.writeString(path, text));
  }

  @Test
  void aLinkIsFollowed() throws IOException {
    Path real = Files.writeString(folder.resolve("real"), "old");
    Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("real"));
    Path second = Files.createSymbolicLink(folder.resolve("second"), first);
    write(second, "new");
    assertThat(real).hasContent("new");
    assertThat(second).isSymbolicLink();
    Path dangling = Files.createSymbolicLink(folder.resolve("to-come"), Path.of("later"));
    write(dangling, "made");
    assertThat(folder.resolve("later")).hasContent("made");
    Files.createSymbolicLink(folder.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(folder.resolve("b"), Path.of("a"));
    assertThatThrownBy(() -> write(folder.resolve("a"), "x"))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("circle");
  }

  @Test
  void aPipeIsWrittenInPlace() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no mkfifo on this system: not tested");
    assertThat(new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor()).isZero();
    try (var readers = Executors.newSingleThreadExecutor()) {
      CompletableFuture<String> read =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return Files.readString(pipe);
                } catch (IOException e) {
                  return e.toString();
                }
              },
              readers);
      write(pipe, "through");
      assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo("through");
    }
    assertThat(Files.isRegularFile(pipe)).isFalse();
  }

  @Test
  void aDeviceStaysADevice() throws IOException {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device), "no /dev/null on this system: not tested");
    write(device, "gone");
    assertThat(Files.isRegularFile(device)).isFalse();
  }

  @Test
  void whatLiesBesideIsNotTouched() throws IOException {
    Path mine = Files.writeString(folder.resolve("model.part"), "the user's own");
    write(folder.resolve("model"), "new");
    assertThat(mine).hasContent("the user's own");
    assertThat(folder.resolve("model")).hasContent("new");
    assertThat(folder.resolve("model.part2")).doesNotExist();
  }

  @Test
  void whatCannotBeWrittenIsRefusedBeforeTheWork() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");
    AtomicFiles.check(file);
    AtomicFiles.check(folder.resolve("new/deep/file"));
    AtomicFiles.check(AtomicFiles.STANDARD_OUTPUT);
    assertThat(folder.resolve("new")).doesNotExist();
    assertThatThrownBy(() -> AtomicFiles.check(folder))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining(folder + ": is a folder; must be the name of a file");
    assertThatThrownBy(() -> AtomicFiles.check(file.resolve("deep/below")))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("below: cannot lie in " + file + ", which is no folder");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("file", "below"));
    assertThatThrownBy(() -> AtomicFiles.check(link)).hasMessageContaining("which is no folder");
  }

  @Test
  void aFolderThatWasMadeForNothingGoesAgain() throws IOException {
    Path deep = folder.resolve("a/b/c");
    NewFolder made = NewFolder.make(deep);
    assertThat(deep).isDirectory();
    made.discard();
    assertThat(folder).isEmptyDirectory();
    NewFolder kept = NewFolder.make(deep);
    Files.writeString(folder.resolve("a/b/mine"), "x");
    kept.discard();
    assertThat(deep).doesNotExist();
    assertThat(folder.resolve("a/b/mine")).exists();
    Path there = Files.createDirectories(folder.resolve("there"));
    NewFolder.make(there).discard();
    assertThat(there).exists();
    assertThatThrownBy(() -> NewFolder.make(folder.resolve("a/b/mine/d")))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("which is no folder");
  }

  @Test
  void aFailureLeavesTheOldContent() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");
    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    path -> {
                      Files.writeString(path, "half");
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": disk full");
    assertThat(file).hasContent("old");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
    assertThatThrownBy(() -> write(folder, "x"))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("is a folder");
  }
}
