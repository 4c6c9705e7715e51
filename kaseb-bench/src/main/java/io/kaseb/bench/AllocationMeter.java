package io.kaseb.bench;

import com.sun.management.ThreadMXBean;
import io.kaseb.train.Training;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/// Counts what the threads of a training run allocate between an epoch's first report and its last,
/// so that what an epoch makes once is left out. Passed to [Training#epoch] as what it asks between
/// steps; used for one epoch.
final class AllocationMeter implements BooleanSupplier {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Training training;
  private long[] team = {};
  private long firstStep;
  private long firstBytes;
  private long lastStep;
  private long lastBytes;

  AllocationMeter(Training training) {
    this.training = training;
  }

  /// Takes stock; called by the team's first thread.
  ///
  /// @return false: it never stops an epoch
  @Override
  public boolean getAsBoolean() {
    if (team.length == 0) {
      team = team();
      firstStep = training.steps();
      firstBytes = allocated();
    }
    lastStep = training.steps();
    lastBytes = allocated();
    return false;
  }

  /// Returns the bytes that all threads of the team together allocated for each step; 0 where the
  /// epoch had fewer than two reports.
  double bytesPerStep() {
    return (lastBytes - firstBytes) / (double) Math.max(1, lastStep - firstStep);
  }

  private static long[] team() {
    long own = Thread.currentThread().threadId();
    return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
        .filter(info -> info != null)
        .filter(
            info -> info.getThreadId() == own || info.getThreadName().startsWith("kaseb-train-"))
        .mapToLong(info -> info.getThreadId())
        .toArray();
  }

  private long allocated() {
    long sum = 0;
    for (long thread : team) {
      sum += THREADS.getThreadAllocatedBytes(thread);
    }
    return sum;
  }
}
