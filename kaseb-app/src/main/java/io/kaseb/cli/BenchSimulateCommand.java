package io.kaseb.cli;

import io.kaseb.data.SimulatorConfig;
import io.kaseb.pipeline.SimulatorCheck;
import java.io.IOException;
import java.nio.file.Path;
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
    footer = {"", "Example: kaseb bench simulate --sessions 500000 --out /tmp/simulated"})
final class BenchSimulateCommand implements Callable<Integer> {
  @Option(
      names = "--sessions",
      defaultValue = "500000",
      paramLabel = "N",
      description = "Sessions.")
  private long sessions;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to fill.")
  private Path out = Path.of("");

  @Option(names = "--seed", defaultValue = "1", description = "Same seed, same bytes.")
  private long seed;

  @Option(names = "--threads", description = "Default: all cores.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Mixin private JsonOption json = new JsonOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    SimulatorCheck.Result result;
    try (TerminalProgress progress = new TerminalProgress()) {
      result = SimulatorCheck.run(new SimulatorConfig(sessions, seed, threads), out, progress);
    }
    spec.commandLine().getOut().println(SimulatorCheck.describe(result));
    json.write(result);
    return 0;
  }
}
