package io.kaseb.search;

import io.kaseb.tune.study.Study;
import java.util.function.BooleanSupplier;

/// Looks now and then whether a study is to stop, in a thread of its own, until it is closed.
final class StudyStopper implements AutoCloseable {
  private static final long MILLIS = 100;

  private final Thread thread;

  private StudyStopper(Thread thread) {
    this.thread = thread;
  }

  /// Begins to look.
  static StudyStopper start(Study study, BooleanSupplier stop) {
    return new StudyStopper(Thread.ofVirtual().start(() -> watch(study, stop)));
  }

  private static void watch(Study study, BooleanSupplier stop) {
    try {
      while (!stop.getAsBoolean()) {
        Thread.sleep(MILLIS);
      }
      study.stop();
    } catch (InterruptedException e) {
      // The study ended by itself.
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
