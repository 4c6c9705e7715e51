package io.kaseb.cli.option;

import io.kaseb.base.KasebException;
import io.kaseb.store.ExperimentFile;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a duration as people write it: `250ms`, `30s`, `20m`, `12h`, `2d`; seconds without a unit.
public final class DurationText implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    boolean isMillis = text.endsWith("ms");
    double seconds = -1;
    try {
      seconds =
          isMillis
              ? ExperimentFile.seconds("", text.substring(0, text.length() - 2)) / 1000
              : ExperimentFile.seconds("", text);
    } catch (KasebException e) {
      // Told below, with what is allowed.
    }
    if (!(seconds >= 0 && seconds <= 1e9)) {
      throw new TypeConversionException(
          "'" + text + "' is no duration; must be as in 250ms, 30s, 20m, 12h");
    }
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  /// Returns a duration in seconds, or null for none.
  public static @Nullable Double seconds(@Nullable Duration duration) {
    return duration == null ? null : duration.toNanos() / 1e9;
  }
}
