package io.kaseb.cli;

import io.kaseb.base.Json;
import io.kaseb.cli.option.EvalOptions;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.OutputFile;
import io.kaseb.cli.terminal.ShellWords;
import io.kaseb.cli.terminal.TerminalProgress;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.PurchaseDifference;
import io.kaseb.eval.PurchaseEvaluation;
import io.kaseb.pipeline.Evaluate;
import io.kaseb.pipeline.SessionScores;
import io.kaseb.report.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.type.TypeReference;

/// `kaseb evaluate`: a model's metrics on a dataset's test part.
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = "Measures a model on a dataset's test part, ranking every item for every click.",
    footer = {
      "",
      "Example:",
      "  kaseb evaluate rsc15.kaseb rsc15 --at 1,5,20 --baselines --html report.html",
      "  kaseb evaluate rsc15.kaseb rsc15 --scores scores.csv"
    })
final class EvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "MODEL", description = "A file that kaseb train wrote.")
  private Path model;

  @Parameters(index = "1", paramLabel = "DATASET", description = "A folder with a test part.")
  private Path dataset;

  @Option(
      names = "--baselines",
      description = "Put popularity and a first-order Markov chain beside the model.")
  private boolean baselines;

  @Option(
      names = "--truth",
      paramLabel = "FOLDER",
      description =
          "What kaseb simulate wrote: put the true purchase probabilities beside, as ceiling.")
  private @Nullable Path truth;

  @OutputFile(OutputFile.Kind.PAGE)
  @Option(names = "--html", paramLabel = "FILE", description = "Write the report as a web page.")
  private @Nullable Path html;

  @OutputFile(OutputFile.Kind.TEXT)
  @Option(
      names = "--scores",
      paramLabel = "FILE",
      description =
          "Write as CSV each test session's probability of each goal, cut before the goal, with what came of it: for statistics of your own.")
  private @Nullable Path scores;

  @Mixin private EvalOptions options;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    EvalConfig config = options.config();
    String command =
        "kaseb evaluate "
            + ShellWords.quoted(model)
            + " "
            + ShellWords.quoted(dataset)
            + options.command()
            + (baselines ? " --baselines" : "")
            + (truth == null ? "" : " --truth " + ShellWords.quoted(truth));
    Report report;
    try (TerminalProgress progress = new TerminalProgress()) {
      report =
          Evaluate.run(
              model, dataset, config, truth, baselines, null, truth != null, command, progress);
      if (scores != null) {
        SessionScores.write(model, dataset, scores, config.workers(), progress);
      }
    }
    Evaluation evaluation = report.models().getFirst().evaluation();
    Map<String, Object> figures = figures(evaluation, report.purchases());
    if (report.newItems() != null) {
      figures.put("new_items", apart(report.newItems().fresh()));
      figures.put("known_items", apart(report.newItems().known()));
    }
    if (report.actions() != null) {
      figures.put("actions", report.actions());
    }
    json.write(figures);
    PrintWriter out = spec.commandLine().getOut();
    out.println(report.text());
    printCutoffs(out, config.cutoffs(), evaluation);
    if (html != null) {
      report.writeTo(html);
      out.println("\nWrote " + html);
    }
    if (scores != null) {
      out.println("\nWrote " + scores);
    }
    return 0;
  }

  /// Returns the JSON: the next-item figures, then the purchase forecast's of the challenge view
  /// (`purchase`) and the live view (`purchase_live`), then every goal's, every kind's and
  /// baseline's.
  private static Map<String, Object> figures(
      Evaluation evaluation, List<PurchaseEvaluation> purchases) {
    Map<String, Object> all =
        Json.MAPPER.convertValue(
            evaluation.figures(), new TypeReference<LinkedHashMap<String, Object>>() {});
    for (String view : List.of("challenge", "live")) {
      String key = view.equals("challenge") ? "purchase" : "purchase_live";
      purchases.stream()
          .filter(e -> e.goal().equals(PurchaseEvaluation.PURCHASE) && e.view().equals(view))
          .findFirst()
          .ifPresent(
              e -> {
                all.put(key, e.figures());
                all.put(key + "_intervals", e.intervals());
                all.put(key + "_calibration", e.curve());
              });
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (PurchaseEvaluation e : purchases) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", e.name());
      row.put("goal", e.goal());
      row.put("view", e.view());
      row.put("purchase", e.figures());
      row.put("intervals", e.intervals());
      row.put("without_slope", e.withoutSlope());
      rows.add(row);
    }
    if (!rows.isEmpty()) {
      all.put("goals", goals(purchases));
      all.put("purchase_rows", rows);
      all.put("purchase_differences", PurchaseDifference.all(purchases));
    }
    return all;
  }

  /// Returns the figures of items that came after the training, or of the others; how popular or
  /// many the ranked items are says nothing there.
  private static Map<String, Object> apart(Evaluation evaluation) {
    Map<String, Object> figures = new LinkedHashMap<>();
    Map<String, Double> metrics = new LinkedHashMap<>(evaluation.metrics());
    metrics.keySet().removeIf(name -> name.startsWith("coverage") || name.startsWith("popularity"));
    figures.put("events", evaluation.events());
    figures.put("sessions", evaluation.figures().sessions());
    figures.put("metrics", metrics);
    figures.put("intervals", evaluation.intervals());
    return figures;
  }

  /// Returns the model's own figures by goal and view.
  private static Map<String, Object> goals(List<PurchaseEvaluation> purchases) {
    Map<String, Map<String, Object>> goals = new LinkedHashMap<>();
    for (PurchaseEvaluation e : purchases) {
      Map<String, Object> views = goals.computeIfAbsent(e.goal(), goal -> new LinkedHashMap<>());
      if (!views.containsKey(e.view())) {
        views.put(e.view(), e.figures());
        views.put(e.view() + "_intervals", e.intervals());
        views.put(e.view() + "_calibration", e.curve());
      }
    }
    return new LinkedHashMap<>(goals);
  }

  private static void printCutoffs(PrintWriter out, List<Integer> cutoffs, Evaluation evaluation) {
    out.println("   k   recall      mrr     ndcg  coverage  popularity");
    for (int k : cutoffs) {
      out.printf(
          Locale.ROOT,
          "%4d  %7.4f  %7.4f  %7.4f  %8.3f  %10.2f%n",
          k,
          evaluation.metric("recall@" + k),
          evaluation.metric("mrr@" + k),
          evaluation.metric("ndcg@" + k),
          evaluation.metric("coverage@" + k),
          evaluation.metric("popularity@" + k));
    }
  }
}
