package io.kaseb.search;

import io.kaseb.base.KasebException;
import io.kaseb.base.Nearest;
import io.kaseb.intent.IntentKeys;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.train.ConfigKeys;
import io.kaseb.train.TrainConfig;
import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The search spaces of `tune`: its own, and the check of others.
final class TuneSpace {
  private TuneSpace() {}

  /// Returns the space that is searched where the user gives none: hyper-parameters and
  /// architecture, with parameters under the options that give them a meaning.
  ///
  /// @param purchases whether the purchase forecast is tuned as well
  static Space usual(boolean purchases) {
    List<Parameter> all = new ArrayList<>();
    all.add(new Parameter("cell", Choice.of("gru", "lstm")));
    all.add(new Parameter("num_layers", Range.integers(1, 2)));
    // By its logarithm: the time of a step grows faster than the width.
    all.add(new Parameter("hidden_size", new Range(48, 256, 1, true, true)));
    all.add(
        new Parameter(
            "constrained_embedding",
            new Choice(
                List.of(
                    option("true"),
                    option(
                        "false",
                        new Parameter("embedding", new Range(32, 160, 16, false, true)))))));
    all.add(
        new Parameter(
            "loss",
            new Choice(
                List.of(
                    option("cross-entropy", new Parameter("logq", Range.of(0, 1))),
                    option(
                        "bpr-max",
                        new Parameter("bpreg", Range.of(0, 2)),
                        new Parameter("elu_param", Range.of(0, 1))),
                    option("top1-max", new Parameter("elu_param", Range.of(0, 1)))))));
    all.add(new Parameter("n_sample", new Range(512, 2048, 512, false, true)));
    all.add(new Parameter("sample_alpha", Range.of(0, 1)));
    all.add(new Parameter("batch_size", new Range(48, 256, 16, false, true)));
    all.add(new Parameter("dropout_p_embed", Range.of(0, .6)));
    all.add(new Parameter("dropout_p_hidden", Range.of(0, .7)));
    all.add(
        new Parameter(
            "optimizer",
            new Choice(
                List.of(
                    option(
                        "adagrad",
                        new Parameter("learning_rate", Range.log(.01, .5)),
                        new Parameter("momentum", Range.of(0, .6))),
                    option("adam", new Parameter("learning_rate", Range.log(3e-4, .01)))))));
    if (purchases) {
      all.add(new Parameter("intent", Choice.of("gru", "boosted", "blend")));
      all.add(new Parameter("intent_embedding", Choice.of("shared", "tuned")));
      all.add(new Parameter("intent_units", new Range(16, 128, 16, false, true)));
      all.add(new Parameter("intent_learning_rate", Range.log(5e-4, .01)));
      all.add(new Parameter("intent_dropout", Range.of(0, .5)));
    }
    return Space.of(all);
  }

  private static Choice.Option option(String name, Parameter... inner) {
    return new Choice.Option(name, true, List.of(inner));
  }

  /// Checks that every parameter is a key of the configuration.
  ///
  /// @param place where the space comes from, for messages
  /// @param purchases whether the purchase forecast is trained
  static void check(String place, Space space, boolean purchases) {
    for (Dimension dimension : space.dimensions()) {
      String name = dimension.parameter().name();
      boolean intent = IntentKeys.isOwn(name);
      if (intent && !purchases) {
        throw new KasebException(
            new KasebException.Problem(
                place,
                "parameter "
                    + dimension.path()
                    + " decides the purchase forecast, which no goal measures",
                null,
                "add " + KasebException.setting("goal", "purchase_auc")));
      }
      if (!intent && !ConfigKeys.isOwn(name)) {
        List<String> known = new ArrayList<>(ConfigKeys.values(TrainConfig.DEFAULT).keySet());
        known.addAll(List.of("hidden_size", "num_layers", "lr"));
        throw new KasebException(
            place
                + ": parameter "
                + dimension.path()
                + " is no key of the configuration; the nearest is "
                + Nearest.of(name, known));
      }
    }
  }

  /// Returns a configuration's keys and values, layers of equal width also as the original system
  /// has them.
  static Map<String, String> texts(ConfigFile.Resolved base) {
    Map<String, String> texts = new LinkedHashMap<>(TunePlan.texts(base));
    List<Integer> layers = base.config().layers();
    if (layers.stream().distinct().count() == 1) {
      texts.put("hidden_size", layers.getFirst().toString());
      texts.put("num_layers", Integer.toString(layers.size()));
    }
    return texts;
  }

  /// Returns what the user's own configuration is in a space, to be tried first; parameters that it
  /// cannot say are left to the caller's check.
  ///
  /// @param texts the configuration's keys and values
  static Map<String, Object> values(Space space, Map<String, String> texts) {
    return level(space.parameters(), texts);
  }

  private static Map<String, Object> level(List<Parameter> level, Map<String, String> texts) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Parameter parameter : level) {
      String text = texts.get(ConfigKeys.canonical(parameter.name()));
      if (text == null) {
        continue;
      }
      Object value = value(parameter, text);
      values.put(parameter.name(), value);
      if (parameter.domain() instanceof Choice choice) {
        for (Choice.Option option : choice.options()) {
          if (option.named() && option.value().equals(value)) {
            Map<String, Object> nested = new LinkedHashMap<>(Map.of("_name", value));
            nested.putAll(level(option.inner(), texts));
            values.put(parameter.name(), nested);
          }
        }
      }
    }
    return values;
  }

  /// Numbers of the configuration are floats: the shortest text is what the user wrote.
  private static Object value(Parameter parameter, String text) {
    if (parameter.domain() instanceof Choice choice) {
      for (Choice.Option option : choice.options()) {
        boolean same = option.value().toString().replace(" ", "").equals(text.replace(" ", ""));
        if (same || sameNumber(option.value(), text)) {
          return option.value();
        }
      }
      return text;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return text;
    }
  }

  private static boolean sameNumber(Object value, String text) {
    try {
      return value instanceof Number n && n.doubleValue() == Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
