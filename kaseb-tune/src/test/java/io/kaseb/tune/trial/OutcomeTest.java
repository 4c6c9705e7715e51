package io.kaseb.tune.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  /// 2.1 +- .1 under a bound of 2 may be noise; 1.9 +- .1 too; 1.7 +- .1 is not.
  @Test
  void noiseAloneNeitherBreaksAConstraintNorKeepsIt() {
    for (double[] noisy : new double[][] {{.1, .1}, {-.1, .1}, {.2, .1}, {-.1, .06}}) {
      Outcome outcome = within(noisy[0], noisy[1]);
      assertThat(outcome.violation()).isZero();
      assertThat(outcome.surelyKept(0)).isFalse();
      assertThat(outcome.excess(0)).isCloseTo(noisy[0], offset(1e-12));
    }
    assertThat(within(.3, .1).violation()).isCloseTo(.1, offset(1e-12));
    assertThat(within(.3, .1).surelyKept(0)).isFalse();
    assertThat(within(-.3, .1).violation()).isZero();
    assertThat(within(-.3, .1).surelyKept(0)).isTrue();
  }

  private static Outcome within(double excess, double error) {
    return Outcome.of(1).withErrors(.5).within(new double[] {excess}, new double[] {error});
  }

  @Test
  void withoutNoiseAConstraintIsKeptUpToItsBound() {
    Outcome outcome = Outcome.of(1).within(0, 1e-9);
    assertThat(outcome.surelyKept(0)).isTrue();
    assertThat(outcome.surelyKept(1)).isFalse();
    assertThat(outcome.violation()).isEqualTo(1e-9);
    assertThat(outcome.valueError(0)).isZero();
    assertThat(within(0, 1).valueError(0)).isEqualTo(.5);
  }

  @Test
  void thereIsAnErrorForEachValueOrForNone() {
    assertThatThrownBy(() -> Outcome.of(1, 2).withErrors(.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 standard errors of 2 values");
    assertThat(new Outcome(List.of(1.0), List.of(2.0)))
        .isEqualTo(new Outcome(List.of(1.0), List.of(2.0), List.of(), List.of()));
  }
}
