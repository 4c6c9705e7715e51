package io.kaseb.simulate;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;

/// Formats fields of a log into a growing byte buffer, without strings.
final class LogText {
  private static final int LONGEST_ROW = 512;
  private static final int MILLIS_OF_DAY = 86_400_000;

  private byte[] bytes = new byte[1 << 16];
  private int length;
  private long dayFormatted = Long.MIN_VALUE;
  private final byte[] date = new byte[10];
  private final byte[] digits = new byte[20];

  /// Makes room for a row of up to 512 bytes.
  LogText row() {
    if (bytes.length - length < LONGEST_ROW) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    return this;
  }

  /// Appends one character.
  LogText sign(char sign) {
    bytes[length++] = (byte) sign;
    return this;
  }

  /// Appends a text of ASCII letters.
  LogText text(String text) {
    byte[] letters = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(letters, 0, bytes, length, letters.length);
    length += letters.length;
    return this;
  }

  /// Returns all that was appended.
  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /// Appends a moment such as `2014-04-07T10:51:09.277Z`.
  LogText time(long millis) {
    long day = Math.floorDiv(millis, MILLIS_OF_DAY);
    if (day != dayFormatted) {
      String text = LocalDate.ofEpochDay(day).toString();
      for (int i = 0; i < date.length; i++) {
        date[i] = (byte) text.charAt(i);
      }
      dayFormatted = day;
    }
    System.arraycopy(date, 0, bytes, length, date.length);
    length += date.length;
    int rest = (int) (millis - day * MILLIS_OF_DAY);
    bytes[length++] = 'T';
    two(rest / 3_600_000);
    bytes[length++] = ':';
    two(rest / 60_000 % 60);
    bytes[length++] = ':';
    two(rest / 1_000 % 60);
    bytes[length++] = '.';
    bytes[length++] = (byte) ('0' + rest / 100 % 10);
    two(rest % 100);
    bytes[length++] = 'Z';
    return this;
  }

  private void two(int value) {
    bytes[length++] = (byte) ('0' + value / 10);
    bytes[length++] = (byte) ('0' + value % 10);
  }

  /// Appends a number that is not negative.
  LogText number(long value) {
    int n = 0;
    long left = value;
    do {
      digits[n++] = (byte) ('0' + left % 10);
      left /= 10;
    } while (left > 0);
    while (n > 0) {
      bytes[length++] = digits[--n];
    }
    return this;
  }
}
