package io.kaseb.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.kaseb.intentfit.IntentFit;
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
public record TrainFigures(
    List<EpochFigures> epochs,
    int bestEpoch,
    double eventsPerSecond,
    double seconds,
    @Nullable Purchase purchase) {
  /// What training the purchase forecast came to.
  ///
  /// @param trained whether there is one
  /// @param reason why there is none, or null
  /// @param epochs the recurrent network's epochs, of all seeds
  /// @param sessionsPerSecond sessions trained on by time spent in those epochs
  public record Purchase(
      boolean trained,
      @Nullable String reason,
      List<IntentFit.Epoch> epochs,
      double sessionsPerSecond) {
    public static Purchase none(String reason) {
      return new Purchase(false, reason, List.of(), 0);
    }

    public static Purchase of(List<IntentFit.Epoch> epochs) {
      double sessions = epochs.stream().mapToDouble(IntentFit.Epoch::sessions).sum();
      double seconds = epochs.stream().mapToDouble(IntentFit.Epoch::seconds).sum();
      return new Purchase(true, null, List.copyOf(epochs), sessions / Math.max(seconds, 1e-9));
    }

    /// Returns the same without times, for the model file.
    public Purchase untimed() {
      List<IntentFit.Epoch> same =
          epochs.stream()
              .map(
                  e ->
                      new IntentFit.Epoch(
                          e.net(), e.epoch(), e.loss(), e.validLoss(), e.sessions(), 0))
              .toList();
      return new Purchase(trained, reason, same, 0);
    }
  }

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
