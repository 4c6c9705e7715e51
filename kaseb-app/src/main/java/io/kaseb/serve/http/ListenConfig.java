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
      throw new KasebException("--port " + port + ": must be 0..65535");
    }
    if ((certificate == null) != (key == null)) {
      throw new KasebException("--tls-cert and --tls-key: give both or none");
    }
    if (token != null && token.length() < SHORTEST_TOKEN) {
      throw new KasebException(
          "the admin token has " + token.length() + " characters; must be 16 or more");
    }
    if (token == null && !isLoopback(host)) {
      throw new KasebException(
          "--host "
              + host
              + ": other machines could swap models; put a token of 16 or more characters into a"
              + " file and give --token-file, or set KASEB_TOKEN");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new KasebException("--host " + host + ": no such address", e);
    }
  }
}
