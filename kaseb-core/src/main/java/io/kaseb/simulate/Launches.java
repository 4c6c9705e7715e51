package io.kaseb.simulate;

import io.kaseb.tune.math.SeededRandom;
import java.util.Arrays;
import java.util.SplittableRandom;

/// On which day each item comes into the shop.
///
/// No interest has more than a part of its weight in items that come late, so that a session always
/// finds enough of its interest, and [InterestPosterior] stays exact.
final class Launches {
  /// Share of the items that come after the log begins, and the first day on which any does.
  static final double LATE = .3;

  private static final int FROM = 30;
  private static final double MOST_LATE = .3;

  private final int[] days;
  private final double[][] hidden;

  private Launches(int[] days, double[][] hidden) {
    this.days = days;
    this.hidden = hidden;
  }

  /// Returns the launches of a shop that sells everything from the start.
  static Launches none(SimulatedWorld world) {
    double[][] hidden = new double[SimulatedCalendar.DAYS][];
    Arrays.fill(hidden, new double[world.posterior().interests()]);
    return new Launches(new int[world.items()], hidden);
  }

  /// Draws the launches.
  static Launches of(SimulatedWorld world, long seed) {
    InterestPosterior posterior = world.posterior();
    SplittableRandom random = new SplittableRandom(SeededRandom.scramble(seed + 3));
    int[] days = new int[world.items()];
    double[][] hidden = new double[SimulatedCalendar.DAYS][posterior.interests()];
    for (int item = 0; item < days.length; item++) {
      int day = FROM + random.nextInt(SimulatedCalendar.DAYS - FROM);
      boolean isLate = random.nextDouble() < LATE;
      int[] interests = posterior.interestsOf(item);
      double[] shares = posterior.sharesOf(item);
      for (int e = 0; e < interests.length; e++) {
        isLate &= hidden[0][interests[e]] + shares[e] <= MOST_LATE;
      }
      if (isLate) {
        days[item] = day;
        for (int d = 0; d < day; d++) {
          for (int e = 0; e < interests.length; e++) {
            hidden[d][interests[e]] += shares[e];
          }
        }
      }
    }
    return new Launches(days, hidden);
  }

  /// Returns whether an item is in the shop.
  boolean isSold(int item, int day) {
    return days[item] <= day;
  }

  /// Returns the share of each interest that is not in the shop yet.
  double[] hidden(int day) {
    return hidden[day];
  }
}
