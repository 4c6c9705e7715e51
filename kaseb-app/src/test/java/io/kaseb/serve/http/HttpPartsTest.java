package io.kaseb.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Small parts on their own.
class HttpPartsTest {
  @Test
  void theLimitRefusesTheOneTooMany() {
    ConcurrencyLimit limit = new ConcurrencyLimit(2);
    limit.enter();
    limit.enter();
    assertThatThrownBy(limit::enter)
        .isInstanceOfSatisfying(
            Problem.class,
            p -> {
              assertThat(p.status()).isEqualTo(503);
              assertThat(p.reply().headers()).containsEntry("Retry-After", "1");
            });
    limit.leave();
    limit.enter();
    assertThat(limit.waiting()).isEqualTo(2);
  }

  @Test
  void theServerKnowsItsToken() {
    Tokens token = new Tokens("0123456789abcdef", null);
    token.check(Route.Kind.ADMIN, "Bearer 0123456789abcdef", "shop.example");
    token.check(Route.Kind.ADMIN, "bearer 0123456789abcdef ", null);
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
      assertThatThrownBy(() -> token.check(Route.Kind.ADMIN, wrong, "localhost"))
          .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.status()).isEqualTo(401));
    }
    Tokens open = new Tokens(null, null);
    for (String host : new String[] {"localhost:8080", "127.0.0.1", "[::1]:9"}) {
      open.check(Route.Kind.ADMIN, null, host);
    }
    for (String host : new String[] {"evil.example:8080", null, "127.0.0.1.evil.example"}) {
      assertThatThrownBy(() -> open.check(Route.Kind.ADMIN, null, host))
          .hasMessageContaining("loopback");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::"})
  void offLoopbackNeedsAToken(String host) {
    assertThatThrownBy(() -> new ListenConfig(host, 8080, null, null, null))
        .isInstanceOf(KasebException.class)
        .hasMessageContainingAll("host=" + host, "token_file");
    assertThat(new ListenConfig(host, 8080, "0123456789abcdef", null, null).host()).isEqualTo(host);
  }

  @Test
  void textFromOutsideIsEscaped() {
    assertThat(Text.quoted("a\nb\u001b[31m\"\u00e9"))
        .isEqualTo("\"a\\u000ab\\u001b[31m\\\"\\u00e9\"");
    assertThat(Text.quoted("x".repeat(500))).hasSizeLessThan(100);
  }
}
