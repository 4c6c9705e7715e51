package io.kaseb.cli;

import io.kaseb.cli.option.ConfigOptions;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.NamedPath;
import io.kaseb.cli.option.ThreadsOption;
import io.kaseb.cli.terminal.EpochTable;
import io.kaseb.cli.terminal.StopOnInterrupt;
import io.kaseb.cli.terminal.TerminalProgress;
import io.kaseb.eval.Evaluation;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Quickstart;
import io.kaseb.train.TrainFigures;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `kaseb quickstart`: everything once, on simulated data.
@Command(
    name = "quickstart",
    mixinStandardHelpOptions = true,
    description =
        "Simulates a shop's log, prepares it, trains GRU4Rec, evaluates it beside baselines, forecasts, and writes a report.",
    footer = {"", "Example:", "  kaseb quickstart --sessions 50000 --out try"})
final class QuickstartCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Simulated sessions. Default: ${DEFAULT-VALUE}.")
  private long sessions;

  @Option(
      names = "--out",
      converter = NamedPath.class,
      paramLabel = "FOLDER",
      defaultValue = "quickstart",
      description = "Folder for everything. Default: ${DEFAULT-VALUE}.")
  private Path out;

  @Mixin private ThreadsOption threads;

  @Mixin private ConfigOptions config;
  @Mixin private JsonOption json;

  /// The figures as JSON.
  record Figures(TrainFigures train, Map<String, Evaluation.Figures> evaluate) {}

  @Override
  public Integer call() throws IOException {
    PrintWriter output = spec.commandLine().getOut();
    EpochTable table = new EpochTable(output);
    Quickstart.Listener listener =
        new Quickstart.Listener(
            step -> {
              output.println("\n$ " + StepCommand.of(step, threads.count()));
              output.flush();
            },
            table::ended);
    output.println("SIMULATED data throughout: no real shoppers.");
    ConfigFile.Resolved resolved = config.resolve(spec.commandLine().getErr());
    Quickstart.Result result;
    try (StopOnInterrupt stop = StopOnInterrupt.start();
        TerminalProgress progress = new TerminalProgress()) {
      result =
          Quickstart.run(
              sessions,
              out,
              resolved,
              threads.count(),
              StepCommand.ofAll(sessions, out, resolved, threads.count()),
              listener,
              progress,
              stop);
    }
    if (result == null) {
      output.println("Stopped.");
      return 1;
    }
    Map<String, Evaluation.Figures> evaluations = new LinkedHashMap<>();
    result.report().models().forEach(m -> evaluations.put(m.name(), m.evaluation().figures()));
    json.write(new Figures(result.train(), evaluations));
    output.println("\n" + result.report().text());
    output.printf(
        "The report with plots: %s%nEach line above that begins with $ is a command to try with your own files (./kaseb COMMAND --help).%nNext: ./kaseb prepare --format csv --clicks YOUR.csv --columns session=..,item=..,time=.. --split time:0.1 --protocol none --out mine%n",
        result.page());
    return 0;
  }
}
