package io.kaseb.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class BestSetTest {
  @RepeatedTest(320)
  void noSubsetIsBetter(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    SplittableRandom random = new SplittableRandom(seed);
    int n = seed % 8;
    double unseen =
        switch (seed % 10) {
          case 0 -> 0;
          case 1 -> .5;
          default -> random.nextDouble(.5);
        };
    double[] q = new double[n];
    for (int i = 0; i < n; i++) {
      q[i] = random.nextInt(4) == 0 ? random.nextInt(3) / 2.0 : random.nextDouble();
    }
    double[] others = {1 - unseen, unseen * .7, unseen * .3};
    BestSet best = BestSet.of(q, others);
    int chosen = 0;
    for (int i : best.items()) {
      chosen |= 1 << i;
    }
    double highest = 0;
    for (int set = 0; set < 1 << q.length; set++) {
      highest = Math.max(highest, expected(set, q, others));
    }
    assertThat(best.expectedJaccard()).isCloseTo(highest, within(1e-9));
    assertThat(expected(chosen, q, others)).isCloseTo(highest, within(1e-9));
  }

  /// The expected overlap by summing over everything that can be bought.
  private static double expected(int set, double[] q, double[] unseen) {
    double sum = 0;
    for (int bought = 0; bought < 1 << q.length; bought++) {
      double p = 1;
      for (int i = 0; i < q.length; i++) {
        p *= (bought >> i & 1) == 1 ? q[i] : 1 - q[i];
      }
      for (int more = 0; more < unseen.length; more++) {
        int union = Integer.bitCount(set | bought) + more;
        sum += union == 0 ? 0 : p * unseen[more] * Integer.bitCount(set & bought) / union;
      }
    }
    return sum;
  }

  @Test
  void nothingToChooseFrom() {
    assertThat(BestSet.of(new double[0], new double[] {1}).items()).isEmpty();
    assertThat(BestSet.of(new double[] {0, 0}, new double[] {1}).items()).isEmpty();
  }

  @Test
  void takesTheSureItemAloneAndBothOfTwoLikelyOnes() {
    assertThat(BestSet.of(new double[] {.02, 1}, new double[] {1}).items()).containsExactly(1);
    assertThat(BestSet.of(new double[] {.8, .9}, new double[] {1}).items()).containsExactly(1, 0);
  }

  @Test
  void thousandsOfItemsStayQuick() {
    double[] q = new double[5_000];
    Arrays.fill(q, .01);
    q[77] = .9;
    assertThat(BestSet.of(q, new double[] {.9, .1}).items()).contains(77);
  }
}
