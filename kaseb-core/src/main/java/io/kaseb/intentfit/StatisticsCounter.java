package io.kaseb.intentfit;

import io.kaseb.data.LabelledSessions;
import io.kaseb.intent.Statistics;
import io.kaseb.intent.StatisticsCounts;
import io.kaseb.model.Sessions;
import java.util.Arrays;

/// Counts a training period's sessions into [Statistics].
///
/// No leak: while training, a session's features come from [#ordered], which shows each session the
/// counts of earlier sessions only, neither its own label nor later ones. Leaving out just the row
/// itself would not do: for one item a buyer would then always see a slightly lower rate than
/// others, and a model that knows the item reads the label off it. Forecasts see all counts.
public final class StatisticsCounter {
  private final StatisticsCounts counts;
  private final Statistics statistics;
  private int[] distinct = new int[16];

  private StatisticsCounter(Statistics statistics) {
    this.statistics = statistics;
    this.counts = statistics.counts();
  }

  /// Begins with no sessions.
  public static StatisticsCounter empty(int items, int categories) {
    return new StatisticsCounter(new Statistics(new StatisticsCounts(items, categories)));
  }

  /// Returns the statistics of what was counted so far; they follow what is counted later.
  public Statistics statistics() {
    return statistics;
  }

  /// Shows every session of a training period the counts of the sessions before it, and counts it
  /// afterwards.
  ///
  /// @return each click's statistics, [events x Statistics.WIDTH]
  public float[] ordered(LabelledSessions labelled) {
    float[] out = new float[labelled.sessions().events() * Statistics.WIDTH];
    for (int s = 0; s < labelled.count(); s++) {
      look(labelled, s, out);
      add(labelled, s);
    }
    return out;
  }

  /// Shows every session the counts as they are.
  ///
  /// @return each click's statistics, [events x Statistics.WIDTH]
  public static float[] fixed(Statistics statistics, LabelledSessions labelled) {
    StatisticsCounter counter = new StatisticsCounter(statistics);
    float[] out = new float[labelled.sessions().events() * Statistics.WIDTH];
    for (int s = 0; s < labelled.count(); s++) {
      counter.look(labelled, s, out);
    }
    return out;
  }

  private void look(LabelledSessions labelled, int s, float[] out) {
    Sessions sessions = labelled.sessions();
    int n = 0;
    for (int e = sessions.start(s); e < sessions.end(s); e++) {
      long time = sessions.times() == null || !labelled.realTimes() ? -1 : sessions.times()[e];
      statistics.look(labelled.item(e), labelled.categories()[e], time, out, e * Statistics.WIDTH);
      if (sessions.items()[e] >= 0 && isFirst(sessions.items(), sessions.start(s), e)) {
        n = withPairs(labelled.item(e), n, (one, other) -> {});
        statistics.pairs(distinct, n - 1, labelled.item(e), out, e * Statistics.WIDTH);
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
    for (int i = Math.max(0, n - Statistics.PARTNERS); i < n && counts.isKnown(item); i++) {
      if (counts.isKnown(distinct[i])) {
        pair.add(distinct[i], item);
      }
    }
    return n + 1;
  }

  /// Counts a session.
  public void add(LabelledSessions labelled, int s) {
    Sessions sessions = labelled.sessions();
    boolean buys = labelled.purchases().any(s);
    counts.sessions++;
    counts.buyers += buys ? 1 : 0;
    int n = 0;
    for (int e = sessions.start(s); e < sessions.end(s); e++) {
      int item = labelled.item(e);
      boolean isNew = sessions.items()[e] >= 0 && isFirst(sessions.items(), sessions.start(s), e);
      n = isNew ? withPairs(item, n, (one, other) -> counts.pairs.add(one, other, buys)) : n;
      if (isNew && counts.isKnown(item)) {
        counts.clicked[item]++;
        if (buys) {
          boolean taken = labelled.purchases().bought(s, sessions.items()[e]);
          counts.withBuyer[item]++;
          counts.bought[item] += taken ? 1 : 0;
          counts.buyersItems++;
          counts.buyersBought += taken ? 1 : 0;
        }
      }
      int category = labelled.categories()[e];
      if (category >= 0
          && category < counts.categoryClicked.length
          && isFirst(labelled.categories(), sessions.start(s), e)) {
        counts.categoryClicked[category]++;
        counts.categoryBuyer[category] += buys ? 1 : 0;
      }
    }
    addPrices(labelled, s);
    if (labelled.realTimes() && sessions.times() != null && sessions.length(s) > 0) {
      float[] day =
          counts.days.computeIfAbsent(
              Math.floorDiv(sessions.times()[sessions.start(s)], Statistics.DAY),
              d -> new float[2]);
      day[0]++;
      day[1] += buys ? 1 : 0;
    }
  }

  private void addPrices(LabelledSessions labelled, int s) {
    int[] offsets = labelled.purchases().offsets();
    for (int r = offsets[s]; r < offsets[s + 1]; r++) {
      int item = labelled.index(labelled.purchases().items()[r]);
      float price = labelled.purchases().prices()[r];
      if (price > 0) {
        float log = (float) Math.log(price);
        counts.logPrices += log;
        counts.pricedRows++;
        if (counts.isKnown(item)) {
          counts.priceSum[item] += log;
          counts.priceRows[item]++;
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
}
