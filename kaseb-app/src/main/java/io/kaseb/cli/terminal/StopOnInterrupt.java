package io.kaseb.cli.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Turns Ctrl-C into a question that long work asks, and holds the process until the work has ended
/// cleanly.
public final class StopOnInterrupt implements BooleanSupplier, AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupted);
  private volatile boolean stop;

  private StopOnInterrupt() {}

  /// Starts to listen.
  public static StopOnInterrupt start() {
    StopOnInterrupt stop = new StopOnInterrupt();
    Runtime.getRuntime().addShutdownHook(stop.hook);
    return stop;
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
