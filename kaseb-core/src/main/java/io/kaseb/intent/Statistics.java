package io.kaseb.intent;

import io.kaseb.data.Sessions;
import io.kaseb.data.Visits;
import io.kaseb.model.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Counts of the training period that become features: how often sessions that clicked an item, a
/// category or came on a day bought, how often the item was, at which price.
///
/// No leak: while training, a session's features come from [#ordered], which shows each session the
/// counts of earlier sessions only, neither its own label nor later ones. Leaving out just the row
/// itself would not do: for one item a buyer would then always see a slightly lower rate than
/// others, and a model that knows the item reads the label off it. Forecasts see all counts.
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
  static final int WIDTH = 8;

  static final int SESSION_RATE = 0;
  static final int ITEM_RATE = 1;
  static final int SUPPORT = 2;
  static final int PRICE = 3;
  static final int CATEGORY_RATE = 4;
  static final int DAY_RATE = 5;
  static final int PAIR_SUM = 6;
  static final int PAIR_WEIGHT = 7;

  /// Pairs are made with so many of the items before.
  private static final int PARTNERS = 4;

  private static final long DAY = 86_400_000L;

  /// Rates are pulled to the base as if by so many more buyers.
  private static final double PSEUDO_BUYERS = 2;

  private static final double PSEUDO_ITEMS = 4;

  /// A pair's rate is pulled to what its items say as if by so many more sessions.
  private static final double PSEUDO_SESSIONS = 30;

  private final float[] clicked;
  private final float[] withBuyer;
  private final float[] bought;
  private final float[] priceSum;
  private final float[] priceRows;
  private final float[] categoryClicked;
  private final float[] categoryBuyer;
  private final Map<Long, float[]> days = new HashMap<>();
  private PairCounts pairs = new PairCounts();
  private int[] distinct = new int[16];

  /// Sessions, buyers, items clicked by buyers, those bought, log prices, priced rows.
  private final double[] totals = new double[6];

  private Statistics(int items, int categories) {
    clicked = new float[items];
    withBuyer = new float[items];
    bought = new float[items];
    priceSum = new float[items];
    priceRows = new float[items];
    categoryClicked = new float[categories];
    categoryBuyer = new float[categories];
  }

  /// Creates statistics of no sessions.
  public static Statistics empty(int items, int categories) {
    return new Statistics(items, categories);
  }

  /// Shows every session of a training period the counts of the sessions before it, and counts it
  /// afterwards.
  ///
  /// @return each click's statistics, [events x WIDTH]
  public float[] ordered(Visits visits) {
    float[] out = new float[visits.sessions().events() * WIDTH];
    for (int s = 0; s < visits.count(); s++) {
      look(visits, s, out);
      add(visits, s);
    }
    return out;
  }

  /// Shows every session the counts as they are.
  ///
  /// @return each click's statistics, [events x WIDTH]
  public float[] fixed(Visits visits) {
    float[] out = new float[visits.sessions().events() * WIDTH];
    for (int s = 0; s < visits.count(); s++) {
      look(visits, s, out);
    }
    return out;
  }

  private void look(Visits visits, int s, float[] out) {
    Sessions sessions = visits.sessions();
    int n = 0;
    for (int e = sessions.start(s); e < sessions.end(s); e++) {
      long time = sessions.times() == null || !visits.realTimes() ? -1 : sessions.times()[e];
      look(visits.item(e), visits.categories()[e], time, out, e * WIDTH);
      if (isFirst(sessions.items(), sessions.start(s), e)) {
        n = withPairs(visits.item(e), n, (one, other) -> {});
        pairs(distinct, n - 1, visits.item(e), out, e * WIDTH);
      }
    }
  }

  /// Hears of a pair of known items.
  @FunctionalInterface
  private interface Pair {
    void add(int one, int other);
  }

  /// Adds an item to the `n` distinct ones of a session; returns how many they are now.
  private int withPairs(int item, int n, Pair pair) {
    if (n == distinct.length) {
      distinct = Arrays.copyOf(distinct, 2 * n);
    }
    distinct[n] = item;
    for (int i = Math.max(0, n - PARTNERS); i < n && isKnown(item); i++) {
      if (isKnown(distinct[i])) {
        pair.add(distinct[i], item);
      }
    }
    return n + 1;
  }

  private boolean isKnown(int item) {
    return item >= 0 && item < clicked.length;
  }

  /// Counts a session.
  public void add(Visits visits, int s) {
    Sessions sessions = visits.sessions();
    boolean buys = visits.purchases().any(s);
    totals[0]++;
    totals[1] += buys ? 1 : 0;
    int n = 0;
    for (int e = sessions.start(s); e < sessions.end(s); e++) {
      int item = visits.item(e);
      boolean isNew = isFirst(sessions.items(), sessions.start(s), e);
      n = isNew ? withPairs(item, n, (one, other) -> pairs.add(one, other, buys)) : n;
      if (isNew && isKnown(item)) {
        clicked[item]++;
        if (buys) {
          boolean taken = visits.purchases().bought(s, sessions.items()[e]);
          withBuyer[item]++;
          bought[item] += taken ? 1 : 0;
          totals[2]++;
          totals[3] += taken ? 1 : 0;
        }
      }
      int category = visits.categories()[e];
      if (category >= 0
          && category < categoryClicked.length
          && isFirst(visits.categories(), sessions.start(s), e)) {
        categoryClicked[category]++;
        categoryBuyer[category] += buys ? 1 : 0;
      }
    }
    addPrices(visits, s);
    if (visits.realTimes() && sessions.times() != null && sessions.length(s) > 0) {
      float[] day =
          days.computeIfAbsent(
              Math.floorDiv(sessions.times()[sessions.start(s)], DAY), d -> new float[2]);
      day[0]++;
      day[1] += buys ? 1 : 0;
    }
  }

  private void addPrices(Visits visits, int s) {
    int[] offsets = visits.purchases().offsets();
    for (int r = offsets[s]; r < offsets[s + 1]; r++) {
      int item = visits.index(visits.purchases().items()[r]);
      float price = visits.purchases().prices()[r];
      if (price > 0) {
        float log = (float) Math.log(price);
        totals[4] += log;
        totals[5]++;
        if (isKnown(item)) {
          priceSum[item] += log;
          priceRows[item]++;
        }
      }
    }
  }

  private static boolean isFirst(int[] values, int start, int at) {
    for (int e = start; e < at; e++) {
      if (values[e] == values[at]) {
        return false;
      }
    }
    return true;
  }

  /// Returns the smoothed share of sessions that buy.
  public double buyRate() {
    return (totals[1] + 1) / (totals[0] + 20);
  }

  /// Returns the smoothed share of a buyer's clicked items that it buys.
  public double itemRate() {
    return (totals[3] + 1) / (totals[2] + 2);
  }

  /// Writes a click's statistics but for pairs.
  ///
  /// @param item index, any unknown one allowed
  /// @param category index, -1 for none
  /// @param time milliseconds since 1970, -1 where it is not known or not real
  void look(int item, int category, long time, float[] out, int at) {
    Arrays.fill(out, at, at + WIDTH, 0);
    double base = buyRate();
    if (isKnown(item)) {
      out[at + SESSION_RATE] = rate(item);
      out[at + ITEM_RATE] = above(bought[item], withBuyer[item], itemRate(), PSEUDO_ITEMS);
      out[at + SUPPORT] = (float) Math.log1p(clicked[item]);
      if (priceRows[item] > 0) {
        out[at + PRICE] = (float) (priceSum[item] / priceRows[item] - totals[4] / totals[5]);
      }
    }
    if (category >= 0 && category < categoryClicked.length) {
      out[at + CATEGORY_RATE] =
          above(categoryBuyer[category], categoryClicked[category], base, PSEUDO_BUYERS / base);
    }
    float[] day = time < 0 ? null : days.get(Math.floorDiv(time, DAY));
    if (day != null) {
      out[at + DAY_RATE] = above(day[1], day[0], base, PSEUDO_BUYERS / base);
    }
  }

  /// Writes a click's statistics of pairs.
  ///
  /// @param before the session's distinct items so far, the first `n` of the array
  /// @param item one that is not among them
  void pairs(int[] before, int n, int item, float[] out, int at) {
    for (int i = Math.max(0, n - PARTNERS); i < n && isKnown(item); i++) {
      int slot = isKnown(before[i]) ? pairs.at(before[i], item) : -1;
      if (slot >= 0) {
        double base = Calibration.logit(buyRate());
        double expected = Calibration.logistic(base + (rate(before[i]) + rate(item)) / 2);
        double of = pairs.sessions(slot);
        double hits = pairs.buyers(slot) + PSEUDO_SESSIONS * expected;
        double weight = Math.sqrt(of);
        out[at + PAIR_SUM] +=
            (float) (weight * (Calibration.logit(hits / (of + PSEUDO_SESSIONS)) - base));
        out[at + PAIR_WEIGHT] += (float) weight;
      }
    }
  }

  private float rate(int item) {
    double base = buyRate();
    return above(withBuyer[item], clicked[item], base, PSEUDO_BUYERS / base);
  }

  private static float above(double hits, double of, double base, double pseudo) {
    double rate = (hits + pseudo * base) / (of + pseudo);
    return (float) (Calibration.logit(rate) - Calibration.logit(base));
  }

  /// Returns the counts as tensors, for the model file.
  Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    float[][] columns = {clicked, withBuyer, bought, priceSum, priceRows};
    int items = clicked.length;
    float[] table = new float[columns.length * items];
    for (int c = 0; c < columns.length; c++) {
      System.arraycopy(columns[c], 0, table, c * items, items);
    }
    tensors.put("items", new Tensor(new int[] {columns.length, items}, table));
    float[] categories = Arrays.copyOf(categoryClicked, 2 * categoryClicked.length);
    System.arraycopy(categoryBuyer, 0, categories, categoryClicked.length, categoryBuyer.length);
    tensors.put("categories", new Tensor(new int[] {2, categoryClicked.length}, categories));
    float[] byDay = new float[3 * days.size()];
    int at = 0;
    for (long day : days.keySet().stream().sorted().toList()) {
      float[] counts = days.get(day);
      byDay[at++] = day;
      byDay[at++] = counts == null ? 0 : counts[0];
      byDay[at++] = counts == null ? 0 : counts[1];
    }
    tensors.put("days", new Tensor(new int[] {days.size(), 3}, byDay));
    float[] rows = pairs.rows();
    tensors.put("pairs", new Tensor(new int[] {rows.length / 4, 4}, rows));
    // Counts of millions of sessions need more digits than a float has: high and low part.
    float[] sums = new float[2 * totals.length];
    for (int i = 0; i < totals.length; i++) {
      sums[2 * i] = (float) totals[i];
      sums[2 * i + 1] = (float) (totals[i] - sums[2 * i]);
    }
    tensors.put("totals", new Tensor(new int[] {totals.length, 2}, sums));
    return tensors;
  }

  /// Reads what [#tensors()] wrote.
  static Statistics of(Map<String, Tensor> tensors) {
    Tensor items = need(tensors.get("items"), "items");
    Tensor categories = need(tensors.get("categories"), "categories");
    int n = items.shape()[1];
    Statistics statistics = new Statistics(n, categories.shape()[1]);
    float[][] columns = {
      statistics.clicked,
      statistics.withBuyer,
      statistics.bought,
      statistics.priceSum,
      statistics.priceRows
    };
    for (int c = 0; c < columns.length; c++) {
      System.arraycopy(items.data(), c * n, columns[c], 0, n);
    }
    int k = categories.shape()[1];
    System.arraycopy(categories.data(), 0, statistics.categoryClicked, 0, k);
    System.arraycopy(categories.data(), k, statistics.categoryBuyer, 0, k);
    float[] days = need(tensors.get("days"), "days").data();
    for (int i = 0; i < days.length; i += 3) {
      statistics.days.put((long) days[i], new float[] {days[i + 1], days[i + 2]});
    }
    Tensor pairs = tensors.get("pairs"); // files before pairs were counted have none
    statistics.pairs = PairCounts.of(pairs == null ? new float[0] : pairs.data());
    float[] totals = need(tensors.get("totals"), "totals").data();
    for (int i = 0; i < statistics.totals.length; i++) {
      statistics.totals[i] = (double) totals[2 * i] + totals[2 * i + 1];
    }
    return statistics;
  }

  private static Tensor need(@Nullable Tensor tensor, String name) {
    if (tensor == null) {
      throw new IllegalArgumentException("tensor intent.statistics." + name + " is missing");
    }
    return tensor;
  }
}
