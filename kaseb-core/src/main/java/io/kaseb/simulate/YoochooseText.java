package io.kaseb.simulate;

import java.time.LocalDate;
import java.util.Arrays;

/// Formats rows of the YOOCHOOSE files into a growing byte buffer, without strings.
final class YoochooseText {
  private static final int LONGEST_ROW = 96;
  private static final int MILLIS_OF_DAY = 86_400_000;

  private byte[] bytes = new byte[1 << 16];
  private int length;
  private long dayFormatted = Long.MIN_VALUE;
  private final byte[] date = new byte[10];
  private final byte[] digits = new byte[20];

  /// Appends `session,time,item,category`.
  void click(long session, long millis, int item, int category) {
    head(session, millis, item);
    if (category == SimulatedWorld.SPECIAL) {
      bytes[length++] = 'S';
    } else {
      number(category);
    }
    bytes[length++] = '\n';
  }

  /// Appends `session,time,item,price,quantity`.
  void buy(long session, long millis, int item, int price, int quantity) {
    head(session, millis, item);
    number(price);
    bytes[length++] = ',';
    number(quantity);
    bytes[length++] = '\n';
  }

  /// Returns all that was appended.
  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void head(long session, long millis, int item) {
    if (bytes.length - length < LONGEST_ROW) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    number(session);
    bytes[length++] = ',';
    time(millis);
    bytes[length++] = ',';
    number(item);
    bytes[length++] = ',';
  }

  private void time(long millis) {
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
  }

  private void two(int value) {
    bytes[length++] = (byte) ('0' + value / 10);
    bytes[length++] = (byte) ('0' + value % 10);
  }

  private void number(long value) {
    int n = 0;
    long left = value;
    do {
      digits[n++] = (byte) ('0' + left % 10);
      left /= 10;
    } while (left > 0);
    while (n > 0) {
      bytes[length++] = digits[--n];
    }
  }
}
