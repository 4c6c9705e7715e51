package io.kaseb.config;

import io.kaseb.base.KasebException;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The keys of [TrainConfig], with the names that GRU4Rec's official versions and the original
/// Kaseb system give the same things.
public final class TrainKeys {
  private static final String HIDDEN_SIZE = "hidden_size";
  private static final String NUM_LAYERS = "num_layers";
  private static final int MOST_LAYERS = 16;
  private static final int MOST_UNITS = 8192;

  /// The table. Defaults are the best published cross-entropy settings of GRU4Rec on RSC15 (Hidasi
  /// and Czapp 2023), at batch size 128.
  public static final KeyTable<TrainConfig> TABLE =
      new KeyTable<>(
          TrainConfig.class,
          "",
          ignored(),
          TrainKeys::rewrite,
          concat(concat(network(), training()), teacher()));

  /// Keys of GRU4Rec's Theano version without counterpart, each with the values that switch it off.
  private static final Map<String, List<String>> WITHOUT_COUNTERPART =
      Map.of(
          "smoothing", List.of("0", "0.0"),
          "hidden_act", List.of("tanh"),
          "init_as_normal", List.of("false"),
          "adapt_params", List.of("[]"));

  private TrainKeys() {}

  /// What the network is, and its loss.
  private static List<Key<?>> network() {
    return List.of(
        Key.of("cell", KeyType.OneOf.of(Cell.class), Cell.GRU, "recurrent cell of all layers")
            .searched(Search.among("gru", "lstm")),
        Key.of(
                NUM_LAYERS,
                new KeyType.Whole(1, MOST_LAYERS),
                1,
                "`layers` as the original system has it: how many, each of `hidden_size`")
            .searched(Search.whole(1, 2, 1))
            .rewritten(),
        // By its logarithm: the time of a step grows faster than the width.
        Key.of(
                HIDDEN_SIZE,
                new KeyType.Whole(1, MOST_UNITS),
                100,
                "`layers` as the original system has it: the units of each")
            .searched(Search.logarithmicWhole(48, 256))
            .rewritten(),
        Key.of(
            "layers",
            new KeyType.Wholes(MOST_LAYERS, 1, MOST_UNITS),
            List.of(100),
            "units of each layer"),
        Key.of(
                "constrained_embedding",
                new KeyType.Truth(),
                true,
                "the output table is the input table too")
            .searched(Search.among("true", "false")),
        Key.of(
                "readout",
                KeyType.OneOf.of(Readout.class),
                Readout.LAST,
                "what items are scored by: the last layer's state, or with it a weighted mean of the"
                    + " embeddings of the session's items (`core`), which takes"
                    + " `constrained_embedding: true`")
            .searched(Search.among("last", "core").under("constrained_embedding", "true"))
            .unsaid(),
        Key.of(
                "embedding",
                new KeyType.Whole(0, MOST_UNITS),
                0,
                "floats of a separate input embedding; 0: one-hot; `layersize`: as many as the first"
                    + " layer has units. Has a meaning with `constrained_embedding: false` alone")
            .alias("embedding_dim")
            .searched(Search.whole(32, 160, 16).under("constrained_embedding", "false")),
        Key.of(
            "item_attributes",
            new KeyType.Truth(true),
            true,
            "an item's embedding is its own plus those of its attributes, where the dataset has"
                + " attributes of items and 10 clicks an"
                + " item or fewer to train on. Models have the sums, so that forecasting costs the"
                + " same"),
        Key.of(
                "loss",
                KeyType.OneOf.of(LossKind.class)
                    .spelled(
                        Map.of(
                            "crossentropy", LossKind.CROSS_ENTROPY, "xe", LossKind.CROSS_ENTROPY)),
                LossKind.CROSS_ENTROPY,
                "the ranking loss")
            .alias("loss_type")
            .searched(Search.among("cross-entropy", "bpr-max", "top1-max")),
        Key.of(
                "logq",
                KeyType.Decimal.of(0, 10),
                1f,
                "strength of the logQ correction of cross-entropy; 0 for none")
            .searched(Search.between(0, 1).under("loss", "cross-entropy")),
        Key.of("bpreg", KeyType.Decimal.of(0, 1000), 1f, "score regularisation of bpr-max")
            .searched(Search.between(0, 2).under("loss", "bpr-max")),
        Key.of(
                "elu_param",
                KeyType.Decimal.of(0, 100),
                .5f,
                "alpha of the ELU that `final_act: auto` takes; 0 is linear")
            .searched(
                Search.between(0, 1).under("loss", "bpr-max"),
                Search.between(0, 1).under("loss", "top1-max")),
        Key.of(
            "final_act",
            new KeyType.Activation(),
            FinalAct.AUTO,
            "on the scores, before the loss. `auto`: elu-`elu_param` for bpr-max and top1-max, tanh"
                + " for top1 and bpr, linear for cross-entropy. The softmaxes are part of the"
                + " cross-entropy, so they are linear"));
  }

