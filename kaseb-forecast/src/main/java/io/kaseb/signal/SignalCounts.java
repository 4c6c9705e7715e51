package io.kaseb.signal;

import io.kaseb.model.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Counts of the training period that become rates of events: how often sessions with a value of an
/// attribute bought, how often an item was put into a cart, how often it was ordered from there.
/// Training counts into it; forecasts read it.
///
/// Rates are log odds above the base, pulled to it by made-up counts, so that what is rare or
/// unknown says nothing.
public final class SignalCounts {
  /// Rates are pulled to the base as if by so many more hits.
  private static final double PSEUDO_HITS = 2;

  private static final double PSEUDO_ORDERS = 4;

  private final Schema schema;

  /// Sessions with the item; those that put it into the cart; those of them that bought it,
  /// `[items]` each.
  private final float[] touched;

  private final float[] carted;
  private final float[] ordered;

  /// Sessions and buying sessions with each value of each attribute, the missing one last.
  private final float[][] sessions;

  private final float[][] buyers;

  /// The sides of each cross; sessions and buying sessions with each pair of values.
  private final Cross.Sides[] sides;

  private final float[][] crossed;
  private final float[][] crossedBuyers;
  private double all;
  private double buying;
  private double allTouched;
  private double allCarted;
  private double allOrdered;

  /// Creates counts of no sessions.
  public SignalCounts(Schema schema, int items) {
    this.schema = schema;
    int counted = schema.actions().isEmpty() ? 0 : items;
    touched = new float[counted];
    carted = new float[counted];
    ordered = new float[counted];
    int n = schema.attributes().size();
    sessions = new float[n][];
    buyers = new float[n][];
    for (int a = 0; a < n; a++) {
      Coding coding = schema.attributes().get(a);
      int values = coding.isNumber() ? 0 : coding.names().size() + 1;
      sessions[a] = new float[values];
      buyers[a] = new float[values];
    }
    sides =
        schema.generated().crosses().stream()
            .map(cross -> Cross.Sides.of(cross, schema.actions(), schema.attributes()))
            .toArray(Cross.Sides[]::new);
    crossed = new float[sides.length][];
    crossedBuyers = new float[sides.length][];
    for (int c = 0; c < sides.length; c++) {
      crossed[c] = new float[sides[c].slots()];
      crossedBuyers[c] = new float[sides[c].slots()];
    }
  }

  /// Returns how many pairs of values a cross has.
  public int slots(int cross) {
    return sides[cross].slots();
  }

  /// Returns the pair of values that an event has of a cross.
  public int slot(int cross, float[] event, int at) {
    return sides[cross].slot(schema, event, at);
  }

  /// Counts a pair of values that a session has.
  public void cross(int cross, int slot, boolean buys) {
    crossed[cross][slot]++;
    crossedBuyers[cross][slot] += buys ? 1 : 0;
  }

  /// Counts a session.
  public void session(boolean buys) {
    all++;
    buying += buys ? 1 : 0;
  }

  /// Counts a session's item.
  public void item(int item, boolean isCarted, boolean isBought) {
    if (item < 0 || item >= touched.length) {
      return;
    }
    touched[item]++;
    allTouched++;
    if (isCarted) {
      carted[item]++;
      allCarted++;
      ordered[item] += isBought ? 1 : 0;
      allOrdered += isBought ? 1 : 0;
    }
  }

  /// Counts a value that a session has.
  ///
  /// @param code -1 for the missing one
  public void value(int attribute, int code, boolean buys) {
    int at = code < 0 ? sessions[attribute].length - 1 : code;
    sessions[attribute][at]++;
    buyers[attribute][at] += buys ? 1 : 0;
  }

  /// Returns the most frequent value of a category in training other than `code`: -1 where that is
  /// the missing one, or there is no other.
  int usual(int attribute, int code) {
    float[] counts = sessions[attribute];
    int most = counts.length - 1;
    for (int n = 0; n < counts.length - 1; n++) {
      if (n != code && counts[n] > counts[most]) {
        most = n;
      }
    }
    return most == counts.length - 1 ? -1 : most;
  }

