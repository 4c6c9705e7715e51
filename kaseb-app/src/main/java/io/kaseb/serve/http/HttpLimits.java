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
    if (body < 1024 || headers < 1024 || headers > 1 << 20 || waiting < 1 || connections < 1) {
      throw new KasebException(
          "--max-body "
              + body
              + ", --max-headers "
              + headers
              + ": must be 1024 or more, headers 1 MiB at most; --max-waiting "
              + waiting
              + ", --max-connections "
              + connections
              + ": 1 or more");
    }
    if (!timeout.isPositive() || drain.isNegative()) {
      throw new KasebException(
          "--timeout " + timeout + ": must be above 0; --drain " + drain + ": 0 or more");
    }
  }
}
