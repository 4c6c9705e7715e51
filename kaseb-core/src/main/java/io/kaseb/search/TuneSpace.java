package io.kaseb.search;

import io.kaseb.base.KasebException;
import io.kaseb.base.Nearest;
import io.kaseb.compress.ModelForm;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.IntentKeys;
import io.kaseb.config.Key;
import io.kaseb.config.Search;
import io.kaseb.config.TrainConfig;
import io.kaseb.config.TrainKeys;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.store.ParameterText;
import io.kaseb.trial.FormChoice;
import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.Domain;
import io.kaseb.tune.space.NormalRange;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.space.Steps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The search spaces of `tune`: its own, and the check of others.
final class TuneSpace {
  private TuneSpace() {}

  /// Returns the space that is searched where the user gives none: the keys that their tables say
  /// are worth searching, each under the option that gives it a meaning.
  ///
  /// @param purchases whether the purchase forecast is tuned as well
  /// @param bytes whether the model's size matters, so that it is worth choosing how it is kept
  static Space usual(boolean purchases, boolean bytes) {
    List<Parameter> all = new ArrayList<>(level(TrainKeys.TABLE.keys(), null));
    if (purchases) {
      all.addAll(level(IntentKeys.TABLE.keys(), null));
    }
    if (bytes) {
      all.add(new Parameter(FormChoice.TABLES, options(FormChoice.names())));
      all.add(new Parameter(FormChoice.RANK, options(List.of(0, 16, 32, 64))));
      if (!purchases) {
        all.add(new Parameter(FormChoice.KEEP, options(List.of(1.0, .5, .25))));
      }
    }
    return Space.of(all);
  }

  private static Choice options(List<?> values) {
    return new Choice(
        values.stream().map(value -> new Choice.Option(value, false, List.of())).toList());
  }

  /// Returns the parameters under an option of another key, or those that are always there.
  private static List<Parameter> level(List<Key<?>> keys, Search.@Nullable Condition under) {
    List<Parameter> level = new ArrayList<>();
    for (Key<?> key : keys) {
      for (Search search : key.searches()) {
        if (Objects.equals(search.under(), under)) {
          level.add(new Parameter(key.name(), domain(keys, key.name(), search.domain())));
        }
      }
    }
    return level;
  }

  private static Domain domain(List<Key<?>> keys, String name, Search.Domain domain) {
    return switch (domain) {
      case Search.Span span ->
          new Range(span.low(), span.high(), span.step(), span.log(), span.whole());
      case Search.Options options -> {
        List<List<Parameter>> inner =
            options.texts().stream()
                .map(text -> level(keys, new Search.Condition(name, text)))
                .toList();
        boolean named = inner.stream().anyMatch(level -> !level.isEmpty());
        List<Choice.Option> all = new ArrayList<>();
        for (int i = 0; i < inner.size(); i++) {
          all.add(new Choice.Option(options.texts().get(i), named, inner.get(i)));
        }
        yield new Choice(all);
      }
    };
  }

  /// Checks that every parameter is a key of the configuration.
  ///
  /// @param place where the space comes from, for messages
  /// @param purchases whether the purchase forecast is trained
  static void check(String place, Space space, boolean purchases) {
    for (Dimension dimension : space.dimensions()) {
      String name = dimension.parameter().name();
      if (FormChoice.claims(name)) {
        checkForm(place, dimension, purchases);
        continue;
      }
      boolean intent = IntentKeys.TABLE.claims(name);
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
      if (!intent && !TrainKeys.TABLE.has(name)) {
        throw new KasebException(
            place
                + ": parameter "
                + dimension.path()
                + " is no key of the configuration; the nearest is "
                + Nearest.of(name, TrainKeys.TABLE.names()));
      }
      for (Object value : samples(dimension.domain())) {
        Map<String, String> pair = Map.of(name, TunePlan.text(value));
        String where = place + ": parameter " + dimension.path();
        if (intent) {
          IntentKeys.TABLE.parsed(where, IntentConfig.DEFAULT, pair);
        } else {
          TrainKeys.TABLE.parsed(where, TrainConfig.DEFAULT, pair);
        }
      }
    }
  }

  private static void checkForm(String place, Dimension dimension, boolean purchases) {
    String name = dimension.parameter().name();
    if (purchases && name.equals(FormChoice.KEEP)) {
      throw new KasebException(
          new KasebException.Problem(
              place,
              "parameter "
                  + dimension.path()
                  + " leaves items out, which a purchase forecast cannot do without",
              null,
              "search without a goal of purchases, or leave it out"));
    }
    for (Object value : samples(dimension.domain())) {
      FormChoice.with(ModelForm.TRAINED, name, value);
    }
  }

  /// Returns the values of a domain by which all are judged: each option, or those at the ends.
  private static List<Object> samples(Domain domain) {
    return switch (domain) {
      case Choice choice -> choice.options().stream().map(Choice.Option::value).toList();
      // An end that itself is not allowed is hardly ever drawn.
      case Range range when range.step() == 0 -> List.of(range.value(1e-6), range.value(1 - 1e-6));
      case Range range -> List.of(range.value(0), range.value(1));
      case NormalRange bell -> List.of();
      case Steps steps -> steps.values();
    };
  }

  /// Returns a configuration's keys and values, layers of equal width also as the original system
  /// has them.
  static Map<String, String> texts(ConfigFile.Resolved base) {
    Map<String, String> texts = new LinkedHashMap<>(TunePlan.texts(base));
    texts.put(FormChoice.TABLES, ModelForm.TRAINED.storage());
    texts.put(FormChoice.RANK, Integer.toString(ModelForm.TRAINED.rank()));
    texts.put(FormChoice.KEEP, ModelForm.TRAINED.kept());
    // Files leave out what is as usual of these.
    texts.put("ema_decay", Float.toString(base.config().emaDecay()));
    texts.put("readout", base.config().readout().name().toLowerCase(Locale.ROOT));
    // Lists that are empty stand in no file.
    IntentKeys.TABLE.names().forEach(name -> texts.putIfAbsent(name, ""));
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
      String text = texts.get(TrainKeys.TABLE.canonical(parameter.name()));
      if (text == null) {
        continue;
      }
      Object value = ParameterText.value(parameter, text);
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
}
