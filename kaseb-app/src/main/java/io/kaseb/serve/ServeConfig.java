package io.kaseb.serve;

import io.kaseb.base.KasebException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that `kaseb serve` is told.
///
/// @param listen where and for whom
/// @param models what is served
/// @param sessions what is remembered
/// @param limits what is too much
public record ServeConfig(Listen listen, Models models, Sessions sessions, Limits limits) {
  /// Where the server listens, and for whom.
  ///
  /// @param host address to bind
  /// @param port 0 for any free one
  /// @param token bearer token of the admin routes; null leaves them open, on loopback only
  /// @param certificate PEM file with the certificate chain, null for plain HTTP
  /// @param key PEM file with its private key (PKCS 8), null for plain HTTP
  public record Listen(
      String host,
      int port,
      @Nullable String token,
      @Nullable Path certificate,
      @Nullable Path key) {
    private static final int SHORTEST_TOKEN = 16;

    /// Checks the address, the token and the PEM pair.
    public Listen {
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

  /// What is served.
  ///
  /// @param file the first model, named `default`
  /// @param more further models by name
  /// @param shares percent of sessions for each of two models; empty where all take `default`
  /// @param hidden file of item ids, one a line, that no answer may hold; null for none
  /// @param categories file of lines item, tab, category, that the query `category` reads; null for
  ///   none
  /// @param k how many next items an answer has where the request does not say
  /// @param isFollowingUnknown whether a click on an item that the model does not know is taken
  public record Models(
      Path file,
      Map<String, Path> more,
      Map<String, Integer> shares,
      @Nullable Path hidden,
      @Nullable Path categories,
      int k,
      boolean isFollowingUnknown) {
    /// The name of the first model.
    public static final String DEFAULT = "default";

    /// Checks names and k.
    public Models {
      more = Map.copyOf(more);
      more.keySet().forEach(Models::checkName);
      if (more.containsKey(DEFAULT)) {
        throw new KasebException("--model default=...: MODEL has that name already");
      }
      if (k < 1 || k > ForecastQuery.MOST_ITEMS) {
        throw new KasebException("--items " + k + ": must be 1.." + ForecastQuery.MOST_ITEMS);
      }
    }

    /// Checks a model's name.
    static void checkName(String name) {
      if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
        throw new KasebException(
            "a model's name must be 1..64 letters, digits, '.', '_', '-', the first a letter or digit");
      }
    }

    /// Returns the only folder that models are loaded from while the server runs.
    Path folder() {
      Path parent = file.toAbsolutePath().normalize().getParent();
      return parent == null ? Path.of(".") : parent;
    }
  }

  /// What is remembered of sessions.
  ///
  /// @param place `memory`, `file:PATH` (memory, saved on stop and at times) or a `redis://`,
  ///   `rediss://`, `redis-socket://` URL
  /// @param idle a session ends so long after its last click
  /// @param lifetime and so long after its first
  /// @param bytes bound of the memory for sessions in process; the longest idle go first
  /// @param clicks how many of a session's last clicks are kept, 2..1000
  /// @param patience how long Redis may take to answer
  public record Sessions(
      String place, Duration idle, Duration lifetime, long bytes, int clicks, Duration patience) {
    /// What a server does that was told nothing.
    public static final Sessions DEFAULT =
        new Sessions(
            "memory",
            Duration.ofMinutes(30),
            Duration.ofHours(12),
            256L << 20,
            100,
            Duration.ofMillis(500));

    /// Checks the ranges.
    public Sessions {
      if (!place.equals("memory")
          && !place.matches("(file|rediss?|redis-socket|redis-sentinel):.+")) {
        throw new KasebException(
            "--sessions: must be memory, file:PATH or a redis:// URL, and begins with "
                + place.replaceAll("[:/].*", ""));
      }
      if (idle.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(idle) < 0) {
        throw new KasebException(
            "--idle "
                + idle
                + ", --lifetime "
                + lifetime
                + ": must be 1 s or more, and a lifetime no shorter than idle");
      }
      if (bytes < 1 << 20) {
        throw new KasebException("--session-memory " + bytes + ": must be 1 MB or more");
      }
      if (!patience.isPositive()) {
        throw new KasebException("--session-timeout " + patience + ": must be above 0");
      }
      if (clicks < 2 || clicks > 1000) {
        throw new KasebException("--session-clicks " + clicks + ": must be 2..1000");
      }
    }
  }

  /// What is too much.
  ///
  /// @param body bytes of a request's body
  /// @param headers bytes of its headers
  /// @param timeout how long a request may take to arrive
  /// @param waiting forecasts that may wait for a core; more are answered 503
  /// @param connections open at once; more wait to be accepted
  /// @param drain how long a stopping server goes on answering
  public record Limits(
      int body, int headers, Duration timeout, int waiting, int connections, Duration drain) {
    /// What a server does that was told nothing.
    public static final Limits DEFAULT =
        new Limits(4 << 20, 16 << 10, Duration.ofSeconds(10), 256, 20_000, Duration.ofSeconds(5));

    /// Checks the ranges.
    public Limits {
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
}
