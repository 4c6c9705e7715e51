package io.kaseb.network;

/// Which thread of a team works on which item's row.
///
/// Runs of neighbouring items belong to one thread. Where single items took turns, each core's
/// prefetcher kept fetching the neighbours' rows, which the other core had just written: updating
/// rows took two and a half times as long. Runs are short enough that popular neighbours do not
/// burden one thread.
final class Owners {
  private static final int SHIFT = 5;
  private static final int RUN = 1 << SHIFT;

  private Owners() {}

  /// Returns the thread that owns an item.
  static int of(int item, int threads) {
    return (item >>> SHIFT) % threads;
  }

  /// Returns an item's number among those of its owner.
  static int place(int item, int threads) {
    return (((item >>> SHIFT) / threads) << SHIFT) | (item & (RUN - 1));
  }

  /// Returns the item that has a number among those of a thread.
  static int item(int place, int thread, int threads) {
    return (((place >>> SHIFT) * threads + thread) << SHIFT) | (place & (RUN - 1));
  }

  /// Returns the most items that a thread owns, of `items`.
  static int most(int items, int threads) {
    return (items / (RUN * threads) + 1) * RUN;
  }
}
