package io.kaseb.newitem;

import io.kaseb.event.Attribute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An attribute of items as its values are numbered: words by their place in a list, numbers by the
/// step that they fall on.
public final class AttributeField {
  private final String name;
  private final Attribute.Kind kind;
  private final List<String> words;
  private final float[] edges;
  private final Map<String, Integer> numbers = new HashMap<>();

  /// Creates a field.
  ///
  /// @param name the attribute's
  /// @param kind numbers, categories or words
  /// @param words the values of a category, or the words of texts; none for numbers
  /// @param edges of numbers: where a next step begins, ascending; none for others
  public AttributeField(String name, Attribute.Kind kind, List<String> words, float[] edges) {
    this.name = name;
    this.kind = kind;
    this.words = List.copyOf(words);
    this.edges = edges.clone();
    for (int w = 0; w < words.size(); w++) {
      numbers.put(words.get(w), w);
    }
  }

  /// {@return the attribute's name}
  public String name() {
    return name;
  }

  /// {@return what its values are}
  public Attribute.Kind kind() {
    return kind;
  }

  /// {@return the words that are known, by number}
  public List<String> words() {
    return words;
  }

  /// {@return where the steps of numbers begin}
  public float[] edges() {
    return edges.clone();
  }

  /// {@return how many values are told apart}
  public int size() {
    return kind == Attribute.Kind.NUMBER ? edges.length + 1 : words.size();
  }

  /// {@return the step of a number, from 0}
  ///
  /// @param value in the attribute's own unit
  public int step(float value) {
    int step = 0;
    while (step < edges.length && value >= edges[step]) {
      step++;
    }
    return step;
  }

  /// {@return the numbers of a value: none where it is missing or unknown}
  ///
  /// @param value a number, or text; null where it is missing
  public int[] values(@Nullable Object value) {
    return switch (value) {
      case null -> new int[0];
      case Number number when kind == Attribute.Kind.NUMBER ->
          Double.isNaN(number.doubleValue()) ? new int[0] : new int[] {step(number.floatValue())};
      case Object other when kind == Attribute.Kind.NUMBER -> ofText(other.toString());
      case Object other when kind == Attribute.Kind.CATEGORY -> known(List.of(other.toString()));
      default -> known(Attribute.words(value.toString()));
    };
  }

  private int[] ofText(String text) {
    try {
      return values((Number) Float.parseFloat(text));
    } catch (NumberFormatException e) {
      return new int[0];
    }
  }

  private int[] known(List<String> texts) {
    return texts.stream().filter(numbers::containsKey).mapToInt(numbers::get).toArray();
  }

  /// {@return a word's number, -1 for one that is not known}
  ///
  /// @param word of a category or of a text
  public int number(String word) {
    return numbers.getOrDefault(word, -1);
  }
}
