package io.kaseb.spark;

import io.kaseb.logfile.ActionWords;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.LogColumns;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a log is read, in words that travel to the machines of a cluster.
///
/// @param format the format's name
/// @param columns its columns, `ROLE=COLUMN,...`; null for the format's own
/// @param actions what its event types stand for, `ACTION=WORD|WORD,...`; null for the usual words
/// @param attributes what else is read, `[NAME=]COLUMN:KIND@LEVEL,...`; empty for nothing, null for
///   the format's own
/// @param mayLack whether the log may lack the columns of `attributes`
/// @param own more actions that stand for themselves
/// @param missing words that stand for no value
public record LogSpec(
    String format,
    @Nullable String columns,
    @Nullable String actions,
    @Nullable String attributes,
    boolean mayLack,
    List<String> own,
    List<String> missing)
    implements Serializable {
  /// Copies the lists into ones that can be sent.
  public LogSpec {
    own = List.copyOf(own);
    missing = List.copyOf(missing);
  }

  /// Returns a log in a format's own columns and the usual words.
  public static LogSpec of(String format) {
    return new LogSpec(format, null, null, null, false, List.of(), Format.MISSING);
  }

  /// Returns this log in named columns, `ROLE=COLUMN,...`.
  public LogSpec withColumns(@Nullable String named) {
    return new LogSpec(format, named, actions, attributes, mayLack, own, missing);
  }

  /// Returns this log with what its event types stand for, `ACTION=WORD|WORD,...`.
  public LogSpec withActions(@Nullable String words) {
    return new LogSpec(format, columns, words, attributes, mayLack, own, missing);
  }

  /// Returns this log with attributes, `[NAME=]COLUMN:KIND@LEVEL,...`.
  public LogSpec withAttributes(@Nullable String named) {
    return new LogSpec(format, columns, actions, named, false, own, missing);
  }

  /// Returns this log with other words for no value.
  public LogSpec withMissing(List<String> words) {
    return new LogSpec(format, columns, actions, attributes, mayLack, own, words);
  }

  /// Returns this log with a model's own actions.
  LogSpec withOwn(List<String> more) {
    return new LogSpec(format, columns, actions, attributes, mayLack, more, missing);
  }

  /// Returns this log with attributes in columns of their names, where it has such columns.
  LogSpec withNamed(List<String> named) {
    return new LogSpec(format, columns, actions, String.join(",", named), true, own, missing);
  }

  /// Returns the format.
  Format read() {
    Format named = Format.of(format);
    Format read = columns == null ? named : named.with(LogColumns.parse(columns));
    ActionWords words = actions == null ? read.actions() : ActionWords.parse(actions);
    Format acting = read.withActions(words.with(own)).withMissing(missing);
    if (attributes == null) {
      return acting;
    }
    List<LogAttribute> all = attributes.isEmpty() ? List.of() : LogAttribute.parse(attributes);
    return acting.withAttributes(mayLack ? LogAttribute.optional(all) : all);
  }
}
