package io.kaseb.feature;

import io.kaseb.signal.SignalState;

/// What a session has shown so far, as features read it: kept up to date event by event, so that
/// reading costs the same after any number of events.
public interface SessionFacts {
  /// A plain number of a session.
  enum Fact {
    /// Events so far.
    EVENTS,
    /// Views of items.
    CLICKS,
    /// Distinct items.
    ITEMS,
    /// Views of items viewed before.
    REPEATS,
    /// Seconds since the first event, as log(1 + x).
    DURATION,
    /// Seconds between the last two events, as log(1 + x).
    GAP,
    /// The longest time between two events, as log(1 + seconds).
    LONGEST_GAP,
    /// The mean of log(1 + seconds) between events.
    PACE,
    /// Hour of the session's start, UTC; 0 where times of day mean nothing.
    HOUR,
    /// Weekday of the session's start, 1 to 7, UTC; 0 where times of day mean nothing.
    WEEKDAY,
    /// How often the category changed.
    CATEGORY_CHANGES,
    /// The mean rate of pairs of items: log odds that a session with both buys, above the base.
    PAIRS
  }

  /// A rate of the item of an event: log odds above the base, from earlier sessions.
  enum Rate {
    /// That a session with the item buys.
    ITEM,
    /// That a buyer who viewed the item buys it.
    ITEM_BOUGHT,
    /// That a session with the category buys.
    CATEGORY,
    /// log(1 + sessions with the item): how well it is known.
    SUPPORT
  }

  /// Over which of a session's events a value is taken.
  enum Over {
    /// The last one.
    LATEST,
    /// All, their mean.
    MEAN,
    /// All, their highest.
    MOST,
    /// All, their lowest.
    LEAST
  }

  /// Returns a plain number.
  double fact(Fact fact);

  /// Returns a rate of items.
  ///
  /// @param over [Over#LATEST], [Over#MEAN] or [Over#MOST]
  double rate(Rate rate, Over over);

  /// Returns what the session has shown beyond clicks.
  SignalState beyond();
}