  /// Writes the rates of an event whose action and values stand there already.
  ///
  /// @param item the model's number, negative for none
  public void rates(int item, float[] event, int at) {
    if (!schema.actions().isEmpty() && item >= 0 && item < touched.length) {
      double base = (allCarted + 1) / (allTouched + 20);
      event[at + Schema.CART_RATE] = above(carted[item], touched[item], base, PSEUDO_HITS / base);
      event[at + Schema.ORDER_RATE] =
          above(ordered[item], carted[item], (allOrdered + 1) / (allCarted + 2), PSEUDO_ORDERS);
    }
    int to = at + schema.at(0);
    for (int a = 0; a < sessions.length; a++) {
      Coding coding = schema.attributes().get(a);
      if (!coding.isNumber()) {
        rates(a, coding, event, to);
      }
      to += coding.floats();
    }
    double base = (buying + 1) / (all + 20);
    for (int c = 0; c < sides.length; c++) {
      int slot = sides[c].slot(schema, event, at);
      event[to++] = above(crossedBuyers[c][slot], crossed[c][slot], base, PSEUDO_HITS / base);
    }
  }

  /// The mean over a value's codes.
  private void rates(int attribute, Coding coding, float[] event, int at) {
    double base = (buying + 1) / (all + 20);
    int n = 0;
    double rate = 0;
    double support = 0;
    for (int i = 0; i < coding.codes(); i++) {
      int code = (int) event[at + coding.codesAt() + i];
      if (code < 0 && i > 0) {
        break;
      }
      int slot = code < 0 ? sessions[attribute].length - 1 : code;
      double of = sessions[attribute][slot];
      rate += above(buyers[attribute][slot], of, base, PSEUDO_HITS / base);
      support += Math.log1p(of);
      n++;
    }
    event[at + Coding.RATE] = (float) (rate / n);
    event[at + Coding.SUPPORT] = (float) (support / n);
  }

  private static float above(double hits, double of, double base, double pseudo) {
    double rate = (hits + pseudo * base) / (of + pseudo);
    return (float) (Math.log(rate / (1 - rate)) - Math.log(base / (1 - base)));
  }

  /// Returns the counts as tensors, for the model file.
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("items", Tensor.vector(joined(new float[][] {touched, carted, ordered})));
    tensors.put("sessions", Tensor.vector(joined(sessions)));
    tensors.put("buyers", Tensor.vector(joined(buyers)));
    if (sides.length > 0) {
      tensors.put("crossed", Tensor.vector(joined(crossed)));
      tensors.put("crossed_buyers", Tensor.vector(joined(crossedBuyers)));
    }
    // Counts of millions of sessions need more digits than a float has: high and low part.
    double[] totals = {all, buying, allTouched, allCarted, allOrdered};
    float[] parts = new float[2 * totals.length];
    for (int i = 0; i < totals.length; i++) {
      parts[2 * i] = (float) totals[i];
      parts[2 * i + 1] = (float) (totals[i] - parts[2 * i]);
    }
    tensors.put("totals", Tensor.vector(parts));
    return tensors;
  }

  /// Reads what [#tensors()] wrote.
  public static SignalCounts of(Schema schema, Map<String, Tensor> tensors) {
    float[] items = need(tensors.get("items"));
    SignalCounts counts = new SignalCounts(schema, items.length / 3);
    split(items, new float[][] {counts.touched, counts.carted, counts.ordered});
    split(need(tensors.get("sessions")), counts.sessions);
    split(need(tensors.get("buyers")), counts.buyers);
    if (counts.sides.length > 0) {
      split(need(tensors.get("crossed")), counts.crossed);
      split(need(tensors.get("crossed_buyers")), counts.crossedBuyers);
    }
    float[] totals = need(tensors.get("totals"));
    counts.all = (double) totals[0] + totals[1];
    counts.buying = (double) totals[2] + totals[3];
    counts.allTouched = (double) totals[4] + totals[5];
    counts.allCarted = (double) totals[6] + totals[7];
    counts.allOrdered = (double) totals[8] + totals[9];
    return counts;
  }

  private static float[] joined(float[][] parts) {
    int n = Arrays.stream(parts).mapToInt(p -> p.length).sum();
    float[] all = new float[n];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static void split(float[] all, float[][] parts) {
    int total = Arrays.stream(parts).mapToInt(p -> p.length).sum();
    if (total != all.length) {
      throw new IllegalArgumentException(all.length + " counts of signals instead of " + total);
    }
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(all, at, part, 0, part.length);
      at += part.length;
    }
  }

  private static float[] need(@Nullable Tensor tensor) {
    if (tensor == null) {
      throw new IllegalArgumentException("counts of signals are missing");
    }
    return tensor.data();
  }
}
