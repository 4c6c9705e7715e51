package io.kaseb.event;

import io.kaseb.base.KasebException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Something that a log knows of events, sessions, users or items besides what Kaseb reads anyway.
/// A missing value is a value of its own.
///
/// @param name as users know it: letters, digits, `_`
/// @param kind what its values are
/// @param level what has it
public record Attribute(String name, Kind kind, Level level) {
  private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final Pattern FORM = Pattern.compile("([\\w.-]+):(\\w+)@(\\w+)");

  /// What values are.
  public enum Kind {
    /// One of some words; rare ones share a number.
    CATEGORY,
    /// A number of any scale.
    NUMBER,
    /// A text of several words, in any order.
    WORDS
  }

  /// What has an attribute.
  public enum Level {
    /// Each event has its own.
    EVENT,
    /// A session has one: that of its first event that has any.
    SESSION,
    /// A user has one at a time: as for a session.
    USER,
    /// An item has one: that of an item table, else of the item's latest event that has any.
    ITEM
  }

  /// Checks the name.
  public Attribute {
    if (!name.matches("[\\w.-]{1,64}")) {
      throw KasebException.ofSetting(
          "attributes", name, "a name of 1 to 64 letters, digits and . _ -");
    }
  }

  /// Reads a list such as `device:category@session,price:number@event`.
  ///
  /// @param text parts `NAME:KIND@LEVEL` apart by commas
  /// @return the attributes in that order
  public static List<Attribute> parse(String text) {
    List<Attribute> attributes = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String part : text.split(",", -1)) {
      Matcher matcher = FORM.matcher(part.strip());
      if (!matcher.matches()) {
        throw KasebException.ofSetting(
            "attributes", part, "NAME:KIND@LEVEL, such as device:category@session");
      }
      Attribute attribute =
          new Attribute(
              matcher.group(1),
              one(Kind.values(), "kind", part, matcher.group(2)),
              one(Level.values(), "level", part, matcher.group(3)));
      if (!names.add(attribute.name())) {
        throw KasebException.ofSetting("attributes", part, "each name once");
      }
      attributes.add(attribute);
    }
    return attributes;
  }

  private static <E extends Enum<E>> E one(E[] all, String what, String part, String word) {
    return Arrays.stream(all)
        .filter(e -> e.name().equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(
            () ->
                KasebException.ofSetting(
                    "attributes",
                    part,
                    "a " + what + " among " + Arrays.toString(all).toLowerCase(Locale.ROOT)));
  }

  /// {@return the words of a text: lower case, apart at everything that is no letter or digit}
  ///
  /// @param text any
  public static List<String> words(String text) {
    return Arrays.stream(NO_LETTERS.split(text.toLowerCase(Locale.ROOT)))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /// Returns it as [#parse] reads it.
  @Override
  public String toString() {
    return name
        + ":"
        + kind.name().toLowerCase(Locale.ROOT)
        + "@"
        + level.name().toLowerCase(Locale.ROOT);
  }
}
