package io.kaseb.config;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Everything that decides the purchase forecast, besides the data and the number of threads.
/// [IntentKeys] says what each component means: it is the key of the same name.
public record IntentConfig(
    Kind intent,
    Set<Feature> intentFeatures,
    int intentUnits,
    ItemTable intentEmbedding,
    int intentEpochs,
    int intentBatchSize,
    float intentLearningRate,
    float intentWeightDecay,
    float intentDropout,
    float intentItemDropout,
    float intentSoFar,
    float intentItemLoss,
    float intentNextItem,
    float intentPositiveWeight,
    int intentFolds,
    int intentTrees,
    int intentDepth,
    float intentTreeRate,
    float intentValid,
    Calibrator intentCalibration,
    int intentSeeds,
    List<String> intentGenerated) {
  /// What forecasts purchases.
  public enum Kind {
    /// The recurrent network alone.
    GRU,
    /// Boosted trees over hand features and the network's outputs.
    BOOSTED,
    /// A calibrated mix of both.
    BLEND,
    /// Nothing.
    OFF
  }

  /// The item embeddings that the purchase network reads.
  public enum ItemTable {
    /// A copy of the next-item network's, trained on.
    TUNED,
    /// The next-item network's, as they are.
    SHARED
  }

  /// How scores become probabilities.
  public enum Calibrator {
    /// Isotonic where there are buyers enough, else Platt's.
    AUTO,
    /// A rising step function.
    ISOTONIC,
    /// A logistic function.
    PLATT
  }

  /// The defaults.
  public static final IntentConfig DEFAULT = IntentKeys.TABLE.defaults();

  /// No purchase forecast.
  public static final IntentConfig NONE = DEFAULT.with(Map.of("intent", "off"));

  /// Checks every range.
  public IntentConfig {
    intentGenerated = List.copyOf(intentGenerated);
    intentFeatures = Collections.unmodifiableSet(Feature.copy(intentFeatures));
    IntentKeys.TABLE.check(
        intent,
        intentFeatures,
        intentUnits,
        intentEmbedding,
        intentEpochs,
        intentBatchSize,
        intentLearningRate,
        intentWeightDecay,
        intentDropout,
        intentItemDropout,
        intentSoFar,
        intentItemLoss,
        intentNextItem,
        intentPositiveWeight,
        intentFolds,
        intentTrees,
        intentDepth,
        intentTreeRate,
        intentValid,
        intentCalibration,
        intentSeeds,
        intentGenerated);
  }

  /// Returns the same, changed by key-value pairs as users write them.
  ///
  /// @throws io.kaseb.base.KasebException naming the key, its value and what is allowed
  public IntentConfig with(Map<String, String> pairs) {
    return IntentKeys.TABLE.changed(null, this, pairs);
  }

  /// Returns the same with other groups of features.
  public IntentConfig withFeatures(Set<Feature> features) {
    String names =
        features.stream()
            .map(feature -> feature.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(","));
    return with(Map.of("intent_features", names));
  }

  /// Returns the same with other generated features.
  public IntentConfig withGenerated(List<String> names) {
    return with(Map.of("intent_generated", String.join(",", names)));
  }

  /// Returns the groups of features.
  public Set<Feature> features() {
    return intentFeatures;
  }

  /// Returns whether there is to be a purchase forecast.
  public boolean wanted() {
    return intent != Kind.OFF;
  }

  /// Returns whether item embeddings are trained on.
  public boolean tuned() {
    return intentEmbedding == ItemTable.TUNED;
  }
}
