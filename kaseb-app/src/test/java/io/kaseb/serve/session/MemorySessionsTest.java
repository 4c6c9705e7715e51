package io.kaseb.serve.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemorySessionsTest extends SessionStoreContract {
  private final AtomicLong nanos = new AtomicLong();
  @TempDir private Path folder;

  @Override
  MemorySessions open() {
    return open(1 << 20);
  }

  private MemorySessions open(long bytes) {
    return new MemorySessions(
        Duration.ofMillis(IDLE_MILLIS),
        Duration.ofMillis(LIFETIME_MILLIS),
        bytes,
        VISITORS,
        clock,
        nanos::get);
  }

  @Override
  void pass(long millis) {
    super.pass(millis);
    nanos.addAndGet(millis * 1_000_000);
  }

  @Test
  void idleSessionsEndAndMakeRoom() throws Exception {
    MemorySessions store = open();
    store.update("a", s -> s.plus(click("x", 1), 9));
    pass(IDLE_MILLIS + 1);
    assertThat(store.find("a")).isNull();
    assertThat(store.update("a", s -> s.plus(click("y", 1), 9)).count()).isEqualTo(1);
    assertThat(store.expiries()).isEqualTo(1);
    for (int i = 0; i < 500; i++) {
      store.update("s" + i, s -> s.plus(click("x", 1), 9));
    }
    pass(IDLE_MILLIS + 1);
    for (int i = 0; i < 500; i++) {
      store.update("t" + i, s -> s.plus(click("x", 1), 9));
    }
    assertThat(store.size()).isLessThanOrEqualTo(501);
    assertThat(store.evictions()).isZero();
  }

  @Test
  void memoryIsBoundedAndTheLongestIdleGo() {
    long bound = 1 << 18;
    MemorySessions store = open(bound);
    for (int i = 0; i < 5000; i++) {
      store.update("session-" + i, s -> s.plus(click("214536502", 1), 9));
      store.update("kept", s -> s.plus(click("x", 1), 2));
    }
    assertThat(store.bytes()).isLessThanOrEqualTo(bound);
    assertThat(store.evictions()).isPositive();
    assertThat(store.size() + store.evictions()).isEqualTo(5001);
    assertThat(store.find("kept").count()).isEqualTo(5000);
    assertThat(store.find("session-4999")).isNotNull();
    assertThat(store.find("session-0")).isNull();
  }

  @Test
  void aSessionTakesAFewHundredBytes() {
    MemorySessions store = open();
    for (int i = 0; i < 4; i++) {
      Click click = new Click("21453650" + i, null, 10_000L * i, 7);
      store.update("visit-8f14e45f-ceea-4672", s -> s.plus(click, 100));
    }
    assertThat(store.size()).isEqualTo(1);
    assertThat(store.bytes()).isBetween(200L, 400L);
    store.delete("visit-8f14e45f-ceea-4672");
    assertThat(store.bytes()).isZero();
  }

  @Test
  void aFileBringsThemBackWithTheirAges() throws IOException {
    SessionFile file = new SessionFile(folder.resolve("sessions"), clock);
    MemorySessions store = open();
    assertThat(file.load(store)).isZero();
    store.update("a", s -> s.plus(new Click("x", "c", 1, 4), 9));
    pass(IDLE_MILLIS - 2000);
    store.update("b", s -> s.plus(click("y", 1), 9));
    file.save(store);
    pass(1000);
    MemorySessions again = open();
    assertThat(file.load(again)).isEqualTo(2);
    assertThat(again.find("a")).isEqualTo(store.find("a"));
    pass(2000);
    assertThat(again.find("a")).isNull();
    assertThat(again.find("b")).isNotNull();
  }

  @Test
  void aVisitorIsForgottenInTimeAndAFileBringsOneBack() throws Exception {
    SessionFile file = new SessionFile(folder.resolve("visitors"), clock);
    MemorySessions store = open();
    store.updateVisitor("v", v -> with(v, 1, "x", 5));
    file.save(store);
    assertThat(Files.readAllBytes(folder.resolve("visitors"))).startsWith('K', 'S', 'E', '2');
    pass(VISITORS.idle().toMillis() - 2000);
    MemorySessions again = open();
    assertThat(file.load(again)).isZero();
    assertThat(again.findVisitor("v")).isEqualTo(store.findVisitor("v")).isNotNull();
    assertThat(again.visitors()).isEqualTo(1);
    pass(3000);
    assertThat(again.findVisitor("v")).isNull();
    assertThat(again.visitorExpiries()).isEqualTo(1);
    again.update("a", s -> s.plus(click("x", 1), 9));
    file.save(again);
    assertThat(Files.readAllBytes(folder.resolve("visitors"))).startsWith('K', 'S', 'E', '1');
  }

  @Test
  void aDamagedFileGivesNoneAndAFullDiskLeavesTheOldOne() throws IOException {
    Path path = folder.resolve("sessions");
    SessionFile file = new SessionFile(path, clock);
    MemorySessions store = open();
    store.update("a", s -> s.plus(click("x", 1), 9));
    store.updateVisitor("v", v -> with(v, 1, "x", 5));
    file.save(store);
    byte[] whole = Files.readAllBytes(path);
    // A name that leaves no room for the file beside it stops the write, as a full disk does.
    Path full = Files.copy(path, folder.resolve("s".repeat(253)));
    assertThatThrownBy(() -> new SessionFile(full, clock).save(store))
        .isInstanceOf(IOException.class);
    assertThat(Files.readAllBytes(full)).isEqualTo(whole);
    for (int at = 0; at < whole.length; at += 3) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      Files.write(path, flipped);
      MemorySessions none = open();
      assertThatThrownBy(() -> file.load(none)).as("byte %d", at).isInstanceOf(IOException.class);
      assertThat(none.size()).isZero();
    }
  }
}
