package io.kaseb.eval;

import io.kaseb.intent.PurchaseKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Lays purchase evaluations out as tables: one for each view, the model first, baselines below.
final class PurchaseText {
  private static final Map<String, String> VIEWS =
      Map.of(
          "challenge", "whole sessions, as the RecSys Challenge 2015 scores them",
          "live", "clicks after a session's first purchase cut: what a shop can act on");

  /// The headings of a view's table.
  static final List<String> HEADINGS =
      List.of(
          "model",
          "auc",
          "avg precision",
          "log loss",
          "brier",
          "calibr. error",
          "item auc",
          "jaccard",
          "score",
          "of max %");

  private PurchaseText() {}

  /// Returns the views to show, in the order of the list: one that says the same as an earlier one
  /// is left out.
  static List<String> views(List<PurchaseEvaluation> all) {
    List<String> shown = new ArrayList<>();
    for (String view : all.stream().map(PurchaseEvaluation::view).distinct().toList()) {
      if (shown.stream().noneMatch(before -> same(all, before, view))) {
        shown.add(view);
      }
    }
    return shown;
  }

  private static boolean same(List<PurchaseEvaluation> all, String before, String view) {
    return all.stream()
        .filter(e -> e.view().equals(view))
        .allMatch(
            e ->
                all.stream()
                    .anyMatch(
                        other ->
                            other.view().equals(before)
                                && other.name().equals(e.name())
                                && other.figures().equals(e.figures())));
  }

  private static boolean isBaseline(PurchaseEvaluation e) {
    return PurchaseKind.BASELINES.stream()
        .anyMatch(kind -> e.name().equals(kind.key()) || e.name().endsWith(" " + kind.key()));
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

  /// Returns a view's table for a terminal, headings first; intervals have columns of their own.
  static List<List<String>> rows(List<PurchaseEvaluation> all, String view) {
    List<List<String>> rows = new ArrayList<>();
    List<String> headings = new ArrayList<>();
    HEADINGS.forEach(
        heading -> headings.addAll(isBounded(heading) ? List.of(heading, "") : List.of(heading)));
    rows.add(headings);
    for (List<HtmlPage.Cell> cells : cells(all, view)) {
      List<String> row = new ArrayList<>();
      for (int c = 0; c < cells.size(); c++) {
        row.add(cells.get(c).value());
        if (isBounded(HEADINGS.get(c))) {
          row.add(cells.get(c).aside());
        }
      }
      rows.add(row);
    }
    return rows;
  }

  private static boolean isBounded(String heading) {
    return heading.equals("auc") || heading.equals("score");
  }

  /// Returns a view's table, a row for each model, the intervals beside their figures.
  static List<List<HtmlPage.Cell>> cells(List<PurchaseEvaluation> all, String view) {
    List<List<HtmlPage.Cell>> rows = new ArrayList<>();
    for (PurchaseEvaluation e : all) {
      if (e.view().equals(view)) {
        rows.add(
            List.of(
                HtmlPage.Cell.of(e.name()),
                new HtmlPage.Cell(
                    ranked(e, "auc"),
                    e.constant().contains("auc") ? "" : interval(e, "auc", "%.4f")),
                HtmlPage.Cell.of(ranked(e, "average_precision")),
                HtmlPage.Cell.of(number(e, "log_loss")),
                HtmlPage.Cell.of(number(e, "brier")),
                HtmlPage.Cell.of(number(e, "calibration_error")),
                HtmlPage.Cell.of(ranked(e, "item_auc")),
                HtmlPage.Cell.of(number(e, "jaccard")),
                new HtmlPage.Cell(
                    ReportText.number("%.1f", e.metric("score")), interval(e, "score", "%.1f")),
                HtmlPage.Cell.of(
                    ReportText.number(
                        "%.1f", 100 * e.metric("score") / Math.max(1e-9, e.metric("score_max"))))));
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
        names.forEach(name -> row.add(ranked(e, name)));
        if (!row.subList(1, row.size()).stream().allMatch("-"::equals)) {
          rows.add(row);
        }
      }
    }
    return rows;
  }

  /// Says what the tables do not show by themselves.
  static List<String> notes(List<PurchaseEvaluation> all, String view) {
    List<PurchaseEvaluation> here = all.stream().filter(e -> e.view().equals(view)).toList();
    List<String> notes = new ArrayList<>();
    PurchaseEvaluation first = here.getFirst();
    long views = all.stream().map(PurchaseEvaluation::view).distinct().count();
    if (views > views(all).size()) {
      notes.add(
          "The live view (clicks after a session's first purchase cut) is the same: nobody clicks after buying.");
    }
    if (!first.suffices()) {
      notes.add(SampleSize.why(first.sessions(), first.buyers()));
    }
    for (PurchaseEvaluation e : here) {
      if (!e.withoutSlope().isEmpty()) {
        notes.add(
            "The calibration of %s found no slope for %s: it gives all the same probability.%s"
                .formatted(
                    e.name(),
                    String.join(", ", e.withoutSlope()),
                    isBaseline(e) ? " Ranking goes by the raw scores." : ""));
      }
    }
    if (Stream.concat(rows(all, view).stream(), after(all, view).stream())
        .anyMatch(row -> row.contains("-"))) {
      notes.add("-: every score is the same there, so that nothing is ranked.");
    }
    return notes;
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

  private static String ranked(PurchaseEvaluation e, String metric) {
    return e.constant().contains(metric) ? "-" : number(e, metric);
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
