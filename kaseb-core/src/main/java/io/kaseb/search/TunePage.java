package io.kaseb.search;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.Build;
import io.kaseb.kernel.Kernels;
import io.kaseb.report.HtmlPage;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A search as a web page: its history, what mattered, which parameters were good, how trials came
/// to their results, the best of them, and where all that comes from.
final class TunePage {
  /// Trials in the table.
  private static final int BEST = 10;

  /// Trials in charts that have a line for each, the best ones.
  private static final int LINES = 200;

  /// Parameters beside each other, the most important ones.
  private static final int AXES = 11;

  private final TuneExperiment experiment;
  private final TuneFigures figures;
  private final Settings settings;
  private final List<Trial> trials;

  /// The trials with a result, best first by the first goal.
  private final List<Trial> ranked;

  private TunePage(TuneExperiment experiment, TuneFigures figures) {
    this.experiment = experiment;
    this.figures = figures;
    this.settings = experiment.study().settings();
    this.trials = experiment.study().trials();
    this.ranked = TuneReport.usable(experiment.study().history(), experiment.plan().constraints());
  }

  /// Writes the page of an experiment.
  static void write(TuneExperiment experiment, TuneFigures figures, Path file) throws IOException {
    String page = new TunePage(experiment, figures).html();
    AtomicFiles.write(file, path -> Files.writeString(path, page));
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
                "%s holds the best trial's configuration: train %s with it."
                    .formatted(
                        experiment.folder().resolve(Tune.BEST), experiment.plan().dataset())));
    parts.put("text", HtmlPage.escape(Tune.text(experiment.folder(), figures)));
    String body = HtmlPage.fill(HtmlPage.resource(TunePage.class, "tune.html"), parts);
    String script = HtmlPage.resource(TunePage.class, "tune.js");
    return HtmlPage.of("Search " + settings.name(), body, data(), script);
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
      trial.values().forEach(value -> out.append("<td>" + number(value) + "</td>"));
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

  /// The numbers that the charts are drawn from.
  private Map<String, Object> data() {
    List<Axis> axes = axes();
    List<Object> rows = new ArrayList<>();
    for (Trial trial : trials) {
      rows.add(row(trial, axes));
    }
    List<double[]> best = new ArrayList<>();
    Goal goal = settings.goals().getFirst();
    for (Trial trial : trials) {
      if (ranked.contains(trial)) {
        double value = trial.values().getFirst();
        double before = best.isEmpty() ? value : best.getLast()[1];
        best.add(
            new double[] {
              trial.id(), goal.maximize() ? Math.max(value, before) : Math.min(value, before)
            });
      }
    }
    List<Object> importance = new ArrayList<>();
    figures
        .importance()
        .forEach((name, share) -> importance.add(Map.of("name", name, "share", share)));
    return Map.of(
        "trials",
        rows,
        "best",
        best,
        "importance",
        importance,
        "axes",
        axes.stream()
            .map(a -> Map.of("name", a.name(), "low", a.text(false), "high", a.text(true)))
            .toList());
  }

  private Map<String, @Nullable Object> row(Trial trial, List<Axis> axes) {
    int rank = ranked.indexOf(trial);
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("id", trial.id());
    boolean judged = !trial.values().isEmpty() && trial.state() != TrialState.FAILED;
    row.put("value", judged ? trial.values().getFirst() : null);
    row.put("whole", trial.state() == TrialState.SUCCEEDED);
    row.put("rank", rank < 0 ? trials.size() : rank);
    List<double[]> curve = new ArrayList<>();
    if (rank >= 0 && rank < LINES) {
      Map<String, Object> flat = trial.parameters().flat();
      row.put("at", axes.stream().map(a -> a.place(flat.get(a.name()))).toList());
      row.put("texts", axes.stream().map(a -> shown(flat.getOrDefault(a.name(), ""))).toList());
      for (Measurement report : trial.measurements()) {
        curve.add(new double[] {report.step(), report.value()});
      }
    }
    row.put("curve", curve);
    return row;
  }

  /// A parameter as an axis.
  ///
  /// @param name the parameter's
  /// @param options its values, where they are no numbers, else empty
  /// @param low smallest number
  /// @param high largest number
  private record Axis(String name, List<String> options, double low, double high) {
    /// Numbers that span so much are laid out by their logarithm.
    private static final double WIDE = 30;

    @Nullable Double place(@Nullable Object value) {
      if (value == null) {
        return null;
      }
      if (!options.isEmpty()) {
        return options.size() < 2
            ? .5
            : (double) options.indexOf(value.toString()) / (options.size() - 1);
      }
      double x = ((Number) value).doubleValue();
      boolean log = low > 0 && high / low > WIDE;
      double from = log ? Math.log(low) : low;
      double to = log ? Math.log(high) : high;
      return to <= from ? .5 : ((log ? Math.log(x) : x) - from) / (to - from);
    }

    String text(boolean upper) {
      return options.isEmpty()
          ? number(upper ? high : low)
          : upper ? options.getLast() : options.getFirst();
    }
  }

  private List<Axis> axes() {
    Set<String> names = new LinkedHashSet<>();
    for (String path : figures.importance().keySet()) {
      names.add(path.substring(path.lastIndexOf('/') + 1));
    }
    ranked.forEach(t -> names.addAll(t.parameters().flat().keySet()));
    List<Axis> axes = new ArrayList<>();
    for (String name : names) {
      List<Object> values = new ArrayList<>();
      for (Trial trial : ranked) {
        Object value = trial.parameters().flat().get(name);
        if (value != null) {
          values.add(value);
        }
      }
      if (values.stream().distinct().count() > 1 && axes.size() < AXES) {
        axes.add(axis(name, values));
      }
    }
    return axes;
  }

  private static Axis axis(String name, List<Object> values) {
    if (!values.stream().allMatch(Number.class::isInstance)) {
      List<String> options = values.stream().map(Object::toString).distinct().sorted().toList();
      return new Axis(name, options, 0, 0);
    }
    double[] numbers = values.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double number : numbers) {
      low = Math.min(low, number);
      high = Math.max(high, number);
    }
    return new Axis(name, List.of(), low, high);
  }

  private static String shown(Object value) {
    return value instanceof Double d ? number(d) : value.toString();
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.4g", value);
    return text.contains("e") || !text.contains(".")
        ? text
        : text.replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}
