package io.kaseb.base;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Files, locks and folders on a file system like Windows': drives, backslashes, names without
/// case, no POSIX rights.
class WindowsFilesTest {
  private FileSystem windows;
  private Path folder;

  @BeforeEach
  void open() throws IOException {
    windows = Jimfs.newFileSystem(Configuration.windows());
    folder = Files.createDirectories(windows.getPath("C:\\Users\\Ada Shop\\kaseb"));
  }

  @AfterEach
  void close() throws IOException {
    windows.close();
  }

  @Test
  void filesAreReplacedWhole() throws IOException {
    Path file = folder.resolve("new\\model.kaseb");
    AtomicFiles.check(file);
    AtomicFiles.write(file, beside -> Files.writeString(beside, "old"));
    AtomicFiles.write(folder.resolve("NEW\\Model.kaseb"), beside -> Files.writeString(beside, "x"));
    assertThat(Files.readString(file, UTF_8)).isEqualTo("x");
    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    beside -> {
                      Files.writeString(beside, "half");
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(IOException.class);
    assertThat(Files.readString(file, UTF_8)).isEqualTo("x");
    assertThat(file.getParent()).isDirectoryContaining(file::equals);
    try (var left = Files.list(file.getParent())) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void oneHolderAtATime() throws IOException {
    Path file = LockFile.of(folder.resolve("model.kaseb"));
    try (LockFile lock = LockFile.take(file)) {
      assertThat(lock).isNotNull();
      assertThat(LockFile.held(file)).isTrue();
      assertThat(LockFile.take(file)).isNull();
    }
    assertThat(LockFile.held(file)).isFalse();
    assertThat(Files.exists(file)).isFalse();
    LockFile again = LockFile.take(file);
    assertThat(again).isNotNull();
    again.close();
  }

  @Test
  void foldersThatWereMadeAreTakenAway() throws IOException {
    NewFolder made = NewFolder.make(folder.resolve("a\\b"));
    assertThat(Files.isDirectory(folder.resolve("A\\B"))).isTrue();
    made.discard();
    assertThat(Files.exists(folder.resolve("a"))).isFalse();
    assertThat(Files.exists(folder)).isTrue();
  }

  @Test
  void aFileThatSomeoneReadsIsTriedAgain() throws IOException {
    Path file = folder.resolve("model.kaseb");
    AtomicInteger tries = new AtomicInteger();
    AtomicFiles.patiently(
        file,
        () -> {
          if (tries.incrementAndGet() < 3) {
            throw new AccessDeniedException(file.toString());
          }
        });
    assertThat(tries).hasValue(3);
  }

  @Test
  void elsewhereARefusalIsFinal() throws IOException {
    try (FileSystem unix = Jimfs.newFileSystem(Configuration.unix())) {
      AtomicInteger tries = new AtomicInteger();
      Path file = unix.getPath("/models/model.kaseb");
      assertThatThrownBy(
              () ->
                  AtomicFiles.patiently(
                      file,
                      () -> {
                        tries.incrementAndGet();
                        throw new AccessDeniedException(file.toString());
                      }))
          .isInstanceOf(AccessDeniedException.class);
      assertThat(tries).hasValue(1);
    }
  }
}
