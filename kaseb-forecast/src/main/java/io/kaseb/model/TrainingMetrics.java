package io.kaseb.model;

import io.kaseb.base.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a model reached while it was trained, without times.
///
/// @param bestEpoch the epoch whose weights the model has; 0 where it was counted, not trained
/// @param epochs the next-item network's epochs
/// @param hybrid how a hybrid weighs its parts, in words, or null
/// @param purchase what training the purchase forecast came to, or null where it was switched off
/// @param hybridLast whether files have `hybrid` after `purchase`: equal runs give equal bytes, and
///   these are written in the order in which they came to be
public record TrainingMetrics(
    int bestEpoch,
    List<TrainingEpoch> epochs,
    @Nullable String hybrid,
    @Nullable PurchaseTraining purchase,
    boolean hybridLast) {
  /// Those of a model that was counted.
  public static final TrainingMetrics NONE = new TrainingMetrics(0, List.of(), null, null, false);

  private static final String BEST_EPOCH = "best_epoch";
  private static final String EPOCHS = "epochs";
  private static final String HYBRID = "hybrid";
  private static final String PURCHASE = "purchase";

  /// Copies the list.
  public TrainingMetrics {
    epochs = List.copyOf(epochs);
  }

  /// Returns those of a network.
  public static TrainingMetrics of(
      int bestEpoch, List<TrainingEpoch> epochs, @Nullable PurchaseTraining purchase) {
    return new TrainingMetrics(
        bestEpoch, epochs, null, purchase == null ? null : purchase.untimed(), false);
  }

  /// Returns the same with a hybrid's weights in words, and the purchase forecast that the whole
  /// model has.
  public TrainingMetrics combined(String described, @Nullable PurchaseTraining whole) {
    return new TrainingMetrics(
        bestEpoch, epochs, described, whole == null ? purchase : whole, purchase != null);
  }

  /// Returns them as files have them.
  public ObjectNode json() {
    ObjectNode node = Json.MAPPER.createObjectNode();
    if (bestEpoch == 0 && epochs.isEmpty()) {
      return node;
    }
    node.put(BEST_EPOCH, bestEpoch);
    ArrayNode all = node.putArray(EPOCHS);
    epochs.forEach(epoch -> all.add(epoch.untimed()));
    if (hybrid != null && !hybridLast) {
      node.put(HYBRID, hybrid);
    }
    if (purchase != null) {
      node.set(PURCHASE, Json.MAPPER.valueToTree(purchase));
    }
    if (hybrid != null && hybridLast) {
      node.put(HYBRID, hybrid);
    }
    return node;
  }

  /// Reads what [#json()] gave; keys of newer versions are passed over.
  static TrainingMetrics of(JsonNode node) {
    List<TrainingEpoch> epochs = new ArrayList<>();
    node.path(EPOCHS).forEach(epoch -> epochs.add(TrainingEpoch.ofUntimed((ObjectNode) epoch)));
    List<String> keys = List.copyOf(node.propertyNames());
    return new TrainingMetrics(
        node.path(BEST_EPOCH).asInt(0),
        epochs,
        node.has(HYBRID) ? node.path(HYBRID).asString() : null,
        node.has(PURCHASE)
            ? Json.MAPPER.convertValue(node.path(PURCHASE), PurchaseTraining.class)
            : null,
        node.has(PURCHASE) && keys.indexOf(HYBRID) > keys.indexOf(PURCHASE));
  }
}
