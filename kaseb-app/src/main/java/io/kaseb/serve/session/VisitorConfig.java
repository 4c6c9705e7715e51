package io.kaseb.serve.session;

import io.kaseb.base.KasebException;
import java.time.Duration;

/// What is remembered of visitors.
///
/// @param most how many are remembered; beyond it those that were away longest go
/// @param idle a visitor is forgotten so long after the last event
public record VisitorConfig(int most, Duration idle) {
  /// What a server does that was told nothing.
  public static final VisitorConfig DEFAULT = new VisitorConfig(100_000, Duration.ofDays(30));

  private static final int MOST = 100_000_000;

  /// Checks the ranges.
  public VisitorConfig {
    if (most < 1 || most > MOST) {
      throw KasebException.ofSetting("users", most, "1.." + MOST);
    }
    if (idle.compareTo(Duration.ofSeconds(1)) < 0 || idle.compareTo(Duration.ofDays(3650)) > 0) {
      throw KasebException.ofSetting("user_idle", idle, "1 s to 3650 days");
    }
  }
}
