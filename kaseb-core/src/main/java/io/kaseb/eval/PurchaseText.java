package io.kaseb.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Lays purchase evaluations out as tables: one for each view, the model first, baselines below.
final class PurchaseText {
  private static final Map<String, String> VIEWS =
      Map.of(
          "challenge", "whole sessions, as the RecSys Challenge 2015 scores them",
          "live", "clicks after a session's first purchase cut: what a shop can act on");

  private PurchaseText() {}

  /// Returns the views in the order of the list.
  static List<String> views(List<PurchaseEvaluation> all) {
    return all.stream().map(PurchaseEvaluation::view).distinct().toList();
  }

  /// Says what a view is.
  static String describe(String view, PurchaseEvaluation any) {
    return String.format(
        Locale.ROOT,
        "Purchase forecasts, %s view (%s): %,d sessions, %,d buyers",
        view,
        VIEWS.getOrDefault(view, view),
        any.sessions(),
        any.buyers());
  }

  /// Returns a view's table, headings first.
  static List<List<String>> rows(List<PurchaseEvaluation> all, String view) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "model",
            "auc",
            "",
            "avg precision",
            "log loss",
            "brier",
            "calibr. error",
            "item auc",
            "jaccard",
            "score",
            "",
            "of max %"));
    for (PurchaseEvaluation e : all) {
      if (e.view().equals(view)) {
        rows.add(
            List.of(
                e.name(),
                number(e, "auc"),
                interval(e, "auc", "%.4f"),
                number(e, "average_precision"),
                number(e, "log_loss"),
                number(e, "brier"),
                number(e, "calibration_error"),
                number(e, "item_auc"),
                number(e, "jaccard"),
                ReportText.number("%.1f", e.metric("score")),
                interval(e, "score", "%.1f"),
                ReportText.number(
                    "%.1f", 100 * e.metric("score") / Math.max(1e-9, e.metric("score_max")))));
      }
    }
    return rows;
  }

  /// Returns the AUC after the first clicks, headings first.
  static List<List<String>> after(List<PurchaseEvaluation> all, String view) {
    List<String> names =
        all.getFirst().metrics().keySet().stream().filter(n -> n.startsWith("auc_after_")).toList();
    List<List<String>> rows = new ArrayList<>();
    List<String> headings = new ArrayList<>(List.of("auc after clicks"));
    names.forEach(name -> headings.add(name.substring("auc_after_".length())));
    rows.add(headings);
    for (PurchaseEvaluation e : all) {
      if (e.view().equals(view)) {
        List<String> row = new ArrayList<>(List.of(e.name()));
        names.forEach(name -> row.add(number(e, name)));
        rows.add(row);
      }
    }
    return rows;
  }

  /// Says how far the model stands above each baseline on the same resamples.
  static List<String> differences(List<PurchaseEvaluation> all, String view) {
    List<PurchaseEvaluation> here = all.stream().filter(e -> e.view().equals(view)).toList();
    List<String> lines = new ArrayList<>();
    PurchaseEvaluation first = here.getFirst();
    for (PurchaseEvaluation other : here.subList(1, here.size())) {
      double[] ends = first.aucAbove(other);
      if (!Double.isNaN(ends[0])) {
        lines.add(
            String.format(
                Locale.ROOT,
                "auc of %s above %s: %+.4f [%+.4f, %+.4f], paired",
                first.name(),
                other.name(),
                first.metric("auc") - other.metric("auc"),
                ends[0],
                ends[1]));
      }
    }
    return lines;
  }

  private static String number(PurchaseEvaluation e, String metric) {
    return ReportText.number("%.4f", e.metric(metric));
  }

  private static String interval(PurchaseEvaluation e, String metric, String format) {
    double[] ends = e.intervals().get(metric);
    return ends == null
        ? ""
        : String.format(Locale.ROOT, "[" + format + ", " + format + "]", ends[0], ends[1]);
  }
}
