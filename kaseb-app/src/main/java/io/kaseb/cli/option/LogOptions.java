package io.kaseb.cli.option;

import io.kaseb.logfile.ActionWords;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.LogColumns;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a log is read, for the commands that read one as `kaseb prepare` does.
public final class LogOptions {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "yoochoose",
      description = "As in kaseb prepare. Default: ${DEFAULT-VALUE}.")
  private String format;

  @Option(
      names = "--columns",
      paramLabel = "ROLE=COLUMN,...",
      description = "As in kaseb prepare, for csv, parquet and jsonl.")
  private @Nullable String columns;

  @Option(
      names = "--actions",
      paramLabel = "ACTION=WORD|WORD,...",
      description = "As in kaseb prepare.")
  private @Nullable String actions;

  @Option(
      names = "--attributes",
      paramLabel = "[NAME=]COLUMN:KIND@LEVEL,...",
      description = "As in kaseb prepare.")
  private @Nullable String attributes;

  @Option(
      names = "--max-bad-rows",
      paramLabel = "SHARE",
      defaultValue = "0.001",
      description = "Tolerated share of bad rows. Default: ${DEFAULT-VALUE}.")
  private double maxBadRows;

  /// Returns the format of the log.
  public Format format() {
    return format(format, columns, actions, attributes);
  }

  /// Returns the tolerated share of bad rows, 0..1.
  public double maxBadRows() {
    return maxBadRows;
  }

  /// Returns a named format, with its columns, actions and attributes where they are given.
  public static Format format(
      String name,
      @Nullable String columns,
      @Nullable String actions,
      @Nullable String attributes) {
    Format named = Format.of(name);
    Format read = columns == null ? named : named.with(LogColumns.parse(columns));
    Format acting = actions == null ? read : read.withActions(ActionWords.parse(actions));
    return attributes == null ? acting : acting.withAttributes(LogAttribute.parse(attributes));
  }
}
