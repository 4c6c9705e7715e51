package io.kaseb.network;

/// Which parts each item's row is made of besides its own, and how much of each. The arrays are
/// shared: treat them as read-only.
///
/// @param count how many parts there are
/// @param offsets item `i` has the entries `offsets[i]` to `offsets[i + 1]` (exclusive)
/// @param parts each entry's part
/// @param shares how much of it the row has
public record ItemParts(int count, int[] offsets, int[] parts, float[] shares) {
  int entries() {
    return parts.length;
  }

  int start(int item) {
    return offsets[item];
  }

  int end(int item) {
    return offsets[item + 1];
  }

  int part(int entry) {
    return parts[entry];
  }

  float share(int entry) {
    return shares[entry];
  }
}
