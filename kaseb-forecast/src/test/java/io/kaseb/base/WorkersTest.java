package io.kaseb.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
  /// Sizes around the pieces' borders, and some at random.
  private static int[] sizes() {
    Random random = new Random(3);
    return IntStream.concat(
            IntStream.of(0, 1, 2, 3, 31, 32, 33, 64, 255, 256, 257), random.ints(20, 0, 5_000))
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyIndexIsDoneOnce(int threads) {
    for (int n : sizes()) {
      AtomicIntegerArray times = new AtomicIntegerArray(n);
      Workers.of(threads).forEach(n, times::incrementAndGet);
      for (int i = 0; i < n; i++) {
        assertThat(times.get(i)).as("%d of %d", i, n).isOne();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void resultsLieInTheOrderOfTheIndices(int threads) throws IOException {
    Workers workers = Workers.of(threads);
    for (int n : sizes()) {
      List<Integer> expected = IntStream.range(0, n).boxed().toList();
      assertThat(workers.<Integer>map(n, i -> i)).isEqualTo(expected);
      assertThat(workers.mapToDouble(n, i -> i / 3.0))
          .isEqualTo(IntStream.range(0, n).mapToDouble(i -> i / 3.0).toArray());
      List<Integer> taken = new ArrayList<>();
      workers.<Integer>inOrder(n, i -> i, taken::add);
      assertThat(taken).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void rangesDoNotDependOnTheThreads(int threads) {
    for (int n : sizes()) {
      for (int size : new int[] {1, 7, 1_000}) {
        Set<List<Integer>> ranges = ConcurrentHashMap.newKeySet();
        Workers.of(threads).forRanges(n, size, (from, to) -> ranges.add(List.of(from, to)));
        Set<List<Integer>> expected = ConcurrentHashMap.newKeySet();
        for (int from = 0; from < n; from += size) {
          expected.add(List.of(from, Math.min(n, from + size)));
        }
        assertThat(ranges).isEqualTo(expected);
      }
    }
  }

  @Test
  void theLastRangeEndsBelowTheLargestInt() {
    int n = Integer.MAX_VALUE;
    List<Integer> ends = Collections.synchronizedList(new ArrayList<>());
    Workers.of(2).forRanges(n, 1 << 30, (from, to) -> ends.add(to));
    assertThat(ends).containsExactlyInAnyOrder(1 << 30, n);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void statesTogetherHaveSeenEveryIndex(int threads) {
    for (int n : sizes()) {
      List<int[]> states =
          Workers.of(threads).share(n, () -> new int[n + 1], (seen, i) -> seen[i]++);
      assertThat(states).hasSizeBetween(1, threads);
      for (int i = 0; i < n; i++) {
        int index = i;
        assertThat(states.stream().mapToInt(s -> s[index]).sum()).isOne();
      }
    }
  }

  @Test
  void oneThreadIsTheCallers() throws IOException {
    Thread caller = Thread.currentThread();
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    Workers.ONE.forEach(1_000, i -> seen.add(Thread.currentThread()));
    Workers.ONE.map(1_000, i -> seen.add(Thread.currentThread()));
    Workers.ONE.mapToDouble(1_000, i -> seen.add(Thread.currentThread()) ? 1 : 0);
    Workers.ONE.share(10, () -> 0, (state, i) -> seen.add(Thread.currentThread()));
    Workers.ONE.inOrder(
        1_000, i -> seen.add(Thread.currentThread()), x -> seen.add(Thread.currentThread()));
    assertThat(seen).containsExactly(caller);
    assertThat(Workers.of(1)).isSameAs(Workers.ONE);
  }

  /// Each of four indices waits for the three others: only four threads at a time can finish them.
  @Test
  void asManyThreadsWorkAsWereAskedFor() throws IOException {
    CyclicBarrier barrier = new CyclicBarrier(4);
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    Workers.of(4)
        .forEach(
            4,
            i -> {
              seen.add(Thread.currentThread());
              await(barrier);
            });
    assertThat(seen).hasSize(4).contains(Thread.currentThread());
    Workers.of(4)
        .inOrder(
            4,
            i -> {
              await(barrier);
              return i;
            },
            i -> {});
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void neverMoreThreadsThanAskedForWorkAtATime(int threads) throws IOException {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Workers.of(threads)
        .inOrder(
            2_000,
            i -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              now.decrementAndGet();
              return i;
            },
            i -> {});
    Workers.of(threads)
        .forEach(
            2_000,
            i -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              now.decrementAndGet();
            });
    assertThat(most.get()).isBetween(1, threads);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void theFailureOfTheLowestIndexIsThrown(int threads) {
    Workers workers = Workers.of(threads);
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      int n = 1 + random.nextInt(500);
      int[] failing = random.ints(1 + random.nextInt(5), 0, n).toArray();
      int lowest = IntStream.of(failing).min().orElseThrow();
      AtomicIntegerArray done = new AtomicIntegerArray(n);
      assertThatThrownBy(
              () ->
                  workers.forEach(
                      n,
                      i -> {
                        done.incrementAndGet(i);
                        fail(failing, i);
                      }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("index " + lowest);
      assertThat(IntStream.range(0, lowest).map(done::get)).containsOnly(ones(lowest));
      List<Integer> taken = new ArrayList<>();
      assertThatThrownBy(
              () ->
                  workers.inOrder(
                      n,
                      i -> {
                        fail(failing, i);
                        return i;
                      },
                      taken::add))
          .hasMessage("index " + lowest);
      assertThat(taken).isEqualTo(IntStream.range(0, lowest).boxed().toList());
    }
  }

  private static Integer[] ones(int n) {
    return n == 0 ? new Integer[0] : new Integer[] {1};
  }

  private static void fail(int[] failing, int i) {
    if (IntStream.of(failing).anyMatch(f -> f == i)) {
      throw new IllegalArgumentException("index " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void errorsAndTheTakersFailuresReachTheCaller(int threads) {
    Workers workers = Workers.of(threads);
    assertThatThrownBy(
            () ->
                workers.forEach(
                    100,
                    i -> {
                      throw new StackOverflowError("deep");
                    }))
        .isInstanceOf(StackOverflowError.class);
    List<Integer> taken = new ArrayList<>();
    assertThatThrownBy(
            () ->
                workers.<Integer>inOrder(
                    1_000,
                    i -> i,
                    i -> {
                      taken.add(i);
                      if (i == 7) {
                        throw new IOException("disk full");
                      }
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("disk full");
    assertThat(taken).hasSize(8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void noThreadOutlivesItsCall(int threads) throws IOException {
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    Workers.of(threads).forEach(100, i -> seen.add(Thread.currentThread()));
    Workers.of(threads).inOrder(100, i -> seen.add(Thread.currentThread()), x -> {});
    seen.remove(Thread.currentThread());
    assertThat(seen).allMatch(thread -> !thread.isAlive());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void anInterruptedCallerGetsItsThreadBack(int threads) throws InterruptedException {
    for (boolean inOrder : new boolean[] {false, true}) {
      CountDownLatch begun = new CountDownLatch(1);
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      AtomicReference<Boolean> stillInterrupted = new AtomicReference<>();
      AtomicInteger done = new AtomicInteger();
      Thread caller =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      if (inOrder) {
                        Workers.of(threads)
                            .inOrder(
                                Integer.MAX_VALUE,
                                i -> {
                                  begun.countDown();
                                  return done.incrementAndGet();
                                },
                                i -> {});
                      } else {
                        Workers.of(threads)
                            .forEach(
                                Integer.MAX_VALUE,
                                i -> {
                                  begun.countDown();
                                  done.incrementAndGet();
                                });
                      }
                    } catch (KasebException | IOException e) {
                      thrown.set(e);
                    }
                    stillInterrupted.set(Thread.currentThread().isInterrupted());
                  });
      begun.await();
      caller.interrupt();
      caller.join();
      assertThat(thrown.get()).isInstanceOf(KasebException.class).hasMessage("interrupted");
      assertThat(stillInterrupted.get()).isTrue();
      assertThat(done.get()).isPositive().isLessThan(Integer.MAX_VALUE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 257})
  void theNumberOfThreadsIsChecked(int threads) {
    assertThatThrownBy(() -> Workers.of(threads))
        .isInstanceOf(KasebException.class)
        .hasMessage("threads=" + threads + ": must be 1..256");
  }

  @Test
  void allCoresAreThoseOfTheMachine() {
    assertThat(Workers.ofAllCores().threads())
        .isEqualTo(Math.min(256, Runtime.getRuntime().availableProcessors()));
  }
}
