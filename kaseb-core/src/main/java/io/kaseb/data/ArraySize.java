package io.kaseb.data;

import io.kaseb.base.KasebException;

/// The length of the arrays that a dataset, or a log, is read into.
public final class ArraySize {
  /// The longest array that a JVM makes.
  public static final int MOST = Integer.MAX_VALUE - 8;

  private ArraySize() {}

  /// Returns a count as a length.
  ///
  /// @param what is counted, such as `clicks`
  /// @param place what has them: a file, a folder, `the log`
  /// @throws KasebException where no array is that long
  public static int of(long count, String what, Object place) {
    if (count > MOST) {
      throw new KasebException(
          new KasebException.Problem(
              place.toString(),
              "has %,d %s, and %,d at most can be read into memory at once"
                  .formatted(count, what, MOST),
              null,
              "take the log in parts of fewer days"));
    }
    return Math.toIntExact(count);
  }
}
