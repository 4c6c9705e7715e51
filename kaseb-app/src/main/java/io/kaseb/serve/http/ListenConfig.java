package io.kaseb.serve.http;

import io.kaseb.base.KasebException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the server listens, and for whom.
///
/// @param host address to bind
/// @param port 0 for any free one
/// @param token bearer token of the admin routes; null leaves them open, on loopback only
/// @param certificate PEM file with the certificate chain, null for plain HTTP
/// @param key PEM file with its private key (PKCS 8), null for plain HTTP
public record ListenConfig(
    String host, int port, @Nullable String token, @Nullable Path certificate, @Nullable Path key) {
  private static final int SHORTEST_TOKEN = 16;

  /// Checks the address, the token and the PEM pair.
  public ListenConfig {
    if (port < 0 || port > 65_535) {
      throw KasebException.ofSetting("port", port, "0..65535");
    }
    if ((certificate == null) != (key == null)) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("tls_cert") + " and " + KasebException.setting("tls_key"),
              null,
              null,
              "give both or none"));
    }
    if (token != null && token.length() < SHORTEST_TOKEN) {
      throw new KasebException(
          new KasebException.Problem(
              "the admin token",
              token.length() + " characters",
              SHORTEST_TOKEN + " or more",
              null));
    }
    if (token == null && !isLoopback(host)) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("host"),
              host,
              null,
              "other machines could swap models; put a token of %d or more characters into a file and give %s, or set KASEB_TOKEN"
                  .formatted(SHORTEST_TOKEN, KasebException.setting("token_file"))));
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("host"), host, null, "no machine has such an address"),
          e);
    }
  }
}
