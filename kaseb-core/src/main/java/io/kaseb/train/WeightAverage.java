package io.kaseb.train;

import io.kaseb.model.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/// An exponential moving average of weights at the ends of epochs, of epochs 1 to n that of epoch i
/// counts `decay^(n - i)`, divided by the sum of these. The mean of the ends of a walk lies nearer
/// to where it walks around than its last step (Polyak and Juditsky 1992; of networks Izmailov et
/// al., "Averaging Weights Leads to Wider Optima and Better Generalization", UAI 2018).
final class WeightAverage {
  private final float decay;
  private Map<String, Tensor> mean = new LinkedHashMap<>();

  /// What all epochs so far count together, the last one counting 1.
  private double count;

  /// @param decay the share that stays at each epoch, in (0, 1)
  WeightAverage(float decay) {
    this.decay = decay;
  }

  /// Takes the weights after one more epoch.
  void add(Map<String, Tensor> weights) {
    count = decay * count + 1;
    float share = (float) (1 / count);
    Map<String, Tensor> next = new LinkedHashMap<>();
    weights.forEach(
        (name, tensor) -> {
          float[] data = tensor.data().clone();
          Tensor before = mean.get(name);
          for (int i = 0; before != null && i < data.length; i++) {
            float old = before.data()[i];
            data[i] = old + share * (data[i] - old);
          }
          next.put(name, new Tensor(tensor.shape(), data));
        });
    mean = next;
  }

  /// Returns the average by name; none before the first epoch.
  Map<String, Tensor> mean() {
    return mean;
  }

  /// Goes on from what [#mean] was after so many epochs; where that is nothing, from the next.
  void resume(Map<String, Tensor> mean, int epochs) {
    this.mean = new LinkedHashMap<>(mean);
    count = 0;
    for (int i = 0; i < epochs && !mean.isEmpty(); i++) {
      count = decay * count + 1;
    }
  }
}
