package io.kaseb.bench.cli;

import io.kaseb.base.KasebException;
import io.kaseb.baseline.ModelKinds;
import io.kaseb.baseline.SessionKnn;
import io.kaseb.bench.BenchBaseline;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.ThreadsOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `kaseb bench baseline`: session-kNN's speed, and an evaluation of all baselines.
@Command(
    name = "baseline",
    mixinStandardHelpOptions = true,
    description =
        "Measures session-kNN on made-up sessions: building the index and one prediction of 20 items "
            + "on one thread; then counts and evaluates every baseline.",
    footer = {
      "",
      "Examples:",
      "  kaseb bench baseline",
      "  kaseb bench baseline --sessions 1000000 --events 0",
      "  kaseb bench baseline --events 0 --set knn_k=500 --set knn_sample=500"
    })
final class BenchBaselineCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--sessions",
      paramLabel = "N,...",
      split = ",",
      hideParamSyntax = true,
      defaultValue = "500000,1000000",
      description = "Sessions in the index. Default: ${DEFAULT-VALUE}.")
  private List<Integer> sessions;

  @Option(
      names = "--items",
      paramLabel = "N",
      defaultValue = "40000",
      description = "Default: ${DEFAULT-VALUE}.")
  private int items;

  @Option(
      names = "--predictions",
      paramLabel = "N",
      defaultValue = "50000",
      description = "Timed for each row. Default: ${DEFAULT-VALUE}.")
  private int predictions;

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "70000",
      description = "Predictions of the evaluation, about; 0: none. Default: ${DEFAULT-VALUE}.")
  private int events;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "One setting of session-kNN, as in knn_sample=500, for all kinds; may be repeated. Default: each kind's own.")
  private Map<String, String> settings = Map.of();

  @Mixin private ThreadsOption threads;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    if (items < 100 || predictions < 100 || events < 0 || sessions.stream().anyMatch(n -> n < 1)) {
      throw new KasebException(
          "--items and --predictions must be 100 or more, --sessions 1 or more, --events 0 or more");
    }
    PrintWriter out = spec.commandLine().getOut();
    SessionKnn.KINDS.forEach(kind -> ModelKinds.settings(kind).with(settings));
    out.println("kind      sessions   items  index s  median ms   p90 ms   p99 ms");
    List<BenchBaseline.KnnRow> rows = new ArrayList<>();
    for (int n : sessions) {
      for (String kind : SessionKnn.KINDS) {
        BenchBaseline.KnnRow row = BenchBaseline.knn(kind, settings, n, items, predictions);
        rows.add(row);
        out.printf(
            "%-8s %,9d  %,6d  %7.2f  %9.4f  %7.4f  %7.4f%n",
            row.kind(),
            row.sessions(),
            row.items(),
            row.indexSeconds(),
            row.medianMilliseconds(),
            row.p90Milliseconds(),
            row.p99Milliseconds());
        out.flush();
      }
    }
    List<BenchBaseline.EvaluationRow> evaluations =
        events == 0
            ? List.of()
            : BenchBaseline.evaluation(
                settings, sessions.getFirst(), items, events, threads.count());
    double total = 0;
    for (BenchBaseline.EvaluationRow row : evaluations) {
      total += row.seconds();
      out.printf("evaluation of %-18s %6.1f s%n", row.kind(), row.seconds());
    }
    if (events > 0) {
      out.printf(
          "evaluation, counting included: %,d events over %,d items on %d threads: %.1f s%n",
          evaluations.getFirst().events(), items, threads.count(), total);
    }
    json.write(Map.of("rows", rows, "evaluations", evaluations));
    return 0;
  }
}
