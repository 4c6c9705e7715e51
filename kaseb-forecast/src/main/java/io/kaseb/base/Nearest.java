package io.kaseb.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Finds what a user probably meant by a mistyped name.
public final class Nearest {
  private Nearest() {}

  /// Returns the name among `known` with the fewest single-letter edits to `given`, ignoring case;
  /// the first of them in order where several are equally near.
  public static String of(String given, Collection<String> known) {
    String lower = given.toLowerCase(Locale.ROOT);
    return known.stream()
        .min(Comparator.comparingInt(name -> edits(lower, name.toLowerCase(Locale.ROOT))))
        .orElse("");
  }

  /// Returns the nearest name where it is near enough to be meant: one that begins so, or of which
  /// no more than a third of the letters differ, two at least; else null.
  public static @Nullable String close(String given, Collection<String> known) {
    String near = of(given, known);
    String begin = given.toLowerCase(Locale.ROOT);
    for (String name : known) {
      if (begin.length() > 1 && name.toLowerCase(Locale.ROOT).startsWith(begin)) {
        return name;
      }
    }
    int edits = edits(given.toLowerCase(Locale.ROOT), near.toLowerCase(Locale.ROOT));
    return near.isEmpty() || edits > Math.max(2, near.length() / 3) ? null : near;
  }

  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
