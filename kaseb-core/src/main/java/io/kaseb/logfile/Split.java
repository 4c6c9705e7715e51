package io.kaseb.logfile;

import io.kaseb.base.KasebException;

/// Which sessions become the test.
public sealed interface Split {
  /// Everything is train.
  record None() implements Split {
    @Override
    public String toString() {
      return "none";
    }
  }

  /// A file of its own holds the test.
  record TestFile() implements Split {
    @Override
    public String toString() {
      return "test file";
    }
  }

  /// The last days of the log; the protocol's [Protocol.Border] says how.
  ///
  /// @param days days of 24 hours before the last click, at least 1
  record Days(int days) implements Split {
    @Override
    public String toString() {
      return "days:" + days;
    }
  }

  /// The sessions that started last (the last lines where there are no times).
  ///
  /// @param share share of all sessions, 0 to 1 exclusive
  record Time(double share) implements Split {
    @Override
    public String toString() {
      return "time:" + share;
    }
  }

  /// Sessions by chance. Leaks through the date: a split by time is the honest one.
  ///
  /// @param share share of all sessions, 0 to 1 exclusive
  record Random(double share) implements Split {
    @Override
    public String toString() {
      return "random:" + share;
    }
  }

  /// Reads `days:1`, `time:0.1` or `random:0.1`.
  static Split parse(String text) {
    int colon = text.indexOf(':');
    try {
      String value = text.substring(colon + 1);
      Split split =
          switch (text.substring(0, Math.max(colon, 0))) {
            case "days" -> new Days(Integer.parseInt(value));
            case "time" -> new Time(Double.parseDouble(value));
            case "random" -> new Random(Double.parseDouble(value));
            default -> throw wrong(text);
          };
      boolean allowed =
          switch (split) {
            case Days d -> d.days() >= 1;
            case Time t -> t.share() > 0 && t.share() < 1;
            case Random r -> r.share() > 0 && r.share() < 1;
            default -> true;
          };
      if (allowed) {
        return split;
      }
    } catch (NumberFormatException e) {
      throw wrong(text);
    }
    throw wrong(text);
  }

  private static KasebException wrong(String text) {
    return KasebException.ofSetting(
        "split",
        text,
        "days:N (N from 1), time:SHARE or random:SHARE (0 < SHARE < 1), as in time:0.1");
  }
}
