package io.kaseb.signal;

/// What is known of a session's visitor from earlier sessions.
///
/// @param sessions how many there were; -1 where the visitor is not known
/// @param bought how many of them bought
/// @param ended when the latest of them ended, milliseconds since 1970; -1 where there is none
public record VisitorPast(int sessions, int bought, long ended) {
  /// A visitor of whom nothing is known.
  public static final VisitorPast UNKNOWN = new VisitorPast(-1, 0, -1);
}
