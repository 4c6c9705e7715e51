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
  private final long linesBefore;
  private double hopeless = Double.POSITIVE_INFINITY;
  private long rows;
  private long bad;

  /// Creates the count of a log of which no row has been read.
  public BadRows() {
    this(0);
  }

  /// Creates the count of a part of a file.
  ///
  /// @param linesBefore lines of the file before those of the part
  BadRows(long linesBefore) {
    this.linesBefore = linesBefore;
  }

  /// Says what the next file may have, so that a hopeless one need not be read to its end.
  ///
  /// @param share the share of the log's rows that may be bad
  /// @param ofLog the share of the log's bytes that the file has, 0 where that is not known; as
  ///   bytes say little about rows, a file among others may have twice as many
  public void tolerate(double share, double ofLog) {
    hopeless = ofLog == 0 ? Double.POSITIVE_INFINITY : ofLog == 1 ? share : 2 * share / ofLog;
  }

  /// Notes how many rows a file had, good and bad.
  public void add(long rowsOfFile, long badOfFile) {
    rows += rowsOfFile;
    bad += badOfFile;
  }

  /// Notes why a row is bad, as long as few are known.
  ///
  /// @param line its line, from 1
  public void show(String place, long line, String reason) {
    if (first.size() < SHOWN) {
      first.add("%s:%d: %s".formatted(place, linesBefore + line, reason));
    }
  }

  /// Adds what a part of the file had that comes behind the parts so far.
  void add(BadRows part) {
    add(part.rows, part.bad);
    part.first.stream().limit(SHOWN - first.size()).forEach(first::add);
  }

  /// Returns the share of the next file's rows that may be bad; infinite where that is not known.
  double hopeless() {
    return hopeless;
  }

  /// Returns the number of rows, good and bad.
  public long rows() {
    return rows;
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

  /// Fails where some rows of a file have more bad ones than all of it may have.
  ///
  /// @param some rows, the first among them
  /// @param which what they are, as in `of the first`
  /// @param all rows of the file
  void checkSome(BadRows some, String which, long all) {
    if (some.bad > hopeless * all) {
      throw new KasebException(
          "%,d %s %,d of %,d rows are bad, more than are tolerated of all; mend them or raise %s. The first:%n  %s"
              .formatted(
                  some.bad,
                  which,
                  some.rows,
                  all,
                  KasebException.setting("max_bad_rows"),
                  String.join("\n  ", some.first)));
    }
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
