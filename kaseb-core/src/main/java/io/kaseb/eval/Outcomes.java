package io.kaseb.eval;

/// What really happened in the sessions that a purchase forecast is measured on.
///
/// @param buys whether each session bought anything
/// @param offsets session `s` clicked the distinct items `offsets[s]` (inclusive) to `offsets[s+1]`
///   (exclusive), in order of their first click; length sessions + 1
/// @param bought whether each of those items was bought by its session
/// @param purchased how many distinct items each session bought, clicked or not
public record Outcomes(boolean[] buys, int[] offsets, boolean[] bought, int[] purchased) {
  /// Checks that the arrays fit together.
  public Outcomes {
    int n = buys.length;
    if (offsets.length != n + 1 || purchased.length != n || offsets[n] != bought.length) {
      throw new IllegalArgumentException(
          n + " sessions, " + offsets.length + " offsets, " + purchased.length + " purchases");
    }
  }

  /// Returns the number of sessions.
  public int sessions() {
    return buys.length;
  }

  /// Returns the number of sessions that bought.
  public int buyers() {
    int n = 0;
    for (boolean b : buys) {
      n += b ? 1 : 0;
    }
    return n;
  }

  /// Returns how many of its clicked items a session bought.
  int clickedAndBought(int session) {
    int n = 0;
    for (int i = offsets[session]; i < offsets[session + 1]; i++) {
      n += bought[i] ? 1 : 0;
    }
    return n;
  }

  /// Returns the Jaccard overlap of a set of a session's clicked items with what it bought; 0 where
  /// it bought nothing.
  ///
  /// @param chosen for each item of all sessions, whether it is in the set
  double jaccard(int session, boolean[] chosen) {
    int both = 0;
    int size = 0;
    for (int i = offsets[session]; i < offsets[session + 1]; i++) {
      size += chosen[i] ? 1 : 0;
      both += chosen[i] && bought[i] ? 1 : 0;
    }
    return purchased[session] == 0 ? 0 : (double) both / (size + purchased[session] - both);
  }
}
