package io.kaseb.logfile;

import io.kaseb.base.KasebException;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The rows that could not be used: how many, and the first of them by file and line.
public final class BadRows {
  private static final int SHOWN = 5;

  private final List<String> first = new ArrayList<>();
  private long rows;
  private long bad;

  /// Notes how many rows a file had, good and bad.
  void add(long rowsOfFile, long badOfFile) {
    rows += rowsOfFile;
    bad += badOfFile;
  }

  /// Notes why a row is bad, as long as few are known.
  void show(String place, long line, String reason) {
    if (first.size() < SHOWN) {
      first.add("%s:%d: %s".formatted(place, line, reason));
    }
  }

  /// Returns the number of bad rows.
  public long count() {
    return bad;
  }

  /// Returns the first bad rows, each as `file:line: reason`.
  public List<String> first() {
    return List.copyOf(first);
  }

  /// Returns the first bad rows as the end of a message, or nothing where there are none.
  public String shown() {
    return first.isEmpty()
        ? ""
        : "; %,d of %,d rows are bad, the first:%n  %s"
            .formatted(bad, rows, String.join("\n  ", first));
  }

  /// Fails where the share of bad rows is above what is tolerated.
  public void check(double tolerated) {
    if (bad > tolerated * rows) {
      throw new KasebException(
          "%,d of %,d rows are bad (%.3g %%, tolerated are %.3g %%); mend them or raise %s. The first:%n  %s"
              .formatted(
                  bad,
                  rows,
                  100.0 * bad / rows,
                  100 * tolerated,
                  KasebException.setting("max_bad_rows"),
                  String.join("\n  ", first)));
    }
  }

  /// Finds the lines of rows that are known by their place among the rows that could be taken
  /// apart.
  ///
  /// @param places places from 0, and what is wrong there
  /// @param rejected lines that could not be taken apart, from 1
  /// @param hasHeader whether the first line is no row
  void locate(SourceFile file, Map<Long, String> places, Set<Long> rejected, boolean hasHeader) {
    try (BufferedReader lines = file.lines()) {
      long line = 0;
      long row = 0;
      for (String text;
          !places.isEmpty() && first.size() < SHOWN && (text = lines.readLine()) != null; ) {
        line++;
        if (text.isEmpty() || (hasHeader && line == 1) || rejected.contains(line)) {
          continue;
        }
        String reason = places.remove(row++);
        if (reason != null) {
          show(file.label(), line, reason);
        }
      }
    } catch (IOException e) {
      throw new KasebException(
          new KasebException.Problem(
              file.label(), "cannot be read (%s)".formatted(e.getMessage()), null, null),
          e);
    }
  }
}
