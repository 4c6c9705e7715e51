package io.kaseb.tune.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.tune.math.StandardNormal;
import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.Domain;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.Method;
import io.kaseb.tune.study.MethodSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Values measured with NNI and Optuna themselves.
class TpeSamplerTest {
  private static final List<Dimension> UNIT = Space.of(Map.of("x", Range.of(0, 1))).dimensions();
  private static final List<double[]> TWO = List.of(new double[] {.2}, new double[] {.9});

  private static void check(TpeMode mode, boolean joint, double[] sigmas, double[] logDensities) {
    Parzen parzen = new Parzen(mode, joint, UNIT, TWO, new double[] {1, 1});
    assertThat(parzen.sigmas(0)).containsExactly(sigmas, within(1e-12));
    double[] at = {0, .25, .5, .9};
    for (int i = 0; i < at.length; i++) {
      assertThat(parzen.logDensity(new double[] {at[i]}))
          .as("%s at %s", mode, at[i])
          .isCloseTo(logDensities[i], within(5e-9));
    }
  }

  @Test
  void nniMixture() {
    check(
        TpeMode.NNI,
        false,
        new double[] {.3, .4, 1},
        new double[] {-.13533911, .13693216, .05527373, -.16464267});
  }

  @Test
  void optuna4Mixture() {
    check(
        TpeMode.OPTUNA4,
        false,
        new double[] {.3, .4, 1},
        new double[] {-.18771697, .07306605, .05127853, -.07622043});
  }

  @Test
  void optuna5Mixture() {
    check(
        TpeMode.OPTUNA5,
        false,
        new double[] {.7, .7, 1},
        new double[] {-.14677779, -.00364394, .05506468, -.02744663});
  }

  @Test
  void optuna4MultivariateMixture() {
    check(
        TpeMode.OPTUNA4,
        true,
        new double[] {.25, .25, 1},
        new double[] {-.22536485, .02600796, -.10338773, .13605923});
  }

  @Test
  void categoricalProbabilities() {
    List<Dimension> three = Space.of(Map.of("c", Choice.of("a", "b", "c"))).dimensions();
    List<double[]> points = List.of(new double[] {0}, new double[] {0}, new double[] {2});
    double[] ones = {1, 1, 1};
    assertThat(new Parzen(TpeMode.OPTUNA4, false, three, points, ones).probabilities(0))
        .containsExactly(new double[] {.476190, .190476, .333333}, within(5e-7));
    assertThat(new Parzen(TpeMode.OPTUNA5, false, three, points, ones).probabilities(0))
        .containsExactly(new double[] {.476190, .190476, .333333}, within(5e-7));
    // NNI: (count + 1) / sum.
    assertThat(new Parzen(TpeMode.NNI, false, three, points, ones).probabilities(0))
        .containsExactly(new double[] {3. / 6, 1. / 6, 2. / 6}, within(1e-12));
  }

  @Test
  void fewTrialsAreGood() {
    int[] n = {20, 100, 200, 1000};
    int[] nni = {2, 3, 4, 8};
    int[] optuna = {2, 10, 20, 25};
    for (int i = 0; i < n.length; i++) {
      assertThat(TpeSampler.good(TpeMode.NNI, n[i])).isEqualTo(nni[i]);
      assertThat(TpeSampler.good(TpeMode.OPTUNA4, n[i])).isEqualTo(optuna[i]);
      assertThat(TpeSampler.good(TpeMode.OPTUNA5, n[i])).isEqualTo(optuna[i]);
    }
  }

  @Test
  void oneObservationHasHalfTheRangeInNni() {
    List<double[]> one = List.of(new double[] {.2});
    assertThat(new Parzen(TpeMode.NNI, false, UNIT, one, new double[] {1}).sigmas(0))
        .containsExactly(.5, 1);
    assertThat(new Parzen(TpeMode.OPTUNA4, false, UNIT, one, new double[] {1}).sigmas(0))
        .containsExactly(new double[] {1. / 3, 1}, within(1e-12));
  }

  @Test
  void weightsRiseToFull() {
    assertThat(TpeSampler.ramp(24, 25)).containsOnly(1);
    double[] ramp = TpeSampler.ramp(30, 25);
    assertThat(ramp[0]).isEqualTo(1. / 30);
    assertThat(ramp[4]).isCloseTo(1, within(1e-12));
    assertThat(ramp[2]).isCloseTo((1. / 30 + 1) / 2, within(1e-12));
    assertThat(TpeSampler.ramp(26, 25)[0]).isEqualTo(1. / 26);
  }

