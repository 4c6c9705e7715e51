package io.kaseb.bench.cli;

import io.kaseb.base.KasebException;
import io.kaseb.bench.BenchStudy;
import io.kaseb.bench.BenchTables;
import io.kaseb.bench.BenchTune;
import io.kaseb.bench.HpoTable;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.ThreadsOption;
import io.kaseb.cli.terminal.TerminalProgress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `kaseb bench tune`: how soon samplers find the minimum of known functions.
@Command(
    name = "tune",
    mixinStandardHelpOptions = true,
    description =
        "Measures samplers on known functions: median simple regret over seeds, beside the figures"
            + " of NNI and Optuna and against random search; with --tables on tabular benchmarks.",
    footer = {
      "",
      "Examples:",
      "  kaseb bench tune",
      "  kaseb bench tune --samplers gp,anneal --trials 200",
      "  kaseb bench tune --tables ../shared/data/hpo --seeds 30 --json tables.json",
      "  kaseb bench tune --study --trials 6000"
    })
final class BenchTuneCommand implements Callable<Integer> {
  private static final List<String> USUAL = List.of("random", "tpe-nni", "tpe-optuna5");

  @Spec private CommandSpec spec;

  @Option(
      names = "--samplers",
      paramLabel = "NAME,...",
      split = ",",
      hideParamSyntax = true,
      description =
          "Any of random, tpe-nni, tpe-optuna4, tpe-optuna5, auto, gp, gp-local, smac, cma-es, nsga-ii,"
              + " sobol, anneal, evolution, bohb. Default: random,tpe-nni,tpe-optuna5; with --tables"
              + " all but bohb.")
  private List<String> samplers = List.of();

  @Option(
      names = "--tables",
      paramLabel = "FOLDER",
      description =
          "A folder of tabular benchmarks: spaces.json, and FAMILY-NAME.tsv or .tsv.gz. Every"
              + " evaluation draws one of the configuration's results; the best by what was seen is"
              + " judged by its mean.")
  private @Nullable Path tables;

  @Option(
      names = "--peers",
      paramLabel = "FILE",
      description =
          "With --tables: runs of others on the same tables, as bench/peers/tables_optuna.py writes"
              + " them.")
  private @Nullable Path peers;

  @Option(
      names = "--trials",
      paramLabel = "N",
      defaultValue = "100",
      description = "Default: ${DEFAULT-VALUE}.")
  private int trials;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "50",
      description = "Default: ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(
      names = "--study",
      description =
          "Measure instead what a study itself costs: --trials trials with 100 reports each and the"
              + " median pruner, then as many, 1,000 at most, with TPE; both kept in SQLite.")
  private boolean study;

  @Mixin private ThreadsOption threads;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    if (trials < 50 || seeds < 2) {
      throw new KasebException(
          "--trials %d, --seeds %d: must be 50 and 2 or more".formatted(trials, seeds));
    }
    if (study) {
      return study();
    }
    if (tables != null) {
      return tables(tables);
    }
    List<BenchTune.Row> rows;
    try (TerminalProgress progress = new TerminalProgress()) {
      rows =
          BenchTune.run(
              samplers.isEmpty() ? USUAL : samplers, trials, seeds, threads.count(), progress);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("Median simple regret over %d seeds, 95 %% bootstrap interval%n", seeds);
    out.println(
        "sampler      function            trials   median  interval             target  reached"
            + "  p(random)  ms/trial");
    for (BenchTune.Row row : rows) {
      out.printf(
          "%-11s  %-18s  %6d  %7.4g  [%7.4g, %7.4g]  %7s  %7s  %9.1e  %8.2f%n",
          row.sampler(),
          row.function(),
          row.after(),
          row.median(),
          row.low(),
          row.high(),
          shown(row.target()),
          row.target() == null ? "" : row.reached() ? "yes" : "no",
          row.pAgainstRandom(),
          row.millisPerTrial());
    }
    json.write(Map.of("rows", rows));
    return 0;
  }

  private int tables(Path folder) throws IOException {
    List<HpoTable> all = HpoTable.all(folder);
    List<BenchTables.Incumbent> others = peers == null ? List.of() : BenchTables.peers(peers);
    BenchTables.Result result;
    try (TerminalProgress progress = new TerminalProgress()) {
      result =
          BenchTables.run(
              all, BenchTune.specs(samplers), others, trials, seeds, threads.workers(), progress);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%d runs each; [95 %% bootstrap intervals over runs]%n", seeds);
    out.println(
        "sampler          table                            trials  mean rank           "
            + "     regret  % better than found");
    for (BenchTables.Row row : result.rows()) {
      out.printf(
          "%-15s  %-31s  %6d  %5.2f [%5.2f, %5.2f]  %9.3g  %6.3f [%.3f, %.3f]%n",
          row.sampler(),
          row.table(),
          row.after(),
          row.rank(),
          row.rankLow(),
          row.rankHigh(),
          row.regret(),
          100 * row.better(),
          100 * row.betterLow(),
          100 * row.betterHigh());
    }
    result.millis().forEach((name, millis) -> out.printf("%-15s  %.2f ms a trial%n", name, millis));
    json.write(result);
    return 0;
  }

  private int study() throws IOException {
    Path folder = Files.createTempDirectory("kaseb-bench-study");
    List<BenchStudy.Row> rows =
        new ArrayList<>(BenchStudy.reports(folder.resolve("reports"), trials, 100));
    rows.addAll(BenchStudy.suggestions(folder.resolve("tpe"), Math.min(1000, trials)));
    PrintWriter out = spec.commandLine().getOut();
    out.println("study        trials  ms/trial  processor ms/trial  us/report");
    for (BenchStudy.Row row : rows) {
      out.printf(
          "%-11s  %6d  %8.2f  %18.2f  %9.1f%n",
          row.study(),
          row.trials(),
          row.millisPerTrial(),
          row.cpuMillisPerTrial(),
          row.microsPerReport());
    }
    json.write(Map.of("rows", rows));
    return 0;
  }

  private static String shown(@Nullable Double target) {
    return target == null ? "" : "%.4g".formatted(target);
  }
}
