package io.kaseb.report;

import io.kaseb.eval.PurchaseBlock;
import io.kaseb.eval.PurchaseEvaluation;
import io.kaseb.eval.SampleSize;
import io.kaseb.intent.PurchaseKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Lays a block of purchase evaluations out as tables.
public final class PurchaseText {
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

  private static boolean isBaseline(PurchaseEvaluation e) {
    return PurchaseKind.BASELINES.stream()
        .anyMatch(kind -> e.name().equals(kind.key()) || e.name().endsWith(" " + kind.key()));
  }

  /// Returns the table for a terminal, headings first; intervals have columns of their own.
  public static List<List<String>> rows(PurchaseBlock block) {
    List<List<HtmlPage.Cell>> cells = new ArrayList<>();
    cells.add(HEADINGS.stream().map(HtmlPage.Cell::of).toList());
    cells.addAll(cells(block));
    return lines(cells);
  }

  /// Returns cells as rows of text: an interval gets a column of its own where its column has any.
  static List<List<String>> lines(List<List<HtmlPage.Cell>> cells) {
    List<List<String>> rows = new ArrayList<>();
    for (List<HtmlPage.Cell> row : cells) {
      List<String> line = new ArrayList<>();
      for (int c = 0; c < row.size(); c++) {
        line.add(row.get(c).value());
        int column = c;
        if (cells.stream().anyMatch(other -> !other.get(column).aside().isEmpty())) {
          line.add(row.get(c).aside());
        }
      }
      rows.add(line);
    }
    return rows;
  }

  /// Returns the table, a row for each model, the intervals beside their figures.
  static List<List<HtmlPage.Cell>> cells(PurchaseBlock block) {
    List<List<HtmlPage.Cell>> rows = new ArrayList<>();
    for (PurchaseEvaluation e : block.rows()) {
      rows.add(
          List.of(
              HtmlPage.Cell.of(e.name()),
              bounded(e, "auc"),
              bounded(e, "average_precision"),
              HtmlPage.Cell.of(number(e, "log_loss")),
              HtmlPage.Cell.of(number(e, "brier")),
              HtmlPage.Cell.of(number(e, "calibration_error")),
              HtmlPage.Cell.of(ranked(e, "item_auc")),
              HtmlPage.Cell.of(number(e, "jaccard")),
              new HtmlPage.Cell(
                  ReportText.number("%.1f", e.metric("score")), interval(e, "score", "%.1f", 1)),
              HtmlPage.Cell.of(
                  ReportText.number(
                      "%.1f", 100 * e.metric("score") / Math.max(1e-9, e.metric("score_max"))))));
    }
    return rows;
  }

  /// Says what the tables do not show by themselves.
  public static List<String> notes(PurchaseBlock block) {
    List<PurchaseEvaluation> here = block.rows();
    List<String> notes = new ArrayList<>();
    PurchaseEvaluation first = here.getFirst();
    if (block.isBoth()) {
      notes.add(
          "The live view (what follows a session's first purchase cut) is the same: nothing follows.");
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
    boolean isConstant = here.stream().anyMatch(e -> !e.constant().isEmpty());
    if (isConstant
        && Stream.of(List.of(rows(block), EarlyText.after(here)), cuts(here))
            .flatMap(List::stream)
            .flatMap(List::stream)
            .anyMatch(row -> row.contains("-"))) {
      notes.add("-: every score is the same there, so that nothing is ranked.");
    }
    notes.addAll(EarlyText.notes(here));
    return notes;
  }

  private static List<List<List<String>>> cuts(List<PurchaseEvaluation> here) {
    return EarlyText.cuts(here).stream().map(PurchaseText::lines).toList();
  }

  /// Returns a metric of a ranking with its interval, a dash where nothing is ranked.
  static HtmlPage.Cell bounded(PurchaseEvaluation e, String metric) {
    return new HtmlPage.Cell(
        ranked(e, metric), e.constant().contains(metric) ? "" : interval(e, metric, "%.4f", 1));
  }

  /// Returns a metric of a ranking, a dash where nothing is ranked.
  static String ranked(PurchaseEvaluation e, String metric) {
    return e.constant().contains(metric) ? "-" : number(e, metric);
  }

  private static String number(PurchaseEvaluation e, String metric) {
    return ReportText.number("%.4f", e.metric(metric));
  }

  /// Formats a metric's interval, empty where there is none.
  ///
  /// @param scale what its ends are multiplied by
  static String interval(PurchaseEvaluation e, String metric, String format, double scale) {
    double[] ends = e.intervals().get(metric);
    return ends == null
        ? ""
        : String.format(
            Locale.ROOT, "[" + format + ", " + format + "]", scale * ends[0], scale * ends[1]);
  }
}
