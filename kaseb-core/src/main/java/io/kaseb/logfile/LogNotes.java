package io.kaseb.logfile;

import io.kaseb.base.KasebException;
import io.kaseb.duckdb.DuckDatabase;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a user should know of a log's days and sessions before trusting a dataset made of it.
///
/// @param firstDay UTC day of the earliest click, or null where the log has no times
/// @param lastDay UTC day of the latest click, or null where the log has no times
/// @param warnings what looks wrong, each as a sentence
public record LogNotes(
    @Nullable LocalDate firstDay, @Nullable LocalDate lastDay, List<String> warnings) {
  private static final long DAY = 86_400_000L;

  /// A gap between session starts that sets a few of them apart, in days.
  private static final int FAR = 30;

  /// Looks at numbered tables.
  ///
  /// @param timed whether the log has times
  /// @param stray events of other actions in sessions without clicks
  public static LogNotes of(DuckDatabase database, boolean timed, long stray) {
    List<String> warnings = new ArrayList<>();
    if (stray > 0) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "%,d events lie in sessions that view no item; they are left out",
              stray));
    }
    long shared =
        database.number(
            """
            SELECT count(*) FROM (SELECT id FROM session_ids WHERE part = 0
              INTERSECT SELECT id FROM session_ids WHERE part = 1)""");
    if (shared > 0) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "%,d sessions of the test are sessions of the training clicks too: what is measured"
                  + " on them was learned from",
              shared));
    }
    if (!timed) {
      return new LogNotes(null, null, warnings);
    }
    long[] span = database.numbers("SELECT min(time), max(time) FROM events");
    LocalDate first = day(span[0]);
    LocalDate last = day(span[1]);
    if (first.getYear() == 1970) {
      warnings.add(
          "the first clicks are of 1970. Numbers are seconds and more since then, so that 20240301 is"
              + " in August 1970: write such days as 2024-03-01. Where times count from the session's"
              + " start, give "
              + KasebException.setting("times", "relative"));
    }
    stray(database, warnings);
    return new LogNotes(first, last, warnings);
  }

  private static LocalDate day(long time) {
    return Instant.ofEpochMilli(time).atOffset(ZoneOffset.UTC).toLocalDate();
  }

  /// Warns of a few sessions whose begin or end a gap of a month and more sets apart from all
  /// others.
  private static void stray(DuckDatabase database, List<String> warnings) {
    stray(database, 1, "min(time)", warnings);
    stray(database, -1, "-max(time)", warnings);
  }

  /// Looks at the lowest of the sessions' places in time.
  ///
  /// @param sign what turns a place back into a time
  private static void stray(DuckDatabase database, int sign, String place, List<String> warnings) {
    long[] found =
        database.numbers(
            """
            WITH places AS (SELECT %2$s AS t FROM events GROUP BY session),
              gaps AS (SELECT t, lag(t) OVER (ORDER BY t) AS before,
                row_number() OVER (ORDER BY t) - 1 AS earlier, count(*) OVER () AS n,
                max(t) OVER () AS highest FROM places)
            SELECT coalesce(max(earlier), 0), coalesce(max(%3$s), 0), coalesce(max(n), 0)
            FROM gaps WHERE t - before > %1$d AND earlier * 2 <= n
              AND earlier <= greatest(1, n / 100) AND t - before > 3 * (highest - t)"""
                .formatted(FAR * DAY, place, sign > 0 ? "t" : "-before"));
    if (found[0] > 0 && found[2] > 2) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "%,d of %,d sessions stand far from all others (a gap up to %s): a wrong clock? They"
                  + " move the border of splits by day",
              found[0],
              found[2],
              day(found[1])));
    }
  }
}
