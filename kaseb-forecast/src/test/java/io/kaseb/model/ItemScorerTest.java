package io.kaseb.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.Workers;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The best items of the scan over bytes beside those of all scores: items, scores and order must
/// be the same, whatever the table.
class ItemScorerTest {
  private static final int SCANNED = ItemScorer.SCAN_FROM + 123;

  /// Tables that a bound could stumble over.
  enum Table {
    NORMAL,
    ALL_EQUAL,
    ZEROS,
    /// Rows whose scales differ by 2^80.
    SCALES,
    /// One large value a row, where bytes lose everything else.
    SPIKES,
    /// Every row stands many times in the table.
    COPIES,
    /// Copies of a row that differ in the last bit only.
    LAST_BITS,
    /// Values below the smallest normal float.
    SUBNORMAL,
    /// So large that sums overflow.
    HUGE,
    INFINITE,
    NAN,
    /// Better and better items.
    ASCENDING
  }

  @ParameterizedTest
  @EnumSource(Table.class)
  void bestItemsAreThoseOfAllScores(Table table) {
    Random random = new Random(table.ordinal());
    for (int units : new int[] {1, 7, 33}) {
      float[] rows = rows(table, SCANNED, units, random);
      float[] bias = bias(table, SCANNED, random);
      ItemScorer scorer = new ItemScorer(SCANNED, units, rows, bias);
      for (int round = 0; round < 6; round++) {
        float[] hidden = hidden(units, random, round);
        for (int k : new int[] {1, 20, 300}) {
          same(scorer, SCANNED, units, hidden, k);
        }
      }
    }
  }

  @RepeatedTest(80)
  void smallCataloguesAndMoreWantedThanThereAre(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    Random random = new Random(seed);
    int items = seed % 8 == 0 ? 1 : 1 + random.nextInt(300);
    int k =
        switch (seed % 10) {
          case 0 -> 1;
          case 1 -> items;
          case 2 -> 400;
          default -> 1 + random.nextInt(400);
        };
    Table table = random.nextBoolean() ? Table.NORMAL : Table.COPIES;
    float[] rows = rows(table, items, 9, random);
    ItemScorer scorer = new ItemScorer(items, 9, rows, bias(table, items, random));
    same(scorer, items, 9, hidden(9, random, 0), k);
  }

  @RepeatedTest(24)
  void randomCataloguesOfAnySizeAndUnits(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    Random random = new Random(seed);
    int units = seed % 8 == 0 ? 1 : 1 + random.nextInt(200);
    int items = ItemScorer.SCAN_FROM + random.nextInt(300);
    Table table = Table.values()[random.nextInt(Table.values().length)];
    float[] rows = rows(table, items, units, random);
    ItemScorer scorer = new ItemScorer(items, units, rows, bias(table, items, random));
    same(scorer, items, units, hidden(units, random, random.nextInt(6)), 1 + random.nextInt(50));
  }

  @Test
  void scoresFewItemsInFull() {
    Random random = new Random(1);
    int units = 100;
    float[] rows = rows(Table.NORMAL, SCANNED, units, random);
    ItemScorer scorer = new ItemScorer(SCANNED, units, rows, new float[SCANNED]);
    TopItems top = TopItems.of(20);
    for (int round = 0; round < 50; round++) {
      scorer.top(hidden(units, random, 0), 0, top, null, 0);
      assertThat(top.offered()).isBetween(20, SCANNED / 32);
    }
  }

  @Test
  void tooManySurvivorsAreScoredWithAllOthers() {
    ItemScorer scorer = new ItemScorer(SCANNED, 3, new float[SCANNED * 3], new float[SCANNED]);
    TopItems top = TopItems.of(4);
    scorer.top(new float[] {1, 1, 1}, 0, top, null, 0);
    assertThat(top.offered()).isEqualTo(SCANNED);
    assertThat(top.items()).containsExactly(0, 1, 2, 3);
  }

  private static void same(ItemScorer scorer, int items, int units, float[] hidden, int k) {
    float[][] scores = new float[1][items];
    scorer.scores(1, hidden, scores);
    TopItems expected = TopItems.of(k);
    expected.offerAll(scores[0], items);
    TopItems actual = TopItems.of(k);
    float[] state = new float[units + 3];
    System.arraycopy(hidden, 0, state, 3, units);
    double total = scorer.top(state, 3, actual, null, 1);
    assertThat(actual.items()).containsExactly(expected.items());
    double exact = logTotal(scores[0]);
    // Huge and undefined scores have no such sum.
    if (Double.isFinite(exact) && Math.abs(exact) < 1e6) {
      assertTotal(total, scorer, scores[0], hidden);
    }
    for (int place = 0; place < expected.size(); place++) {
      assertThat(Float.floatToIntBits(actual.score(place)))
          .isEqualTo(Float.floatToIntBits(expected.score(place)));
    }
  }

