package io.kaseb.store;

import io.kaseb.base.JsonFault;
import io.kaseb.base.KasebException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// One row of a study's file, read strictly: SQLite keeps any kind of value in any column, and
/// people edit such files. What does not fit is an error that names the file, the row and the
/// column.
///
/// @param file the study's file
/// @param name the row's, as in `trials row 3`
record StoredRow(Path file, String name) {
  /// Characters of a value that a message shows.
  private static final int SHOWN = 80;

  /// Returns a value as messages show it: a crafted one can be as long as memory.
  static String shown(@Nullable Object value) {
    String text = value == null ? "nothing" : value.toString();
    return text.length() > SHOWN ? text.substring(0, SHOWN - 3) + "..." : text;
  }

  /// Returns the error of a column's value.
  ///
  /// @param allowed what it must be
  KasebException wrong(String column, @Nullable Object value, String allowed) {
    return new KasebException(problem(column, shown(value) + "; must be " + allowed));
  }

  private KasebException.Problem problem(String column, String what) {
    return new KasebException.Problem(
        file + ": " + name + ", " + column,
        what,
        null,
        "the file was changed by another program: put back what stood there, or a copy of the"
            + " whole file");
  }

  /// Returns a column's text.
  String text(ResultSet row, String column) throws SQLException {
    Object value = row.getObject(column);
    if (value instanceof String text) {
      return text;
    }
    throw wrong(column, value, "text");
  }

  /// Returns a column's whole number.
  int whole(ResultSet row, String column, int least) throws SQLException {
    Object value = row.getObject(column);
    if (value instanceof Number number
        && number.doubleValue() == number.intValue()
        && number.intValue() >= least) {
      return number.intValue();
    }
    throw wrong(column, value, "a whole number of " + least + " or more");
  }

  /// Returns a column's number, 0 or more.
  double seconds(ResultSet row, String column) throws SQLException {
    Object value = row.getObject(column);
    if (value instanceof Number number && number.doubleValue() >= 0) {
      return number.doubleValue();
    }
    throw wrong(column, value, "a number of seconds");
  }

  /// Returns the value of an enumeration that a column names.
  <E extends Enum<E>> E one(ResultSet row, String column, Class<E> type) throws SQLException {
    String text = text(row, column);
    try {
      return StoredJson.one(type, text);
    } catch (IllegalArgumentException e) {
      throw new KasebException(problem(column, String.valueOf(e.getMessage())), e);
    }
  }

  /// Makes something of a column's JSON.
  <T> T json(ResultSet row, String column, Function<StoredJson, T> read) throws SQLException {
    return json(column, text(row, column), read);
  }

  /// Makes something of a column's text, which is JSON.
  ///
  /// @param read throws an [IllegalArgumentException] or a [KasebException] where it does not fit
  <T> T json(String column, String text, Function<StoredJson, T> read) {
    try {
      return read.apply(StoredJson.of(text));
    } catch (JacksonException e) {
      throw new KasebException(problem(column, "no JSON: " + JsonFault.of(e)), e);
    } catch (IllegalArgumentException | KasebException e) {
      String said = e.getMessage();
      throw new KasebException(problem(column, String.valueOf(said)), e);
    }
  }
}