  /// How it is trained.
  private static List<Key<?>> training() {
    return List.of(
        Key.of(
                "n_sample",
                new KeyType.Whole(0, 1_000_000),
                2048,
                "negatives of a step, besides the other sessions' targets")
            .searched(Search.whole(512, 2048, 512)),
        Key.of(
                "sample_alpha",
                KeyType.Decimal.of(0, 2),
                .5f,
                "negatives are drawn with popularity^alpha")
            .searched(Search.between(0, 1)),
        Key.of("batch_size", new KeyType.Whole(1, 65_536), 128, "sessions side by side")
            .searched(Search.whole(48, 256, 16)),
        Key.of("n_epochs", new KeyType.Whole(1, 10_000), 10, "how often all sessions are seen")
            .alias("epochs"),
        Key.of(
                "dropout_p_embed",
                KeyType.Decimal.belowOne(),
                0f,
                "share of the input embedding that is dropped (one-hot: of the first layer's output)")
            .alias("dropout_input")
            .searched(Search.between(0, .6)),
        Key.of(
                "dropout_p_hidden",
                KeyType.Decimal.belowOne(),
                .4f,
                "share of each layer's output that is dropped")
            .alias("dropout_hidden")
            .searched(Search.between(0, .7)),
        Key.of(
                "optimizer",
                KeyType.OneOf.of(OptimizerKind.class)
                    .spelled(Map.of("sparseadam", OptimizerKind.ADAM, "none", OptimizerKind.SGD)),
                OptimizerKind.ADAGRAD,
                "item rows are updated only in steps that touch them")
            .alias("optimizer_type", "adapt")
            .searched(Search.among("adagrad", "adam")),
        Key.of("learning_rate", KeyType.Decimal.aboveZero(100), .2f, "the step size, constant")
            .alias("lr")
            .searched(
                Search.logarithmic(.01, .5).under("optimizer", "adagrad"),
                Search.logarithmic(3e-4, .01).under("optimizer", "adam")),
        Key.of("momentum", KeyType.Decimal.belowOne(), .2f, "heavy-ball; 0 with adam")
            .searched(Search.between(0, .6).under("optimizer", "adagrad")),
        Key.of(
            "eps",
            KeyType.Decimal.aboveZero(1),
            1e-6f,
            "inside the root, for adagrad, rmsprop and adadelta"),
        Key.of(
                "weight_decay",
                KeyType.Decimal.of(0, 1),
                0f,
                "gradient of an L2 penalty, on the weights that a step touches")
            .alias("lmbd"),
        Key.of(
                "grad_clip",
                KeyType.Decimal.of(0, 1e6),
                0f,
                "largest norm of a step's whole gradient; 0 for none")
            .alias("grad_cap"),
        Key.of(
                "init_sigma",
                KeyType.Decimal.of(0, 10, -1f, -2f),
                0f,
                "initial weights uniform in -sigma..sigma; 0 or -1: sqrt(6 / (rows + columns)) for"
                    + " each gate; -2: the same, positive half")
            .alias("sigma"),
        Key.of(
                "ema_decay",
                KeyType.Decimal.belowOne(),
                0f,
                "forecasts are made by an exponential moving average of the weights at the ends of"
                    + " epochs, which keeps this share of itself at each; 0: by the last epoch's"
                    + " weights")
            .searched(Search.between(0, .9))
            .unsaid(),
        Key.of("seed", new KeyType.AnyWhole(), 42L, "of everything random"));
  }

