package io.kaseb.simulate;

import java.util.Arrays;

/// How many clicks and how many distinct items sessions have, with and without a purchase, and how
/// many of the clicked items a buyer buys.
///
/// The published tables give only the margins (buy rate by clicks, buy rate by distinct items). The
/// joint table is the one that has both margins and is otherwise closest to a beta-binomial seed:
/// iterative proportional fitting (Deming and Stephan 1940).
final class SessionShapes {
  /// The longest session, in clicks.
  static final int LONGEST = 200;

  private static final double OVER_25 = .0034;
  private static final double OVER_25_EXPONENT = -3.2;
  private static final double RATE_OVER_20 = .28;

  /// From 5 distinct items on the share of sessions falls by this ratio; 11 and more get the rest.
  private static final double FIVE_ITEMS = .042;

  private static final double FALL = .6;
  private static final double NEW_ITEM = .57;
  private static final double NEW_ITEM_SPREAD = .15;
  private static final int ROUNDS = 200;

  private final double[][] cells = new double[2][];
  private final GuideTable[] shapes = new GuideTable[2];
  private final GuideTable[] bought = new GuideTable[LONGEST + 1];
  private final double[][] boughtMore = new double[LONGEST + 1][];

  SessionShapes() {
    double[][] byClicks = clicksMargin();
    double[][] byItems = itemsMargin();
    for (int buys = 0; buys < 2; buys++) {
      cells[buys] = fit(byClicks[buys], byItems[buys]);
      shapes[buys] = GuideTable.of(cells[buys]);
    }
    for (int d = 1; d <= LONGEST; d++) {
      double[] counts = boughtOf(d);
      bought[d] = GuideTable.of(counts);
      boughtMore[d] = new double[d];
      for (int m = d - 1; m >= 0; m--) {
        boughtMore[d][m] = counts[m] + (m + 1 < d ? boughtMore[d][m + 1] : 0);
      }
    }
  }

  /// Returns the shape at a quantile, for [#clicks] and [#distinct].
  int shape(boolean buys, double u) {
    return shapes[buys ? 1 : 0].draw(u);
  }

  /// Returns the clicks of a shape.
  static int clicks(int shape) {
    return shape / LONGEST + 1;
  }

  /// Returns the distinct items of a shape.
  static int distinct(int shape) {
    return shape % LONGEST + 1;
  }

  /// Returns `log P(shape | buys) - log P(shape | does not buy)`.
  double evidence(int shape) {
    return StrictMath.log(cells[1][shape] / YoochooseFacts.BUY_RATE)
        - StrictMath.log(cells[0][shape] / (1 - YoochooseFacts.BUY_RATE));
  }

  /// Returns how many of its `distinct` clicked items a buyer buys, 1 to `distinct`.
  int bought(int distinct, double u) {
    return bought[distinct].draw(u) + 1;
  }

  /// Returns, for each m below `distinct`, the probability that a buyer buys more than m of its
  /// `distinct` clicked items.
  double[] boughtMore(int distinct) {
    return boughtMore[distinct];
  }

  private static double[][] clicksMargin() {
    double[] share = Arrays.copyOf(YoochooseFacts.lengths(), LONGEST);
    int known = YoochooseFacts.lengths().length;
    double tail = 0;
    for (int i = known; i < LONGEST; i++) {
      share[i] = StrictMath.pow(i + 1, OVER_25_EXPONENT);
      tail += share[i];
    }
    double head = Arrays.stream(share, 0, known).sum();
    double[] rates = YoochooseFacts.rateByClicks();
    double overall = 0;
    double[] rate = new double[LONGEST];
    for (int i = 0; i < LONGEST; i++) {
      share[i] *= i < known ? (1 - OVER_25) / head : OVER_25 / tail;
      rate[i] = i < rates.length ? rates[i] : RATE_OVER_20;
      overall += share[i] * rate[i];
    }
    double[][] margin = new double[2][LONGEST];
    for (int i = 0; i < LONGEST; i++) {
      margin[1][i] = share[i] * rate[i] * YoochooseFacts.BUY_RATE / overall;
      margin[0][i] = share[i] - margin[1][i];
    }
    return margin;
  }

  /// Ten columns for 1 to 10 items and one for all above.
  private static double[][] itemsMargin() {
    double[] rates = YoochooseFacts.rateByItems();
    double[] clicked = YoochooseFacts.buyerClicked();
    double[][] margin = new double[2][rates.length + 1];
    double share = FIVE_ITEMS;
    for (int i = 0; i < rates.length; i++) {
      if (i < clicked.length) {
        margin[1][i] = clicked[i] * YoochooseFacts.BUY_RATE;
        margin[0][i] = margin[1][i] / rates[i] - margin[1][i];
      } else {
        margin[1][i] = share * rates[i];
        margin[0][i] = share - margin[1][i];
        share *= FALL;
      }
    }
    margin[1][rates.length] = YoochooseFacts.BUY_RATE - Arrays.stream(margin[1]).sum();
    margin[0][rates.length] = 1 - YoochooseFacts.BUY_RATE - Arrays.stream(margin[0]).sum();
    return margin;
  }

  private static double[] fit(double[] byClicks, double[] byItems) {
    double[] table = new double[LONGEST * LONGEST];
    for (int c = 0; c < LONGEST; c++) {
      double[] seed = betaBinomial(c, NEW_ITEM, NEW_ITEM_SPREAD);
      System.arraycopy(seed, 0, table, c * LONGEST, c + 1);
    }
    int last = byItems.length - 1;
    for (int round = 0; round < ROUNDS; round++) {
      double[] column = new double[byItems.length];
      for (int i = 0; i < table.length; i++) {
        column[Math.min(i % LONGEST, last)] += table[i];
      }
      for (int i = 0; i < table.length; i++) {
        int d = Math.min(i % LONGEST, last);
        table[i] *= byItems[d] / column[d];
      }
      for (int c = 0; c < LONGEST; c++) {
        double row = 0;
        for (int d = 0; d <= c; d++) {
          row += table[c * LONGEST + d];
        }
        for (int d = 0; d <= c; d++) {
          table[c * LONGEST + d] *= byClicks[c] / row;
        }
      }
    }
    return table;
  }

  private static double[] boughtOf(int distinct) {
    double[] shares = YoochooseFacts.shareBought();
    double share =
        distinct <= shares.length
            ? shares[distinct - 1]
            : shares[shares.length - 1] * Math.sqrt((double) shares.length / distinct);
    double spread = distinct <= 3 ? .25 : distinct == 4 ? .3 : distinct <= 6 ? .05 : .15;
    return distinct == 1
        ? new double[] {1}
        : betaBinomial(distinct - 1, (share * distinct - 1) / (distinct - 1), spread);
  }

  /// Returns the probabilities of 0 to `n` successes when their rate is beta-distributed.
  private static double[] betaBinomial(int n, double mean, double spread) {
    double size = 1 / spread - 1;
    double a = mean * size;
    double b = (1 - mean) * size;
    double[] p = new double[n + 1];
    double sum = 0;
    double term = 1;
    for (int k = 0; k <= n; k++) {
      p[k] = term;
      sum += term;
      term *= (n - k) * (a + k) / ((k + 1) * (b + n - k - 1));
    }
    for (int k = 0; k <= n; k++) {
      p[k] /= sum;
    }
    return p;
  }
}
