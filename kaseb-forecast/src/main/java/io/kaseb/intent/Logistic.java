package io.kaseb.intent;

import io.kaseb.model.Tensor;
import java.util.Map;

/// Logistic regression on hand features: a baseline, and a part of the blend.
///
/// @param weights one for each feature as it comes, then the intercept
public record Logistic(float[] weights) {
  /// Returns how many features of a row count.
  public int features() {
    return weights.length - 1;
  }

  /// Returns the log odds of a row, which may have more features.
  public float score(float[] row) {
    int k = features();
    float sum = weights[k];
    for (int f = 0; f < k; f++) {
      sum += weights[f] * row[f];
    }
    return sum;
  }

  /// Adds the weights to a model file's tensors.
  void write(String name, Map<String, Tensor> tensors) {
    tensors.put(name, Tensor.vector(weights));
  }

  /// Reads what [#write] wrote.
  static Logistic read(String name, Map<String, Tensor> tensors) {
    return new Logistic(IntentFile.data(tensors, name));
  }
}
