package io.kaseb.intent;

import io.kaseb.model.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What [Statistics] are made of: how many sessions clicked and bought each item, category, day and
/// pair of items. Training counts into it; forecasts read it.
public final class StatisticsCounts {
  /// Sessions that clicked the item, `[items]`.
  public final float[] clicked;

  /// Buying sessions that clicked the item, `[items]`.
  public final float[] withBuyer;

  /// Sessions that clicked and bought the item, `[items]`.
  public final float[] bought;

  /// Sum of the log prices at which the item was bought, `[items]`.
  public final float[] priceSum;

  /// Purchase rows of the item with a price, `[items]`.
  public final float[] priceRows;

  /// Sessions that clicked into the category, `[categories]`.
  public final float[] categoryClicked;

  /// Buying sessions that clicked into the category, `[categories]`.
  public final float[] categoryBuyer;

  /// Sessions and buying sessions of each day since 1970.
  public final Map<Long, float[]> days = new HashMap<>();

  /// Pairs of items.
  public PairCounts pairs = new PairCounts();

  /// All sessions.
  public double sessions;

  /// All buying sessions.
  public double buyers;

  /// Distinct items that buying sessions clicked, summed over those sessions.
  public double buyersItems;

  /// Those of them that were bought.
  public double buyersBought;

  /// Sum of all log prices.
  public double logPrices;

  /// Purchase rows with a price.
  public double pricedRows;

  /// Creates counts of no sessions.
  public StatisticsCounts(int items, int categories) {
    clicked = new float[items];
    withBuyer = new float[items];
    bought = new float[items];
    priceSum = new float[items];
    priceRows = new float[items];
    categoryClicked = new float[categories];
    categoryBuyer = new float[categories];
  }

  /// Returns whether an item's number is one of these.
  public boolean isKnown(int item) {
    return item >= 0 && item < clicked.length;
  }

  private float[][] itemColumns() {
    return new float[][] {clicked, withBuyer, bought, priceSum, priceRows};
  }

  /// Returns the counts as tensors, for the model file.
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    float[][] columns = itemColumns();
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
      float[] counts = days.getOrDefault(day, new float[2]);
      byDay[at++] = day;
      byDay[at++] = counts[0];
      byDay[at++] = counts[1];
    }
    tensors.put("days", new Tensor(new int[] {days.size(), 3}, byDay));
    float[] rows = pairs.rows();
    tensors.put("pairs", new Tensor(new int[] {rows.length / 4, 4}, rows));
    // Counts of millions of sessions need more digits than a float has: high and low part.
    double[] totals = {sessions, buyers, buyersItems, buyersBought, logPrices, pricedRows};
    float[] sums = new float[2 * totals.length];
    for (int i = 0; i < totals.length; i++) {
      sums[2 * i] = (float) totals[i];
      sums[2 * i + 1] = (float) (totals[i] - sums[2 * i]);
    }
    tensors.put("totals", new Tensor(new int[] {totals.length, 2}, sums));
    return tensors;
  }

  /// Reads what [#tensors()] wrote.
  public static StatisticsCounts of(Map<String, Tensor> tensors) {
    Tensor items = need(tensors.get("items"), "items");
    Tensor categories = need(tensors.get("categories"), "categories");
    int n = items.shape()[1];
    int k = categories.shape()[1];
    StatisticsCounts counts = new StatisticsCounts(n, k);
    float[][] columns = counts.itemColumns();
    for (int c = 0; c < columns.length; c++) {
      System.arraycopy(items.data(), c * n, columns[c], 0, n);
    }
    System.arraycopy(categories.data(), 0, counts.categoryClicked, 0, k);
    System.arraycopy(categories.data(), k, counts.categoryBuyer, 0, k);
    float[] days = need(tensors.get("days"), "days").data();
    for (int i = 0; i < days.length; i += 3) {
      counts.days.put((long) days[i], new float[] {days[i + 1], days[i + 2]});
    }
    Tensor pairs = tensors.get("pairs"); // files before pairs were counted have none
    counts.pairs = PairCounts.of(pairs == null ? new float[0] : pairs.data());
    float[] totals = need(tensors.get("totals"), "totals").data();
    counts.sessions = total(totals, 0);
    counts.buyers = total(totals, 1);
    counts.buyersItems = total(totals, 2);
    counts.buyersBought = total(totals, 3);
    counts.logPrices = total(totals, 4);
    counts.pricedRows = total(totals, 5);
    counts.check();
    return counts;
  }

  /// Shares are made of these: a part is no more than its whole, and nothing is below 0.
  private void check() {
    checkParts("items", withBuyer, clicked);
    checkParts("items", bought, bought);
    checkParts("items", priceRows, priceRows);
    checkParts("categories", categoryBuyer, categoryClicked);
    days.values().forEach(day -> checkParts("days", new float[] {day[1]}, new float[] {day[0]}));
    checkParts(
        "totals",
        new float[] {(float) buyers, (float) buyersBought, (float) pricedRows},
        new float[] {(float) sessions, (float) buyersItems, (float) pricedRows});
  }

  private static void checkParts(String name, float[] parts, float[] wholes) {
    for (int i = 0; i < parts.length; i++) {
      if (!(parts[i] >= 0 && parts[i] <= wholes[i])) {
        throw new IllegalArgumentException(
            "tensor intent.statistics.%s counts %s of %s".formatted(name, parts[i], wholes[i]));
      }
    }
  }

  private static double total(float[] totals, int i) {
    return (double) totals[2 * i] + totals[2 * i + 1];
  }

  private static Tensor need(@Nullable Tensor tensor, String name) {
    if (tensor == null) {
      throw new IllegalArgumentException("tensor intent.statistics." + name + " is missing");
    }
    return tensor;
  }
}
