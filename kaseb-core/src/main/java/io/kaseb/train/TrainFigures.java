package io.kaseb.train;

import io.kaseb.model.PurchaseTraining;
import io.kaseb.model.TrainingEpoch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a training run came to; `kaseb train --json` writes it.
///
/// @param epochs each epoch
/// @param bestEpoch the epoch whose weights the model has: that of the best mrr@20 on validation,
///   the last where there is none
/// @param eventsPerSecond predictions trained on by time spent in epochs, validation apart; without
///   the first epoch, in which the machine warms up, where there are more
/// @param seconds the whole run's wall-clock time
/// @param purchase what training the purchase forecast came to; null where it was switched off
/// @param warnings what a user should look at before trusting the model, such as signs that tell a
///   goal too well to be true
public record TrainFigures(
    List<TrainingEpoch> epochs,
    int bestEpoch,
    double eventsPerSecond,
    double seconds,
    @Nullable PurchaseTraining purchase,
    List<String> warnings) {
  /// Returns the same with other words of warning.
  public TrainFigures with(List<String> other) {
    return new TrainFigures(epochs, bestEpoch, eventsPerSecond, seconds, purchase, other);
  }
}
