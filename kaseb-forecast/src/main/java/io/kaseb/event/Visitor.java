package io.kaseb.event;

import java.util.Set;

/// What a program knows of a session's visitor from earlier sessions.
///
/// @param sessions how many there were, 0 or more
/// @param bought how many of them bought
/// @param ended when the latest of them ended, milliseconds since 1970; -1 where there is none
/// @param seen ids of items that the visitor looked at; those that were bought too need not be
///   there
/// @param taken ids of items that the visitor bought
public record Visitor(int sessions, int bought, long ended, Set<String> seen, Set<String> taken) {
  /// Items of a visitor that are remembered, the latest.
  public static final int MOST_ITEMS = 100;

  /// Checks the counts and copies the sets.
  public Visitor {
    if (sessions < 0 || bought < 0 || bought > sessions) {
      throw new IllegalArgumentException(
          "a visitor with " + sessions + " earlier sessions, of which " + bought + " bought");
    }
    seen = Set.copyOf(seen);
    taken = Set.copyOf(taken);
  }
}
