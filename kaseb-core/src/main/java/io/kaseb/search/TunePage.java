package io.kaseb.search;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.Build;
import io.kaseb.base.Json;
import io.kaseb.kernel.Kernels;
import io.kaseb.report.HtmlPage;
import io.kaseb.trial.FormChoice;
import io.kaseb.trial.Reading;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import io.kaseb.watch.ChartFiles;
import io.kaseb.watch.Watched;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A search as a web page: its history, what mattered, which parameters were good, how trials came
/// to their results, the best of them, and where all that comes from.
final class TunePage {
  /// Trials in the table.
  private static final int BEST = 10;

  private final TuneExperiment experiment;
  private final TuneFigures figures;
  private final Settings settings;

  /// The trials with a result, best first by the first goal.
  private final List<Trial> ranked;

  private TunePage(TuneExperiment experiment, TuneFigures figures) {
    this.experiment = experiment;
    this.figures = figures;
    this.settings = experiment.study().settings();
    this.ranked = TuneReport.usable(experiment.study().history(), experiment.plan().constraints());
  }

  /// Writes the page of an experiment.
  static void write(TuneExperiment experiment, TuneFigures figures, Path file) throws IOException {
    String page = html(experiment, figures);
    AtomicFiles.write(file, path -> Files.writeString(path, page));
  }

  /// Returns the page of an experiment.
  static String html(TuneExperiment experiment, TuneFigures figures) throws IOException {
    return new TunePage(experiment, figures).html();
  }

  private String html() throws IOException {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("goal", HtmlPage.escape(figures.goal()));
    parts.put("facts", facts());
    parts.put("best", best());
    parts.put("provenance", provenance());
    parts.put(
        "command",
        figures.best() == null
            ? ""
            : HtmlPage.escape(
                "%s holds the best trial's configuration: train %s with it%s."
                    .formatted(
                        experiment.folder().resolve(Tune.BEST),
                        experiment.plan().dataset(),
                        FormChoice.remark(FormChoice.of(ranked.getFirst().parameters())))));
    parts.put("text", HtmlPage.escape(Tune.text(experiment.folder(), figures)));
    String body = HtmlPage.fill(HtmlPage.resource(TunePage.class, "tune.html"), parts);
    String script =
        "(() => {\n" + ChartFiles.joined() + HtmlPage.resource(TunePage.class, "tune.js") + "})();";
    String title = "Search " + settings.name();
    return HtmlPage.of(title, body, data(), ChartFiles.library(), script);
  }

  private String data() throws IOException {
    try (Watched watched = Watched.open(experiment.folder())) {
      watched.refresh();
      return "{\"changes\":%s,\"importance\":%s}"
          .formatted(
              new String(watched.news("", true).json(), StandardCharsets.UTF_8),
              Json.MAPPER.writeValueAsString(figures.importance()));
    }
  }

  private String facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    TuneFigures.Best best = figures.best();
    facts.put("best " + figures.goal(), best == null ? "none" : number(best.metric()));
    TuneFigures.Best base = figures.base();
    if (base != null) {
      facts.put("your configuration", number(base.metric()));
    }
    facts.put("trials", Integer.toString(figures.trials()));
    figures
        .states()
        .forEach(
            (state, count) ->
                facts.put(
                    state.toLowerCase(Locale.ROOT).replace('_', ' '), Integer.toString(count)));
    facts.put("seconds", String.format(Locale.ROOT, "%,.0f", figures.seconds()));
    return HtmlPage.facts(facts);
  }

  private String best() {
    TuneFigures.NearMiss nearest = figures.nearest();
    if (ranked.isEmpty()) {
      return nearest == null
          ? "<p>No trial has a result.</p>"
          : HtmlPage.escape(
              "No trial keeps the constraints; the nearest is trial %d, which breaks %s."
                  .formatted(nearest.trial().trial(), nearest.excess()));
    }
    StringBuilder out = new StringBuilder("<div class=\"scroll\"><table><thead><tr><th>trial</th>");
    settings.goals().forEach(goal -> out.append("<th>" + HtmlPage.escape(goal.name()) + "</th>"));
    out.append("<th>step</th><th>seconds</th></tr></thead><tbody>");
    for (Trial trial : ranked.subList(0, Math.min(BEST, ranked.size()))) {
      out.append("<tr class=\"numbers" + (trial == ranked.getFirst() ? " best" : "") + "\">");
      out.append("<td>" + trial.id() + "</td>");
      for (int i = 0; i < trial.values().size(); i++) {
        out.append("<td>" + number(trial.values().get(i)) + noise(trial, i) + "</td>");
      }
      out.append("<td>" + trial.lastStep() + "</td>");
      out.append("<td>" + String.format(Locale.ROOT, "%.1f", trial.seconds()) + "</td>");
      List<String> parameters = new ArrayList<>();
      trial.parameters().flat().forEach((name, value) -> parameters.add(name + "=" + shown(value)));
      out.append("</tr><tr><td class=\"left\" colspan=\"" + (settings.goals().size() + 3) + "\">");
      out.append("<small>" + HtmlPage.escape(String.join(" ", parameters)));
      out.append("</small></td></tr>");
    }
    return out + "</tbody></table></div>";
  }

  private static String noise(Trial trial, int goal) {
    Outcome outcome = trial.outcome();
    double error = outcome == null ? 0 : outcome.valueError(goal);
    return error > 0 ? " &plusmn; " + String.format(Locale.ROOT, "%.2g", error) : "";
  }

  private String provenance() {
    TunePlan plan = experiment.plan();
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("dataset", plan.dataset());
    rows.put("its hash", plan.datasetHash());
    rows.put("goals", String.join(", ", plan.goals()));
    if (!plan.constraints().isEmpty()) {
      rows.put("constraints", String.join(", ", plan.constraints()));
    }
    rows.put(
        "measured on",
        "the latest %s of the training sessions, %,d at most"
            .formatted(number(plan.valid()), plan.validSessions()));
    rows.put("a step", plan.byEpochs() ? "an epoch" : "a share of the sessions");
    if (plan.timed()) {
      rows.put(
          "times",
          "medians of %d rounds, warm, no other trial at work; +- is the standard error"
              .formatted(Reading.ROUNDS));
    }
    rows.put("sampler", text(settings.sampler()));
    rows.put("pruner", text(settings.pruner()));
    rows.put("seed", Long.toString(settings.seed()));
    rows.put(
        "trials at a time",
        settings.concurrency()
            + ", threads of each: "
            + plan.threads()
            + (settings.lag() > 0 ? ", deterministic" : ""));
    rows.put("kernels", Kernels.BEST.description());
    rows.put("Kaseb", Build.version() + " " + Build.commit());
    rows.put("Java", Runtime.version().toString());
    return HtmlPage.words(rows);
  }

  private static String text(MethodSpec method) {
    return method.args().isEmpty() ? method.name() : method.name() + " " + method.args();
  }

  private static String shown(Object value) {
    return value instanceof Double d ? number(d) : value.toString();
  }

  private static String number(double value) {
    if (Math.abs(value) >= 1e4 && Math.abs(value) < 1e15) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    String text = String.format(Locale.ROOT, "%.4g", value);
    return text.contains("e") || !text.contains(".")
        ? text
        : text.replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}
