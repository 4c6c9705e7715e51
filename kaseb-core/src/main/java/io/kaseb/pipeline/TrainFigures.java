package io.kaseb.pipeline;

import com.fasterxml.jackson.annotation.JsonProperty;
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
public record TrainFigures(
    List<EpochFigures> epochs, int bestEpoch, double eventsPerSecond, double seconds) {
  /// One epoch.
  ///
  /// @param trainLoss mean loss of a prediction while training
  /// @param validLoss the same on the sessions held back, without dropout; null without validation
  /// @param ratio validLoss / trainLoss
  /// @param recall20 recall@20 on validation, conservative ties
  /// @param mrr20 mrr@20 there
  /// @param events predictions trained on
  /// @param seconds time spent training, validation apart
  public record EpochFigures(
      int epoch,
      double trainLoss,
      @Nullable Double validLoss,
      @Nullable Double ratio,
      @JsonProperty("recall_20") @Nullable Double recall20,
      @JsonProperty("mrr_20") @Nullable Double mrr20,
      long events,
      double seconds,
      double eventsPerSecond) {}
}
