package io.kaseb.serve.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.event.Event;
import io.kaseb.event.VisitorSessions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What every place for sessions does.
abstract class SessionStoreContract {
  static final long IDLE_MILLIS = 60_000;
  static final long LIFETIME_MILLIS = 600_000;
  static final VisitorConfig VISITORS = new VisitorConfig(5, Duration.ofDays(2));

  final AtomicLong now = new AtomicLong(1_700_000_000_000L);
  final InstantSource clock = () -> Instant.ofEpochMilli(now.get());
  private SessionStore store;

  /// Opens a store with the idle time and lifetime above.
  abstract SessionStore open();

  SessionStore store() {
    if (store == null) {
      store = open();
    }
    return store;
  }

  @AfterEach
  void close() {
    if (store != null) {
      store.close();
    }
  }

  static Click click(String item, long time) {
    return new Click(item, null, time, 0);
  }

  @Test
  void remembersAndForgets() throws Exception {
    assertThat(store().find("a")).isNull();
    SessionClicks made = store().update("a", s -> s.plus(click("x", 5), 9));
    assertThat(made.created()).isEqualTo(now.get());
    store().update("a", s -> s.plus(click("y", 6), 9));
    SessionClicks found = store().find("a");
    assertThat(found.recent()).extracting(Click::item).containsExactly("x", "y");
    assertThat(store().update("a", s -> s)).isEqualTo(found);
    store().delete("a");
    store().delete("a");
    assertThat(store().find("a")).isNull();
    assertThat(store().trouble()).isNull();
    assertThat(store().tried()).isNull();
  }

  @Test
  void nothingChangedIsNothingStored() throws Exception {
    store().update("b", s -> s);
    assertThat(store().find("b")).isNull();
  }

  @Test
  void oddIdsStayApart() throws Exception {
    List<String> ids =
        List.of("a b", "a\tb", "\u00e9\ud83d\ude00", "*", "a:b", "\"'\\", "x".repeat(256));
    for (String id : ids) {
      store().update(id, s -> s.plus(click(id, 1), 9));
    }
    for (String id : ids) {
      assertThat(store().find(id).recent()).extracting(Click::item).containsExactly(id);
    }
  }

  @Test
  void sideBySideNoClickIsLost() throws Exception {
    // One store for all threads: the first to ask opens it.
    SessionStore shared = store();
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < 4; t++) {
      int thread = t;
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 25; i++) {
                        Click click = click(thread + "-" + i, i);
                        shared.update("busy", before -> before.plus(click, 1000));
                      }
                    } catch (Exception e) {
                      failures.add(e);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(shared.find("busy").recent())
        .extracting(Click::item)
        .doesNotHaveDuplicates()
        .hasSize(100);
  }

  @Test
  void aSessionEndsAfterItsLifetime() throws Exception {
    store().update("old", s -> s.plus(click("x", 1), 9));
    for (int i = 0; i < 11; i++) {
      pass(IDLE_MILLIS - 1000);
      store().update("old", s -> s.plus(click("y", 2), 9));
    }
    assertThat(store().find("old").count()).isLessThan(12);
  }

  @Test
  void aClockSetBackEndsNothing() throws Exception {
    store().update("c", s -> s.plus(click("x", 1), 9));
    now.addAndGet(-86_400_000);
    assertThat(store().update("c", s -> s.plus(click("y", 2), 9)).count()).isEqualTo(2);
  }

  static VisitorSessions with(VisitorSessions visitor, long key, String item, long time) {
    return visitor.plus(key, Event.view(item, null, time));
  }

  @Test
  void remembersAndForgetsVisitors() throws Exception {
    assertThat(store().findVisitor("v")).isNull();
    store().updateVisitor("v", v -> v);
    assertThat(store().findVisitor("v")).isNull();
    store().updateVisitor("v", v -> with(v, 1, "x", 5));
    VisitorSessions made = store().updateVisitor("v", v -> with(v, 2, "y", 6));
    assertThat(store().findVisitor("v")).isEqualTo(made);
    assertThat(made.before(2).seen()).containsExactly("x");
    assertThat(store().find("v")).isNull();
    store().deleteVisitor("v");
    store().deleteVisitor("v");
    assertThat(store().findVisitor("v")).isNull();
  }

  @Test
  void manyVisitorsMakeTheLongestAwayGo() throws Exception {
    for (int i = 0; i < VISITORS.most() + 3; i++) {
      store().updateVisitor("v" + i, v -> with(v, 1, "x", 5));
      pass(1);
      store().updateVisitor("kept", v -> with(v, 1, "x", 5 + now.get()));
      pass(1);
    }
    assertThat(store().findVisitor("v0")).isNull();
    assertThat(store().findVisitor("v3")).isNull();
    assertThat(store().findVisitor("v4")).isNotNull();
    assertThat(store().findVisitor("kept")).isNotNull();
  }

  /// Lets time pass.
  void pass(long millis) {
    now.addAndGet(millis);
  }
}
