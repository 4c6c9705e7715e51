package io.kaseb.simulate;

import java.util.SplittableRandom;

/// What simulated shoppers type into the search box before they click an item: perhaps a word that
/// tells what they are after, the item's kind, perhaps its brand. Who buys knows better what.
final class Queries {
  private static final String[] KINDS = {
    "shoes",
    "shirts",
    "trousers",
    "bags",
    "watches",
    "toys",
    "books",
    "phones",
    "lamps",
    "sofas",
    "tents",
    "pans"
  };
  private static final String[] SYLLABLES = {"ba", "den", "fi", "kor", "lu", "mas", "ro", "tiv"};

  /// Words, and how often each is there if the session does not buy and if it does.
  private static final String[] WORDS = {
    "new",
    "ideas",
    "best",
    "review",
    "cheap",
    "used",
    "small",
    "black",
    "size",
    "delivery",
    "sale",
    "original"
  };

  private static final double[][] SHARES = {
    {.14, .13, .12, .11, .10, .09, .08, .07, .05, .04, .04, .03},
    {.06, .03, .07, .07, .08, .04, .09, .10, .14, .12, .09, .11}
  };
  private static final GuideTable[] TABLES = {GuideTable.of(SHARES[0]), GuideTable.of(SHARES[1])};
  private static final double WITH_WORD = .6;
  private static final double[] WITH_BRAND = {.30, .50};

  private String text = "";

  /// Makes the query that leads to an item; returns what it says about whether the session buys.
  double next(boolean buys, int category, int brand, SplittableRandom random) {
    int b = buys ? 1 : 0;
    double evidence = 0;
    text = kind(category);
    if (random.nextDouble() < WITH_WORD) {
      int word = TABLES[b].draw(random.nextDouble());
      evidence += StrictMath.log(SHARES[1][word] / SHARES[0][word]);
      text = WORDS[word] + " " + text;
    }
    boolean isBranded = random.nextDouble() < WITH_BRAND[b];
    if (isBranded) {
      text += " " + brand(brand);
    }
    return evidence
        + StrictMath.log(
            isBranded ? WITH_BRAND[1] / WITH_BRAND[0] : (1 - WITH_BRAND[1]) / (1 - WITH_BRAND[0]));
  }

  /// Returns the last query.
  String text() {
    return text;
  }

  /// Returns the word of a category, 1 to 12.
  static String kind(int category) {
    return KINDS[category - 1];
  }

  /// Returns a brand's name.
  static String brand(int brand) {
    return SYLLABLES[brand / 64] + SYLLABLES[brand / 8 % 8] + SYLLABLES[brand % 8];
  }
}
