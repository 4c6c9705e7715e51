package io.kaseb.network;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// A fixed team of threads that all run the same code and meet at barriers many thousand times a
/// second. The barrier spins, because a lock's wake-up costs more than the work between two
/// barriers, and yields after a while, because a pure spin collapses when a core is taken away.
public final class Team {
  private static final int SPINS = 2_000;
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private final int size;
  private final int spins;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile int phase;
  private volatile @Nullable Throwable failure;

  /// Creates a team.
  ///
  /// @param size threads, the caller's included; at least 1
  public Team(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("threads=" + size + "; must be 1 or more");
    }
    this.size = size;
    this.spins = size <= CORES ? SPINS : 0;
  }

  /// Returns the number of threads.
  public int size() {
    return size;
  }

  /// Runs `work` on every thread of the team, the caller being thread 0; returns when all are done.
  public void run(IntConsumer work) {
    failure = null;
    waiting.set(0);
    Thread[] others = new Thread[size - 1];
    for (int i = 1; i < size; i++) {
      int member = i;
      others[i - 1] =
          Thread.ofPlatform().daemon().name("kaseb-train-" + i).start(() -> guarded(work, member));
    }
    guarded(work, 0);
    for (Thread other : others) {
      joinUninterruptibly(other);
    }
    Throwable thrown = failure;
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }

  private void guarded(IntConsumer work, int member) {
    try {
      work.accept(member);
    } catch (BrokenTeam e) {
      // Another member failed first and is the one to report.
    } catch (RuntimeException | Error e) {
      if (failure == null) {
        failure = e;
      }
    }
  }

  private static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until every member has called this as often; what each wrote before is seen by all
  /// after.
  public void barrier() {
    if (size == 1) {
      return;
    }
    int seen = phase;
    if (waiting.incrementAndGet() == size) {
      waiting.set(0);
      phase = seen + 1;
      return;
    }
    for (int i = 0; phase == seen; i++) {
      if (i < spins) {
        Thread.onSpinWait();
      } else {
        if (failure != null) {
          throw new BrokenTeam();
        }
        Thread.yield();
      }
    }
  }

  /// Returns where member `t`'s share of `n` things starts; shares are multiples of `unit`.
  public int from(int t, int n, int unit) {
    int units = (n + unit - 1) / unit;
    return Math.min(n, (int) ((long) units * t / size) * unit);
  }

  /// Thrown out of a barrier when another member has failed.
  private static final class BrokenTeam extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenTeam() {
      super(null, null, false, false);
    }
  }
}
