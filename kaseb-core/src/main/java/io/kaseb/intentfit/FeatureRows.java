package io.kaseb.intentfit;

import java.util.Arrays;

/// A growing table of feature rows with labels and weights.
final class FeatureRows {
  final int width;
  float[] values;
  float[] labels;
  float[] weights;
  int count;

  FeatureRows(int width, int expected) {
    this.width = width;
    values = new float[Math.max(1, expected) * width];
    labels = new float[Math.max(1, expected)];
    weights = new float[labels.length];
  }

  /// Adds a row.
  void add(float[] row, boolean label, float weight) {
    if (row.length != width) {
      throw new IllegalArgumentException(row.length + " features in a table of " + width);
    }
    if (count == labels.length) {
      int size = 2 * count;
      values = Arrays.copyOf(values, size * width);
      labels = Arrays.copyOf(labels, size);
      weights = Arrays.copyOf(weights, size);
    }
    System.arraycopy(row, 0, values, count * width, width);
    labels[count] = label ? 1 : 0;
    weights[count++] = weight;
  }

  /// Adds all rows of another table of the same width.
  void addAll(FeatureRows other) {
    int total = count + other.count;
    if (total > labels.length) {
      int size = Math.max(total, 2 * count);
      values = Arrays.copyOf(values, size * width);
      labels = Arrays.copyOf(labels, size);
      weights = Arrays.copyOf(weights, size);
    }
    System.arraycopy(other.values, 0, values, count * width, other.count * width);
    System.arraycopy(other.labels, 0, labels, count, other.count);
    System.arraycopy(other.weights, 0, weights, count, other.count);
    count = total;
  }

  /// Returns a row's features.
  float[] row(int r) {
    return Arrays.copyOfRange(values, r * width, (r + 1) * width);
  }

  /// Returns the same rows with their first features alone.
  FeatureRows narrowed(int features) {
    FeatureRows out = new FeatureRows(features, count);
    for (int r = 0; r < count; r++) {
      out.add(
          Arrays.copyOfRange(values, r * width, r * width + features), labels[r] > .5f, weights[r]);
    }
    return out;
  }

  /// Returns the rows of which a feature has a value.
  FeatureRows where(int feature, float value) {
    FeatureRows out = new FeatureRows(width, count / 2);
    for (int r = 0; r < count; r++) {
      if (values[r * width + feature] == value) {
        float[] row = Arrays.copyOfRange(values, r * width, (r + 1) * width);
        out.add(row, labels[r] > .5f, weights[r]);
      }
    }
    return out;
  }

  /// Returns the values of the rows, [count x width].
  float[] used() {
    return Arrays.copyOf(values, count * width);
  }

  /// Returns the weighted share of positive rows, softened away from 0 and 1.
  double rate() {
    double hits = 1;
    double all = 2;
    for (int i = 0; i < count; i++) {
      hits += weights[i] * labels[i];
      all += weights[i];
    }
    return hits / all;
  }

  /// Returns whether rows of both labels are there.
  boolean hasBoth() {
    boolean one = false;
    boolean zero = false;
    for (int i = 0; i < count; i++) {
      one |= labels[i] > .5f;
      zero |= labels[i] < .5f;
    }
    return one && zero;
  }
}
