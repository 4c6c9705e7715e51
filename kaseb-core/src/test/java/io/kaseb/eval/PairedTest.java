package io.kaseb.eval;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Workers;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PairedTest {
  private static final int SESSIONS = 400;

  private static int[] events() {
    int[] events = new int[SESSIONS];
    Arrays.setAll(events, s -> s % 5);
    return events;
  }

  /// Sums of a metric: what sessions share, what a seed adds, noise.
  private static double[][] sums(int seeds, double level, double seedNoise, long seed) {
    Random shared = new Random(1);
    double[] common = shared.doubles(SESSIONS).toArray();
    Random own = new Random(seed);
    double[][] sums = new double[seeds][SESSIONS];
    for (double[] row : sums) {
      double shift = level + seedNoise * own.nextGaussian();
      for (int s = 0; s < SESSIONS; s++) {
        row[s] = (common[s] + shift + .02 * own.nextGaussian()) * (s % 5);
      }
    }
    return sums;
  }

  @Test
  void aDifferenceThatSessionsShareIsSeenThroughTheirNoise() {
    Paired paired =
        Paired.of(sums(5, .02, 0, 2), sums(5, 0, 0, 3), events(), 500, 1, Workers.of(2));
    assertThat(paired.ahead()).isEqualTo(.02, Offset.offset(.004));
    assertThat(paired.low()).isPositive().isLessThan(paired.ahead());
    assertThat(paired.high()).isBetween(paired.ahead(), .03);
  }

  @Test
  void aDifferenceWithinTheSeedsNoiseIsNone() {
    Paired paired =
        Paired.of(sums(5, .01, .05, 4), sums(5, 0, .05, 5), events(), 500, 1, Workers.of(2));
    assertThat(paired.low()).isNegative();
    assertThat(paired.high()).isPositive();
  }

  @Test
  void theSameIsTheSame() {
    double[][] sums = sums(3, 0, 0, 6);
    assertThat(Paired.of(sums, sums, events(), 100, 1, Workers.of(2)).ahead()).isZero();
    assertThat(Paired.of(sums, sums, events(), 100, 1, Workers.of(2)))
        .isEqualTo(Paired.of(sums, sums, events(), 100, 1, Workers.of(2)));
  }

  @Test
  void fewSessionsGetNoInterval() {
    int[] few = new int[SESSIONS];
    Arrays.fill(few, 0, 29, 1);
    Paired paired = Paired.of(sums(3, .1, 0, 2), sums(3, 0, 0, 3), few, 100, 1, Workers.ONE);
    assertThat(paired.low()).isNaN();
    assertThat(paired.high()).isNaN();
    few[29] = 1;
    assertThat(Paired.of(sums(3, .1, 0, 2), sums(3, 0, 0, 3), few, 100, 1, Workers.ONE).low())
        .isFinite();
  }
}
