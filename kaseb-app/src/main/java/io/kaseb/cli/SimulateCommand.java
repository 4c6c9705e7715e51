package io.kaseb.cli;

import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.SimulatorOptions;
import io.kaseb.cli.terminal.TerminalProgress;
import io.kaseb.pipeline.Simulate;
import io.kaseb.simulate.Simulator;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `kaseb simulate`: writes a simulated log.
@Command(
    name = "simulate",
    description = "Writes a SIMULATED shop's log in the YOOCHOOSE format (no real shoppers).",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  kaseb simulate --sessions 500000 --out simulated"})
final class SimulateCommand implements Callable<Integer> {
  @Option(names = "--sessions", required = true, paramLabel = "N", description = "Sessions.")
  private long sessions;

  @Mixin private SimulatorOptions options = new SimulatorOptions();
  @Mixin private JsonOption json = new JsonOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    Simulator.Summary summary;
    try (TerminalProgress progress = new TerminalProgress()) {
      summary = Simulate.run(options.config(sessions), options.out(), progress);
    }
    spec.commandLine().getOut().println(Simulate.describe(summary, options.out()));
    json.write(summary);
    return 0;
  }
}
