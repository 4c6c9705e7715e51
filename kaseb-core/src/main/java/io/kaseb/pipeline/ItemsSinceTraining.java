package io.kaseb.pipeline;

import io.kaseb.base.Progress;
import io.kaseb.data.AttributeColumn;
import io.kaseb.data.OpenDataset;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Evaluator;
import io.kaseb.eval.NewAndKnown;
import io.kaseb.event.Attribute;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Sessions;
import io.kaseb.newitem.NewItem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How well a model finds items that came after its training, by their attributes alone, and the
/// others while those stand beside them.
///
/// @param items test items without a click in train whose attributes are known
/// @param apart predictions of them and of the others, all known items ranked
public record ItemsSinceTraining(int items, NewAndKnown apart) {
  /// Measures; returns null where the model cannot place items by their attributes, or no click
  /// follows another on such an item.
  static @Nullable ItemsSinceTraining measure(
      Forecaster model, OpenDataset dataset, EvalConfig config, Progress progress) {
    if (model.itemAttributes().isEmpty()) {
      return null;
    }
    List<AttributeColumn> columns =
        dataset.labelledTest().signals().attributes().stream()
            .filter(a -> a.attribute().level() == Attribute.Level.ITEM)
            .filter(a -> model.itemAttributes().containsKey(a.attribute().name()))
            .toList();
    Catalogue log = dataset.dataset().catalogue();
    int[] numbers = log.indicesIn(model.catalogue());
    int known = model.catalogue().size();
    List<NewItem> fresh = new ArrayList<>();
    Sessions test = dataset.withTest().test();
    for (int item : Arrays.stream(test.items()).distinct().sorted().toArray()) {
      boolean isKnown = numbers[item] >= 0 && numbers[item] < known;
      Map<String, Object> values = isKnown ? Map.of() : values(columns, item);
      if (!values.isEmpty()) {
        fresh.add(new NewItem(log.id(item), values));
      }
    }
    Forecaster more = fresh.isEmpty() ? model : model.with(fresh, config.workers());
    Catalogue all = more.catalogue();
    int[] index = log.indicesIn(all);
    long[] counts = dataset.dataset().train().renumbered(index).known().itemCounts(all.size());
    Sessions own = test.renumbered(index);
    Evaluation evaluation =
        Evaluator.evaluate(more, own, counts, Evaluator.Targets.NEW, config, progress);
    if (evaluation.events() == 0) {
      return null;
    }
    Evaluation others =
        Evaluator.evaluate(more, own, counts, Evaluator.Targets.KNOWN, config, progress);
    int items = 0;
    for (int item : Arrays.stream(test.items()).distinct().toArray()) {
      items += index[item] >= 0 && index[item] < counts.length && counts[index[item]] == 0 ? 1 : 0;
    }
    return new ItemsSinceTraining(items, new NewAndKnown(evaluation, others));
  }

  private static Map<String, Object> values(List<AttributeColumn> columns, int item) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (AttributeColumn column : columns) {
      String name = column.attribute().name();
      if (item >= column.rows()) {
        continue;
      }
      switch (column.attribute().kind()) {
        case CATEGORY -> {
          if (column.codes()[item] >= 0) {
            values.put(name, column.names().get(column.codes()[item]));
          }
        }
        case NUMBER -> {
          if (!Float.isNaN(column.numbers()[item])) {
            values.put(name, (double) column.numbers()[item]);
          }
        }
        case WORDS -> {
          List<String> words = new ArrayList<>();
          for (int i = column.offsets()[item]; i < column.offsets()[item + 1]; i++) {
            words.add(column.names().get(column.codes()[i]));
          }
          if (!words.isEmpty()) {
            values.put(name, String.join(" ", words));
          }
        }
      }
    }
    return values;
  }

  /// Returns the figures of new items as a line of a report.
  String line(EvalConfig config) {
    return String.format(Locale.ROOT, "%,d items, ", items) + line(apart.fresh(), config);
  }

  /// Returns the figures of the others.
  String knownLine(EvalConfig config) {
    return line(apart.known(), config);
  }

  private static String line(Evaluation evaluation, EvalConfig config) {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%,d predictions of them", evaluation.events()));
    for (String metric : List.of("recall@", "mrr@")) {
      String name = metric + config.deepest();
      double[] ends = evaluation.intervals().get(name);
      text.append(String.format(Locale.ROOT, ", %s %.4f", name, evaluation.metric(name)));
      if (ends != null && !Double.isNaN(ends[0])) {
        text.append(String.format(Locale.ROOT, " [%.4f, %.4f]", ends[0], ends[1]));
      }
    }
    return text.toString();
  }
}
