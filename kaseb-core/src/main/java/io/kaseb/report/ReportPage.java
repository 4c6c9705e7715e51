package io.kaseb.report;

import static io.kaseb.report.HtmlPage.escape;

import io.kaseb.eval.ActionRecall;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Evaluator;
import io.kaseb.eval.Measured;
import io.kaseb.eval.PurchaseBlock;
import io.kaseb.eval.PurchaseDifference;
import io.kaseb.eval.PurchaseEvaluation;
import io.kaseb.eval.SampleSize;
import io.kaseb.model.TrainingEpoch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lays a [Report] out as a web page.
final class ReportPage {
  private final Report report;
  private final int k;
  private final ReportBreakdown breakdown;

  ReportPage(Report report) {
    this.report = report;
    this.k = report.cutoff();
    this.breakdown = new ReportBreakdown(report);
  }

  String html() throws IOException {
    String body =
        (report.simulated() ? "<div class=\"notice\">Simulated data: no real shoppers</div>\n" : "")
            + HtmlPage.facts(report.facts())
            + (report.models().isEmpty() ? "" : models())
            + (report.differences().isEmpty() ? "" : differences())
            + actions()
            + purchases()
            + (report.epochs().isEmpty() ? "" : training())
            + HtmlPage.section(
                "How this was made",
                HtmlPage.words(provenance()),
                "<pre>" + escape(report.command()) + "</pre>");
    return HtmlPage.of(report.title(), body, data(), HtmlPage.resource("report.js"));
  }

  /// Returns the lines of provenance as names and what they say.
  private Map<String, String> provenance() {
    Map<String, String> rows = new LinkedHashMap<>();
    for (String line : report.provenance()) {
      int at = line.indexOf(": ");
      rows.merge(
          at < 0 ? "" : line.substring(0, at),
          at < 0 ? line : line.substring(at + 2),
          (before, more) -> before + "; " + more);
    }
    return rows;
  }

  private String models() {
    Evaluation first = report.models().getFirst().evaluation();
    String made =
        String.format(
            Locale.ROOT,
            "%,d predictions in %,d sessions, each ranked among all items; %s ties; %,d clicks on"
                + " items unknown to train were dropped. %s Popularity: how popular the listed items"
                + " are beside what was really clicked; 1 is unbiased.",
            first.events(),
            first.sessions(),
            first.ties(),
            first.unknownItems(),
            SampleSize.suffices(first.sessions())
                ? "Whiskers and brackets: 95 % bootstrap intervals over sessions."
                : SampleSize.why(first.sessions()));
    return HtmlPage.section(
            "Next-item forecasts", HtmlPage.figure(escape(made), false, "recall", "mrr"), table())
        + HtmlPage.section(
            "Coverage and popularity",
            HtmlPage.figure(
                "Coverage: the share of the catalogue that is ever recommended. Popularity: at 1,"
                    + " items are recommended as often as shoppers choose their like; above, the"
                    + " popular ones more.",
                false,
                "coverage",
                "popularity"))
        + HtmlPage.section(
            "Recall@" + k + " by clicks seen",
            HtmlPage.figure(
                "How good the forecast is after the first click, the second, and so on (%d: all later ones too). Places with fewer than %d predictions are left out."
                    .formatted(Evaluator.POSITIONS, ReportBreakdown.FEWEST_EVENTS),
                true,
                "positions"))
        + HtmlPage.section(
            "By length of the session, and by popularity of the item",
            HtmlPage.figure(
                "First: all predictions of sessions of so many clicks. Second: predictions whose"
                    + " answer belongs to the most popular items that make up a fifth of train's"
                    + " clicks, the next fifth, and so on to the rarest.",
                true,
                "lengths",
                "fifths"));
  }

  private String table() {
    List<String> columns = List.of("recall", "mrr", "ndcg", "coverage", "popularity");
    List<String> headings = new ArrayList<>(List.of("model"));
    columns.forEach(column -> headings.add(column + "@" + k));
    List<List<HtmlPage.Cell>> rows = new ArrayList<>();
    for (Measured model : report.models()) {
      List<HtmlPage.Cell> row = new ArrayList<>(List.of(HtmlPage.Cell.of(model.name())));
      Evaluation e = model.evaluation();
      for (String column : columns) {
        String metric = column + "@" + k;
        row.add(
            new HtmlPage.Cell(
                ReportText.number(column.equals("popularity") ? "%.2f" : "%.4f", e.metric(metric)),
                ReportText.interval(e, metric)));
      }
      rows.add(row);
    }
    return HtmlPage.table(headings, rows, 0);
  }

  private String differences() {
    return HtmlPage.section(
        report.models().getFirst().name() + " beside every other",
        HtmlPage.paragraph(
            "Differences on the same predictions, paired by session: 95 % bootstrap intervals,"
                + " two-sided p-values, corrected for the number of comparisons (Holm)."),
        HtmlPage.table(ReportBreakdown.differences(report.differences())));
  }

  private String actions() {
    ActionRecall actions = report.actions();
    if (actions == null) {
      return "";
    }
    List<List<HtmlPage.Cell>> table = ActionText.table(actions);
    List<String> headings = table.getFirst().stream().map(HtmlPage.Cell::value).toList();
    return HtmlPage.section(
        ActionText.heading(actions),
        HtmlPage.paragraph(ActionText.NOTE),
        HtmlPage.table(headings, table.subList(1, table.size()), 0));
  }

