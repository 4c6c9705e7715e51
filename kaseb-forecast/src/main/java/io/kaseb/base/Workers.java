package io.kaseb.base;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The threads that a job may use. Everything that works in parallel is given one of these and asks
/// nobody else, so that a command's number of threads is the number of threads that work.
///
/// Work is dealt out by index, and what an index gives lies at its own place, so that no result
/// depends on the number of threads. The caller's thread is one of them: with one thread everything
/// runs on the caller's, and no other is made. Others live for the length of a call.
///
/// The failure of the lowest index is the one that the caller gets, as with one thread. A caller
/// that is interrupted gets a [KasebException] once the indices in hand are done, and stays
/// interrupted.
public final class Workers {
  /// The most threads that may be asked for.
  public static final int MOST = 256;

  /// The caller's thread alone.
  public static final Workers ONE = new Workers(1);

  /// Pieces that a thread's share is dealt out in, so that a slow thread holds nobody up.
  private static final int PIECES = 32;

  private final int threads;

  private Workers(int threads) {
    this.threads = threads;
  }

  /// Returns so many threads, the caller's included.
  ///
  /// @throws KasebException where they are not 1 to [#MOST]
  public static Workers of(int threads) {
    if (threads < 1 || threads > MOST) {
      throw KasebException.ofSetting("threads", threads, "1.." + MOST);
    }
    return threads == 1 ? ONE : new Workers(threads);
  }

  /// Returns a thread for each core of the machine, up to [#MOST].
  public static Workers ofAllCores() {
    return of(Math.min(MOST, Runtime.getRuntime().availableProcessors()));
  }

  /// Returns the number of threads, the caller's included.
  public int threads() {
    return threads;
  }

  /// Takes a range of indices.
  @FunctionalInterface
  public interface Range {
    /// Does the work of indices `from` (inclusive) to `to` (exclusive).
    void on(int from, int to);
  }

  /// Takes what was made, one after the other.
  @FunctionalInterface
  public interface Taker<T> {
    /// Takes the next one.
    void take(T made) throws IOException;
  }

  /// Does some work for each index from 0 to below `n`.
  public void forEach(int n, IntConsumer work) {
    share(n, () -> work, IntConsumer::accept);
  }

  /// Does some work for each range of `size` indices below `n`; the last one may be shorter. The
  /// ranges do not depend on the number of threads.
  public void forRanges(int n, int size, Range work) {
    int ranges = (int) (((long) n + size - 1) / size);
    forEach(ranges, r -> work.on(r * size, (int) Math.min(n, (long) (r + 1) * size)));
  }

  /// Returns what a function gives for each index from 0 to below `n`, in order.
  public <T> List<T> map(int n, IntFunction<? extends T> function) {
    @SuppressWarnings("unchecked") // only T is ever stored
    T[] all = (T[]) new Object[n];
    forEach(n, i -> all[i] = function.apply(i));
    return Collections.unmodifiableList(Arrays.asList(all));
  }

  /// Returns the number that a function gives for each index from 0 to below `n`, in order.
  public double[] mapToDouble(int n, IntToDoubleFunction function) {
    double[] all = new double[n];
    forEach(n, i -> all[i] = function.applyAsDouble(i));
    return all;
  }

  /// Does some work for each index from 0 to below `n` on a state that only one thread at a time
  /// sees, and returns the states. Which index meets which state is chance: only what can be merged
  /// in any order belongs into them.
  ///
  /// @param state makes a thread's state, on the caller's thread
  public <S> List<S> share(int n, Supplier<S> state, ObjIntConsumer<S> work) {
    int team = Math.clamp(n, 1, threads);
    List<S> states = new ArrayList<>();
    for (int t = 0; t < team; t++) {
      states.add(state.get());
    }
    Share<S> share = new Share<>(n, Math.max(1, n / (team * PIECES)), work);
    Thread[] others = new Thread[team - 1];
    for (int t = 1; t < team; t++) {
      S own = states.get(t);
      others[t - 1] = start(t, () -> share.run(own, false));
    }
    share.run(states.getFirst(), true);
    join(others, share::stop);
    share.rethrow();
    return states;
  }

  /// Makes something for each index from 0 to below `n` and takes it on the caller's thread in the
  /// order of the indices, while the next ones are made. At most four for each thread wait to be
  /// taken.
  ///
  /// @param make makes the thing of an index, never null
  public <T> void inOrder(int n, IntFunction<? extends T> make, Taker<? super T> take)
      throws IOException {
    if (threads == 1 || n < 2) {
      for (int i = 0; i < n; i++) {
        checkInterrupt();
        take.take(make.apply(i));
      }
      return;
    }
    Pipeline<T> pipeline = new Pipeline<>(n, 4 * threads, make);
    Thread[] others = new Thread[Math.min(n, threads) - 1];
    for (int t = 1; t <= others.length; t++) {
      others[t - 1] = start(t, pipeline::help);
    }
    try {
      for (int i = 0; i < n; i++) {
        checkInterrupt();
        take.take(pipeline.next());
      }
    } finally {
      pipeline.stop();
      join(others, pipeline::stop);
    }
  }

  private static Thread start(int number, Runnable work) {
    return Thread.ofPlatform().daemon().name("kaseb-worker-" + number).start(work);
  }

  /// Fails where the caller was interrupted, and leaves it so.
  static void checkInterrupt() {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted();
    }
  }

  /// Returns the failure of a caller that was interrupted.
  static KasebException interrupted() {
    return new KasebException("interrupted");
  }

  /// Throws again what another thread met; nothing where it met nothing.
  static void rethrow(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  /// Waits for all threads, also where the caller is interrupted: they work on its data.
  private static void join(Thread[] others, Runnable stop) {
    boolean interrupted = Thread.currentThread().isInterrupted();
    for (Thread other : others) {
      while (true) {
        if (interrupted) {
          stop.run();
          other.interrupt();
        }
        try {
          other.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// One call's indices, dealt out piece by piece in rising order.
  private static final class Share<S> {
    private final int n;
    private final int piece;
    private final ObjIntConsumer<S> work;
    private final AtomicInteger next = new AtomicInteger();

    /// Indices from here on are not begun: the lowest that failed. Lower ones are finished, so that
    /// the failure is the one that a single thread would have met.
    private volatile int end;

    private volatile boolean stopped;
    private @Nullable Throwable failure;

    Share(int n, int piece, ObjIntConsumer<S> work) {
      this.n = n;
      this.piece = piece;
      this.work = work;
      this.end = n;
    }

    void run(S state, boolean caller) {
      for (int from = deal(); from < end; from = deal()) {
        int to = Math.min(n, from + piece);
        for (int i = from; i < to && i < end; i++) {
          stopped |= caller && Thread.currentThread().isInterrupted();
          if (stopped) {
            return;
          }
          try {
            work.accept(state, i);
          } catch (RuntimeException | Error e) {
            failed(i, e);
          }
        }
      }
    }

    private int deal() {
      // Where all is dealt out the counter must not run on: it would pass the largest int.
      return next.getAndUpdate(at -> at >= n ? at : (int) Math.min(n, (long) at + piece));
    }

    private synchronized void failed(int i, Throwable e) {
      if (i < end) {
        end = i;
        failure = e;
      }
    }

    void stop() {
      stopped = true;
    }

    synchronized void rethrow() {
      checkInterrupt();
      Workers.rethrow(failure);
    }
  }
}
