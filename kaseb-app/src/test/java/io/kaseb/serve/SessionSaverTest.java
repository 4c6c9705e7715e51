package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.Await;
import io.kaseb.serve.session.Click;
import io.kaseb.serve.session.MemorySessions;
import io.kaseb.serve.session.SessionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionSaverTest {
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
    saver.start();
    Await.until("saved twice", () -> !metrics.scrape().contains("kaseb_sessions_saved_total 1.0"));
    MemorySessions between = sessions();
    saver(between, Duration.ofDays(1)).restore();
    assertThat(between.find("a")).isEqualTo(sessions.find("a"));

    click(sessions, "b");
    saver.close();
    MemorySessions after = sessions();
    saver(after, Duration.ofDays(1)).restore();
    assertThat(after.size()).isEqualTo(2);
    assertThat(after.find("b")).isEqualTo(sessions.find("b"));
  }

  @Test
  void aFileThatCannotBeReadOrWrittenStaysAsItWas() throws IOException {
    name = "s".repeat(253);
    Path path = Files.writeString(folder.resolve(name), "of something else");
    MemorySessions sessions = sessions();
    SessionSaver saver = saver(sessions, Duration.ofDays(1));
    saver.restore();
    assertThat(sessions.size()).isZero();
    assertThat(path).content().isEqualTo("of something else");
    // The name leaves no room for the file beside it: that stops the write, as a full disk does.
    saver.close();
    assertThat(metrics.scrape())
        .contains("kaseb_sessions_save_failed_total 1.0")
        .doesNotContain("kaseb_sessions_saved_total");
    assertThat(path).content().isEqualTo("of something else");
  }
}
