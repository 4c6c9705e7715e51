package io.kaseb.cli.option;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks an option that names a file to write: whether it can be written is looked at before the
/// command begins.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER})
public @interface OutputFile {
  /// Returns what the command writes there.
  Kind value();

  /// What commands write. A file that is there is written anew, unless it is plainly of another
  /// kind.
  enum Kind {
    /// A model; what may be replaced, the command itself says.
    MODEL,
    /// Figures as JSON.
    JSON,
    /// A web page.
    PAGE,
    /// Answers or a table of text.
    TEXT,
    /// A table, of text or Parquet.
    TABLE,
    /// A model for another runtime, or a smaller one.
    WEIGHTS
  }
}
