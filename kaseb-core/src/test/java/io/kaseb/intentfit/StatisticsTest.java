package io.kaseb.intentfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.data.Purchases;
import io.kaseb.data.Visits;
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

  /// Returns the visits with one session's purchases taken away or, where it had none, with its
  /// first clicked item bought.
  private static Visits flipped(Visits visits, int session) {
    Purchases p = visits.purchases();
    int n = visits.count();
    int[] rows = new int[n + 1];
    int[] items = new int[p.items().length + 1];
    long[] times = new long[items.length];
    float[] prices = new float[items.length];
    int at = 0;
    for (int s = 0; s < n; s++) {
      if (s == session && !p.any(s)) {
        items[at] = visits.sessions().items()[visits.sessions().start(s)];
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
    return new Visits(
        visits.sessions(),
        visits.categories(),
        visits.categoryNames(),
        new Purchases(rows, bought, bought, Arrays.copyOf(times, at), Arrays.copyOf(prices, at)),
        visits.realTimes(),
        visits.index());
  }

  /// Returns the first session whose own features change with its own label: a leak; -1 for none.
  private static int leak(Visits visits, Function<Visits, float[]> statistics) {
    float[] before = statistics.apply(visits);
    for (int s = 0; s < visits.count(); s++) {
      float[] after = statistics.apply(flipped(visits, s));
      int from = visits.sessions().start(s) * Statistics.WIDTH;
      int to = visits.sessions().end(s) * Statistics.WIDTH;
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
    Function<Visits, float[]> ownRowCounted =
        visits -> {
          StatisticsCounter all = empty();
          all.ordered(visits);
          return StatisticsCounter.fixed(all.statistics(), visits);
        };
    assertThat(leak(Shops.shop(120, 1), ownRowCounted)).isNotNegative();
  }

  @Test
  void noSessionSeesLaterLabels() {
    Visits visits = Shops.shop(60, 2);
    float[] before = empty().ordered(visits);
    float[] after = empty().ordered(flipped(visits, 40));
    int to = visits.sessions().end(40) * Statistics.WIDTH;
    assertThat(Arrays.mismatch(before, 0, to, after, 0, to)).isEqualTo(-1);
    assertThat(Arrays.equals(before, after)).isFalse();
  }

  @Test
  void ratesAreSmoothedLogOddsAboveTheBase() {
    Visits visits =
        Shops.of(
            List.of(new int[] {1, 2}, new int[] {1}, new int[] {3}),
            List.of(new int[] {1}, new int[0], new int[0]),
            new SplittableRandom(1));
    StatisticsCounter counter = empty();
    Statistics statistics = counter.statistics();
    counter.ordered(visits);
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
    Visits visits = Shops.shop(200, 3);
    StatisticsCounter counter = empty();
    Statistics statistics = counter.statistics();
    counter.ordered(visits);
    Statistics again = new Statistics(StatisticsCounts.of(statistics.counts().tensors()));
    assertThat(StatisticsCounter.fixed(again, visits))
        .containsExactly(StatisticsCounter.fixed(statistics, visits));
    assertThat(again.buyRate()).isEqualTo(statistics.buyRate());
  }
}
