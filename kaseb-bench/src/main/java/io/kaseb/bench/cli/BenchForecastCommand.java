package io.kaseb.bench.cli;

import io.kaseb.base.KasebException;
import io.kaseb.bench.BenchForecast;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.ThreadsOption;
import io.kaseb.kernel.Kernels;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `kaseb bench forecast`: the time of one click's forecast, and an evaluation's rate.
@Command(
    name = "forecast",
    mixinStandardHelpOptions = true,
    description =
        "Measures one click with its exact 20 best items on one thread, and an evaluation, "
            + "on networks of random weights; compares the items with those of all scores.",
    footer = {
      "",
      "Examples:",
      "  kaseb bench forecast",
      "  kaseb bench forecast --items 250000 --units 224 --events 0",
      "  kaseb bench forecast --items 1000000 --rank 32 --events 0"
    })
final class BenchForecastCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--items",
      paramLabel = "N,...",
      split = ",",
      hideParamSyntax = true,
      defaultValue = "37483,1000000",
      description = "Catalogues, two rows each. Default: ${DEFAULT-VALUE}.")
  private List<Integer> items;

  @Option(
      names = "--units",
      paramLabel = "N",
      defaultValue = "100",
      description = "Default: ${DEFAULT-VALUE}.")
  private int units;

  @Option(
      names = "--rank",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Floats of an item's row in tables that are stored as products, as kaseb export --rank makes"
              + " them; 0: tables as they are. The evaluation is without. Default: ${DEFAULT-VALUE}.")
  private int rank;

  @Option(
      names = "--check",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Clicks compared with all scores, each row. Default: ${DEFAULT-VALUE}.")
  private int checked;

  @Option(
      names = "--events",
      defaultValue = "70000",
      paramLabel = "N",
      description =
          "Predictions of the evaluation, over the first catalogue; 0: none. Default: ${DEFAULT-VALUE}.")
  private int events;

  @Mixin private ThreadsOption threads;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    if (items.stream().anyMatch(n -> n < 1) || units < 1 || rank < 0 || checked < 0 || events < 0) {
      throw new KasebException(
          "--items "
              + items
              + ", --units "
              + units
              + ": must be 1 or more; --rank "
              + rank
              + ", --check "
              + checked
              + ", --events "
              + events
              + ": must be 0 or more");
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s kernels, a click and its 20 best items on one thread%n", kernels());
    out.println(
        "items      units  weights       median ms   p99 ms   cpu ms  all scores ms  first ms  survivors  fallbacks  equal");
    List<BenchForecast.Row> rows = new ArrayList<>();
    for (int n : items) {
      for (BenchForecast.Weights weights : BenchForecast.Weights.values()) {
        BenchForecast.Row row =
            BenchForecast.clicks(n, units, rank, weights, checked, threads.workers());
        rows.add(row);
        print(out, row);
      }
    }
    if (events == 0) {
      json.write(Map.of("rows", rows));
      return 0;
    }
    BenchForecast.EvaluationRow row =
        BenchForecast.evaluation(items.getFirst(), units, threads.count(), events);
    out.printf(
        "evaluation: %,d events over %,d items on %d threads: %.1f s, %,.0f events/s%n",
        row.events(), row.items(), row.threads(), row.seconds(), row.eventsPerSecond());
    json.write(Map.of("rows", rows, "evaluation", row));
    return 0;
  }

  private static String kernels() {
    return Kernels.BEST.description();
  }

  private static void print(PrintWriter out, BenchForecast.Row row) {
    out.printf(
        "%,9d  %5d  %-12s  %9.3f  %7.3f  %7.3f  %13.3f  %8.1f  %9.1f  %7.1f %%  %d/%d%n",
        row.items(),
        row.units(),
        row.weights().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        row.medianMilliseconds(),
        row.p99Milliseconds(),
        row.cpuMilliseconds(),
        row.fullMilliseconds(),
        row.firstMilliseconds(),
        row.survivors(),
        100 * row.fallbacks(),
        row.equal(),
        row.checked());
    out.flush();
  }
}
