package io.kaseb.report;

import io.kaseb.eval.Difference;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.PurchaseBlock;
import io.kaseb.eval.PurchaseEvaluation;
import io.kaseb.eval.SessionSums;
import io.kaseb.model.TrainingEpoch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Breaks a [Report]'s figures down for its charts: by session length, by item popularity, by the
/// events after which a purchase was forecast.
public final class ReportBreakdown {
  /// A group with fewer predictions shows more chance than recall, and is not drawn.
  static final int FEWEST_EVENTS = 50;

  /// Where groups of session lengths begin, in clicks.
  private static final int[] LENGTHS = {2, 3, 4, 5, 7, 10, 15};

  private static final String AFTER = "auc_after_";

  private final Report report;
  private final int k;

  ReportBreakdown(Report report) {
    this.report = report;
    this.k = report.cutoff();
  }

  /// Returns the names of the groups of session lengths.
  static List<String> lengthNames() {
    List<String> names = new ArrayList<>();
    for (int g = 0; g < LENGTHS.length; g++) {
      if (g + 1 == LENGTHS.length) {
        names.add(LENGTHS[g] + "+");
      } else {
        int last = LENGTHS[g + 1] - 1;
        names.add(LENGTHS[g] == last ? "" + last : LENGTHS[g] + "-" + last);
      }
    }
    return names;
  }

  /// Returns recall by session length, null for groups too small to draw.
  List<@Nullable Double> lengths(Evaluation evaluation) {
    SessionSums sums = evaluation.perSession();
    int column = sums.names().indexOf("recall@" + k);
    double[] hits = new double[LENGTHS.length];
    long[] events = new long[LENGTHS.length];
    for (int s = 0; column >= 0 && s < sums.sessions(); s++) {
      int length = sums.events(s) + 1;
      if (length > 1) {
        int g = LENGTHS.length - 1;
        while (LENGTHS[g] > length) {
          g--;
        }
        hits[g] += sums.sum(s, column);
        events[g] += sums.events(s);
      }
    }
    List<@Nullable Double> recalls = new ArrayList<>();
    for (int g = 0; g < LENGTHS.length; g++) {
      recalls.add(events[g] < FEWEST_EVENTS ? null : hits[g] / events[g]);
    }
    return recalls;
  }

  /// Returns the names of the groups of item popularity, from the first model's evaluation.
  List<String> fifthNames() {
    List<String> names = new ArrayList<>();
    for (Evaluation.Fifth f : report.models().getFirst().evaluation().fifths()) {
      names.add(
          String.format(
              Locale.ROOT, "%,d items\n%,d+ clicks", f.items(), Math.max(f.leastClicks(), 0)));
    }
    return names;
  }

  /// Returns recall by the target's popularity, null for groups too small to draw.
  static List<@Nullable Double> fifths(Evaluation evaluation) {
    List<@Nullable Double> recalls = new ArrayList<>();
    for (Evaluation.Fifth f : evaluation.fifths()) {
      recalls.add(f.events() < FEWEST_EVENTS ? null : f.recall());
    }
    return recalls;
  }

  /// Returns, for each block of purchase forecasts, the AUC after the first events.
  List<Object> early() {
    List<Object> views = new ArrayList<>();
    for (PurchaseBlock block : PurchaseBlock.of(report.purchases())) {
      List<PurchaseEvaluation> here = block.rows();
      List<String> keys =
          here.getFirst().metrics().keySet().stream().filter(n -> n.startsWith(AFTER)).toList();
      List<Object> series = new ArrayList<>();
      for (PurchaseEvaluation e : here) {
        List<@Nullable Double> values = new ArrayList<>();
        keys.forEach(key -> values.add(e.constant().contains(key) ? null : orNull(e.metric(key))));
        if (values.stream().anyMatch(Objects::nonNull)) {
          series.add(Map.of("name", e.name(), "values", values));
        }
      }
      List<String> clicks = keys.stream().map(key -> key.substring(AFTER.length())).toList();
      views.add(Map.of("clicks", clicks, "series", series));
    }
    return views;
  }

  /// Returns each model's mrr@20 and losses by epoch, where several models were trained.
  List<Object> training() {
    List<Object> models = new ArrayList<>();
    if (report.curves().size() < 2) {
      return models;
    }
    report
        .curves()
        .forEach(
            (name, epochs) -> {
              Map<String, Object> model = new LinkedHashMap<>();
              model.put("name", name);
              model.put("epochs", epochs.stream().map(TrainingEpoch::epoch).toList());
              model.put("mrr_20", values(epochs, true));
              model.put("train_loss", values(epochs, false));
              models.add(model);
            });
    return models;
  }

  private static List<@Nullable Double> values(List<TrainingEpoch> epochs, boolean mrr) {
    List<@Nullable Double> values = new ArrayList<>();
    epochs.forEach(e -> values.add(orNull(mrr ? e.mrr20() : Double.valueOf(e.trainLoss()))));
    return values;
  }

  /// Returns the differences as a table, headings first.
  public static List<List<String>> differences(List<Difference> all) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("beside", "difference", "95 % interval", "relative", "p", ""));
    for (Difference d : all) {
      rows.add(
          List.of(
              // One cell: a narrow terminal repeats the first column alone.
              d.other() + ", " + d.metric(),
              String.format(Locale.ROOT, "%+.4f", d.difference()),
              Double.isNaN(d.p())
                  ? "-"
                  : String.format(Locale.ROOT, "[%+.4f, %+.4f]", d.low(), d.high()),
              relative(d.relative()),
              ReportText.number("%.3f", d.p()),
              Double.isNaN(d.p()) ? "" : d.significant() ? "significant" : "not significant"));
    }
    return rows;
  }

  private static String relative(double share) {
    return Math.abs(share) < 10
        ? String.format(Locale.ROOT, "%+.1f %%", 100 * share)
        : String.format(Locale.ROOT, "x %.0f", 1 + share);
  }

  static @Nullable Double orNull(@Nullable Double value) {
    return value == null || value.isNaN() ? null : value;
  }
}
