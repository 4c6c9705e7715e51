package io.kaseb.simulate;

/// What is known about the YOOCHOOSE log of the RecSys Challenge 2015: the tables that the
/// simulator reproduces. Shares and rates are fractions of 1.
public final class YoochooseFacts {
  /// Share of the sessions that buy.
  public static final double BUY_RATE = 509_696 / 9_249_729.0;

  /// Mean clicks of a session.
  public static final double MEAN_CLICKS = 3.568;

  /// Share of immediate repeats among the pairs of consecutive clicks.
  public static final double REPEATS = .165;

  /// Share of the buy rows whose price and quantity are 0.
  public static final double FREE_ROWS = .53;

  /// Median, 75th percentile and mean (under an hour) of the seconds between two clicks.
  @SuppressWarnings("MutablePublicArray") // nobody writes it
  public static final double[] GAP_SECONDS = {32, 91, 106};

  /// Slope of log clicks over log rank, ranks 10 to 2,000.
  public static final double ZIPF_SLOPE = -.67;

  /// Mean distinct items clicked by a buyer.
  public static final double BUYER_CLICKED = 4.54;

  /// Mean distinct items clicked and bought by a buyer.
  public static final double BUYER_BOUGHT = 2.06;

  /// Share of buyers that bought all that they clicked.
  public static final double BOUGHT_ALL = .329;

  /// Buy rows of a buyer.
  public static final double BUYER_ROWS = 2.258;

  /// The 75th percentile of the price over all buy rows, in the log's own unit.
  public static final double PRICE_75 = 1_046;

  private static final double[] LENGTHS = {
    13.6, 38.5, 17.4, 10.1, 5.9, 3.9, 2.6, 1.8, 1.3, 1.0, .73, .57, .43, .35, .28, .23, .18, .16,
    .12, .11, .09, .07, .07, .06, .05
  };
  private static final double[] RATE_BY_CLICKS = {
    1.8, 3.1, 4.6, 6.2, 8.1, 9.8, 11.8, 13.3, 15.3, 16.7, 18.5, 19.9, 21.1, 22.5, 23.2, 23.9, 24.9,
    25.6, 26.7, 26.9
  };
  private static final double[] RATE_BY_ITEMS = {
    4.1, 3.5, 5.1, 7.0, 8.8, 10.7, 12.7, 14.4, 16.0, 17.7
  };
  private static final double[] RATE_BY_HOUR = {
    2.3, 2.4, 2.4, 2.9, 3.6, 4.1, 5.1, 5.7, 5.9, 5.7, 5.8, 6.0, 5.8, 5.8, 5.9, 6.2, 6.3, 6.4, 6.3,
    5.3, 4.3, 3.6, 3.0, 2.5
  };
  private static final double[] RATE_BY_WEEKDAY = {5.26, 3.24, 4.99, 5.22, 5.65, 6.89, 6.24};

  private YoochooseFacts() {}

  /// Returns the share of the sessions with 1, 2, ... 25 clicks.
  public static double[] lengths() {
    return parts(LENGTHS);
  }

  /// Returns the buy rate of sessions with 1, 2, ... 20 clicks.
  public static double[] rateByClicks() {
    return parts(RATE_BY_CLICKS);
  }

  /// Returns the buy rate of sessions with 1, 2, ... 10 distinct items.
  public static double[] rateByItems() {
    return parts(RATE_BY_ITEMS);
  }

  /// Returns the buy rate of sessions that start in hour 0, 1, ... 23 UTC.
  public static double[] rateByHour() {
    return parts(RATE_BY_HOUR);
  }

  /// Returns the buy rate of sessions that start on Monday, Tuesday, ... Sunday.
  public static double[] rateByWeekday() {
    return parts(RATE_BY_WEEKDAY);
  }

  /// Returns the share of buyers with 1, 2, 3, 4 distinct items clicked.
  public static double[] buyerClicked() {
    return parts(new double[] {20, 23, 15, 10});
  }

  /// Returns the share of buyers with 1, 2, 3, 4 distinct items clicked and bought.
  public static double[] buyerBought() {
    return parts(new double[] {51, 24, 12, 6});
  }

  /// Returns the share of the clicked items that a buyer of 1, 2, ... 6 clicked items bought.
  public static double[] shareBought() {
    return new double[] {1, .68, .58, .52, .48, .46};
  }

  /// Returns the share of the clicks that fall on the top 100, 1,000 and 5,000 items.
  public static double[] topClicked() {
    return new double[] {.146, .538, .874};
  }

  /// Returns the share of the bought rows that fall on the top 100 and 1,000 items.
  public static double[] topBought() {
    return new double[] {.204, .655};
  }

  private static double[] parts(double[] percent) {
    double[] parts = new double[percent.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = percent[i] / 100;
    }
    return parts;
  }
}
