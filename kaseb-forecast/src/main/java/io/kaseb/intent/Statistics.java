package io.kaseb.intent;

import java.util.Arrays;

/// Counts of the training period that become features: how often sessions that clicked an item, a
/// category or came on a day bought, how often the item was, at which price.
///
/// A click's statistics are [#WIDTH] floats, all 0 for what is unknown: 0. log odds that a session
/// with the item buys, above the base
/// 1. log odds that a buyer who clicked the item buys it, above the base
/// 2. log(1 + sessions with the item)
/// 3. log of the item's mean price over the overall mean price
/// 4. log odds that a session with the category buys, above the base
/// 5. log odds that a session of the day buys, above the base
/// 6. of an item new to the session, the sum over the pairs with the items before it of the log
///    odds that a session with both buys, above the base, each times the root of its sessions
/// 7. the sum of those roots
///
/// A pair tells what an item alone leaves open: which interest a popular item was clicked for.
public final class Statistics {
  /// Floats of one click.
  public static final int WIDTH = 8;

  /// Place of: log odds that a session with the item buys.
  public static final int SESSION_RATE = 0;

  /// Place of: log odds that a buyer who clicked the item buys it.
  public static final int ITEM_RATE = 1;

  /// Place of: how many sessions clicked the item.
  public static final int SUPPORT = 2;

  /// Place of: the item's price.
  public static final int PRICE = 3;

  /// Place of: log odds that a session with the category buys.
  public static final int CATEGORY_RATE = 4;

  /// Place of: log odds that a session of the day buys.
  public static final int DAY_RATE = 5;

  /// Place of: the sum over the item's pairs.
  public static final int PAIR_SUM = 6;

  /// Place of: the sum of the pairs' weights.
  public static final int PAIR_WEIGHT = 7;

  /// Pairs are made with so many of the items before.
  public static final int PARTNERS = 4;

  /// Milliseconds.
  public static final long DAY = 86_400_000L;

  /// Rates are pulled to the base as if by so many more buyers.
  private static final double PSEUDO_BUYERS = 2;

  private static final double PSEUDO_ITEMS = 4;

  /// A pair's rate is pulled to what its items say as if by so many more sessions.
  private static final double PSEUDO_SESSIONS = 30;

  private final StatisticsCounts counts;

  /// Creates statistics that follow the counts as they change.
  public Statistics(StatisticsCounts counts) {
    this.counts = counts;
  }

  /// Returns the counts.
  public StatisticsCounts counts() {
    return counts;
  }

  /// Returns the smoothed share of sessions that buy.
  public double buyRate() {
    return (counts.buyers + 1) / (counts.sessions + 20);
  }

  /// Returns the smoothed share of a buyer's clicked items that it buys.
  public double itemRate() {
    return (counts.buyersBought + 1) / (counts.buyersItems + 2);
  }

  /// Writes a click's statistics but for pairs.
  ///
  /// @param item index, any unknown one allowed
  /// @param category index, -1 for none
  /// @param time milliseconds since 1970, -1 where it is not known or not real
  public void look(int item, int category, long time, float[] out, int at) {
    Arrays.fill(out, at, at + WIDTH, 0);
    double base = buyRate();
    if (counts.isKnown(item)) {
      out[at + SESSION_RATE] = rate(item);
      out[at + ITEM_RATE] =
          above(counts.bought[item], counts.withBuyer[item], itemRate(), PSEUDO_ITEMS);
      out[at + SUPPORT] = (float) Math.log1p(counts.clicked[item]);
      if (counts.priceRows[item] > 0) {
        out[at + PRICE] =
            (float)
                (counts.priceSum[item] / counts.priceRows[item]
                    - counts.logPrices / counts.pricedRows);
      }
    }
    if (category >= 0 && category < counts.categoryClicked.length) {
      out[at + CATEGORY_RATE] =
          above(
              counts.categoryBuyer[category],
              counts.categoryClicked[category],
              base,
              PSEUDO_BUYERS / base);
    }
    float[] day = time < 0 ? null : counts.days.get(Math.floorDiv(time, DAY));
    if (day != null) {
      out[at + DAY_RATE] = above(day[1], day[0], base, PSEUDO_BUYERS / base);
    }
  }

  /// Writes a click's statistics of pairs.
  ///
  /// @param before the session's distinct items so far, the first `n` of the array
  /// @param item one that is not among them
  public void pairs(int[] before, int n, int item, float[] out, int at) {
    for (int i = Math.max(0, n - PARTNERS); i < n && counts.isKnown(item); i++) {
      int slot = counts.isKnown(before[i]) ? counts.pairs.at(before[i], item) : -1;
      if (slot >= 0) {
        double base = Calibration.logit(buyRate());
        double expected = Calibration.logistic(base + (rate(before[i]) + rate(item)) / 2);
        double of = counts.pairs.sessions(slot);
        double hits = counts.pairs.buyers(slot) + PSEUDO_SESSIONS * expected;
        double weight = Math.sqrt(of);
        out[at + PAIR_SUM] +=
            (float) (weight * (Calibration.logit(hits / (of + PSEUDO_SESSIONS)) - base));
        out[at + PAIR_WEIGHT] += (float) weight;
      }
    }
  }

  private float rate(int item) {
    double base = buyRate();
    return above(counts.withBuyer[item], counts.clicked[item], base, PSEUDO_BUYERS / base);
  }

  private static float above(double hits, double of, double base, double pseudo) {
    double rate = (hits + pseudo * base) / (of + pseudo);
    return (float) (Calibration.logit(rate) - Calibration.logit(base));
  }
}
