package io.kaseb.signal;

import io.kaseb.event.Attribute;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How an attribute's values become numbers: a vocabulary for categories and words, a scale for
/// numbers, both learned from the training period.
///
/// A value's floats are, of a number, its scaled value and whether it is missing (1); of a category
/// or of words the rate and the support ([SignalCounts]), then the codes, -1 where there is none.
public final class Coding {
  /// Words of a value that are read at most.
  public static final int MOST_WORDS = 8;

  /// Floats of the embedding that a network has for a category or a word.
  public static final int EMBEDDING = 4;

  /// Values with an embedding of their own at most; the others share the last one's.
  private static final int MOST_EMBEDDED = 64;

  /// The name of what rare values share, and of what training never saw, where there are rare ones.
  private static final String OTHER = "other";

  /// Scaled numbers end here: a single huge one moves nothing.
  private static final float FARTHEST = 6;

  static final int RATE = 0;
  static final int SUPPORT = 1;
  private static final int CODES = 2;

  private final Attribute attribute;
  private final List<String> names;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final float centre;
  private final float spread;

  /// Creates a coding.
  ///
  /// @param names the words of a category or of texts, the most frequent first; none for numbers
  /// @param centre of a number, the median of log(1 + |x|) with x's sign
  /// @param spread of a number, the distance between the quartiles of the same
  public Coding(Attribute attribute, List<String> names, float centre, float spread) {
    if (!Float.isFinite(centre) || !(spread > 0) || !Float.isFinite(spread)) {
      throw new IllegalArgumentException(
          attribute + " has the centre " + centre + " and the spread " + spread);
    }
    this.attribute = attribute;
    this.names = List.copyOf(names);
    this.centre = centre;
    this.spread = spread;
    for (int n = 0; n < names.size(); n++) {
      numbers.put(names.get(n), n);
    }
  }

  /// Creates the coding of numbers: median and quartiles of those that are there.
  public static Coding ofNumbers(Attribute attribute, float[] values) {
    float[] logs = new float[values.length];
    int n = 0;
    for (float value : values) {
      if (Float.isFinite(value)) {
        logs[n++] = log(value);
      }
    }
    Arrays.sort(logs, 0, n);
    float centre = n == 0 ? 0 : logs[n / 2];
    float middle = n == 0 ? 0 : logs[3 * n / 4] - logs[n / 4];
    float whole = n == 0 ? 0 : logs[n - 1] - logs[0];
    float spread = middle > 1e-6 ? middle : whole > 1e-6 ? whole : 1;
    return new Coding(attribute, List.of(), centre, spread);
  }

  /// Creates the coding of categories or words.
  public static Coding ofNames(Attribute attribute, List<String> names) {
    return new Coding(attribute, names, 0, 1);
  }

  /// Returns whose values it codes.
  public Attribute attribute() {
    return attribute;
  }

  /// Returns the vocabulary.
  public List<String> names() {
    return names;
  }

  /// Returns the centre of numbers.
  float centre() {
    return centre;
  }

  /// Returns the spread of numbers.
  float spread() {
    return spread;
  }

  /// Returns whether its values are numbers.
  public boolean isNumber() {
    return attribute.kind() == Attribute.Kind.NUMBER;
  }

  /// Returns whether a session has one value.
  public boolean isConstant() {
    return attribute.level() == Attribute.Level.SESSION
        || attribute.level() == Attribute.Level.USER;
  }

  /// Returns how many floats a value has.
  int floats() {
    return isNumber() ? 2 : CODES + codes();
  }

  /// Returns how many codes a value has.
  public int codes() {
    return switch (attribute.kind()) {
      case NUMBER -> 0;
      case CATEGORY -> 1;
      case WORDS -> MOST_WORDS;
    };
  }

  /// Returns where a value's codes begin among its floats.
  public int codesAt() {
    return CODES;
  }

  /// Returns how many rows the table of embeddings has; the last is that of a missing value.
  public int embeddings() {
    return isNumber() ? 0 : Math.min(names.size(), MOST_EMBEDDED) + 1;
  }

  /// Returns the row of a code in the table of embeddings.
  public int embedding(int code) {
    return code < 0 ? embeddings() - 1 : Math.min(code, embeddings() - 2);
  }

  /// Returns the number of a word, -1 for one that training did not see.
  public int code(String word) {
    Integer number = numbers.get(word);
    return number != null ? number : numbers.getOrDefault(OTHER, -1);
  }

  /// Writes a missing value.
  public void missing(float[] out, int at) {
    if (isNumber()) {
      out[at] = 0;
      out[at + 1] = 1;
    } else {
      Arrays.fill(out, at, at + floats(), -1);
      out[at + RATE] = 0;
      out[at + SUPPORT] = 0;
    }
  }

  /// Writes a number; one that is none is missing.
  public void number(double value, float[] out, int at) {
    missing(out, at);
    if (Double.isFinite(value)) {
      out[at] = Math.clamp((log(value) - centre) / spread, -FARTHEST, FARTHEST);
      out[at + 1] = 0;
    }
  }

  /// Writes the codes `from` (inclusive) to `to` (exclusive) of an array, as far as they fit.
  public void codes(int[] codes, int from, int to, float[] out, int at) {
    missing(out, at);
    int n = 0;
    for (int i = from; i < to && n < codes(); i++) {
      if (codes[i] >= 0) {
        out[at + CODES + n++] = codes[i];
      }
    }
  }

  /// Writes a value as a program gives it: a number or text. What cannot be read is missing.
  public void value(@Nullable Object value, float[] out, int at) {
    missing(out, at);
    if (value == null) {
      return;
    }
    switch (attribute.kind()) {
      case NUMBER -> number(number(value), out, at);
      case CATEGORY -> codes(new int[] {code(value.toString())}, 0, 1, out, at);
      case WORDS -> {
        int[] found =
            Attribute.words(value.toString()).stream()
                .mapToInt(word -> numbers.getOrDefault(word, -1))
                .toArray();
        codes(found, 0, found.length, out, at);
      }
    }
  }

  private static double number(Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    try {
      return Double.parseDouble(value.toString());
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /// Returns the number behind a scaled one.
  double unscaled(float value) {
    double log = value * spread + centre;
    return Math.signum(log) * Math.expm1(Math.abs(log));
  }

  private static float log(double value) {
    return (float) (Math.signum(value) * Math.log1p(Math.abs(value)));
  }
}
