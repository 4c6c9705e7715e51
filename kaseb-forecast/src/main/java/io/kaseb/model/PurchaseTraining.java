package io.kaseb.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What training the purchase forecast came to.
///
/// @param trained whether there is one
/// @param reason why there is none, or null
/// @param epochs the recurrent network's epochs, of all seeds
/// @param sessionsPerSecond sessions trained on by time spent in those epochs; 0 in model files,
///   which keep no times
@JsonIgnoreProperties(ignoreUnknown = true)
public record PurchaseTraining(
    boolean trained, @Nullable String reason, List<Epoch> epochs, double sessionsPerSecond) {
  /// One epoch of the purchase network.
  ///
  /// @param net 0 for the network that is kept, 1 and so on for further seeds
  /// @param epoch from 1
  /// @param loss mean training loss of a session
  /// @param validLoss mean log loss of the forecasts for sessions held back
  /// @param sessions sessions trained on
  /// @param seconds time spent training
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Epoch(
      int net, int epoch, double loss, double validLoss, long sessions, double seconds) {}

  /// Copies the list.
  public PurchaseTraining {
    epochs = List.copyOf(epochs);
  }

  /// Returns that there is no purchase forecast.
  public static PurchaseTraining none(String reason) {
    return new PurchaseTraining(false, reason, List.of(), 0);
  }

  /// Returns what some epochs came to.
  public static PurchaseTraining of(List<Epoch> epochs) {
    double sessions = epochs.stream().mapToDouble(Epoch::sessions).sum();
    double seconds = epochs.stream().mapToDouble(Epoch::seconds).sum();
    return new PurchaseTraining(true, null, epochs, sessions / Math.max(seconds, 1e-9));
  }

  /// Returns the same without times, for the model file.
  public PurchaseTraining untimed() {
    List<Epoch> same =
        epochs.stream()
            .map(e -> new Epoch(e.net, e.epoch, e.loss, e.validLoss, e.sessions, 0))
            .toList();
    return new PurchaseTraining(trained, reason, same, 0);
  }
}
