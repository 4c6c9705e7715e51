package io.kaseb.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationShareTest {
  @Test
  void theLatestSessionsAreHeldBack() {
    assertThat(new ValidationShare(.1).checkedBorder(25)).isEqualTo(23);
    assertThat(new ValidationShare(0).checkedBorder(1)).isEqualTo(1);
    assertThat(new ValidationShare(0).any()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-.1, 1, Double.NaN})
  void aShareIsBelowOne(double share) {
    assertThatThrownBy(() -> new ValidationShare(share))
        .hasMessage("valid=" + share + ": must be a share from 0 to below 1, as in 0.1");
    assertThatThrownBy(() -> ValidationShare.aboveZero(0)).hasMessageContaining("above 0");
  }

  @Test
  void someSessionsMustBeLeftOnEitherSide() {
    assertThatThrownBy(() -> new ValidationShare(.1).checkedBorder(3))
        .hasMessage(
            "valid=0.1: leaves 3 of 3 sessions to train on; must leave some on either side");
  }
}
