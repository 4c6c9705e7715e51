package io.kaseb.config;

import io.kaseb.base.Nearest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What the value of a configuration key may be.
///
/// @param <T> the value's Java type
public sealed interface KeyType<T> {
  /// Digits before or behind the point that a number may be written with.
  int MOST_DIGITS = 400;

  /// Reads a value as users write it; its range is not checked.
  ///
  /// @throws IllegalArgumentException where the text is of another form; its message says what is
  ///   allowed, as in `a whole number, 1..65536`
  T parse(String text);

  /// Returns whether a value lies in the range.
  boolean allows(T value);

  /// Says what is allowed, as in `1..65536`.
  String range();

  /// Returns a value as files have it.
  JsonNode json(T value);

  /// Returns a value as users write it.
  default String text(T value) {
    return json(value).asString();
  }

  /// Returns whether files leave a value out: those written before its key was there lack it too.
  default boolean isLeftOut(T value) {
    return false;
  }

  /// Returns the text of a constant in files and on command lines, as in `bpr-max`.
  static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String orList(Collection<String> names) {
    List<String> all = List.copyOf(names);
    return all.size() == 1
        ? all.getFirst()
        : String.join(", ", all.subList(0, all.size() - 1)) + " or " + all.getLast();
  }

  private static String number(double x) {
    return Double.isFinite(x)
        ? new BigDecimal(Float.toString((float) x)).stripTrailingZeros().toPlainString()
        : Double.toString(x);
  }

  /// Reads a whole number; one that is written with a fraction of nothing, as in `1.0`, is one too.
  private static BigInteger whole(String text) {
    BigDecimal number = new BigDecimal(text);
    if (Math.abs((long) number.scale()) > MOST_DIGITS) {
      // To write it out would take more memory than there is.
      throw new ArithmeticException(text);
    }
    return number.toBigIntegerExact();
  }

  /// A whole number.
  ///
  /// @param low smallest
  /// @param high largest
  record Whole(int low, int high) implements KeyType<Integer> {
    @Override
    public Integer parse(String text) {
      try {
        return whole(text).intValueExact();
      } catch (ArithmeticException | NumberFormatException e) {
        throw new IllegalArgumentException("a whole number, " + range(), e);
      }
    }

    @Override
    public boolean allows(Integer value) {
      return value >= low && value <= high;
    }

    @Override
    public String range() {
      return low + ".." + high;
    }

    @Override
    public JsonNode json(Integer value) {
      return JsonNodeFactory.instance.numberNode(value.intValue());
    }
  }

  /// Any whole number of 64 bits.
  record AnyWhole() implements KeyType<Long> {
    @Override
    public Long parse(String text) {
      try {
        return whole(text).longValueExact();
      } catch (ArithmeticException | NumberFormatException e) {
        throw new IllegalArgumentException("a whole number", e);
      }
    }

    @Override
    public boolean allows(Long value) {
      return true;
    }

    @Override
    public String range() {
      return "any whole number";
    }

    @Override
    public JsonNode json(Long value) {
      return JsonNodeFactory.instance.numberNode(value.longValue());
    }
  }

  /// The range of a number with a fraction.
  ///
  /// @param low smallest, or what it must be above where `lowOpen`
  /// @param high largest, or what it must be below where `highOpen`
  /// @param others values outside that are allowed too
  record Bounds(float low, float high, boolean lowOpen, boolean highOpen, List<Float> others) {
    /// Copies the list.
    public Bounds {
      others = List.copyOf(others);
    }

    boolean allow(double value) {
      boolean inside =
          (lowOpen ? value > low : value >= low) && (highOpen ? value < high : value <= high);
      return inside || others.contains((float) value);
    }

    String text() {
      if (lowOpen) {
        return "above " + number(low) + ", up to " + number(high);
      }
      if (highOpen) {
        return number(low) + " or more and below " + number(high);
      }
      List<String> all = new ArrayList<>(List.of(number(low) + ".." + number(high)));
      others.forEach(x -> all.add(number(x)));
      return orList(all);
    }
  }

  /// A number of 32 bits.
  record Decimal(Bounds bounds) implements KeyType<Float> {
    /// Returns the type of numbers from `low` to `high`, both included.
    public static Decimal of(double low, double high, Float... others) {
      return new Decimal(
          new Bounds((float) low, (float) high, false, false, Arrays.asList(others)));
    }

