package io.kaseb.serve.http;

import io.kaseb.base.KasebException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the server listens, and for whom.
///
/// @param host address to bind
/// @param port 0 for any free one
/// @param token bearer token of the admin routes; null leaves them open, on loopback only
/// @param certificate PEM file with the certificate chain, null for plain HTTP
/// @param key PEM file with its private key (PKCS 8), null for plain HTTP
/// @param allowedHosts names and addresses that a request's header Host may have, [#ANY_HOST] for
///   all; empty for those of loopback and `host`
/// @param adminPort another port, for the admin routes and metrics alone; 0 for any free one, null
///   where `port` has them
/// @param forecastToken bearer token of forecasts and sessions; null leaves them open
public record ListenConfig(
    String host,
    int port,
    @Nullable String token,
    @Nullable Path certificate,
    @Nullable Path key,
    List<String> allowedHosts,
    @Nullable Integer adminPort,
    @Nullable String forecastToken) {
  /// Stands for every host.
  static final String ANY_HOST = "*";

  private static final int SHORTEST_TOKEN = 16;

  /// Listens for the hosts of loopback and `host` itself.
  public ListenConfig(
      String host,
      int port,
      @Nullable String token,
      @Nullable Path certificate,
      @Nullable Path key) {
    this(host, port, token, certificate, key, List.of(), null, null);
  }

  /// One port, and forecasts for everyone.
  public ListenConfig(
      String host,
      int port,
      @Nullable String token,
      @Nullable Path certificate,
      @Nullable Path key,
      List<String> allowedHosts) {
    this(host, port, token, certificate, key, allowedHosts, null, null);
  }

  /// Checks the address, the token, the PEM pair and the hosts.
  public ListenConfig {
    allowedHosts = List.copyOf(allowedHosts);
    for (String allowed : allowedHosts) {
      if (!allowed.equals(ANY_HOST) && !allowed.matches("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]")) {
        throw KasebException.ofSetting(
            "allowed_hosts",
            allowed,
            "names and addresses without port, as in shop.example or [::1], or " + ANY_HOST);
      }
    }
    checkPort("port", port);
    if (adminPort != null) {
      checkPort("admin_port", adminPort);
      if (adminPort == port && port != 0) {
        throw KasebException.ofSetting("admin_port", adminPort, "another port than the first");
      }
    }
    if ((certificate == null) != (key == null)) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("tls_cert") + " and " + KasebException.setting("tls_key"),
              null,
              null,
              "give both or none"));
    }
    checkToken("the admin token", token);
    checkToken("the token for forecasts", forecastToken);
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

  private static void checkPort(String setting, int port) {
    if (port < 0 || port > 65_535) {
      throw KasebException.ofSetting(setting, port, "0..65535");
    }
  }

  private static void checkToken(String what, @Nullable String token) {
    if (token != null && token.length() < SHORTEST_TOKEN) {
      throw new KasebException(
          new KasebException.Problem(
              what, token.length() + " characters", SHORTEST_TOKEN + " or more", null));
    }
  }

  /// Returns whether an address is this machine's alone.
  public static boolean isLoopback(String host) {
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
