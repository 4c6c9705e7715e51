package io.kaseb.report;

import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Measured;
import io.kaseb.eval.PurchaseBlock;
import io.kaseb.eval.PurchaseDifference;
import io.kaseb.eval.SampleSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Lays a [Report] out for a terminal. The training table is left to `train`, which shows it as it
/// grows, and to the web page.
final class ReportText {
  private final Report report;

  ReportText(Report report) {
    this.report = report;
  }

  String text() {
    StringBuilder out = new StringBuilder(report.title()).append('\n');
    if (report.simulated()) {
      out.append("SIMULATED data: no real shoppers\n");
    }
    report.facts().forEach((label, value) -> out.append(label + ": " + value + "\n"));
    if (!report.models().isEmpty()) {
      out.append('\n').append(TextTable.aligned(models()));
      Evaluation first = report.models().getFirst().evaluation();
      out.append(
          String.format(
              Locale.ROOT,
              "%,d predictions in %,d sessions, %s ties, %,d clicks on unknown items dropped;"
                  + "%s%n",
              first.events(),
              first.sessions(),
              first.ties(),
              first.unknownItems(),
              first.intervals().isEmpty() ? "" : " [95 % intervals]"));
      if (!SampleSize.suffices(first.sessions())) {
        out.append(SampleSize.why(first.sessions())).append('\n');
      }
    }
    if (!report.differences().isEmpty()) {
      out.append("\n" + report.models().getFirst().name() + " beside every other, paired\n");
      out.append(TextTable.aligned(ReportBreakdown.differences(report.differences())));
    }
    if (report.actions() != null) {
      out.append('\n').append(ActionText.heading(report.actions())).append('\n');
      out.append(TextTable.aligned(PurchaseText.lines(ActionText.table(report.actions()))));
    }
    for (PurchaseBlock block : PurchaseBlock.of(report.purchases())) {
      out.append('\n').append(block.describe()).append('\n');
      out.append(TextTable.aligned(PurchaseText.rows(block)));
      out.append(TextTable.aligned(EarlyText.after(block.rows())));
      for (List<List<HtmlPage.Cell>> table : EarlyText.tables(block.rows())) {
        out.append(TextTable.aligned(PurchaseText.lines(table)));
      }
      PurchaseDifference.of(block).forEach(d -> out.append(d.line()).append('\n'));
      PurchaseText.notes(block).forEach(line -> out.append(line).append('\n'));
    }
    return out.toString();
  }

  private List<List<String>> models() {
    int k = report.cutoff();
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "model",
            "recall@" + k,
            "",
            "mrr@" + k,
            "",
            "ndcg@" + k,
            "coverage@" + k,
            "popularity@" + k));
    for (Measured model : report.models()) {
      Evaluation e = model.evaluation();
      rows.add(
          List.of(
              model.name(),
              number("%.4f", e.metric("recall@" + k)),
              interval(e, "recall@" + k),
              number("%.4f", e.metric("mrr@" + k)),
              interval(e, "mrr@" + k),
              number("%.4f", e.metric("ndcg@" + k)),
              number("%.3f", e.metric("coverage@" + k)),
              number("%.2f", e.metric("popularity@" + k))));
    }
    return rows;
  }

  /// Formats a number, a dash where nothing was measured.
  static String number(String format, @Nullable Double value) {
    return value == null || value.isNaN() ? "-" : String.format(Locale.ROOT, format, value);
  }

  /// Formats an interval as `[low, high]`, empty where there is none.
  static String interval(Evaluation evaluation, String metric) {
    double[] ends = evaluation.interval(metric);
    return Double.isNaN(ends[0])
        ? ""
        : String.format(Locale.ROOT, "[%.4f, %.4f]", ends[0], ends[1]);
  }
}
