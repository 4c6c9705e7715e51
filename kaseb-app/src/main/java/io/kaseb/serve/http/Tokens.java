package io.kaseb.serve.http;

import io.kaseb.base.Hashes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Decides by bearer tokens who may change the server, and who may have forecasts.
final class Tokens {
  private static final String SCHEME = "bearer ";

  private final byte @Nullable [] admin;
  private final byte @Nullable [] forecast;

  /// Takes the tokens; without an admin token everyone on this machine may change the server,
  /// without one for forecasts everyone may have them.
  Tokens(@Nullable String admin, @Nullable String forecast) {
    this.admin = admin == null ? null : sha256(admin);
    this.forecast = forecast == null ? null : sha256(forecast);
  }

  /// Refuses a request that may not pass. Digests are compared, in constant time, so that neither
  /// the token nor its length can be found out by trying.
  ///
  /// @param authorization the header's value, or null
  /// @param host the Host header, or null: a web page elsewhere that a browser on this machine
  ///   shows cannot name the loopback host there
  void check(Route.Kind kind, @Nullable String authorization, @Nullable String host) {
    switch (kind) {
      case ADMIN -> {
        if (admin == null) {
          checkLoopback(host);
        } else if (!isBearer(authorization, admin)) {
          throw refused("this needs the admin token as a bearer token");
        }
      }
      case FORECAST, SESSION -> {
        // Who may change the server may have forecasts too.
        if (forecast != null
            && !isBearer(authorization, forecast)
            && !(admin != null && isBearer(authorization, admin))) {
          throw refused("this needs the token for forecasts as a bearer token");
        }
      }
      case OPEN, PLAIN, OPERATOR -> {}
    }
  }

  private static void checkLoopback(@Nullable String host) {
    String name = host == null ? "" : host.replaceFirst(":[0-9]*$", "");
    if (!name.matches("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]")) {
      throw Problem.of(
          403, "Forbidden", "without a token only requests to the loopback host may do this");
    }
  }

  private static Problem refused(String why) {
    return Problem.of(401, "Unauthorized", why);
  }

  private static boolean isBearer(@Nullable String authorization, byte[] expected) {
    String header = authorization == null ? "" : authorization;
    boolean isBearer =
        header.length() > SCHEME.length()
            && header.substring(0, SCHEME.length()).toLowerCase(Locale.ROOT).equals(SCHEME);
    String given = isBearer ? header.substring(SCHEME.length()).strip() : "";
    return MessageDigest.isEqual(sha256(given), expected) && isBearer;
  }

  private static byte[] sha256(String text) {
    return Hashes.newSha256().digest(text.getBytes(StandardCharsets.UTF_8));
  }
}
