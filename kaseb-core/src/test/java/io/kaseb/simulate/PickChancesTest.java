package io.kaseb.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PickChancesTest {
  /// Adds to `out` each item's chance to be among the next `left` picks, by trying all orders.
  private static void enumerate(double[] wish, boolean[] gone, int left, double p, double[] out) {
    double sum = 0;
    for (int i = 0; i < wish.length; i++) {
      sum += gone[i] ? 0 : wish[i];
    }
    for (int i = 0; i < wish.length && left > 0; i++) {
      if (!gone[i]) {
        out[i] += p * wish[i] / sum;
        gone[i] = true;
        enumerate(wish, gone, left - 1, p * wish[i] / sum, out);
        gone[i] = false;
      }
    }
  }

  private static double[] more(double[] counts) {
    double[] more = new double[counts.length];
    double sum = 0;
    for (int m = counts.length - 1; m >= 0; m--) {
      sum += counts[m];
      more[m] = sum;
    }
    return more;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void areThoseOfAllOrders(int n) {
    SplittableRandom random = new SplittableRandom(n);
    for (int round = 0; round < 20; round++) {
      double[] wish = random.doubles(n, .05, 4).toArray();
      double[] counts = random.doubles(n, 0, 1).toArray();
      double sum = Arrays.stream(counts).sum();
      double[] expected = new double[n];
      for (int k = 1; k <= n; k++) {
        counts[k - 1] /= sum;
        enumerate(wish, new boolean[n], k, counts[k - 1], expected);
      }
      double[] found = new double[n];
      new PickChances().write(wish, n, more(counts), found);
      assertThat(found).usingComparatorWithPrecision(1e-3).containsExactly(expected);
    }
  }

  @Test
  void approximationOfManyItemsIsClose() {
    int n = 20;
    SplittableRandom random = new SplittableRandom(7);
    double[] wish = random.doubles(n, .1, 3).toArray();
    double[] counts = new double[n];
    counts[2] = .5;
    counts[7] = .3;
    counts[19] = .2;
    double[] found = new double[n];
    new PickChances().write(wish, n, more(counts), found);
    double[] drawn = new double[n];
    int rounds = 40_000;
    for (int round = 0; round < rounds; round++) {
      double u = random.nextDouble();
      int k = u < .5 ? 3 : u < .8 ? 8 : 20;
      double[] arrival = new double[n];
      for (int i = 0; i < n; i++) {
        arrival[i] = -Math.log(1 - random.nextDouble()) / wish[i];
      }
      double border = Arrays.stream(arrival).sorted().toArray()[k - 1];
      for (int i = 0; i < n; i++) {
        drawn[i] += arrival[i] <= border ? 1.0 / rounds : 0;
      }
    }
    for (int i = 0; i < n; i++) {
      assertThat(found[i]).isCloseTo(drawn[i], within(.015));
    }
  }
}
