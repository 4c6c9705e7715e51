package io.kaseb.baseline;

import io.kaseb.model.Tensor;
import java.util.Arrays;
import java.util.Map;

/// What the parts of a [Hybrid] weigh, by how long the session is.
///
/// @param sharpness what the network's raw scores are multiplied by before their softmax
/// @param network the network's share for each of [#LENGTHS], the rest is session-kNN's
/// @param repeat the weight of the repeat part for each of [#LENGTHS]
/// @param repeats [10 x 10], row-major: after n clicks (row n - 1, the last row for more), the
///   share of sessions in train whose next click is on the a-th last of their distinct items
///   (column a - 1)
public record HybridWeights(float sharpness, float[] network, float[] repeat, float[] repeats) {
  /// Sessions of 1 click, 2, 3 or 4, 5 to 9, 10 or more are weighed apart.
  @SuppressWarnings("MutablePublicArray") // nobody writes it
  public static final int[] LENGTHS = {1, 2, 3, 5, 10};

  /// Rows and columns of the table of repeats.
  public static final int PLACES = 10;

  /// No weight is larger; shares are 1 at most.
  private static final float MOST = 1_000;

  /// Returns which of [#LENGTHS] a session of some clicks belongs to.
  public static int group(int clicks) {
    int group = LENGTHS.length - 1;
    while (group > 0 && LENGTHS[group] > clicks) {
      group--;
    }
    return group;
  }

  /// Returns the share of a repeat of the `place`-th last distinct item, from 1, after some clicks.
  float repeats(int clicks, int place) {
    return repeats[(Math.min(clicks, PLACES) - 1) * PLACES + place - 1];
  }

  /// Returns the numbers that [#read] takes.
  Map<String, Tensor> tensors() {
    return Map.of(
        "hybrid.sharpness", Tensor.vector(new float[] {sharpness}),
        "hybrid.network", Tensor.vector(network),
        "hybrid.repeat", Tensor.vector(repeat),
        "hybrid.repeats", Tensor.matrix(PLACES, PLACES, repeats));
  }

  /// Puts weights together again.
  static HybridWeights read(StoredArrays numbers) {
    float sharpness = within(numbers, "hybrid.sharpness", 1, MOST)[0];
    if (sharpness == 0) {
      throw new IllegalArgumentException("tensor hybrid.sharpness holds 0");
    }
    return new HybridWeights(
        sharpness,
        within(numbers, "hybrid.network", LENGTHS.length, 1),
        within(numbers, "hybrid.repeat", LENGTHS.length, MOST),
        within(numbers, "hybrid.repeats", PLACES * PLACES, 1));
  }

  private static float[] within(StoredArrays numbers, String name, int length, float most) {
    float[] data = numbers.floats(name, length);
    for (float x : data) {
      if (!(x >= 0 && x <= most)) {
        throw new IllegalArgumentException("tensor " + name + " holds " + x);
      }
    }
    return data;
  }

  /// Says it in one line.
  String describe() {
    return "network "
        + Arrays.toString(network)
        + ", repeats "
        + Arrays.toString(repeat)
        + " for sessions of "
        + Arrays.toString(LENGTHS)
        + " clicks and more, sharpness "
        + sharpness;
  }
}
