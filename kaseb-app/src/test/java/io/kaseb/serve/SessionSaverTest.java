package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.Await;
import io.kaseb.base.KasebException;
import io.kaseb.serve.session.Click;
import io.kaseb.serve.session.MemorySessions;
import io.kaseb.serve.session.SessionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionSaverTest {
  private static final Pattern SAVED_TWICE =
      Pattern.compile("kaseb_sessions_saved_total ([2-9]|[1-9][0-9])");

  private String name = "sessions";

  @TempDir private Path folder;

  private final Metrics metrics = new Metrics();

  private static MemorySessions sessions() {
    Duration day = Duration.ofDays(1);
    return new MemorySessions(day, day, 1 << 20, InstantSource.system(), System::nanoTime);
  }

  private static void click(MemorySessions sessions, String id) {
    sessions.update(id, s -> s.plus(new Click("x", null, 1, 0), 9));
  }

  private SessionSaver saver(MemorySessions sessions, Duration pause) {
    SessionFile file = new SessionFile(folder.resolve(name), InstantSource.system());
    return new SessionSaver(file, sessions, metrics, pause);
  }

  @Test
  void savesFromTimeToTimeAndAtTheStop() throws Exception {
    MemorySessions sessions = sessions();
    click(sessions, "a");
    SessionSaver saver = saver(sessions, Duration.ofMillis(1));
    assertThat(folder.resolve(name)).doesNotExist();
    saver.restore();
    saver.start();
    Await.until("saved twice", () -> SAVED_TWICE.matcher(metrics.scrape()).find());
    MemorySessions between = sessions();
    new SessionFile(folder.resolve(name), InstantSource.system()).load(between);
    assertThat(between.find("a")).isEqualTo(sessions.find("a"));

    click(sessions, "b");
    saver.close();
    assertThat(Files.getPosixFilePermissions(folder.resolve(name)))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    MemorySessions after = sessions();
    saver(after, Duration.ofDays(1)).restore();
    assertThat(after.size()).isEqualTo(2);
    assertThat(after.find("b")).isEqualTo(sessions.find("b"));
  }

  @Test
  void aFileThatCannotBeWrittenStaysAsItWas() throws IOException {
    name = "s".repeat(240);
    SessionSaver first = saver(sessions(), Duration.ofDays(1));
    first.restore();
    first.close();
    byte[] before = Files.readAllBytes(folder.resolve(name));
    // The name leaves no room for the file beside it: that stops the write, as a full disk does.
    name = "s".repeat(253);
    Path path = Files.write(folder.resolve(name), before);
    SessionFile file = new SessionFile(path, InstantSource.system());
    assertThatThrownBy(() -> file.save(sessions())).isInstanceOf(IOException.class);
    assertThat(path).hasBinaryContent(before);
  }

  /// Returns the bytes of a file that holds one session.
  private byte[] whole() throws IOException {
    MemorySessions sessions = sessions();
    click(sessions, "a");
    Path path = folder.resolve("whole");
    new SessionFile(path, InstantSource.system()).save(sessions);
    return Files.readAllBytes(path);
  }

  @Test
  void aDamagedFileIsKeptBesideWhateverIsWrong() throws IOException {
    byte[] whole = whole();
    for (int at = 4; at < whole.length; at += 3) {
      name = "damaged" + at;
      byte[] bytes = whole.clone();
      bytes[at] ^= 1;
      assertKept(bytes);
    }
    for (int length = 1; length < whole.length; length += 5) {
      name = "cut" + length;
      assertKept(Arrays.copyOf(whole, length));
    }
  }

  private void assertKept(byte[] bytes) throws IOException {
    Path path = Files.write(folder.resolve(name), bytes);
    MemorySessions sessions = sessions();
    SessionSaver saver = saver(sessions, Duration.ofDays(1));
    saver.restore();
    assertThat(sessions.size()).as(name).isZero();
    assertThat(path).hasBinaryContent(bytes);
    click(sessions, "new");
    saver.close();
    assertThat(folder.resolve(name + ".damaged")).hasBinaryContent(bytes);
    MemorySessions after = sessions();
    assertThat(new SessionFile(path, InstantSource.system()).load(after)).isEqualTo(1);
  }

  @Test
  void everyDamagedFileGetsANameOfItsOwn() throws IOException {
    byte[] whole = whole();
    for (int cut : new int[] {9, 8, 7}) {
      Files.write(folder.resolve(name), Arrays.copyOf(whole, cut));
      SessionSaver saver = saver(sessions(), Duration.ofDays(1));
      saver.restore();
      saver.close();
    }
    assertThat(folder.resolve("sessions.damaged")).hasSize(9);
    assertThat(folder.resolve("sessions.damaged2")).hasSize(8);
    assertThat(folder.resolve("sessions.damaged3")).hasSize(7);
  }

  @Test
  void whatIsNoSessionFileRefusesTheStart() throws IOException {
    Path folderInTheWay = Files.createDirectory(folder.resolve("folder"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("text"));
    byte[] newer = whole();
    newer[3] = '3';
    Files.write(folder.resolve("newer"), newer);
    Files.writeString(folder.resolve("text"), "of something else");
    for (Path path :
        List.of(folder.resolve("text"), link, folder.resolve("newer"), folderInTheWay)) {
      name = path.getFileName().toString();
      SessionSaver saver = saver(sessions(), Duration.ofDays(1));
      assertThatThrownBy(saver::restore)
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("sessions=file:" + path);
      assertThatThrownBy(() -> Server.start(Shop.config(Shop.TRAINED, null, "file:" + path)))
          .isInstanceOf(KasebException.class);
      // What comes in its place while the server runs is not replaced either.
      saver.close();
    }
    assertThat(folder.resolve("text")).content().isEqualTo("of something else");
    assertThat(folder.resolve("newer")).hasBinaryContent(newer);
    assertThat(folderInTheWay).isDirectory();
    assertThat(metrics.scrape())
        .contains("kaseb_sessions_save_failed_total 4.0")
        .doesNotContain("kaseb_sessions_saved_total");
  }

  @Test
  void aSecondServerIsRefusedUntilTheFirstEnds() throws IOException {
    ServeConfig config = Shop.config(Shop.TRAINED, null, "file:" + folder.resolve("new/sessions"));
    assertThatThrownBy(() -> Shop.begin(config))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("there is no folder " + folder.resolve("new"));
    Files.createDirectory(folder.resolve("new"));
    Server first = Shop.begin(config);
    assertThatThrownBy(() -> Shop.begin(config))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("another server keeps its sessions there");
    // The file is not there before the first save; a link to it names the same one all the same.
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("new/sessions"));
    assertThatThrownBy(() -> Shop.begin(Shop.config(Shop.TRAINED, null, "file:" + link)))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("another server keeps its sessions there");
    first.close();
    Shop.begin(config).close();
    assertThat(folder.resolve("new")).isDirectoryContaining("glob:**/sessions");
    assertThat(folder.resolve("new").toFile().list()).hasSize(1);
  }
}
