package io.kaseb.intent;

import io.kaseb.base.KasebException;
import java.util.Set;

/// Everything that decides the purchase forecast, besides the data and the number of threads; the
/// keys that begin with `intent`. docs/configuration.md lists them.
///
/// @param intent what forecasts: `gru`, `boosted`, `blend` or `off`
/// @param intentFeatures groups of features, apart by commas; see [Feature]
/// @param intentUnits units of the GRU
/// @param intentEmbedding `tuned` (a copy of the next-item network's item embeddings is trained on)
///   or `shared` (they stay as they are)
/// @param intentEpochs epochs at most; the best on the sessions held back is kept
/// @param intentBatchSize sessions side by side
/// @param intentLearningRate Adam's step size
/// @param intentWeightDecay decoupled weight decay
/// @param intentDropout share of a state's units that the heads do not see
/// @param intentItemDropout share of clicks whose item is hidden
/// @param intentSoFar share of the session loss for running sessions
/// @param intentItemLoss weight of the item head's loss
/// @param intentNextItem weight of the auxiliary next-item loss
/// @param intentPositiveWeight weight of buyers among sessions
/// @param intentFolds folds in which the boosted trees get the network's outputs on sessions that
///   it was not trained on; 1: the network's own training sessions
/// @param intentTrees boosted trees at most
/// @param intentDepth their depth
/// @param intentTreeRate their learning rate
/// @param intentValid share of the latest sessions held back for early stopping, blend and
///   calibration, where `--valid` does not say
/// @param intentCalibration `auto`, `isotonic` or `platt`
/// @param intentSeeds networks trained with different seeds and averaged
public record IntentConfig(
    String intent,
    String intentFeatures,
    int intentUnits,
    String intentEmbedding,
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
    String intentCalibration,
    int intentSeeds) {
  /// The defaults.
  public static final IntentConfig DEFAULT =
      new IntentConfig(
          "blend",
          Feature.text(Feature.usual()),
          64,
          "shared",
          5,
          256,
          .002f,
          1e-4f,
          .1f,
          .1f,
          .5f,
          1,
          .1f,
          1,
          2,
          400,
          6,
          .08f,
          .1f,
          "auto",
          1);

  /// Checks every range.
  public IntentConfig {
    one("intent", intent, Set.of("gru", "boosted", "blend", "off"));
    one("intent_embedding", intentEmbedding, Set.of("tuned", "shared"));
    one("intent_calibration", intentCalibration, Set.of("auto", "isotonic", "platt"));
    intentFeatures = Feature.text(Feature.parse(intentFeatures));
    check("intent_units", intentUnits, 1, 1024);
    check("intent_epochs", intentEpochs, 1, 1000);
    check("intent_batch_size", intentBatchSize, 1, 8192);
    check("intent_learning_rate", intentLearningRate, 1e-7, 1);
    check("intent_weight_decay", intentWeightDecay, 0, 1);
    check("intent_dropout", intentDropout, 0, .95);
    check("intent_item_dropout", intentItemDropout, 0, 1);
    check("intent_so_far", intentSoFar, 0, 1);
    check("intent_item_loss", intentItemLoss, 0, 1000);
    check("intent_next_item", intentNextItem, 0, 1000);
    check("intent_positive_weight", intentPositiveWeight, .01, 1000);
    check("intent_folds", intentFolds, 1, 20);
    check("intent_trees", intentTrees, 1, 10_000);
    check("intent_depth", intentDepth, 1, 16);
    check("intent_tree_rate", intentTreeRate, 1e-4, 1);
    check("intent_valid", intentValid, .01, .9);
    check("intent_seeds", intentSeeds, 1, 100);
  }

  private static void one(String key, String value, Set<String> allowed) {
    if (!allowed.contains(value)) {
      throw new KasebException(
          key + "=" + value + "; must be " + String.join(", ", allowed.stream().sorted().toList()));
    }
  }

  private static void check(String key, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new KasebException(key + "=" + value + "; must be " + least + ".." + most);
    }
  }

  /// Returns the groups of features.
  public Set<Feature> features() {
    return Feature.parse(intentFeatures);
  }

  /// Returns whether there is to be a purchase forecast.
  public boolean wanted() {
    return !intent.equals("off");
  }

  /// Returns whether item embeddings are trained on.
  public boolean tuned() {
    return intentEmbedding.equals("tuned");
  }

  /// Returns what counts how much.
  public IntentLoss loss() {
    return new IntentLoss(
        1, intentSoFar, intentItemLoss, intentNextItem, intentPositiveWeight, intentDropout);
  }
}
