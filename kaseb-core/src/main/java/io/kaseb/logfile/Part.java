package io.kaseb.logfile;

import java.util.Locale;

/// Where a row of a log belongs, as the tables' column `part` numbers it.
public enum Part {
  /// Clicks of train.
  TRAIN(0),
  /// Clicks of the test.
  TEST(1),
  /// Purchases, which go with the session that they name, wherever it is.
  BUYS(2),
  /// Items of an item table, with their attributes.
  ITEMS(3);

  private final int number;

  Part(int number) {
    this.number = number;
  }

  /// Returns the number in the column `part`.
  public int number() {
    return number;
  }

  /// Returns the name of the dataset's folder, such as `train`.
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }
}
