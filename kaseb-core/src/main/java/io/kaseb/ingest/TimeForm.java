package io.kaseb.ingest;

/// How a log writes the time of an event, as the SQL that turns it into milliseconds since 1970
/// UTC. A time without a zone is UTC; the machine's own zone never counts.
public enum TimeForm {
  /// Text such as `2014-04-07T10:51:09.277Z` or `2019-10-01 00:00:00 UTC`.
  TEXT("a time like 2014-04-07T10:51:09.277Z", "epoch_ms(try_cast({time} AS TIMESTAMP))"),
  /// Seconds since 1970, fractions allowed.
  SECONDS(
      "a number of seconds since 1970",
      "try_cast(round(try_cast({time} AS DOUBLE) * 1000) AS BIGINT)"),
  /// Milliseconds since 1970.
  MILLIS("a number of milliseconds since 1970", "try_cast({time} AS BIGINT)"),
  /// Milliseconds since the start of the day that stands in a second column.
  DATE_AND_MILLIS(
      "a day like 2016-01-31 and milliseconds within it",
      "epoch_ms(try_cast({date} AS TIMESTAMP)) + try_cast({time} AS BIGINT)"),
  /// Text, seconds or (numbers from 100,000,000,000 on) milliseconds.
  ANY(
      "a time like 2014-04-07T10:51:09.277Z, or seconds or milliseconds since 1970",
      "CASE WHEN try_cast({time} AS DOUBLE) IS NULL THEN epoch_ms(try_cast({time} AS TIMESTAMP))"
          + " WHEN abs(try_cast({time} AS DOUBLE)) < 1e11"
          + " THEN try_cast(round(try_cast({time} AS DOUBLE) * 1000) AS BIGINT)"
          + " ELSE try_cast(try_cast({time} AS DOUBLE) AS BIGINT) END"),
  /// The log has no times.
  NONE("", "NULL::BIGINT");

  private final String allowed;
  private final String sql;

  TimeForm(String allowed, String sql) {
    this.allowed = allowed;
    this.sql = sql;
  }

  /// Returns what a time must look like, for messages.
  String allowed() {
    return allowed;
  }

  /// Returns the SQL expression for the milliseconds.
  String sql(String time, String date) {
    return sql.replace("{time}", time).replace("{date}", date);
  }
}
