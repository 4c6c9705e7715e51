package io.kaseb.intentfit;

import io.kaseb.config.IntentConfig;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Purchases;
import io.kaseb.model.Sessions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Small made-up shops for tests: item 0..items-1, the lower half sells well; a session buys the
/// likelier the more of its clicks fall there and the more repeats it has.
final class Shops {
  static final int ITEMS = 30;

  private Shops() {}

  static LabelledSessions shop(int sessions, long seed) {
    return shop(sessions, seed, 9);
  }

  static LabelledSessions shop(int sessions, long seed, int longest) {
    SplittableRandom random = new SplittableRandom(seed);
    List<int[]> clicks = new ArrayList<>();
    List<int[]> bought = new ArrayList<>();
    for (int s = 0; s < sessions; s++) {
      int n = 1 + random.nextInt(longest);
      boolean keen = random.nextInt(3) == 0;
      int[] items = new int[n];
      for (int t = 0; t < n; t++) {
        items[t] =
            t > 0 && random.nextInt(4) == 0
                ? items[t - 1]
                : random.nextInt(ITEMS / 2) + (random.nextInt(4) == 0 == keen ? ITEMS / 2 : 0);
      }
      clicks.add(items);
      boolean buys = random.nextInt(10) < (keen ? 6 : 1);
      bought.add(buys ? new int[] {items[random.nextInt(n)]} : new int[0]);
    }
    return of(clicks, bought, random);
  }

  static LabelledSessions of(List<int[]> clicks, List<int[]> bought, SplittableRandom random) {
    int n = clicks.size();
    int[] offsets = new int[n + 1];
    int[] rows = new int[n + 1];
    for (int s = 0; s < n; s++) {
      offsets[s + 1] = offsets[s] + clicks.get(s).length;
      rows[s + 1] = rows[s] + bought.get(s).length;
    }
    int[] items = clicks.stream().flatMapToInt(IntStream::of).toArray();
    int[] purchases = bought.stream().flatMapToInt(IntStream::of).toArray();
    long[] times = new long[items.length];
    long[] buyTimes = new long[purchases.length];
    float[] prices = new float[purchases.length];
    int[] categories = new int[items.length];
    for (int s = 0; s < n; s++) {
      long time = 1_396_000_000_000L + s * 40_000L;
      for (int e = offsets[s]; e < offsets[s + 1]; e++) {
        times[e] = time;
        categories[e] = items[e] % 4 - 1;
        time += 1_000 + random.nextInt(90_000);
      }
      for (int r = rows[s]; r < rows[s + 1]; r++) {
        buyTimes[r] = time;
        prices[r] = 100 + 10 * purchases[r];
      }
    }
    return new LabelledSessions(
        new Sessions(offsets, items, times),
        categories,
        List.of("a", "b", "c"),
        new Purchases(rows, purchases, purchases, buyTimes, prices),
        true,
        IntStream.range(0, ITEMS).toArray());
  }

  static Examples examples(LabelledSessions labelled) {
    return new Examples(
        labelled,
        StatisticsCounter.empty(ITEMS, labelled.categoryNames().size()).ordered(labelled));
  }

  static IntentConfig config(String... settings) {
    Map<String, String> pairs = new LinkedHashMap<>();
    pairs.put("intent_units", "8");
    pairs.put("intent_epochs", "2");
    pairs.put("intent_batch_size", "32");
    pairs.put("intent_trees", "20");
    pairs.put("intent_learning_rate", "0.01");
    for (String setting : settings) {
      pairs.put(
          setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
    }
    return IntentConfig.DEFAULT.with(pairs);
  }

  static float[] table(int width, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] table = new float[ITEMS * width];
    for (int i = 0; i < table.length; i++) {
      table[i] = (float) random.nextDouble(-1, 1);
    }
    return table;
  }
}
