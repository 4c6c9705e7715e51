package io.kaseb.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Turns Ctrl-C into a question that long work asks, and holds the process until the work has ended
/// cleanly.
final class StopOnInterrupt implements BooleanSupplier, AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupted);
  private volatile boolean stop;

  /// Starts listening.
  StopOnInterrupt() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void interrupted() {
    stop = true;
    try {
      ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean getAsBoolean() {
    return stop;
  }

  @Override
  public void close() {
    ended.countDown();
    if (!stop) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
