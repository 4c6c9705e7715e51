package io.kaseb.simulate;

import io.kaseb.base.KasebException;
import io.kaseb.base.Workers;

/// What to simulate.
///
/// @param sessions sessions in the clicks file, 100 to 100,000,000; the test file gets a quarter as
///   many more, as in the RecSys Challenge 2015 (2,312,432 beside 9,249,729)
/// @param seed fixes every byte of every file
/// @param threads threads that generate, 1 to 256; the bytes do not depend on it
public record SimulatorConfig(long sessions, long seed, int threads) {
  private static final double FULL_SESSIONS = 9_249_729;
  private static final double FULL_ITEMS = 54_287;
  private static final int FEWEST_ITEMS = 400;

  /// Checks the ranges.
  public SimulatorConfig {
    if (sessions < 100 || sessions > 100_000_000) {
      throw KasebException.ofSetting("sessions", sessions, "100..100000000");
    }
    Workers.of(threads);
  }

  /// Returns the number of sessions of the test file.
  public long testSessions() {
    return Math.round(sessions * (2_312_432 / FULL_SESSIONS));
  }

  /// Returns the number of items that can be clicked: the original's 54,287 at the original's
  /// 9,249,729 sessions, shrinking with the square root of the number of sessions, so that a small
  /// log has fewer items and more clicks of each than a small cut of the original would have.
  public int items() {
    double items = FULL_ITEMS * StrictMath.pow(sessions / FULL_SESSIONS, .6);
    return Math.clamp(Math.round(items), FEWEST_ITEMS, 200_000);
  }
}
