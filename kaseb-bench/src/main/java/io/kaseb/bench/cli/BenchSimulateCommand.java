package io.kaseb.bench.cli;

import io.kaseb.bench.SimulatorCheck;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.SimulatorOptions;
import io.kaseb.cli.terminal.TerminalProgress;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `kaseb bench simulate`: the simulator's speed, and its figures beside the original's.
@Command(
    name = "simulate",
    description = "Simulates a log and sets its figures beside the original YOOCHOOSE log's.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  kaseb bench simulate --sessions 500000 --out simulated"})
final class BenchSimulateCommand implements Callable<Integer> {
  @Option(
      names = "--sessions",
      defaultValue = "500000",
      paramLabel = "N",
      description = "Sessions.")
  private long sessions;

  @Mixin private SimulatorOptions options = new SimulatorOptions();
  @Mixin private JsonOption json = new JsonOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    SimulatorCheck.Result result;
    try (TerminalProgress progress = new TerminalProgress()) {
      result = SimulatorCheck.run(options.config(sessions), options.out(), progress);
    }
    spec.commandLine().getOut().println(SimulatorCheck.describe(result));
    json.write(result);
    return 0;
  }
}
