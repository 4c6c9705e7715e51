package io.kaseb.tune.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Models, simulated logs and bootstrap intervals of earlier versions depend on these values.
class SeededRandomTest {
  private static final long SEED = 1234567890123456789L;

  @Test
  void nthIsTheJdksOwnSequence() {
    SplittableRandom sequence = new SplittableRandom(SEED);
    for (int n = 0; n < 100; n++) {
      assertThat(SeededRandom.nth(SEED, n)).isEqualTo(sequence.nextLong());
    }
  }

  @Test
  void spreadSeedsGoOnWhereTheSequenceStands() {
    SplittableRandom sequence = new SplittableRandom(SEED);
    for (int n = 0; n < 100; n++) {
      SplittableRandom there = new SplittableRandom(SeededRandom.spread(n, SEED));
      assertThat(there.nextLong()).isEqualTo(sequence.nextLong());
    }
  }

  @Test
  void ofDependsOnBothNumbers() {
    RandomGenerator random = SeededRandom.of(7, 3);
    long first = random.nextLong();
    assertThat(SeededRandom.of(7, 3).nextLong()).isEqualTo(first);
    assertThat(SeededRandom.of(3, 7).nextLong()).isNotEqualTo(first);
    assertThat(SeededRandom.of(7, 4).nextLong()).isNotEqualTo(first);
    assertThat(first).isEqualTo(SeededRandom.nth(SeededRandom.mix(7, 3), 0));
  }

  @Test
  void everyFormulaKeepsItsValues() {
    assertThat(SeededRandom.mix64(0)).isZero();
    assertThat(SeededRandom.mix64(1)).isEqualTo(6238072747940578789L);
    assertThat(SeededRandom.mix(42, 7)).isEqualTo(-4648815835465089179L);
    assertThat(SeededRandom.step(42, 7)).isEqualTo(9012477219654821955L);
    assertThat(SeededRandom.resample(42, 7)).isEqualTo(-5688327999276132729L);
    assertThat(SeededRandom.spread(42, 7)).isEqualTo(-785323504874005639L);
    assertThat(SeededRandom.join(42, 7)).isEqualTo(31 * 42 + 7);
    assertThat(SeededRandom.scramble(42)).isEqualTo(-3363727046672767920L);
    assertThat(SeededRandom.fold(SEED, 7)).isEqualTo(1062192622);
  }
}