  /// How a network learns from another model.
  private static List<Key<?>> teacher() {
    return List.of(
        Key.of(
                "distill",
                new KeyType.Text("a model file"),
                "",
                "the file of a model of any kind, of the same items, that the network learns from"
                    + " besides the sessions; none where it is empty")
            .unsaid(),
        Key.of(
                "distill_share",
                KeyType.Decimal.of(0, 1),
                .3f,
                "share of the training events whose target the teacher names, drawn from its"
                    + " distribution")
            .unsaid(),
        Key.of(
                "distill_weight",
                KeyType.Decimal.of(0, 1000),
                0f,
                "what a cross-entropy of the network's scores against the teacher's distribution"
                    + " weighs beside the ranking loss; for `loss: cross-entropy` alone it was seen"
                    + " to help")
            .unsaid(),
        Key.of(
                "distill_temperature",
                KeyType.Decimal.aboveZero(100),
                1f,
                "above 1 makes the teacher's likeliest items and the network's more alike, below 1"
                    + " less")
            .unsaid(),
        Key.of(
                "distill_top",
                new KeyType.Whole(1, 1000),
                20,
                "how many of the teacher's best items are learned after each click; each takes 6"
                    + " bytes an event of memory")
            .unsaid(),
        Key.of(
                "distill_negatives",
                new KeyType.Whole(0, 1000),
                20,
                "with `distill_weight`: negatives of the step that stand beside the teacher's items of"
                    + " each session, at most `n_sample`")
            .unsaid());
  }

  private static List<Key<?>> concat(List<Key<?>> first, List<Key<?>> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  private static Set<String> ignored() {
    return Set.of(
        "device",
        "cuda",
        "is_eval",
        "load_model",
        "checkpoint_dir",
        "time_sort",
        "k_eval",
        "sample_cache_max_size",
        "compatibility_mode",
        "sample_store",
        "train_random_order",
        "n_hiddens");
  }

  /// The original system's `hidden_size` and `num_layers` together are our `layers`; an embedding
  /// of -1 is its one-hot input, `layersize` GRU4Rec's word for as many as the layer has.
  private static void rewrite(Map<String, String> own, TrainConfig base) {
    WITHOUT_COUNTERPART.forEach(
        (key, neutral) -> {
          String value = own.remove(key);
          if (value != null && !neutral.contains(value.toLowerCase(Locale.ROOT))) {
            throw new KasebException(
                new KasebException.Problem(
                    null,
                    key + "=" + value + " has no counterpart here",
                    neutral.getFirst(),
                    "or leave it out"));
          }
        });
    String size = own.remove(HIDDEN_SIZE);
    String count = own.remove(NUM_LAYERS);
    if (size != null || count != null) {
      String units = size == null ? base.layers().getFirst().toString() : size;
      int layers = count == null ? base.layers().size() : new BigDecimal(count).intValueExact();
      own.put("layers", Collections.nCopies(layers, units).toString());
    }
    own.computeIfPresent(
        "embedding",
        (key, value) ->
            value.equalsIgnoreCase("layersize")
                ? firstUnits(own, base)
                : value.matches("-\\d+") ? "0" : value);
  }

  /// Returns the first layer's units: those given beside, else those there were.
  private static String firstUnits(Map<String, String> own, TrainConfig base) {
    String layers = own.get("layers");
    return layers == null
        ? base.layers().getFirst().toString()
        : layers.replaceAll("[\\[\\]()\\s\"']", "").split("[,/]")[0];
  }
}