  /// Holds a total to that of the scores or, in a large catalogue, to that of the scores that the
  /// bytes give: each less hidden x what rounding to bytes left of its row.
  private static void assertTotal(double total, ItemScorer scorer, float[] scores, float[] hidden) {
    float[] rounded = scores.clone();
    float[] row = new float[hidden.length];
    double size = 0;
    for (int i = 0; i < scores.length; i++) {
      scorer.row(i, row);
      float largest = 0;
      for (float value : row) {
        largest = Math.max(largest, Math.abs(value));
      }
      float scale = Math.max(largest / 127, 0x1p-100f);
      double left = 0;
      double sum = 0;
      for (int u = 0; u < row.length; u++) {
        left += hidden[u] * (row[u] - (double) scale * Math.round((double) row[u] / scale));
        sum += Math.abs((double) hidden[u] * row[u]);
      }
      rounded[i] = (float) (scores[i] - left);
      size = Math.max(size, sum);
    }
    double exact = logTotal(scores);
    boolean isLarge = scores.length >= ItemScorer.SCAN_FROM;
    double nearest =
        isLarge && Math.abs(total - logTotal(rounded)) < Math.abs(total - exact)
            ? logTotal(rounded)
            : exact;
    // Sums and powers in floats.
    assertThat(total).isCloseTo(nearest, within(1e-4 + 1e-6 * size));
  }

