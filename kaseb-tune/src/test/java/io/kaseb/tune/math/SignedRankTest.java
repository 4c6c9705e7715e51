package io.kaseb.tune.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SignedRankTest {
  /// Expected values: all signs counted out by hand.
  @Test
  void smallSamplesAreExact() {
    assertThat(SignedRank.above(new double[] {1.2, -.3, .5, .6, -.1, 2.0, .7, -.45}))
        .isCloseTo(.0546875, within(1e-12));
    assertThat(SignedRank.above(new double[] {1.2, -.3, .5, .5, -.1, 2.0, .7, -.5}))
        .isCloseTo(.07421875, within(1e-12));
    assertThat(SignedRank.above(new double[] {1, 1, 0, -1, 2, 3})).isCloseTo(.125, within(1e-12));
    assertThat(SignedRank.above(new double[] {.1, .2, .3, .4, .5}))
        .isCloseTo(.03125, within(1e-12));
    assertThat(SignedRank.above(new double[] {0, 0})).isEqualTo(1);
    assertThat(SignedRank.above(new double[0])).isEqualTo(1);
    assertThat(SignedRank.above(new double[] {-1, -2, -3})).isEqualTo(1);
  }

  @Test
  void theNormalDistributionIsNearTheExactOne() {
    double[] forty = new double[40];
    double[] more = new double[41];
    for (int i = 0; i < 41; i++) {
      double difference = (i % 3 == 0 ? -1 : 1) * (i + 1);
      more[i] = difference;
      if (i < 40) {
        forty[i] = difference;
      }
    }
    double exact = SignedRank.above(forty);
    assertThat(exact).isBetween(.01, .2);
    assertThat(SignedRank.above(more)).isCloseTo(exact, within(.02));
  }
}
