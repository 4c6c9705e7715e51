package io.kaseb.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.config.IntentConfig.Calibrator;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  @Test
  void plattFindsTheLogisticCurveThatMadeTheLabels() {
    SplittableRandom random = new SplittableRandom(1);
    int n = 40_000;
    double[] scores = new double[n];
    boolean[] labels = new boolean[n];
    for (int i = 0; i < n; i++) {
      scores[i] = random.nextDouble(-4, 4);
      labels[i] = random.nextDouble() < Calibration.logistic(.7 * scores[i] - 1.5);
    }
    Calibration.Platt fit = Calibration.Platt.fit(scores, labels);
    assertThat(fit.a()).isCloseTo(.7, within(.03));
    assertThat(fit.b()).isCloseTo(-1.5, within(.05));
  }

  @Test
  void isotonicPoolsViolatorsToTheirMean() {
    double[] scores = {1, 2, 3, 4, 5, 6};
    boolean[] labels = {false, true, false, false, true, true};
    Calibration.Isotonic fit = Calibration.Isotonic.fit(scores, labels);
    // Hand-worked: pools {1}, {2, 3, 4}, {5, 6}; ends pulled in to .5 / 2 and 2.5 / 3.
    assertThat(fit.x()).containsExactly(1, 3, 5.5);
    assertThat(fit.y()[0]).isCloseTo(.25, within(1e-12));
    assertThat(fit.y()[1]).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(fit.y()[2]).isCloseTo(2.5 / 3, within(1e-12));
    assertThat(fit.probability(2)).isCloseTo((.25 + 1.0 / 3) / 2, within(1e-12));
    assertThat(fit.probability(-9)).isEqualTo(fit.y()[0]);
    assertThat(fit.probability(9)).isEqualTo(fit.y()[2]);
  }

  @RepeatedTest(240)
  void bothKeepTheOrderAndStayInsideZeroAndOne(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    SplittableRandom random = new SplittableRandom(seed);
    int n = 1 + seed % 60;
    double[] scores = new double[n];
    boolean[] labels = new boolean[n];
    for (int i = 0; i < n; i++) {
      scores[i] = random.nextInt(10);
      labels[i] = random.nextInt(10) < scores[i] - 2 + random.nextInt(3);
    }
    for (Calibrator kind : Calibrator.values()) {
      Calibration fit = Calibration.fit(kind, scores, labels);
      Calibration again = Calibration.of(fit.json());
      double before = 0;
      for (double x = -3; x < 13; x += .25) {
        double p = fit.probability(x);
        assertThat(p).isGreaterThan(0).isLessThan(1).isGreaterThanOrEqualTo(before - 1e-12);
        assertThat(again.probability(x)).isEqualTo(p);
        before = p;
      }
    }
  }

  @RepeatedTest(200)
  void isotonicIsTheLeastSquaresMonotoneCurve(RepetitionInfo repetition) {
    SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
    int n = 12;
    double[] scores = new double[n];
    boolean[] labels = new boolean[n];
    for (int i = 0; i < n; i++) {
      scores[i] = i;
      labels[i] = random.nextBoolean();
    }
    labels[0] = false;
    labels[n - 1] = true;
    Calibration.Isotonic fit = Calibration.Isotonic.fit(scores, labels);
    // Max-min formula (Robertson et al. 1988): y_i = max over a <= i of min over b >= i of
    // mean(a..b)
    for (int k = 1; k + 1 < fit.x().length; k++) {
      int i = (int) Math.round(fit.x()[k]);
      double expected = 0;
      for (int a = 0; a <= i; a++) {
        double least = 1;
        for (int b = i; b < n; b++) {
          double sum = 0;
          for (int j = a; j <= b; j++) {
            sum += labels[j] ? 1 : 0;
          }
          least = Math.min(least, sum / (b - a + 1));
        }
        expected = Math.max(expected, least);
      }
      double low = fit.y()[0];
      double high = fit.y()[fit.y().length - 1];
      assertThat(fit.y()[k]).isCloseTo(Math.clamp(expected, low, high), within(1e-9));
    }
  }

  @Test
  void oneClassGivesItsSoftenedRate() {
    double[] scores = {1, 2, 3};
    assertThat(Calibration.fit(Calibrator.ISOTONIC, scores, new boolean[3]).probability(2))
        .isCloseTo(.2, within(1e-9));
    assertThat(
            Calibration.fit(Calibrator.AUTO, scores, new boolean[] {true, true, true})
                .probability(9))
        .isCloseTo(.8, within(1e-9));
  }

  @Test
  void badInputIsAnError() {
    assertThatThrownBy(() -> Calibration.fit(Calibrator.PLATT, new double[2], new boolean[1]))
        .hasMessageContaining("2 scores");
    assertThatThrownBy(
            () ->
                Calibration.fit(Calibrator.PLATT, new double[] {Double.NaN}, new boolean[] {true}))
        .hasMessageContaining("not a number");
  }
}