  private static double logTotal(float[] scores) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float score : scores) {
      largest = Math.max(largest, score);
    }
    double sum = 0;
    for (float score : scores) {
      sum += Math.exp(score - largest);
    }
    return largest + Math.log(sum);
  }

  @RepeatedTest(60)
  void onlyAllowedItemsAreFoundAndTheBestOfThem(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    Random random = new Random(seed);
    boolean large = seed % 2 == 0;
    int k = seed % 10 < 2 ? 1 : 1 + random.nextInt(60);
    int items = (large ? ItemScorer.SCAN_FROM : 1) + random.nextInt(300);
    Table table = random.nextBoolean() ? Table.NORMAL : Table.COPIES;
    ItemScorer scorer =
        new ItemScorer(items, 9, rows(table, items, 9, random), bias(table, items, random));
    float[] hidden = hidden(9, random, 0);
    int share = 1 << random.nextInt(12);
    int[] some = random.ints(items / share, 0, items).toArray();
    boolean only = random.nextBoolean();
    ItemMask mask = only ? ItemMask.only(items, some) : ItemMask.all(items).without(some);
    float[][] scores = new float[1][items];
    scorer.scores(1, hidden, scores);
    TopItems expected = TopItems.of(k);
    for (int i = 0; i < items; i++) {
      if (mask.allows(i)) {
        expected.offer(i, scores[0][i]);
      }
    }
    TopItems actual = TopItems.of(k);
    double total = scorer.top(hidden, 0, actual, mask, 1);
    assertThat(actual.items()).containsExactly(expected.items());
    assertTotal(total, scorer, scores[0], hidden);
    scorer.top(hidden, 0, actual, mask, 0);
    assertThat(actual.items()).containsExactly(expected.items());
  }

  static float[] hidden(int units, Random random, int kind) {
    float[] hidden = new float[units];
    for (int u = 0; u < units; u++) {
      hidden[u] =
          switch (kind) {
            case 0 -> random.nextFloat() * 2 - 1;
            case 1 -> random.nextBoolean() ? 1 : -1;
            case 2 -> 0;
            case 3 -> (random.nextFloat() - .5f) * 1e-30f;
            case 4 -> u == 0 ? 1e20f : random.nextFloat();
            default -> u == 0 ? Float.MIN_VALUE : 1e-3f * random.nextFloat();
          };
    }
    return hidden;
  }

  private static float[] bias(Table table, int items, Random random) {
    float[] bias = new float[items];
    for (int i = 0; i < items && table != Table.ALL_EQUAL && table != Table.ZEROS; i++) {
      bias[i] = table == Table.COPIES ? random.nextInt(2) : random.nextFloat();
    }
    return bias;
  }

  private static float[] rows(Table table, int items, int units, Random random) {
    float[] rows = new float[items * units];
    for (int i = 0; i < items; i++) {
      float scale =
          switch (table) {
            case SCALES -> Math.scalb(1f, random.nextInt(80) - 70);
            case SUBNORMAL -> 1e-40f;
            case HUGE -> 1e37f;
            case ASCENDING -> 1 + .01f * i;
            default -> 1;
          };
      for (int u = 0; u < units; u++) {
        float value = (float) random.nextGaussian();
        rows[i * units + u] =
            switch (table) {
              case ALL_EQUAL -> .7f;
              case ZEROS -> 0;
              case SPIKES -> u == i % units ? 1000 * value : value;
              case COPIES -> i < 16 ? value : rows[i % 16 * units + u];
              case LAST_BITS ->
                  i == 0 ? value : random.nextBoolean() ? rows[u] : Math.nextUp(rows[u]);
              default -> scale * value;
            };
      }
    }
    if (table == Table.NAN || table == Table.INFINITE) {
      rows[items / 2 * units] = table == Table.NAN ? Float.NaN : Float.POSITIVE_INFINITY;
    }
    return rows;
  }

  /// Every item's float score, worked out in doubles too, lies between the bounds.
  @ParameterizedTest
  @EnumSource(
      value = Table.class,
      names = {"NORMAL", "ALL_EQUAL", "ZEROS", "SCALES", "SPIKES", "LAST_BITS", "SUBNORMAL"})
  void boundsHoldTheScores(Table table) {
    Random random = new Random(table.ordinal());
    int items = 500;
    for (int units : new int[] {1, 7, 100}) {
      float[] rows = rows(table, items, units, random);
      float[] bias = bias(table, items, random);
      QuantisedItems bytes = quantised(items, units, rows, bias);
      ItemScorer scorer = new ItemScorer(items, units, rows, bias);
      for (int kind = 0; kind < 6; kind++) {
        float[] hidden = hidden(units, random, kind);
        float[][] scores = new float[1][items];
        scorer.scores(1, hidden, scores);
        float[][] bounds = bounds(bytes, items, hidden);
        for (int i = 0; i < items; i++) {
          assertThat(scores[0][i]).as("item %d", i).isBetween(bounds[0][i], bounds[1][i]);
          double exact = bias[i];
          double size = Math.abs(bias[i]);
          for (int u = 0; u < units; u++) {
            exact += (double) hidden[u] * rows[i * units + u];
            size += Math.abs((double) hidden[u] * rows[i * units + u]);
          }
          assertThat(exact)
              .as("item %d in doubles", i)
              .isBetween((double) bounds[0][i] - size * 1e-7, (double) bounds[1][i] + size * 1e-7);
        }
      }
    }
  }

  @Test
  void boundsAreNarrow() {
    Random random = new Random(1);
    int units = 100;
    float[] rows = rows(Table.NORMAL, 1000, units, random);
    QuantisedItems bytes = quantised(1000, units, rows, new float[1000]);
    float[][] bounds = bounds(bytes, 1000, hidden(units, random, 0));
    double width =
        IntStream.range(0, 1000).mapToDouble(i -> bounds[1][i] - bounds[0][i]).average().orElse(9);
    // Scores have a standard deviation of |h| = sqrt(100 / 3); rounding to 1 / 127 of a row's
    // largest value, some 2.7, leaves |h| x sqrt(100 / 12) x 2.7 / 127, both ways.
    assertThat(width).isCloseTo(2 * .07 * Math.sqrt(100 / 3.0), within(.2));
  }

  /// Packs rows as [ItemScorer] does.
  private static QuantisedItems quantised(int items, int units, float[] rows, float[] bias) {
    float[][] blocks = new float[(items + 63) / 64][units * 64];
    for (int i = 0; i < items; i++) {
      for (int u = 0; u < units; u++) {
        blocks[i / 64][u * 64 + i % 64] = rows[i * units + u];
      }
    }
    return QuantisedItems.of(items, units, blocks, bias, Workers.of(2));
  }

  private static float[][] bounds(QuantisedItems bytes, int items, float[] hidden) {
    float[][] bounds = new float[2][items];
    float[] sums = new float[64];
    float length = bytes.length(hidden, 0);
    for (int i = 0; i < items; i++) {
      float slack = bytes.slack(i / 64, length);
      if (i % 64 == 0) {
        bytes.scan(i / 64, hidden, 0, slack, 0, sums);
      }
      bounds[0][i] = bytes.bound(i, sums[i % 64] - slack);
      bounds[1][i] = bytes.bound(i, sums[i % 64] + slack);
    }
    return bounds;
  }
}
