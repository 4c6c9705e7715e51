package io.kaseb.intentfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Purchases;
import io.kaseb.intent.Calibration;
import io.kaseb.intent.Statistics;
import io.kaseb.intent.StatisticsCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  private static StatisticsCounter empty() {
    return StatisticsCounter.empty(Shops.ITEMS, 3);
  }

  /// Returns the labelled with one session's purchases taken away or, where it had none, with its
  /// first clicked item bought.
  private static LabelledSessions flipped(LabelledSessions labelled, int session) {
    Purchases p = labelled.purchases();
    int n = labelled.count();
    int[] rows = new int[n + 1];
    int[] items = new int[p.items().length + 1];
    long[] times = new long[items.length];
    float[] prices = new float[items.length];
    int at = 0;
    for (int s = 0; s < n; s++) {
      if (s == session && !p.any(s)) {
        items[at] = labelled.sessions().items()[labelled.sessions().start(s)];
        prices[at++] = 50;
      } else if (s != session) {
        for (int r = p.offsets()[s]; r < p.offsets()[s + 1]; r++) {
          items[at] = p.items()[r];
          times[at] = p.times()[r];
          prices[at++] = p.prices()[r];
        }
      }
      rows[s + 1] = at;
    }
    int[] bought = Arrays.copyOf(items, at);
    return new LabelledSessions(
        labelled.sessions(),
        labelled.categories(),
        labelled.categoryNames(),
        new Purchases(rows, bought, bought, Arrays.copyOf(times, at), Arrays.copyOf(prices, at)),
        labelled.realTimes(),
        labelled.index());
  }

  /// Returns the first session whose own features change with its own label: a leak; -1 for none.
  private static int leak(
      LabelledSessions labelled, Function<LabelledSessions, float[]> statistics) {
    float[] before = statistics.apply(labelled);
    for (int s = 0; s < labelled.count(); s++) {
      float[] after = statistics.apply(flipped(labelled, s));
      int from = labelled.sessions().start(s) * Statistics.WIDTH;
      int to = labelled.sessions().end(s) * Statistics.WIDTH;
      if (!Arrays.equals(before, from, to, after, from, to)) {
        return s;
      }
    }
    return -1;
  }

  @Test
  void noSessionSeesItsOwnLabel() {
    assertThat(leak(Shops.shop(120, 1), v -> empty().ordered(v))).isEqualTo(-1);
  }

  @Test
  void aPlantedLeakIsCaught() {
    Function<LabelledSessions, float[]> ownRowCounted =
        labelled -> {
          StatisticsCounter all = empty();
          all.ordered(labelled);
          return StatisticsCounter.fixed(all.statistics(), labelled);
        };
    assertThat(leak(Shops.shop(120, 1), ownRowCounted)).isNotNegative();
  }

  @Test
  void noSessionSeesLaterLabels() {
    LabelledSessions labelled = Shops.shop(60, 2);
    float[] before = empty().ordered(labelled);
    float[] after = empty().ordered(flipped(labelled, 40));
    int to = labelled.sessions().end(40) * Statistics.WIDTH;
    assertThat(Arrays.mismatch(before, 0, to, after, 0, to)).isEqualTo(-1);
    assertThat(Arrays.equals(before, after)).isFalse();
  }

  @Test
  void ratesAreSmoothedLogOddsAboveTheBase() {
    LabelledSessions labelled =
        Shops.of(
            List.of(new int[] {1, 2}, new int[] {1}, new int[] {3}),
            List.of(new int[] {1}, new int[0], new int[0]),
            new SplittableRandom(1));
    StatisticsCounter counter = empty();
    Statistics statistics = counter.statistics();
    counter.ordered(labelled);
    double base = (1 + 1) / (3 + 20.0);
    assertThat(statistics.buyRate()).isCloseTo(base, within(1e-9));
    float[] out = new float[Statistics.WIDTH];
    statistics.look(1, -1, -1, out, 0);
    double pseudo = 2 / base;
    double rate = (1 + pseudo * base) / (2 + pseudo);
    assertThat((double) out[Statistics.SESSION_RATE])
        .isCloseTo(Calibration.logit(rate) - Calibration.logit(base), within(1e-5));
    assertThat((double) out[Statistics.SUPPORT]).isCloseTo(Math.log(3), within(1e-5));
    statistics.look(-1, -1, -1, out, 0);
    assertThat(out).containsOnly(0);
    statistics.look(99, 99, 5, out, 0);
    assertThat(out).containsOnly(0);
  }

  @Test
  void aPairTellsWhatItsItemsDoNot() {
    List<int[]> clicks = new ArrayList<>();
    List<int[]> bought = new ArrayList<>();
    for (int k = 0; k < 300; k++) {
      clicks.add(k % 3 == 0 ? new int[] {1, 2} : k % 3 == 1 ? new int[] {1, 3} : new int[] {2, 4});
      bought.add(k % 3 == 0 ? new int[] {2} : new int[0]);
    }
    StatisticsCounter counter = empty();
    Statistics statistics = counter.statistics();
    counter.ordered(Shops.of(clicks, bought, new SplittableRandom(1)));
    float together = pairRate(statistics, 1, 2);
    float apart = pairRate(statistics, 1, 3);
    float never = pairRate(statistics, 3, 4);
    assertThat(together).isGreaterThan(1);
    assertThat(apart).isLessThan(0);
    assertThat(never).isZero();
    assertThat(pairRate(statistics, 2, 1)).isEqualTo(together);
    assertThat(pairRate(statistics, 2, -1)).isZero();
  }

  private static float pairRate(Statistics statistics, int before, int item) {
    float[] out = new float[Statistics.WIDTH];
    statistics.pairs(new int[] {before}, 1, item, out, 0);
    float weight = out[Statistics.PAIR_WEIGHT];
    return weight == 0 ? 0 : out[Statistics.PAIR_SUM] / weight;
  }

  @Test
  void aFileKeepsEveryCount() {
    LabelledSessions labelled = Shops.shop(200, 3);
    StatisticsCounter counter = empty();
    Statistics statistics = counter.statistics();
    counter.ordered(labelled);
    Statistics again = new Statistics(StatisticsCounts.of(statistics.counts().tensors()));
    assertThat(StatisticsCounter.fixed(again, labelled))
        .containsExactly(StatisticsCounter.fixed(statistics, labelled));
    assertThat(again.buyRate()).isEqualTo(statistics.buyRate());
  }
}
