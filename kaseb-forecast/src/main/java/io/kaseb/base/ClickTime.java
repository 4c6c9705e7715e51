package io.kaseb.base;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads when a click happened. Click logs are read by the same rules, in SQL (`TimeForm` in
/// kaseb-core); a test holds the two together.
public final class ClickTime {
  /// What stands for no time.
  public static final long NONE = -1;

  /// The first millisecond of the year 2200: no click is later.
  public static final long END = 7_258_118_400_000L;

  /// What a time must look like, for messages.
  public static final String ALLOWED =
      "a time like 2026-01-31T12:00:00Z (the zone as Z, +01:00, UTC or Europe/Berlin; without one it"
          + " is UTC), or a number of seconds, milliseconds, microseconds or nanoseconds since 1970;"
          + " from 1970 to 2199";

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
  private static final Pattern TEXT =
      Pattern.compile(
          "([0-9]{4})([-/])([0-9]{1,2})\\2([0-9]{1,2})"
              + "(?:[T ] *([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:[.,]([0-9]+))?)?(.*))?");
  private static final Pattern OFFSET =
      Pattern.compile("([+-])(?:([0-9])|([0-9]{2})(?::?([0-9]{2}))?)(?: *\\[[^\\]]+])?");

  private static final Map<String, String> REGIONS =
      ZoneId.getAvailableZoneIds().stream()
          .filter(id -> id.contains("/"))
          .collect(Collectors.toMap(id -> id.toLowerCase(Locale.ROOT), Function.identity()));

  private ClickTime() {}

  /// Reads a number since 1970: seconds below 1e11, milliseconds below 1e14, microseconds below
  /// 1e17, nanoseconds below 1e20, so that each means a time from 1973 to 5138.
  ///
  /// @return milliseconds since 1970, or [#NONE] where that is before 1970 or after 2199
  public static long ofNumber(double number) {
    double size = Math.abs(number);
    double millis =
        size < 1e11
            ? number * 1e3
            : size < 1e14 ? number : size < 1e17 ? number / 1e3 : number / 1e6;
    return size < 1e20 ? checked(Math.round(millis)) : NONE;
  }

  private static long checked(long millis) {
    return millis >= 0 && millis < END ? millis : NONE;
  }

  /// Reads a time or a number as text.
  ///
  /// @return milliseconds since 1970, or [#NONE] where the text is neither, its zone is not
  ///   understood, or it is before 1970 or after 2199
  public static long of(String text) {
    String bare = trimmed(text);
    if (NUMBER.matcher(bare).matches()) {
      return ofNumber(Double.parseDouble(bare));
    }
    Matcher parts = TEXT.matcher(bare);
    if (!parts.matches()) {
      return NONE;
    }
    try {
      LocalDate day =
          LocalDate.of(number(parts.group(1)), number(parts.group(3)), number(parts.group(4)));
      if (parts.group(5) == null) {
        return checked(day.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli());
      }
      int hour = number(parts.group(5));
      LocalTime clock =
          LocalTime.of(hour == 24 ? 0 : hour, number(parts.group(6)), number(parts.group(7)));
      if (hour == 24 && !(clock.equals(LocalTime.MIDNIGHT) && fraction(parts.group(8)) == 0)) {
        return NONE;
      }
      ZoneId zone = zone(parts.group(9));
      LocalDateTime at = LocalDateTime.of(hour == 24 ? day.plusDays(1) : day, clock);
      return zone == null
          ? NONE
          : checked(
              at.atZone(zone).withLaterOffsetAtOverlap().toInstant().toEpochMilli()
                  + fraction(parts.group(8)));
    } catch (DateTimeException e) {
      return NONE;
    }
  }

  /// Takes away blanks, tabs and line ends at both ends, and nothing else.
  private static String trimmed(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return Character.getType(c) == Character.SPACE_SEPARATOR || (c >= '\t' && c <= '\r');
  }

  private static int number(@Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /// Returns the milliseconds of a second's fraction, rounded from its first six digits.
  private static long fraction(@Nullable String digits) {
    return digits == null
        ? 0
        : Math.round(Integer.parseInt((digits + "000000").substring(0, 6)) / 1e3);
  }

  /// Returns what follows the clock's time as a zone, or null where it is none.
  private static @Nullable ZoneId zone(String text) {
    String name = trimmed(text);
    if (name.isEmpty() || name.equalsIgnoreCase("z") || name.matches("[Zz] *\\[[^\\]]+]")) {
      return ZoneOffset.UTC;
    }
    Matcher offset = OFFSET.matcher(name);
    if (offset.matches()) {
      int sign = offset.group(1).equals("-") ? -1 : 1;
      return ZoneOffset.ofHoursMinutes(
          sign * (number(offset.group(2)) + number(offset.group(3))),
          sign * number(offset.group(4)));
    }
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    } else if (!Character.isWhitespace(text.charAt(0))) {
      return null;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals("utc") || lower.equals("gmt")) {
      return ZoneOffset.UTC;
    }
    if (lower.startsWith("utc") || lower.startsWith("gmt")) {
      String offsetText = trimmed(name.substring(3));
      return OFFSET.matcher(offsetText).matches() ? zone(offsetText) : null;
    }
    String region = REGIONS.get(lower);
    return region == null ? null : ZoneId.of(region);
  }
}