  private String purchases() {
    StringBuilder out = new StringBuilder();
    List<PurchaseBlock> blocks = PurchaseBlock.of(report.purchases());
    for (int number = 0; number < blocks.size(); number++) {
      PurchaseBlock block = blocks.get(number);
      List<String> notes = new ArrayList<>();
      PurchaseDifference.of(block).forEach(d -> notes.add(d.line()));
      notes.addAll(PurchaseText.notes(block));
      List<String> parts = new ArrayList<>();
      parts.add(HtmlPage.table(PurchaseText.HEADINGS, PurchaseText.cells(block), 0));
      parts.add(HtmlPage.notes(notes));
      parts.add(
          HtmlPage.figure(
              "Calibration of "
                  + escape(block.first().name())
                  + ": of the sessions with a forecast, how many "
                  + (block.isPurchase() ? "bought." : "had it."),
              false,
              "calibration" + number));
      parts.add(
          HtmlPage.figure(
              "AUC after the first events, before it is known whether more come.",
              true,
              "early" + number));
      parts.add(HtmlPage.table(EarlyText.after(block.rows())));
      for (List<List<HtmlPage.Cell>> table : EarlyText.tables(block.rows())) {
        List<String> headings = table.getFirst().stream().map(HtmlPage.Cell::value).toList();
        parts.add(HtmlPage.table(headings, table.subList(1, table.size()), -1));
      }
      out.append(HtmlPage.section(block.describe(), parts.toArray(String[]::new)));
    }
    return out.toString();
  }

  private List<Object> curves() {
    List<Object> curves = new ArrayList<>();
    for (PurchaseBlock block : PurchaseBlock.of(report.purchases())) {
      PurchaseEvaluation first = block.first();
      List<double[]> bins = new ArrayList<>();
      double most = 0;
      for (PurchaseEvaluation.Bin bin : first.curve()) {
        bins.add(new double[] {bin.forecast(), bin.observed()});
        most = Math.max(most, bin.forecast());
      }
      curves.add(Map.of("bins", bins, "most", most));
    }
    return curves;
  }

  private String training() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "epoch",
            "train loss",
            "valid. loss",
            "ratio",
            "recall@20",
            "mrr@20",
            "seconds",
            "events/s"));
    for (TrainingEpoch e : report.epochs()) {
      rows.add(
          List.of(
              Integer.toString(e.epoch()),
              ReportText.number("%.4f", e.trainLoss()),
              ReportText.number("%.4f", e.validLoss()),
              ReportText.number("%.3f", e.ratio()),
              ReportText.number("%.4f", e.recall20()),
              ReportText.number("%.4f", e.mrr20()),
              ReportText.number("%.1f", e.seconds()),
              ReportText.number("%,.0f", e.eventsPerSecond())));
    }
    String name = report.models().isEmpty() ? "" : report.models().getFirst().name();
    String whose =
        name.isEmpty() ? "" : name.equals("hybrid") ? "The hybrid's network: " : name + ": ";
    return HtmlPage.section(
        "Training",
        HtmlPage.figure(
            escape(whose)
                + "loss, and recall@20 and mrr@20 on the sessions held back, after each epoch.",
            false,
            "losses",
            "progress"),
        report.curves().size() < 2
            ? ""
            : HtmlPage.figure(
                "All models that learn by epochs: train loss, and mrr@20 on the sessions held back;"
                    + " the table below is the first one's.",
                false,
                "all-losses",
                "all-progress"),
        HtmlPage.table(rows));
  }

  /// The numbers that the charts are drawn from.
  private Map<String, Object> data() {
    int positions =
        report.models().stream()
            .flatMap(m -> m.evaluation().positions().stream())
            .filter(p -> p.events() >= ReportBreakdown.FEWEST_EVENTS)
            .mapToInt(Evaluation.Position::clicks)
            .max()
            .orElse(0);
    List<Integer> clicks = new ArrayList<>();
    for (int p = 1; p <= positions; p++) {
      clicks.add(p);
    }
    List<Object> models = new ArrayList<>();
    for (Measured model : report.models()) {
      if (!model.evaluation().metrics().isEmpty()) {
        models.add(model(model, positions));
      }
    }
    List<Object> epochs = new ArrayList<>();
    for (TrainingEpoch e : report.epochs()) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("epoch", e.epoch());
      row.put("train_loss", ReportBreakdown.orNull(e.trainLoss()));
      row.put("valid_loss", ReportBreakdown.orNull(e.validLoss()));
      row.put("recall_20", ReportBreakdown.orNull(e.recall20()));
      row.put("mrr_20", ReportBreakdown.orNull(e.mrr20()));
      epochs.add(row);
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("k", k);
    data.put("positions", clicks);
    data.put("models", models);
    data.put("epochs", epochs);
    data.put("curves", curves());
    data.put("lengths", ReportBreakdown.lengthNames());
    data.put("fifths", report.models().isEmpty() ? List.of() : breakdown.fifthNames());
    data.put("early", breakdown.early());
    data.put("training", breakdown.training());
    return data;
  }

  private Map<String, Object> model(Measured model, int positions) {
    List<@Nullable Double> recall = new ArrayList<>();
    for (int p = 0; p < positions; p++) {
      recall.add(null);
    }
    for (Evaluation.Position position : model.evaluation().positions()) {
      if (position.events() >= ReportBreakdown.FEWEST_EVENTS) {
        recall.set(position.clicks() - 1, position.recall());
      }
    }
    return Map.of(
        "name", model.name(),
        "metrics", model.evaluation().metrics(),
        "intervals", model.evaluation().intervals(),
        "positions", recall,
        "lengths", breakdown.lengths(model.evaluation()),
        "fifths", ReportBreakdown.fifths(model.evaluation()));
  }
}
