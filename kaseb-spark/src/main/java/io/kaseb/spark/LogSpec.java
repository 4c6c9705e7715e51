package io.kaseb.spark;

import io.kaseb.logfile.ActionWords;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogColumns;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a log is read, in words that travel to the machines of a cluster.
///
/// @param format the format's name
/// @param columns its columns, `ROLE=COLUMN,...`; null for the format's own
/// @param actions what its event types stand for, `ACTION=WORD|WORD,...`; null for the usual words
/// @param own more actions that stand for themselves
/// @param missing words that stand for no value
public record LogSpec(
    String format,
    @Nullable String columns,
    @Nullable String actions,
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
    return new LogSpec(format, null, null, List.of(), Format.MISSING);
  }

  /// Returns this log with a model's own actions.
  LogSpec with(List<String> more) {
    return new LogSpec(format, columns, actions, more, missing);
  }

  /// Returns whether the log has users, or attributes that `kaseb prepare` would keep.
  boolean saysMore() {
    Format named = Format.of(format);
    Format read = columns == null ? named : named.with(LogColumns.parse(columns));
    return read.hasUsers() || !read.attributes().isEmpty();
  }

  /// Returns the format. Attributes and users are not among what a cluster reads.
  Format read() {
    Format named = Format.of(format);
    Format read = columns == null ? named : named.with(LogColumns.parse(columns));
    ActionWords words = actions == null ? read.actions() : ActionWords.parse(actions);
    return read.withActions(words.with(own)).withMissing(missing).withAttributes(List.of());
  }
}
