package io.kaseb.logfile;

import io.kaseb.base.KasebException;
import io.kaseb.event.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An attribute and the column of a log, or of an item table, that holds it.
///
/// @param attribute its name, kind and level
/// @param column the column's name; nested fields of JSON as `device.type`
/// @param isNeeded whether a log without the column is an error; else all its values are missing
public record LogAttribute(Attribute attribute, String column, boolean isNeeded) {
  private static final Pattern FORM =
      Pattern.compile("(?:([\\w.-]+)=)?([^=]+?)(:\\w+@\\w+)", Pattern.UNICODE_CHARACTER_CLASS);

  /// Reads a list such as `device:category@session,price=unit price:number@event`: a column's name,
  /// with another name before it where that is wanted, its kind and its level.
  public static List<LogAttribute> parse(String text) {
    List<String> plain = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher matcher = FORM.matcher(part.strip());
      if (!matcher.matches()) {
        throw KasebException.ofSetting(
            "attributes",
            part,
            "NAME:KIND@LEVEL or NAME=COLUMN:KIND@LEVEL, such as device:category@session");
      }
      String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
      if (!name.matches("[\\w.-]{1,64}")) {
        throw KasebException.ofSetting(
            "attributes", part, "a name of letters and digits before it, as in price=" + part);
      }
      plain.add(name + matcher.group(3));
      columns.add(matcher.group(2).strip());
    }
    List<LogAttribute> attributes = new ArrayList<>();
    for (Attribute attribute : Attribute.parse(String.join(",", plain))) {
      attributes.add(new LogAttribute(attribute, columns.get(attributes.size()), true));
    }
    return attributes;
  }

  /// Returns attributes as a log may have them, in columns of their names.
  public static List<LogAttribute> named(List<Attribute> attributes) {
    return attributes.stream().map(one -> new LogAttribute(one, one.name(), false)).toList();
  }

  /// Returns the same attributes, none of which a log needs to have.
  public static List<LogAttribute> optional(List<LogAttribute> attributes) {
    return attributes.stream()
        .map(one -> new LogAttribute(one.attribute(), one.column(), false))
        .toList();
  }

  /// Returns whether its values are numbers.
  boolean isNumber() {
    return attribute.kind() == Attribute.Kind.NUMBER;
  }
}