    /// Returns the type of numbers above 0, up to `high`.
    public static Decimal aboveZero(double high) {
      return new Decimal(new Bounds(0, (float) high, true, false, List.of()));
    }

    /// Returns the type of numbers from 0 to below 1.
    public static Decimal belowOne() {
      return new Decimal(new Bounds(0, 1, false, true, List.of()));
    }

    @Override
    public Float parse(String text) {
      try {
        return Float.valueOf(text);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("a number, " + range(), e);
      }
    }

    @Override
    public boolean allows(Float value) {
      return bounds.allow(value);
    }

    @Override
    public String range() {
      return bounds.text();
    }

    @Override
    public JsonNode json(Float value) {
      return JsonNodeFactory.instance.numberNode(value.floatValue());
    }

    @Override
    public String text(Float value) {
      return number(value);
    }
  }

  /// A number of 64 bits.
  record LongDecimal(Bounds bounds, boolean isOffAtZero) implements KeyType<Double> {
    /// Returns the type of numbers from `low` to `high`, both included.
    public static LongDecimal of(double low, double high) {
      return new LongDecimal(new Bounds((float) low, (float) high, false, false, List.of()), false);
    }

    /// Returns the type of numbers from 0 to `high`, of which files leave 0 out.
    public static LongDecimal offAtZero(double high) {
      return new LongDecimal(new Bounds(0, (float) high, false, false, List.of()), true);
    }

    @Override
    public boolean isLeftOut(Double value) {
      return isOffAtZero && value == 0;
    }

    @Override
    public Double parse(String text) {
      try {
        return Double.valueOf(text);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("a number, " + range(), e);
      }
    }

    @Override
    public boolean allows(Double value) {
      return bounds.allow(value);
    }

    @Override
    public String range() {
      return bounds.text();
    }

    @Override
    public JsonNode json(Double value) {
      return JsonNodeFactory.instance.numberNode(value.doubleValue());
    }

    @Override
    public String text(Double value) {
      return number(value);
    }
  }

  /// True or false.
  ///
  /// @param isTrueLeftOut whether files leave true out
  record Truth(boolean isTrueLeftOut) implements KeyType<Boolean> {
    /// Creates a type whose values files always have.
    public Truth() {
      this(false);
    }

    @Override
    public boolean isLeftOut(Boolean value) {
      return isTrueLeftOut && value;
    }

    @Override
    public Boolean parse(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true", "1", "yes" -> true;
        case "false", "0", "no" -> false;
        default -> throw new IllegalArgumentException(range());
      };
    }

    @Override
    public boolean allows(Boolean value) {
      return true;
    }

    @Override
    public String range() {
      return "true or false";
    }

