package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Small parts on their own.
class PartsTest {
  @Test
  void theGateRefusesTheOneTooMany() {
    ConcurrencyLimit gate = new ConcurrencyLimit(2);
    gate.enter();
    gate.enter();
    assertThatThrownBy(gate::enter)
        .isInstanceOfSatisfying(
            Problem.class,
            p -> {
              assertThat(p.status()).isEqualTo(503);
              assertThat(p.reply().headers()).containsEntry("Retry-After", "1");
            });
    gate.leave();
    gate.enter();
    assertThat(gate.waiting()).isEqualTo(2);
  }

  @Test
  void driftIsSeen() {
    Drift drift = new Drift();
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      assertThat(drift.index()).isNaN();
      drift.add((float) random.nextGaussian());
    }
    assertThat(drift.index()).isLessThan(.05);
    for (int i = 0; i < 5_000; i++) {
      drift.add((float) random.nextGaussian() + 1);
    }
    assertThat(drift.index()).isGreaterThan(.25);
  }

  @Test
  void equalScoresAreNoDrift() {
    Drift drift = new Drift();
    for (int i = 0; i < 20_000; i++) {
      drift.add(i % 3);
    }
    assertThat(drift.index()).isLessThan(.01);
  }

  @Test
  void theGuardKnowsItsToken() {
    AdminToken guard = new AdminToken("0123456789abcdef");
    guard.check("Bearer 0123456789abcdef", "shop.example");
    guard.check("bearer 0123456789abcdef ", null);
    for (String wrong :
        new String[] {
          null,
          "",
          "Bearer",
          "Bearer ",
          "Basic 0123456789abcdef",
          "0123456789abcdef",
          "Bearer 0123456789abcdeF",
          "Bearer 0123456789abcde"
        }) {
      assertThatThrownBy(() -> guard.check(wrong, "localhost"))
          .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.status()).isEqualTo(401));
    }
    AdminToken open = new AdminToken(null);
    for (String host : new String[] {"localhost:8080", "127.0.0.1", "[::1]:9"}) {
      open.check(null, host);
    }
    for (String host : new String[] {"evil.example:8080", null, "127.0.0.1.evil.example"}) {
      assertThatThrownBy(() -> open.check(null, host)).hasMessageContaining("loopback");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::"})
  void offLoopbackNeedsAToken(String host) {
    assertThatThrownBy(() -> new ServeConfig.Listen(host, 8080, null, null, null))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("--token-file");
    assertThat(new ServeConfig.Listen(host, 8080, "0123456789abcdef", null, null).host())
        .isEqualTo(host);
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> new ServeConfig.Listen("::1", 70_000, null, null, null))
        .hasMessageContaining("--port");
    assertThatThrownBy(() -> new ServeConfig.Listen("::1", 7, "short", null, null))
        .hasMessageContaining("16");
    Duration hour = Duration.ofHours(1);
    assertThatThrownBy(
            () -> new ServeConfig.Sessions("ftp://x:secret@y", hour, hour, 1 << 24, 10, hour))
        .hasMessageContaining("ftp")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(
            () ->
                new ServeConfig.Sessions("memory", hour, Duration.ofMinutes(1), 1 << 24, 10, hour))
        .hasMessageContaining("--lifetime");
    assertThatThrownBy(() -> new ServeConfig.Limits(9, 9, hour, 1, 1, hour))
        .hasMessageContaining("--max-body");
    assertThatThrownBy(
            () ->
                new ServeConfig.Models(
                    Shop.FOLDER, Map.of("../x", Shop.FOLDER), Map.of(), null, null, 5, false))
        .hasMessageContaining("letters");
  }

  @Test
  void textFromOutsideIsEscaped() {
    assertThat(Text.quoted("a\nb\u001b[31m\"\u00e9"))
        .isEqualTo("\"a\\u000ab\\u001b[31m\\\"\\u00e9\"");
    assertThat(Text.quoted("x".repeat(500))).hasSizeLessThan(100);
  }

  @Test
  void sharesSplitSessionsForGood() throws Exception {
    ItemRules none = new ItemRules(java.util.Set.of(), Map.of());
    var forecaster = io.kaseb.forecast.Forecaster.load(Shop.OTHER);
    ServedModel a = new ServedModel("default", "a", forecaster, none);
    ServedModel b = new ServedModel("b", "b", forecaster, none);
    Deployment deployment =
        new Deployment(Map.of("default", a, "b", b), Map.of("default", 90, "b", 10));
    int second = 0;
    for (int i = 0; i < 10_000; i++) {
      Deployment.Pick pick = deployment.pick("session-" + i, null);
      assertThat(deployment.pick("session-" + i, null)).isEqualTo(pick);
      assertThat(pick.variant()).isEqualTo(pick.model() == a ? "a" : "b");
      second += pick.model() == b ? 1 : 0;
    }
    assertThat(second).isBetween(900, 1100);
    assertThat(deployment.pick("session-1", "b").variant()).isEqualTo("pinned");
  }
}
