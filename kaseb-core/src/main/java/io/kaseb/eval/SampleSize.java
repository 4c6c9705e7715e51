package io.kaseb.eval;

/// How many test sessions an interval or a verdict takes. Resamples of a few sessions hold little
/// but themselves: below 30 sessions a percentile interval is visibly too narrow (by 4 % at 30, by
/// 20 % at 10), and with fewer than 10 sessions of a class a ranking of the classes jumps with each
/// of them.
public final class SampleSize {
  /// The fewest sessions with a prediction.
  public static final int LEAST_SESSIONS = 30;

  /// The fewest buyers, and the fewest others, where a figure sets them against each other.
  public static final int LEAST_OF_A_CLASS = 10;

  private SampleSize() {}

  /// Returns whether figures of so many sessions get intervals and verdicts.
  public static boolean suffices(long sessions) {
    return sessions >= LEAST_SESSIONS;
  }

  /// Returns whether purchase figures of so many sessions get intervals and verdicts.
  ///
  /// @param buyers those among the sessions that buy
  public static boolean suffices(long sessions, long buyers) {
    return suffices(sessions)
        && buyers >= LEAST_OF_A_CLASS
        && sessions - buyers >= LEAST_OF_A_CLASS;
  }

  /// Says why next-item figures have no intervals.
  public static String why(long sessions) {
    return "No intervals and no verdicts: %,d sessions with a prediction, %d are the least."
        .formatted(sessions, LEAST_SESSIONS);
  }

  /// Says why purchase figures have no intervals.
  public static String why(long sessions, long buyers) {
    return "No intervals and no verdicts: %,d sessions with %,d buyers; %d sessions with %d buyers and %d others are the least."
        .formatted(sessions, buyers, LEAST_SESSIONS, LEAST_OF_A_CLASS, LEAST_OF_A_CLASS);
  }
}
