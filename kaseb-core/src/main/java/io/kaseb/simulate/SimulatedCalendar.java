package io.kaseb.simulate;

import java.time.DayOfWeek;
import java.time.LocalDate;

/// When simulated sessions start: a day of April to September 2014 and an hour (UTC), each with its
/// share of all sessions and its buy rate.
///
/// Two of three Tuesdays from June on have hardly any purchases, as the original has (probably
/// missing data); the other Tuesdays are like their neighbours.
final class SimulatedCalendar {
  private static final LocalDate FIRST = LocalDate.of(2014, 4, 1);

  /// Days of a log.
  static final int DAYS = 183;

  private static final double[] WEEKDAYS = {.155, .10, .14, .14, .14, .165, .16};
  private static final double[] HOURS = {
    2.2, 1.7, 1.6, 1.6, 1.8, 2.3, 3.1, 3.9, 4.6, 5.2, 5.6, 5.7, 5.5, 5.4, 5.4, 5.5, 5.7, 6.0, 6.2,
    6.2, 5.6, 4.3, 3.2, 2.7
  };
  private static final double SILENT_RATE = .005;
  private static final int SILENT_FROM = 61;

  private final Split days;
  private final Split hours;

  /// @param isSilent whether it has the days without purchases
  SimulatedCalendar(boolean isSilent) {
    days = Split.of(dayShares(), dayRates(isSilent ? SILENT_FROM : DAYS));
    hours = Split.of(HOURS, YoochooseFacts.rateByHour());
  }

  /// Returns the day at a quantile, from 0 for the first of April.
  int day(boolean buys, double u) {
    return days.draw(buys, u);
  }

  /// Returns the hour at a quantile.
  int hour(boolean buys, double u) {
    return hours.draw(buys, u);
  }

  /// Returns `log P(day, hour | buys) - log P(day, hour | does not buy)`.
  double evidence(int day, int hour) {
    return days.evidence[day] + hours.evidence[hour];
  }

  /// Returns `log P(day | buys) - log P(day | does not buy)`.
  double dayEvidence(int day) {
    return days.evidence[day];
  }

  /// Returns `log P(hour | buys) - log P(hour | does not buy)`.
  double hourEvidence(int hour) {
    return hours.evidence[hour];
  }

  /// Returns the milliseconds since 1970 of a day's start.
  static long millis(int day) {
    return (FIRST.toEpochDay() + day) * 86_400_000L;
  }

  private static double[] dayShares() {
    double[] shares = new double[DAYS];
    for (int d = 0; d < DAYS; d++) {
      shares[d] = WEEKDAYS[weekday(d)];
    }
    return shares;
  }

  private static double[] dayRates(int silentFrom) {
    double[] rates = new double[DAYS];
    int tuesdays = 0;
    int silent = 0;
    for (int d = 0; d < DAYS; d++) {
      rates[d] = YoochooseFacts.rateByWeekday()[weekday(d)];
      if (isTuesday(d)) {
        tuesdays++;
        silent += isSilent(d, silentFrom) ? 1 : 0;
      }
    }
    double tuesday = YoochooseFacts.rateByWeekday()[1];
    double loud = (tuesday * tuesdays - SILENT_RATE * silent) / (tuesdays - silent);
    for (int d = 0; d < DAYS; d++) {
      if (isTuesday(d)) {
        rates[d] = isSilent(d, silentFrom) ? SILENT_RATE : loud;
      }
    }
    return rates;
  }

  private static boolean isSilent(int day, int from) {
    return isTuesday(day) && day >= from && day / 7 % 3 != 2;
  }

  private static boolean isTuesday(int day) {
    return weekday(day) == DayOfWeek.TUESDAY.ordinal();
  }

  private static int weekday(int day) {
    return FIRST.plusDays(day).getDayOfWeek().ordinal();
  }

  /// Shares of some slots among buyers and among others.
  private record Split(GuideTable buyers, GuideTable others, double[] evidence) {
    /// Tilts the shares until their mean rate is the overall one, then splits them by the rates.
    static Split of(double[] shares, double[] rates) {
      double low = -100;
      double high = 100;
      for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if (meanRate(tilted(shares, rates, middle), rates) < YoochooseFacts.BUY_RATE) {
          low = middle;
        } else {
          high = middle;
        }
      }
      double[] share = tilted(shares, rates, low);
      double[] buyers = new double[share.length];
      double[] others = new double[share.length];
      double[] evidence = new double[share.length];
      double rate = YoochooseFacts.BUY_RATE;
      for (int i = 0; i < share.length; i++) {
        buyers[i] = share[i] * rates[i];
        others[i] = share[i] * (1 - rates[i]);
        evidence[i] = StrictMath.log(rates[i] / rate) - StrictMath.log((1 - rates[i]) / (1 - rate));
      }
      return new Split(GuideTable.of(buyers), GuideTable.of(others), evidence);
    }

    int draw(boolean buys, double u) {
      return (buys ? buyers : others).draw(u);
    }

    private static double[] tilted(double[] shares, double[] rates, double tilt) {
      double[] tilted = new double[shares.length];
      double sum = 0;
      for (int i = 0; i < shares.length; i++) {
        tilted[i] = shares[i] * StrictMath.exp(tilt * rates[i]);
        sum += tilted[i];
      }
      for (int i = 0; i < shares.length; i++) {
        tilted[i] /= sum;
      }
      return tilted;
    }

    private static double meanRate(double[] shares, double[] rates) {
      double mean = 0;
      for (int i = 0; i < shares.length; i++) {
        mean += shares[i] * rates[i];
      }
      return mean;
    }
  }
}
