package io.kaseb.intentfit;

import io.kaseb.base.KasebException;
import io.kaseb.config.Feature;
import io.kaseb.data.LabelledSessions;
import io.kaseb.feature.GeneratedFeatures;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.Statistics;
import io.kaseb.signal.Generated;
import io.kaseb.signal.LearnedSignals;
import io.kaseb.signal.Schema;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// A training period as the purchase forecast learns from it: events after the goal cut, each
/// session knowing the counts of the sessions before it alone.
///
/// @param examples all sessions, in order of their start
/// @param statistics what was counted in all of them
/// @param signals what was learned of events beyond clicks
/// @param categories the ids of the categories that are told apart
record TrainingExamples(
    Examples examples, Statistics statistics, LearnedSignals signals, List<String> categories) {
  /// Prepares a training period.
  ///
  /// @param features the groups that are switched on
  /// @param generated names of generated features, given what the log has
  /// @param items items that the model knows
  static TrainingExamples of(
      LabelledSessions labelled,
      Set<Feature> features,
      Function<Schema, List<String>> generated,
      int items) {
    List<String> names = labelled.categoryNames();
    List<String> categories = names.subList(0, Math.min(names.size(), IntentModel.MOST_CATEGORIES));
    LabelledSessions live = labelled.live().categorised(categories);
    Schema plain = SchemaFit.of(live, features);
    Schema schema = plain.with(Generated.of(generated.apply(plain)));
    LabelledSessions seen = Examples.read(live, schema);
    StatisticsCounter counter = StatisticsCounter.empty(items, categories.size());
    LearnedSignals signals = SchemaFit.empty(schema, seen, items);
    Examples all =
        new Examples(seen, counter.ordered(seen), schema, SignalRows.ordered(seen, signals));
    return new TrainingExamples(all, counter.statistics(), signals, categories);
  }

  /// Returns those of some generated features that a log has all parts of once the goal is cut;
  /// what the whole log lacks as well is an error.
  static List<String> known(LabelledSessions labelled, Schema schema, List<String> names) {
    if (names.isEmpty()) {
      return names;
    }
    Schema whole = SchemaFit.of(labelled, Set.of(Feature.values()));
    for (String name : names) {
      List<String> found;
      try {
        found = GeneratedFeatures.known(whole, List.of(name));
      } catch (IllegalArgumentException none) {
        found = List.of();
      }
      if (found.isEmpty()) {
        throw new KasebException(
            new KasebException.Problem(
                null,
                "intent_generated=" + name,
                "a generated feature of what the log has: actions "
                    + String.join(",", whole.actions())
                    + ", attributes "
                    + whole.attributes().stream().map(c -> c.attribute().name()).toList(),
                "docs/purchase-forecast.md lists their names"));
      }
    }
    return GeneratedFeatures.known(schema, names);
  }
}
