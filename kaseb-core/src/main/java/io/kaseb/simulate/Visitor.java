package io.kaseb.simulate;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Someone who visits the shop, and what the log tells of the sessions so far. How likely the next
/// one buys depends on nothing else that happened before.
final class Visitor {
  /// How likely a session is followed by another one, and after how many days on average.
  private static final double RETURNS = .525;

  private static final double MEAN_DAYS = 12;
  private static final int SOON = 7;

  /// Log odds against those of an average session: the first session, later ones, those within a
  /// week, those after a purchase.
  private static final double NEW = -.37;

  private static final double KNOWN = .10;
  private static final double BACK_SOON = .3;
  private static final double BOUGHT = .7;

  final long id;

  /// The day of the next session.
  int day;

  /// The items of the last session.
  int[] seen = {};

  private boolean isKnown;
  private boolean hasBought;
  private int gap;

  Visitor(long id, int day) {
    this.id = id;
    this.day = day;
  }

  /// Returns whether there was a session before.
  boolean isKnown() {
    return isKnown;
  }

  /// Returns what the sessions so far say about whether the next one buys.
  double evidence() {
    return isKnown ? KNOWN + (gap <= SOON ? BACK_SOON : 0) + (hasBought ? BOUGHT : 0) : NEW;
  }

  /// Remembers a session; returns whether another one follows within the log.
  boolean returns(SessionWalk walk, long end, boolean buys, SplittableRandom random) {
    seen = Arrays.copyOf(walk.seen, walk.distinct);
    isKnown = true;
    hasBought |= buys;
    gap = 1 - (int) (MEAN_DAYS * StrictMath.log(1 - random.nextDouble()));
    day = (int) ((end - SimulatedCalendar.millis(0)) / 86_400_000L) + gap;
    return random.nextDouble() < RETURNS && day < SimulatedCalendar.DAYS;
  }
}