  @Test
  void stepsHaveProbabilitiesThatAddUpToOne() {
    for (Domain domain :
        List.of(Range.integers(0, 6), new Range(2, 10, 5, false, false), Choice.of(1, 2, 3))) {
      List<Dimension> d = Space.of(Map.of("x", domain)).dimensions();
      List<double[]> points =
          List.of(new double[] {domain.coordinateAt(0)}, new double[] {domain.coordinateAt(2)});
      for (TpeMode mode : TpeMode.values()) {
        Parzen parzen = new Parzen(mode, false, d, points, new double[] {1, 1});
        double sum = 0;
        for (long i = 0; i < domain.size(); i++) {
          sum += Math.exp(parzen.logDensity(new double[] {domain.coordinateAt(i)}));
        }
        assertThat(sum).as("%s %s", mode, domain).isCloseTo(1, within(1e-9));
      }
    }
  }

  @Test
  void manyStepsAmongNarrowKernelsAddUpToOne() {
    for (Domain domain :
        List.of(
            Range.integers(1, 200),
            new Range(1, 1000, 1, true, true),
            new Range(0, 1, .01, false, false),
            new Range(0, 1, .03, false, false))) {
      List<Dimension> d = Space.of(Map.of("x", domain)).dimensions();
      SplittableRandom random = new SplittableRandom(4);
      List<double[]> points = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        points.add(new double[] {domain.coordinateAt(random.nextLong(domain.size()))});
      }
      for (TpeMode mode : TpeMode.values()) {
        Parzen parzen = new Parzen(mode, false, d, points, TpeSampler.ramp(120, 25));
        double sum = 0;
        for (long i = 0; i < domain.size(); i++) {
          sum += Math.exp(parzen.logDensity(new double[] {domain.coordinateAt(i)}));
        }
        assertThat(sum).as("%s %s", mode, domain).isCloseTo(1, within(1e-6));
      }
    }
  }

  @Test
  void manyDimensionsFarFromEveryKernelHaveADensity() {
    Map<String, Domain> domains = new LinkedHashMap<>();
    for (int i = 0; i < 60; i++) {
      domains.put("n" + i, Range.integers(0, 199));
    }
    List<Dimension> d = Space.of(domains).dimensions();
    List<double[]> points = new ArrayList<>();
    for (int k = 0; k < 120; k++) {
      double[] low = new double[60];
      Arrays.fill(low, .0025);
      points.add(low);
    }
    Parzen parzen = new Parzen(TpeMode.OPTUNA5, false, d, points, TpeSampler.ramp(120, 25));
    double[] high = new double[60];
    Arrays.fill(high, .9975);
    // Only the prior reaches there.
    assertThat(parzen.logDensity(high)).isBetween(-400., -300.);
  }

  @Test
  void equalObservationsShareTheirGaps() {
    List<double[]> points = List.of(new double[] {.4}, new double[] {.4}, new double[] {.4});
    double[] sigmas =
        new Parzen(TpeMode.OPTUNA4, false, UNIT, points, new double[] {1, 1, 1}).sigmas(0);
    // The gaps are .1 to the prior and 0: clipped to 1 / (n + 2).
    assertThat(sigmas).containsExactly(new double[] {.2, .2, .2, 1}, within(1e-12));
  }

  @Test
  void theNormalDistributionIsExact() {
    assertThat(StandardNormal.below(0)).isEqualTo(.5);
    assertThat(StandardNormal.below(1.959963984540054)).isCloseTo(.975, within(1e-14));
    assertThat(StandardNormal.below(-6)).isCloseTo(9.865876450376946e-10, within(1e-22));
    assertThat(StandardNormal.quantile(.975)).isCloseTo(1.959963984540054, within(1e-12));
    assertThat(StandardNormal.quantile(1e-9)).isCloseTo(-5.997807015007686, within(1e-9));
  }

  @Test
  void nniHasNoJointMode() {
    assertThatThrownBy(
            () ->
                Method.of(
                    new MethodSpec("TPE", Map.of("mode", "nni", "multivariate", true)),
                    MethodSpec.of("None"),
                    1))
        .hasMessageContaining("take optuna5");
  }
}
