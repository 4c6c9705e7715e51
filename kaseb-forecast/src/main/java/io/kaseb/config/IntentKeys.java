package io.kaseb.config;

import io.kaseb.config.IntentConfig.Calibrator;
import io.kaseb.config.IntentConfig.ItemTable;
import io.kaseb.config.IntentConfig.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The keys of [IntentConfig]; all begin with `intent`.
public final class IntentKeys {
  /// The table.
  public static final KeyTable<IntentConfig> TABLE =
      new KeyTable<>(
          IntentConfig.class,
          "intent",
          Set.of(),
          (pairs, base) -> {},
          Stream.concat(network().stream(), trees().stream()).toList());

  private IntentKeys() {}

  private static List<Key<?>> network() {
    return List.of(
        Key.of(
                "intent",
                // YAML's bare `off` comes as text here, but some write it as a switch.
                KeyType.OneOf.of(Kind.class).spelled(Map.of("false", Kind.OFF)),
                Kind.BLEND,
                "what forecasts purchases")
            .searched(Search.among("gru", "boosted", "blend")),
        Key.of(
            "intent_features",
            new KeyType.Several<>(Feature.class),
            Feature.usual(),
            "groups of features, apart by commas"),
        Key.of(
                "intent_embedding",
                KeyType.OneOf.of(ItemTable.class),
                ItemTable.SHARED,
                "`tuned`: a copy of the next-item network's item embeddings is trained on; `shared`:"
                    + " they stay as they are")
            .searched(Search.among("shared", "tuned")),
        Key.of("intent_units", new KeyType.Whole(1, 1024), 64, "units of the GRU")
            .searched(Search.whole(16, 128, 16)),
        Key.of(
            "intent_epochs",
            new KeyType.Whole(1, 1000),
            5,
            "at most (the step size falls over them; few thousand sessions need more); the epoch of"
                + " the least log loss on the sessions held back is kept, two worse ones end it"),
        Key.of("intent_batch_size", new KeyType.Whole(1, 8192), 256, "sessions of a step"),
        Key.of(
                "intent_learning_rate",
                KeyType.Decimal.of(1e-7, 1),
                .002f,
                "Adam's; falls to a tenth")
            .searched(Search.logarithmic(5e-4, .01)),
        Key.of("intent_weight_decay", KeyType.Decimal.of(0, 1), 1e-4f, "decoupled"),
        Key.of(
                "intent_dropout",
                KeyType.Decimal.of(0, .95),
                .1f,
                "share of a state's units that the heads do not see")
            .searched(Search.between(0, .5)),
        Key.of(
            "intent_item_dropout",
            KeyType.Decimal.of(0, 1),
            .1f,
            "share of clicks whose item is hidden, as new items are"),
        Key.of(
            "intent_so_far",
            KeyType.Decimal.of(0, 1),
            .5f,
            "share of the session loss for sessions that may go on"),
        Key.of("intent_item_loss", KeyType.Decimal.of(0, 1000), 1f, "weight of the item head"),
        Key.of(
            "intent_next_item",
            KeyType.Decimal.of(0, 1000),
            .1f,
            "weight of the auxiliary next-item loss"),
        Key.of(
            "intent_positive_weight",
            KeyType.Decimal.of(.01, 1000),
            1f,
            "weight of buyers among sessions"));
  }

  private static List<Key<?>> trees() {
    return List.of(
        Key.of(
            "intent_folds",
            new KeyType.Whole(1, 20),
            2,
            "folds that give the trees the network's outputs; 1: those on its own training"
                + " sessions"),
        Key.of(
            "intent_trees",
            new KeyType.Whole(1, 10_000),
            400,
            "boosted trees at most; stopped on the sessions held back"),
        Key.of("intent_depth", new KeyType.Whole(1, 16), 6, "of a tree"),
        Key.of("intent_tree_rate", KeyType.Decimal.of(1e-4, 1), .08f, "learning rate of the trees"),
        Key.of(
            "intent_valid",
            KeyType.Decimal.of(.01, .9),
            .1f,
            "share of the latest sessions held back for the purchase forecast where training"
                + " holds none back"),
        Key.of(
            "intent_calibration",
            KeyType.OneOf.of(Calibrator.class),
            Calibrator.AUTO,
            "`auto`: isotonic from 1,000 buyers on"),
        Key.of(
            "intent_seeds", new KeyType.Whole(1, 100), 1, "networks of different seeds, averaged"),
        Key.of(
            "intent_generated",
            new KeyType.Names(1_024, "names of generated features apart by commas, each once"),
            List.of(),
            "features besides those of the groups, for trees and regression, by names such as"
                + " `recency(cart),cross(device x last)`; purchase-forecast.md lists them"));
  }
}
