package io.kaseb.logfile;

/// How a log writes the time of an event, as the SQL that turns it into milliseconds since 1970
/// UTC. A time without a zone is UTC; the machine's own zone never counts.
///
/// An offset may stand in any form of ISO 8601 (`Z`, `+01:00`, `+0100`, `+01`), as `UTC`, `GMT` or
/// those with hours (`UTC+2`), or as a region (`Europe/Berlin`, also in brackets). Abbreviations
/// such as `CST` or `IST` mean several zones and are refused. Numbers are seconds, milliseconds,
/// microseconds or nanoseconds since 1970, told apart by their size: each is taken as what brings
/// it into the years 1973 to 5138. [io.kaseb.base.ClickTime] reads the same without SQL.
public enum TimeForm {
  /// Text such as `2014-04-07T10:51:09.277Z` or `2019-10-01 00:00:00 UTC`.
  TEXT("a time like 2014-04-07T10:51:09.277Z") {
    @Override
    public String milliseconds(String time, String date) {
      return text(time);
    }
  },
  /// Seconds since 1970, fractions allowed.
  SECONDS("a number of seconds since 1970") {
    @Override
    public String milliseconds(String time, String date) {
      return number(time);
    }
  },
  /// Milliseconds since 1970.
  MILLIS("a number of milliseconds since 1970") {
    @Override
    public String milliseconds(String time, String date) {
      return number(time);
    }
  },
  /// Milliseconds since the start of the day that stands in a second column.
  DATE_AND_MILLIS("a day like 2016-01-31 and milliseconds within it") {
    @Override
    public String milliseconds(String time, String date) {
      return "epoch_ms(try_cast(%1$s AS TIMESTAMP)) + try_cast(CASE WHEN NOT contains(%2$s, '_') THEN %2$s END AS BIGINT)"
          .formatted(date, time);
    }
  },
  /// Text or a number.
  ANY("a time like 2014-04-07T10:51:09.277Z, or seconds or milliseconds since 1970") {
    @Override
    public String milliseconds(String time, String date) {
      return "CASE WHEN try_cast(%1$s AS DOUBLE) IS NULL OR contains(%1$s, '_') THEN %2$s ELSE %3$s END"
          .formatted(time, text(time), number(time));
    }
  },
  /// The log has no times.
  NONE("") {
    @Override
    public String milliseconds(String time, String date) {
      return "NULL::BIGINT";
    }
  };

  /// A day, and with it a time of day, and with that a zone.
  private static final String GRAMMAR =
      "(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2})"
          + "(?:[T ] *[0-9]{1,2}:[0-9]{1,2}(?::[0-9]{1,2}(?:[.,][0-9]+)?)?"
          + "(?:\\s*[Zz]?(?: *\\[[^\\]]+\\])?"
          + "|\\s*[+-](?:[0-9]|[0-9]{2}(?::?[0-9]{2})?)(?: *\\[[^\\]]+\\])?"
          + "|\\s+(?i:utc|gmt)(?:\\s*[+-](?:[0-9]|[0-9]{2}(?::?[0-9]{2})?))?"
          + "|\\s+[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+)?)?";

  /// What may stand around a time, as SQL.
  private static final String BLANKS = "' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)";

  private final String allowed;

  TimeForm(String allowed) {
    this.allowed = allowed;
  }

  /// Returns what a time must look like, for messages.
  String allowed() {
    return allowed.isEmpty() ? "" : allowed + ", from 1970 to 2199";
  }

  /// Returns the SQL expression for the milliseconds; NULL where the text is no time. What lies
  /// before 1970 or from [io.kaseb.base.ClickTime#END] on is none either. Without a subquery: that
  /// would cost the rows their order.
  public abstract String milliseconds(String time, String date);

  private static String number(String time) {
    return """
    try_cast(round(CASE WHEN abs(%1$s) < 1e11 THEN %1$s * 1e3 WHEN abs(%1$s) < 1e14 THEN %1$s
      WHEN abs(%1$s) < 1e17 THEN %1$s / 1e3 WHEN abs(%1$s) < 1e20 THEN %1$s / 1e6 END) AS BIGINT)"""
        .formatted(
            "try_cast(CASE WHEN NOT contains(%1$s, '_') THEN %1$s END AS DOUBLE)".formatted(time));
  }

  /// The forms that most logs write are cast as they are; all others must fit the grammar, which is
  /// narrower than the cast's, and are brought into the one form that the cast knows.
  private static String text(String time) {
    return """
    epoch_ms(try_cast(CASE
      WHEN %1$s LIKE '____-__-__T__:__:__.___Z' OR %1$s LIKE '____-__-__ __:__:__'
        OR %1$s LIKE '____-__-__ __:__:__ UTC' OR %1$s LIKE '____-__-__T__:__:__Z' THEN %1$s
      WHEN NOT regexp_full_match(%3$s, '%2$s') THEN NULL
      WHEN regexp_matches(%3$s, ':[0-9]{1,2}([.,][0-9]+)?\\s*[+-](19|[2-9][0-9]|18:?(0[1-9]|[1-9])|[01][0-9]:?[6-9][0-9])') THEN NULL
      WHEN regexp_matches(%3$s, '(?i)/gmt[+-]?[0-9]+\\]?$') AND NOT regexp_matches(%3$s, '(?i)([+-][0-9:]+|z)\\s*\\[') THEN
        replace(regexp_replace(%3$s, '\\s*\\[?([A-Za-z]+/[A-Za-z0-9+-]+)\\]?$', ' \\1'), ',', '.')
      ELSE regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        %3$s, '(?i)([0-9])\\s*(?:utc|gmt)\\s*([+-][0-9])', '\\1\\2'), '([+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{1,2}|[Zz])\\s*\\[[^\\]]+\\]$', '\\1'), '\\s*\\[([^\\]]+)\\]$', ' \\1'),
        '\\s+([+-][0-9])', '\\1'), '([+-])([0-9])$', '\\1' || '0' || '\\2'), '([0-9]),([0-9])', '\\1.\\2'),
        '\\s*[zZ]$', 'Z')
      END AS TIMESTAMPTZ))\
    """
        .formatted(time, GRAMMAR, "trim(%s, %s)".formatted(time, BLANKS));
  }
}
