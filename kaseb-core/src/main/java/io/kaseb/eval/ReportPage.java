package io.kaseb.eval;

import io.kaseb.base.Json;
import io.kaseb.model.TrainingEpoch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lays a [Report] out as a web page: fills the places of `report.html`, escaping everything.
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
    Map<String, String> parts = new HashMap<>();
    parts.put("title", escape(report.title()));
    parts.put(
        "notice",
        report.simulated() ? "<div class=\"notice\">Simulated data: no real shoppers</div>" : "");
    parts.put("facts", facts());
    parts.put("models", report.models().isEmpty() ? "" : models());
    parts.put("differences", report.differences().isEmpty() ? "" : differences());
    parts.put("purchases", purchases());
    parts.put("training", report.epochs().isEmpty() ? "" : training());
    StringBuilder lines = new StringBuilder();
    report.provenance().forEach(line -> lines.append("<li>" + escape(line) + "</li>"));
    parts.put("provenance", lines.toString());
    parts.put("command", escape(report.command()));
    parts.put("data", Json.MAPPER.writeValueAsString(data()).replace("<", "\\u003c"));
    return Page.fill(Page.resource(ReportPage.class, "report.html"), parts);
  }

  private String facts() {
    StringBuilder out = new StringBuilder();
    report
        .facts()
        .forEach(
            (label, value) ->
                out.append(
                    "<div><dt>" + escape(label) + "</dt><dd>" + escape(value) + "</dd></div>"));
    return out.toString();
  }

  private String models() {
    Evaluation first = report.models().getFirst().evaluation();
    List<String> columns = List.of("recall", "mrr", "ndcg", "coverage", "popularity");
    StringBuilder rows = new StringBuilder();
    for (Report.Measured model : report.models()) {
      boolean isFirst = model.equals(report.models().getFirst());
      rows.append(isFirst ? "<tr class=\"best\">" : "<tr>").append(cell(model.name(), ""));
      for (String column : columns) {
        String metric = column + "@" + k;
        Evaluation e = model.evaluation();
        rows.append(
            cell(
                ReportText.number(column.equals("popularity") ? "%.2f" : "%.4f", e.metric(metric)),
                ReportText.interval(e, metric)));
      }
      rows.append("</tr>");
    }
    List<String> headings = new ArrayList<>(List.of("model"));
    columns.forEach(column -> headings.add(column + "@" + k));
    return String.format(
        Locale.ROOT,
        """
        <section>
        <h2>Next-item forecasts</h2>
        <p>%,d predictions in %,d sessions, each ranked among all items; %s ties;
        %,d clicks on items unknown to train were dropped. Whiskers and brackets: 95 %% bootstrap
        intervals over sessions. Popularity: how popular the listed items are beside what was
        really clicked; 1 is unbiased.</p>
        <div class="pair"><div class="chart" id="recall"></div><div class="chart" id="mrr"></div></div>
        %s
        </section>
        <section>
        <h2>Coverage and popularity</h2>
        <p>Coverage: the share of the catalogue that is ever recommended. Popularity: at 1, items
        are recommended as often as shoppers choose their like; above, the popular ones more.</p>
        <div class="pair"><div class="chart" id="coverage"></div><div class="chart" id="popularity"></div></div>
        </section>
        <section>
        <h2>Recall@%d by clicks seen</h2>
        <p>How good the forecast is after the first click, the second, and so on (%d: all later
        ones too). Places with fewer than %d predictions are left out.</p>
        <div class="chart tall" id="positions"></div>
        </section>
        <section>
        <h2>By length of the session, and by popularity of the item</h2>
        <p>Left: all predictions of sessions of so many clicks. Right: predictions whose answer
        belongs to the most popular items that make up a fifth of train's clicks, the next fifth,
        and so on to the rarest.</p>
        <div class="pair"><div class="chart tall" id="lengths"></div><div class="chart tall" id="fifths"></div></div>
        </section>
        """,
        first.events(),
        first.sessions(),
        escape(first.ties().toString()),
        first.unknownItems(),
        table(headings, rows.toString()),
        k,
        Evaluator.POSITIONS,
        ReportBreakdown.FEWEST_EVENTS);
  }

  private String differences() {
    return "<section><h2>"
        + escape(report.models().getFirst().name())
        + " beside every other</h2><p>Differences on the same predictions, paired by session: 95 %"
        + " bootstrap intervals, two-sided p-values, corrected for the number of comparisons"
        + " (Holm).</p>"
        + table(ReportBreakdown.differences(report.differences()))
        + "</section>";
  }

  private String purchases() {
    List<PurchaseEvaluation> all = report.purchases();
    StringBuilder out = new StringBuilder();
    for (String view : PurchaseText.views(all)) {
      int number = PurchaseText.views(all).indexOf(view);
      PurchaseEvaluation any =
          all.stream().filter(e -> e.view().equals(view)).findFirst().orElseThrow();
      out.append("<section><h2>" + escape(PurchaseText.describe(view, any)) + "</h2>");
      out.append(table(PurchaseText.rows(all, view))).append(table(PurchaseText.after(all, view)));
      out.append("<ul>");
      PurchaseText.differences(all, view)
          .forEach(line -> out.append("<li>" + escape(line) + "</li>"));
      out.append(
          "</ul><p>Calibration of "
              + escape(any.name())
              + ": of the sessions with a forecast, how many bought.</p><div class=\"chart\" id=\"calibration"
              + number
              + "\"></div><p>AUC after the first clicks, before it is known whether more come.</p>"
              + "<div class=\"chart tall\" id=\"early"
              + number
              + "\"></div></section>");
    }
    return out.toString();
  }

  /// Lays rows out, headings first.
  private static String table(List<List<String>> rows) {
    StringBuilder body = new StringBuilder();
    for (List<String> row : rows.subList(1, rows.size())) {
      body.append("<tr>");
      row.forEach(value -> body.append(cell(value, "")));
      body.append("</tr>");
    }
    return table(rows.getFirst(), body.toString());
  }

  private List<Object> curves() {
    List<PurchaseEvaluation> all = report.purchases();
    List<Object> curves = new ArrayList<>();
    for (String view : PurchaseText.views(all)) {
      PurchaseEvaluation first =
          all.stream().filter(e -> e.view().equals(view)).findFirst().orElseThrow();
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
    StringBuilder rows = new StringBuilder();
    for (TrainingEpoch e : report.epochs()) {
      rows.append("<tr>")
          .append(cell(Integer.toString(e.epoch()), ""))
          .append(cell(ReportText.number("%.4f", e.trainLoss()), ""))
          .append(cell(ReportText.number("%.4f", e.validLoss()), ""))
          .append(cell(ReportText.number("%.3f", e.ratio()), ""))
          .append(cell(ReportText.number("%.4f", e.recall20()), ""))
          .append(cell(ReportText.number("%.4f", e.mrr20()), ""))
          .append(cell(ReportText.number("%.1f", e.seconds()), ""))
          .append(cell(ReportText.number("%,.0f", e.eventsPerSecond()), ""))
          .append("</tr>");
    }
    List<String> headings =
        List.of(
            "epoch",
            "train loss",
            "valid. loss",
            "ratio",
            "recall@20",
            "mrr@20",
            "seconds",
            "events/s");
    return """
        <section>
        <h2>Training</h2>
        <p>Loss, and recall@20 and mrr@20 on the sessions held back, after each epoch.</p>
        <div class="pair"><div class="chart" id="losses"></div><div class="chart" id="progress"></div></div>
        """
        + (report.curves().size() < 2
            ? ""
            : "<p>All models that learn by epochs: train loss, and mrr@20 on the sessions held back; the table below is the first one's.</p><div"
                + " class=\"pair\"><div class=\"chart\" id=\"all-losses\"></div><div class=\"chart\""
                + " id=\"all-progress\"></div></div>")
        + table(headings, rows.toString())
        + "</section>";
  }

  private static String table(List<String> headings, String rows) {
    StringBuilder out = new StringBuilder("<div class=\"scroll\"><table><thead><tr>");
    headings.forEach(heading -> out.append("<th>" + escape(heading) + "</th>"));
    return out + "</tr></thead><tbody>" + rows + "</tbody></table></div>";
  }

  private static String cell(String value, String aside) {
    String small = aside.isEmpty() ? "" : "<small>" + escape(aside) + "</small>";
    return "<td>" + escape(value) + small + "</td>";
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
    for (Report.Measured model : report.models()) {
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

  private Map<String, Object> model(Report.Measured model, int positions) {
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

  private static String escape(String text) {
    return Page.escape(text);
  }
}
