package io.kaseb.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnsTest {
  @Test
  void nobodyWorksBesideOneWhoIsAlone() throws Exception {
    Turns turns = new Turns(true);
    AtomicInteger working = new AtomicInteger();
    AtomicInteger alone = new AtomicInteger();
    AtomicBoolean met = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      boolean measures = t == 0;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 200; i++) {
                      if (measures) {
                        try (Turns.Turn turn = turns.alone()) {
                          alone.incrementAndGet();
                          met.compareAndSet(false, working.get() > 0);
                          Thread.yield();
                          met.compareAndSet(false, working.get() > 0);
                        }
                      } else {
                        try (Turns.Turn turn = turns.beside()) {
                          working.incrementAndGet();
                          Thread.yield();
                          working.decrementAndGet();
                          turns.giveWay();
                        }
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(met).isFalse();
    assertThat(alone).hasValue(200);
  }

  /// Without giving way, the one who wants to be alone would wait for ever.
  @Test
  void whoIsAtWorkGivesWay() throws Exception {
    Turns turns = new Turns(true);
    AtomicBoolean measured = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(1);
    Thread worker =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (Turns.Turn turn = turns.beside()) {
                    begun.countDown();
                    while (!measured.get()) {
                      turns.giveWay();
                      Thread.onSpinWait();
                    }
                  }
                });
    begun.await();
    try (Turns.Turn turn = turns.alone()) {
      measured.set(true);
    }
    worker.join();
    turns.giveWay();
    // The lock is free again.
    try (Turns.Turn turn = turns.alone()) {
      assertThat(measured).isTrue();
    }
  }

  @Test
  void withoutATimeToMeasureNobodyWaits() {
    Turns turns = new Turns(false);
    try (Turns.Turn one = turns.alone();
        Turns.Turn other = turns.alone()) {
      turns.giveWay();
      assertThat(one).isNotNull();
      assertThat(other).isNotNull();
    }
  }
}
