package io.kaseb.tune.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StandardNormalTest {
  /// The normal distribution by its series of positive terms (Abramowitz and Stegun 7.1.6) and,
  /// further out, its continued fraction (7.1.14).
  private static double reference(double z) {
    double x = Math.abs(z) / Math.sqrt(2);
    double tail;
    if (x < 3) {
      double term = x;
      double sum = x;
      for (int n = 1; term > 1e-18 * sum; n++) {
        term *= 2 * x * x / (2 * n + 1);
        sum += term;
      }
      tail = 1 - 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    } else {
      double fraction = x;
      for (int k = 200; k > 0; k--) {
        fraction = x + .5 * k / fraction;
      }
      tail = Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
    }
    return z < 0 ? .5 * tail : 1 - .5 * tail;
  }

  @Test
  void theApproximationIsTheDistribution() {
    for (double z = -20; z <= 20; z += .0137) {
      double wanted = reference(z);
      // The series cancels towards its end: 1e-16 of 1.
      double least = z < -3 * Math.sqrt(2) ? 0 : 6e-16;
      assertThat(StandardNormal.below(z))
          .as("z=%s", z)
          .isCloseTo(wanted, within(4e-14 * wanted + least));
    }
  }

  @Test
  void sharesAddUp() {
    double sum = 0;
    for (int i = -80; i < 80; i++) {
      sum += StandardNormal.between(i / 10., (i + 1) / 10.);
    }
    assertThat(sum).isCloseTo(1, within(1e-13));
    assertThat(StandardNormal.between(9, 10))
        .isCloseTo(StandardNormal.between(-10, -9), within(1e-33));
  }

  @Test
  void quickQuantilesAgreeWithTheExactOnes() {
    assertThat(StandardNormal.quickQuantile(.5)).isZero();
    for (int i = 1; i < 10_000; i++) {
      double exact = StandardNormal.quantile(i / 10_000.);
      // At one half the exact one is 0 but for rounding.
      assertThat(StandardNormal.quickQuantile(i / 10_000.))
          .isCloseTo(exact, within(1.2e-9 * Math.abs(exact) + 1e-16));
    }
    for (double p = 1e-4; p > 1e-12; p /= 3) {
      double exact = StandardNormal.quantile(p);
      assertThat(StandardNormal.quickQuantile(p)).isCloseTo(exact, within(1.2e-9 * -exact));
    }
    assertThat(StandardNormal.quickQuantile(0)).isEqualTo(StandardNormal.quickQuantile(1e-12));
    assertThat(StandardNormal.quickQuantile(1)).isCloseTo(7.0344869, within(1e-5));
  }
}
