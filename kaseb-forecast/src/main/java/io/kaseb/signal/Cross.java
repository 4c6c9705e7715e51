package io.kaseb.signal;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A pair of what an event is: its action (`last`) or the value of an attribute of categories,
/// beside another. Each pair of values has a buy rate of its own ([SignalCounts]).
///
/// @param one `last` or an attribute's name
/// @param other the same, and not the first one again
public record Cross(String one, String other) {
  /// The side that is the event's action.
  public static final String ACTION = "last";

  private static final Pattern FORM = Pattern.compile("cross\\(([\\w.-]+) x ([\\w.-]+)\\)");

  /// Checks that the sides differ.
  public Cross {
    if (one.equals(other)) {
      throw new IllegalArgumentException("cross(" + one + " x " + other + ") has one side only");
    }
  }

  /// Returns whether a feature's name is that of a cross.
  static boolean is(String name) {
    return name.startsWith("cross(");
  }

  /// Reads a name such as `cross(device x last)`.
  static Cross parse(String name) {
    Matcher matcher = FORM.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(name + ": must be as in cross(device x last)");
    }
    return new Cross(matcher.group(1), matcher.group(2));
  }

  /// Returns its name, as [#parse] reads it.
  @Override
  public String toString() {
    return "cross(" + one + " x " + other + ")";
  }

  /// How a schema's events have a cross's sides.
  ///
  /// @param one place of the attribute, -1 for the action
  /// @param other the same
  /// @param width how many values the second side has
  /// @param slots pairs of values
  record Sides(int one, int other, int width, int slots) {
    /// Returns the sides among attributes.
    static Sides of(Cross cross, List<String> actions, List<Coding> attributes) {
      int one = side(cross, cross.one, actions, attributes);
      int other = side(cross, cross.other, actions, attributes);
      int width = values(other, actions, attributes);
      return new Sides(one, other, width, values(one, actions, attributes) * width);
    }

    private static int side(
        Cross cross, String side, List<String> actions, List<Coding> attributes) {
      if (side.equals(ACTION) && !actions.isEmpty()) {
        return -1;
      }
      for (int a = 0; a < attributes.size(); a++) {
        if (attributes.get(a).attribute().name().equals(side)
            && attributes.get(a).codes() == 1
            && !side.equals(ACTION)) {
          return a;
        }
      }
      throw new IllegalArgumentException(
          cross + ": " + side + " is no action and no attribute of categories");
    }

    private static int values(int side, List<String> actions, List<Coding> attributes) {
      return side < 0 ? actions.size() + 1 : attributes.get(side).embeddings();
    }

    /// Returns the pair that an event has.
    int slot(Schema schema, float[] event, int at) {
      return value(one, schema, event, at) * width + value(other, schema, event, at);
    }

    private static int value(int side, Schema schema, float[] event, int at) {
      if (side < 0) {
        return schema.action(event, at) + 1;
      }
      Coding coding = schema.attributes().get(side);
      return coding.embedding((int) event[at + schema.at(side) + coding.codesAt()]);
    }
  }
}
