package io.kaseb.base;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Things that several threads make ahead of the one that takes them in order. The taker makes some
/// itself while the next one is not there.
final class Pipeline<T> {
  private final int n;
  private final IntFunction<? extends T> make;

  /// What waits to be taken, index i at i modulo the length: a thing or a [Failed]; null where
  /// nothing does.
  private final @Nullable Object[] waiting;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int begun;
  private int taken;
  private boolean stopped;

  /// Stands where a thing could not be made.
  private record Failed(Throwable failure) {}

  /// @param n how many things
  /// @param ahead how many may be begun before the first of them is taken
  Pipeline(int n, int ahead, IntFunction<? extends T> make) {
    this.n = n;
    this.make = make;
    this.waiting = new @Nullable Object[ahead];
  }

  /// Makes things until all are begun; the work of a thread beside the taker's.
  void help() {
    while (true) {
      int own;
      lock.lock();
      try {
        while (!stopped && begun < n && begun - taken == waiting.length) {
          changed.awaitUninterruptibly();
        }
        if (stopped || begun == n) {
          return;
        }
        own = begun++;
      } finally {
        lock.unlock();
      }
      make(own);
    }
  }

  /// Returns the next thing, in order.
  @SuppressWarnings("unchecked") // what is no failure was made by `make`
  T next() {
    while (true) {
      int own;
      lock.lock();
      try {
        while (waiting[taken % waiting.length] == null && !mayBegin()) {
          changed.await();
        }
        Object made = waiting[taken % waiting.length];
        if (made != null) {
          waiting[taken++ % waiting.length] = null;
          changed.signalAll();
          Workers.rethrow(made instanceof Failed failed ? failed.failure : null);
          return (T) made;
        }
        own = begun++;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Workers.interrupted();
      } finally {
        lock.unlock();
      }
      make(own);
    }
  }

  private boolean mayBegin() {
    return begun < n && begun - taken < waiting.length;
  }

  private void make(int i) {
    Object made;
    try {
      made = make.apply(i);
    } catch (RuntimeException | Error e) {
      made = new Failed(e);
    }
    lock.lock();
    try {
      waiting[i % waiting.length] = made;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Lets nothing more be begun.
  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
