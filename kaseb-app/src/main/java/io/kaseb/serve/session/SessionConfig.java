package io.kaseb.serve.session;

import io.kaseb.base.KasebException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What is remembered of sessions.
///
/// @param place `memory`, `file:PATH` (memory, saved on stop and at times) or a `redis://`,
///   `rediss://`, `redis-socket://` URL
/// @param idle a session ends so long after its last click
/// @param lifetime and so long after its first
/// @param bytes bound of the memory for sessions in process; the longest idle go first
/// @param clicks how many of a session's last clicks are kept, 2..1000
/// @param patience how long Redis may take to answer
/// @param password of Redis, null where the URL has it or there is none
/// @param visitors what is remembered of visitors
public record SessionConfig(
    String place,
    Duration idle,
    Duration lifetime,
    long bytes,
    int clicks,
    Duration patience,
    @Nullable String password,
    VisitorConfig visitors) {
  private static final String FILE = "file:";

  /// What a server does that was told nothing.
  public static final SessionConfig DEFAULT =
      new SessionConfig(
          "memory",
          Duration.ofMinutes(30),
          Duration.ofHours(12),
          256L << 20,
          100,
          Duration.ofMillis(500));

  /// Without a password of its own, with the usual number of visitors.
  public SessionConfig(
      String place, Duration idle, Duration lifetime, long bytes, int clicks, Duration patience) {
    this(place, idle, lifetime, bytes, clicks, patience, null, VisitorConfig.DEFAULT);
  }

  /// Checks the ranges.
  public SessionConfig {
    if (!place.equals("memory")
        && !place.matches("(file|rediss?|redis-socket|redis-sentinel):.+")) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("sessions"),
              null,
              "memory, file:PATH or a redis:// URL",
              // The rest may hold a password.
              "this begins with " + place.replaceAll("[:/].*", "")));
    }
    if (idle.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(idle) < 0) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("idle", idle)
                  + ", "
                  + KasebException.setting("lifetime", lifetime),
              null,
              "1 s or more, and a lifetime no shorter than idle",
              null));
    }
    if (bytes < 1 << 20) {
      throw KasebException.ofSetting("session_memory", bytes, "1 MB or more");
    }
    if (!patience.isPositive()) {
      throw KasebException.ofSetting("session_timeout", patience, "above 0");
    }
    if (clicks < 2 || clicks > 1000) {
      throw KasebException.ofSetting("session_clicks", clicks, "2..1000");
    }
  }

  /// Returns whether the place is Redis.
  public boolean isInRedis() {
    return place.startsWith("redis");
  }

  /// Returns the file that sessions in memory are kept in, or null.
  public @Nullable Path file() {
    return place.startsWith(FILE) ? Path.of(place.substring(FILE.length())) : null;
  }
}
