package io.kaseb.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogOddsBlendTest {
  @Test
  void trustsWhatTellsAndLeavesOutWhatDoesNot() {
    SplittableRandom random = new SplittableRandom(1);
    int n = 2_000;
    double[][] scores = new double[3][n];
    boolean[] labels = new boolean[n];
    for (int r = 0; r < n; r++) {
      double one = random.nextDouble() - .5;
      double other = random.nextDouble() - .5;
      labels[r] = random.nextDouble() < Calibration.logistic(4 * one + 4 * other);
      scores[0][r] = one;
      scores[1][r] = random.nextDouble();
      scores[2][r] = other;
    }
    LogOddsBlend mix = LogOddsBlend.fit(scores, labels);
    assertThat(mix.net()).isBetween(.3f, .7f);
    assertThat(mix.logistic()).isBetween(.3f, .7f);
    assertThat(mix.boosted()).isLessThan(.2f);
    assertThat(mix.net() + mix.boosted() + mix.logistic()).isCloseTo(1, within(1e-5f));
  }

  @Test
  void fewSessionsLeaveAThirdToEach() {
    double[][] scores = {{.1, .2, .3, .4}, {.4, .3, .2, .1}, {.2, .2, .3, .1}};
    LogOddsBlend mix = LogOddsBlend.fit(scores, new boolean[] {true, false, false, true});
    assertThat(mix.net()).isCloseTo(1 / 3f, within(.1f));
    assertThat(mix.boosted()).isCloseTo(1 / 3f, within(.1f));
  }
}
