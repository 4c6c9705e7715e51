package io.kaseb.newitem;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The attribute values that items have, as numbers. The arrays are shared: treat them as
/// read-only.
///
/// @param starts item `i` has the values `starts[i]` to `starts[i + 1]` (exclusive)
/// @param values from 0, no two attributes sharing one; of each item ascending, each once
public record ItemValues(int[] starts, int[] values) {
  /// What [#starts()] is called in a model's file.
  public static final String STARTS = "like.starts";

  /// What [#values()] is called in a model's file.
  public static final String VALUES = "like.values";

  private static final int MOST = 1 << 24;

  /// Checks the order.
  public ItemValues {
    if (starts.length == 0 || starts[0] != 0 || starts[starts.length - 1] != values.length) {
      throw new IllegalArgumentException(STARTS + " does not rise from 0 to " + values.length);
    }
    for (int item = 0; item + 1 < starts.length; item++) {
      if (starts[item + 1] < starts[item] || starts[item + 1] > values.length) {
        throw new IllegalArgumentException(STARTS + " does not rise at " + (item + 1));
      }
      for (int k = starts[item]; k < starts[item + 1]; k++) {
        int least = k == starts[item] ? 0 : values[k - 1] + 1;
        if (values[k] < least || values[k] >= MOST) {
          throw new IllegalArgumentException(
              VALUES + " has " + values[k] + " at " + k + "; must be " + least + ".." + (MOST - 1));
        }
      }
    }
  }

  /// {@return rows put together}
  ///
  /// @param rows of each item the values, in any order, none more than once
  public static ItemValues of(int[]... rows) {
    int[] starts = new int[rows.length + 1];
    for (int item = 0; item < rows.length; item++) {
      starts[item + 1] = starts[item] + rows[item].length;
    }
    int[] values = new int[starts[rows.length]];
    for (int item = 0; item < rows.length; item++) {
      System.arraycopy(rows[item], 0, values, starts[item], rows[item].length);
      Arrays.sort(values, starts[item], starts[item + 1]);
    }
    return new ItemValues(starts, values);
  }

  /// {@return how many items there are}
  public int items() {
    return starts.length - 1;
  }

  /// {@return the same with further items behind these}
  ///
  /// @param rows as in [#of]
  public ItemValues with(int[]... rows) {
    ItemValues more = of(rows);
    int[] all = Arrays.copyOf(starts, starts.length + rows.length);
    for (int i = 1; i <= rows.length; i++) {
      all[items() + i] = values.length + more.starts[i];
    }
    int[] both = Arrays.copyOf(values, values.length + more.values.length);
    System.arraycopy(more.values, 0, both, values.length, more.values.length);
    return new ItemValues(all, both);
  }

  /// {@return the whole numbers of a model's file, by name}
  public Map<String, int[]> ints() {
    return Map.of(STARTS, starts, VALUES, values);
  }

  /// {@return the values of a model's file, null where it has none}
  ///
  /// @param ints the file's whole numbers, by name
  public static @Nullable ItemValues read(Map<String, int[]> ints) {
    int[] starts = ints.get(STARTS);
    int[] values = ints.get(VALUES);
    return starts == null || values == null ? null : new ItemValues(starts, values);
  }
}
