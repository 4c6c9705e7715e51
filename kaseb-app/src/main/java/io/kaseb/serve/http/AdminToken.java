package io.kaseb.serve.http;

import io.kaseb.base.Hashes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Decides who may change the server.
final class AdminToken {
  private static final String SCHEME = "bearer ";

  private final byte @Nullable [] expected;

  /// Takes the token; without a token everyone on this machine may pass.
  AdminToken(@Nullable String token) {
    expected = token == null ? null : sha256(token);
  }

  /// Refuses a request that may not pass. Digests are compared, in constant time, so that neither
  /// the token nor its length can be found out by trying.
  ///
  /// @param authorization the header's value, or null
  /// @param host the Host header, or null: a web page elsewhere that a browser on this machine
  ///   shows cannot name the loopback host there
  void check(@Nullable String authorization, @Nullable String host) {
    if (expected == null) {
      String name = host == null ? "" : host.replaceFirst(":[0-9]*$", "");
      if (!name.matches("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]")) {
        throw Problem.of(
            403, "Forbidden", "without a token only requests to the loopback host may do this");
      }
      return;
    }
    String header = authorization == null ? "" : authorization;
    boolean isBearer =
        header.length() > SCHEME.length()
            && header.substring(0, SCHEME.length()).toLowerCase(Locale.ROOT).equals(SCHEME);
    String given = isBearer ? header.substring(SCHEME.length()).strip() : "";
    if (!MessageDigest.isEqual(sha256(given), expected) || !isBearer) {
      throw Problem.of(401, "Unauthorized", "this needs the admin token as a bearer token");
    }
  }

  private static byte[] sha256(String text) {
    return Hashes.newSha256().digest(text.getBytes(StandardCharsets.UTF_8));
  }
}
