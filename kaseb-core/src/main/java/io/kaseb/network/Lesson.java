package io.kaseb.network;

/// What a teacher says of a mini-batch's sessions: items that may come next, and how likely.
///
/// @param width items of a session, used or not
/// @param items [batch x width], -1 for none
/// @param shares [batch x width], the teacher's probability of each item, 0 for a negative; those
///   of a session sum to 1, or are all 0 where the teacher says nothing
public record Lesson(int width, int[] items, float[] shares) {
  /// Creates a lesson without items.
  public static Lesson of(int batch, int width) {
    return new Lesson(width, new int[batch * width], new float[batch * width]);
  }
}
