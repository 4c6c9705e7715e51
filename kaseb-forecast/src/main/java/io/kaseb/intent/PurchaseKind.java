package io.kaseb.intent;

import io.kaseb.config.IntentConfig;
import java.util.List;

/// The ways in which a model file can forecast purchases: three of its own, then the baselines that
/// reports always show beside them.
public enum PurchaseKind {
  /// The recurrent network alone.
  GRU("gru"),
  /// Boosted trees over hand features and the network's outputs.
  BOOSTED("boosted"),
  /// A calibrated mix of both.
  BLEND("blend"),
  /// Boosted trees over hand features, without the network.
  TREES("trees"),
  /// Logistic regression over hand features.
  LOGISTIC("logistic"),
  /// The number of clicks, and for items the clicks on them.
  CLICKS("clicks"),
  /// The number of clicks; answers every clicked item.
  EVERY_ITEM("every item");

  /// The baselines.
  public static final List<PurchaseKind> BASELINES = List.of(TREES, LOGISTIC, CLICKS, EVERY_ITEM);

  private final String key;

  PurchaseKind(String key) {
    this.key = key;
  }

  /// Returns the name in configurations and reports.
  public String key() {
    return key;
  }

  /// Returns the model's own kinds that a configuration's `intent` makes, the chosen one first.
  static List<PurchaseKind> own(IntentConfig.Kind intent) {
    return switch (intent) {
      case GRU -> List.of(GRU);
      case BOOSTED -> List.of(BOOSTED, GRU);
      case BLEND -> List.of(BLEND, GRU, BOOSTED);
      case OFF -> throw new IllegalArgumentException("a configuration without purchase forecast");
    };
  }
}
