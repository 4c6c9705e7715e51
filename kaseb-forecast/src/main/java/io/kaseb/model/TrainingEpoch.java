package io.kaseb.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.kaseb.base.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One epoch of a next-item network's training.
///
/// @param epoch from 1
/// @param trainLoss mean loss of a prediction while training
/// @param validLoss the same on the sessions held back, without dropout; null without validation
/// @param ratio validLoss / trainLoss
/// @param recall20 recall@20 on validation, conservative ties
/// @param mrr20 mrr@20 there
/// @param events predictions trained on
/// @param seconds time spent training, validation apart; NaN where a model file, which keeps no
///   times, is all that is left of the run
/// @param eventsPerSecond training speed; NaN there too
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainingEpoch(
    int epoch,
    double trainLoss,
    @Nullable Double validLoss,
    @Nullable Double ratio,
    @JsonProperty("recall_20") @Nullable Double recall20,
    @JsonProperty("mrr_20") @Nullable Double mrr20,
    long events,
    double seconds,
    double eventsPerSecond) {
  private static final String SECONDS = "seconds";
  private static final String RATE = "events_per_second";

  /// Returns an epoch without validation.
  public static TrainingEpoch of(int epoch, double trainLoss, long events, double seconds) {
    double rate = events / Math.max(seconds, 1e-9);
    return new TrainingEpoch(epoch, trainLoss, null, null, null, null, events, seconds, rate);
  }

  /// Returns the same with what was measured on the sessions held back.
  ///
  /// @param loss mean loss of a prediction, or null where it was not measured
  public TrainingEpoch validated(@Nullable Double loss, double recall, double mrr) {
    return new TrainingEpoch(
        epoch,
        trainLoss,
        loss,
        loss == null ? null : loss / trainLoss,
        recall,
        mrr,
        events,
        seconds,
        eventsPerSecond);
  }

  /// Returns the epoch as model files keep it: without times, so that equal runs give equal files.
  public ObjectNode untimed() {
    ObjectNode node = Json.MAPPER.valueToTree(this);
    node.remove(List.of(SECONDS, RATE));
    return node;
  }

  /// Reads what [#untimed()] gave.
  static TrainingEpoch ofUntimed(ObjectNode node) {
    ObjectNode all = node.deepCopy();
    all.put(SECONDS, Double.NaN).put(RATE, Double.NaN);
    return Json.MAPPER.convertValue(all, TrainingEpoch.class);
  }
}
