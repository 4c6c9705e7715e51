package io.kaseb.intentfit;

import io.kaseb.data.AttributeColumn;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Purchases;
import io.kaseb.data.Signals;
import io.kaseb.data.Visitors;
import io.kaseb.event.Actions;
import io.kaseb.event.Attribute;
import io.kaseb.model.Sessions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Made-up sessions of all that a shopper does: views, carts, searches with words, an own action;
/// devices, prices, brands; returning visitors. What is in the cart is bought as a rule.
final class EventShop {
  static final int ITEMS = Shops.ITEMS;
  private static final Actions NAMES = new Actions(List.of("zoom"));
  private static final int ZOOM = 8;

  private final List<Integer> items = new ArrayList<>();
  private final List<Integer> actions = new ArrayList<>();
  private final List<Long> times = new ArrayList<>();
  private final List<Float> prices = new ArrayList<>();
  private final List<int[]> words = new ArrayList<>();
  private final List<Integer> devices = new ArrayList<>();
  private final List<Integer> offsets = new ArrayList<>(List.of(0));
  private final List<Integer> bought = new ArrayList<>();
  private final List<Long> boughtTimes = new ArrayList<>();
  private final List<Integer> boughtRows = new ArrayList<>(List.of(0));
  private final int[] earlier;
  private final SplittableRandom random;

  private EventShop(int sessions, long seed) {
    random = new SplittableRandom(seed);
    earlier = new int[sessions];
    for (int s = 0; s < sessions; s++) {
      session(s);
    }
  }

  static LabelledSessions shop(int sessions, long seed) {
    return new EventShop(sessions, seed).labelled();
  }

  private void session(int s) {
    long time = 1_396_000_000_000L + s * 40_000L;
    int n = 1 + random.nextInt(6);
    boolean keen = random.nextInt(4) == 0;
    devices.add(random.nextInt(4) - 1);
    earlier[s] = random.nextInt(4) - 1;
    if (random.nextBoolean()) {
      add(-1, Actions.SEARCH, time, new int[] {keen ? 1 : 0, random.nextInt(3)});
    }
    int cart = -1;
    for (int t = 0; t < n; t++) {
      time += 1_000 + random.nextInt(60_000);
      int item = random.nextInt(ITEMS);
      add(item, Actions.VIEW, time, new int[0]);
      if (random.nextInt(8) == 0) {
        add(item, ZOOM, time + 500, new int[0]);
      }
      if (keen && random.nextInt(2) == 0) {
        add(item, Actions.CART, time + 900, new int[0]);
        cart = item;
      }
    }
    offsets.add(items.size());
    if (cart >= 0 && random.nextInt(10) < 7) {
      bought.add(cart);
      boughtTimes.add(time + 5_000);
    }
    boughtRows.add(bought.size());
  }

  private void add(int item, int action, long time, int[] query) {
    items.add(item);
    actions.add(action);
    times.add(time);
    prices.add(item < 0 || item % 5 == 0 ? Float.NaN : 10f + item * item);
    words.add(query);
  }

  private LabelledSessions labelled() {
    int n = items.size();
    int sessions = devices.size();
    byte[] kinds = new byte[n];
    float[] numbers = new float[n];
    int[] ends = new int[n + 1];
    for (int e = 0; e < n; e++) {
      kinds[e] = (byte) (int) actions.get(e);
      numbers[e] = prices.get(e);
      ends[e + 1] = ends[e] + words.get(e).length;
    }
    int[] query = words.stream().flatMapToInt(IntStream::of).toArray();
    int[] brands = IntStream.range(0, ITEMS).map(i -> i % 4 - 1).toArray();
    List<AttributeColumn> columns =
        List.of(
            AttributeColumn.ofNumbers(one("price:number@event"), numbers),
            AttributeColumn.ofCategories(
                one("device:category@session"), List.of("phone", "desk", "tv"), ints(devices)),
            AttributeColumn.ofWords(
                one("query:words@event"), List.of("cheap", "gift", "red"), query, ends),
            AttributeColumn.ofCategories(
                one("brand:category@item"), List.of("a", "b", "c"), brands));
    int[] seen = IntStream.range(0, sessions).map(s -> s % ITEMS).toArray();
    boolean[] taken = new boolean[sessions];
    for (int s = 0; s < sessions; s++) {
      taken[s] = s % 3 == 0;
    }
    Visitors visitors =
        new Visitors(
            earlier,
            Arrays.stream(earlier).map(k -> Math.max(0, k / 2)).toArray(),
            Arrays.stream(earlier).mapToLong(k -> k > 0 ? 1_395_000_000_000L : -1).toArray(),
            IntStream.rangeClosed(0, sessions).toArray(),
            seen,
            taken);
    int[] rows = ints(bought);
    return new LabelledSessions(
        new Sessions(ints(offsets), ints(items), times.stream().mapToLong(t -> t).toArray()),
        new Signals(NAMES, kinds, columns, visitors),
        items.stream().mapToInt(i -> i < 0 ? -1 : i % 3).toArray(),
        List.of("x", "y", "z"),
        new Purchases(
            ints(boughtRows),
            rows,
            rows,
            boughtTimes.stream().mapToLong(t -> t).toArray(),
            new float[rows.length]),
        true,
        IntStream.range(0, ITEMS).toArray());
  }

  private static Attribute one(String text) {
    return Attribute.parse(text).getFirst();
  }

  private static int[] ints(List<Integer> all) {
    return all.stream().mapToInt(i -> i).toArray();
  }
}
