package io.kaseb.intent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PayoffTest {
  @Test
  void challengePaysAboveItsBorder() {
    Payoff challenge = new Payoff.Challenge(.055);
    // p (s + J) = (1 - p) s at p = s / (2 s + J)
    double border = .055 / (.11 + .6);
    assertThat(challenge.expected(border, .6)).isCloseTo(0, within(1e-12));
    assertThat(challenge.pays(border + .001, .6)).isTrue();
    assertThat(challenge.pays(border - .001, .6)).isFalse();
    assertThat(challenge.expected(1, 1)).isCloseTo(1.055, within(1e-12));
    assertThat(challenge.expected(0, 1)).isCloseTo(-.055, within(1e-12));
  }

  @Test
  void aShopsCostsDecideByTheirRatio() {
    Payoff costs = new Payoff.Costs(9, 1);
    assertThat(costs.pays(.11, 0)).isTrue();
    assertThat(costs.pays(.09, 1)).isFalse();
    assertThat(costs.expected(.5, 0)).isCloseTo(4, within(1e-12));
  }

  @Test
  void impossibleAmountsAreErrors() {
    assertThatThrownBy(() -> new Payoff.Costs(-1, 1)).hasMessageContaining("0 or more");
    assertThatThrownBy(() -> new Payoff.Challenge(2)).hasMessageContaining("0..1");
  }
}
