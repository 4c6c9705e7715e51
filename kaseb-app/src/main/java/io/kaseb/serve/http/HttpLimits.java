package io.kaseb.serve.http;

import io.kaseb.base.KasebException;
import java.time.Duration;

/// What is too much.
///
/// @param body bytes of a request's body
/// @param headers bytes of its headers
/// @param timeout how long a request may take to arrive
/// @param waiting forecasts that may wait for a core; more are answered 503
/// @param connections open at once; more wait to be accepted
/// @param drain how long a stopping server goes on answering
public record HttpLimits(
    int body, int headers, Duration timeout, int waiting, int connections, Duration drain) {
  /// What a server does that was told nothing.
  public static final HttpLimits DEFAULT =
      new HttpLimits(4 << 20, 16 << 10, Duration.ofSeconds(10), 256, 20_000, Duration.ofSeconds(5));

  /// Checks the ranges.
  public HttpLimits {
    check("max_body", body, body >= 1024, "1024 or more");
    check("max_headers", headers, headers >= 1024 && headers <= 1 << 20, "1024..1048576");
    check("max_waiting", waiting, waiting >= 1, "1 or more");
    check("max_connections", connections, connections >= 1, "1 or more");
    check("timeout", timeout, timeout.isPositive(), "above 0");
    check("drain", drain, !drain.isNegative(), "0 or more");
  }

  private static void check(String name, Object value, boolean isAllowed, String allowed) {
    if (!isAllowed) {
      throw KasebException.ofSetting(name, value, allowed);
    }
  }
}