    @Override
    public JsonNode json(Boolean value) {
      return JsonNodeFactory.instance.booleanNode(value);
    }
  }

  /// One constant of an enum.
  ///
  /// @param constants by their texts, in the order in which messages name them
  /// @param spellings further texts that are understood
  record OneOf<E extends Enum<E>>(Map<String, E> constants, Map<String, E> spellings)
      implements KeyType<E> {
    /// Returns the type of all constants of an enum.
    public static <E extends Enum<E>> OneOf<E> of(Class<E> type) {
      Map<String, E> constants = new LinkedHashMap<>();
      for (E constant : type.getEnumConstants()) {
        constants.put(KeyType.text(constant), constant);
      }
      return new OneOf<>(Collections.unmodifiableMap(constants), Map.of());
    }

    /// Returns the same, with further texts that are understood.
    public OneOf<E> spelled(Map<String, E> further) {
      return new OneOf<>(constants, Map.copyOf(further));
    }

    @Override
    public E parse(String text) {
      String name = text.toLowerCase(Locale.ROOT).replace('_', '-');
      E constant = constants.getOrDefault(name, spellings.get(name));
      if (constant == null) {
        throw new IllegalArgumentException(range());
      }
      return constant;
    }

    @Override
    public boolean allows(E value) {
      return true;
    }

    @Override
    public String range() {
      return orList(constants.keySet());
    }

    @Override
    public JsonNode json(E value) {
      return JsonNodeFactory.instance.stringNode(KeyType.text(value));
    }
  }

  /// Any number of constants of an enum, apart by commas.
  record Several<E extends Enum<E>>(Class<E> type) implements KeyType<Set<E>> {
    @Override
    public Set<E> parse(String text) {
      Set<E> found = EnumSet.noneOf(type);
      for (String part : text.replaceAll("[\\[\\]\\s\"]", "").split(",")) {
        if (!part.isEmpty()) {
          found.add(one(part));
        }
      }
      return Collections.unmodifiableSet(found);
    }

    private E one(String part) {
      for (E constant : type.getEnumConstants()) {
        if (KeyType.text(constant).equals(part.toLowerCase(Locale.ROOT))) {
          return constant;
        }
      }
      throw new IllegalArgumentException(
          range() + "; " + part + " is none, the nearest is " + Nearest.of(part, names()));
    }

    private List<String> names() {
      return Arrays.stream(type.getEnumConstants()).map(KeyType::text).toList();
    }

    @Override
    public boolean allows(Set<E> value) {
      return true;
    }

    @Override
    public String range() {
      return "any of " + String.join(",", names()) + " apart by commas";
    }

    @Override
    public JsonNode json(Set<E> value) {
      List<String> texts = new ArrayList<>();
      for (E constant : type.getEnumConstants()) {
        if (value.contains(constant)) {
          texts.add(KeyType.text(constant));
        }
      }
      return JsonNodeFactory.instance.stringNode(String.join(",", texts));
    }
  }

  /// Any number of names, apart by commas; files leave out none at all.
  ///
  /// @param most how many
  /// @param range what is allowed, for messages
  record Names(int most, String range) implements KeyType<List<String>> {
    @Override
    public List<String> parse(String text) {
      return Arrays.stream(text.replaceAll("[\\[\\]\"]", "").split(","))
          .map(String::strip)
          .filter(name -> !name.isEmpty())
          .toList();
    }

    @Override
    public boolean allows(List<String> value) {
      return value.size() <= most && value.stream().distinct().count() == value.size();
    }

    @Override
    public boolean isLeftOut(List<String> value) {
      return value.isEmpty();
    }

    @Override
    public JsonNode json(List<String> value) {
      return JsonNodeFactory.instance.stringNode(String.join(",", value));
    }
  }

  /// Any text, such as the name of a file.
  ///
  /// @param range what is allowed, for messages
  record Text(String range) implements KeyType<String> {
    @Override
    public String parse(String text) {
      return text;
    }

    @Override
    public boolean allows(String value) {
      return true;
    }

    @Override
    public JsonNode json(String value) {
      return JsonNodeFactory.instance.stringNode(value);
    }
  }

  /// Several whole numbers, apart by commas or strokes.
  ///
  /// @param most how many, 1 at least
  /// @param low the smallest of each
  /// @param high the largest of each
  record Wholes(int most, int low, int high) implements KeyType<List<Integer>> {
    @Override
    public List<Integer> parse(String text) {
      String bare = text.replaceAll("[\\[\\]\\s]", "");
      try {
        return Arrays.stream(bare.split("[,/]")).map(n -> whole(n).intValueExact()).toList();
      } catch (ArithmeticException | NumberFormatException e) {
        throw new IllegalArgumentException("a whole number or several, " + range(), e);
      }
    }

    @Override
    public boolean allows(List<Integer> value) {
      return !value.isEmpty()
          && value.size() <= most
          && value.stream().allMatch(n -> n >= low && n <= high);
    }

    @Override
    public String range() {
      return "1.." + most + " numbers of " + low + ".." + high + ", as in 100 or [100,50]";
    }

    @Override
    public JsonNode json(List<Integer> value) {
      ArrayNode node = JsonNodeFactory.instance.arrayNode();
      value.forEach(n -> node.add(n.intValue()));
      return node;
    }

    @Override
    public String text(List<Integer> value) {
      return json(value).toString();
    }
  }

  /// A [FinalAct].
  record Activation() implements KeyType<FinalAct> {
    @Override
    public FinalAct parse(String text) {
      return FinalAct.of(text);
    }

    @Override
    public boolean allows(FinalAct value) {
      return true;
    }

    @Override
    public String range() {
      return FinalAct.ALLOWED;
    }

    @Override
    public JsonNode json(FinalAct value) {
      return JsonNodeFactory.instance.stringNode(value.text());
    }
  }
}
