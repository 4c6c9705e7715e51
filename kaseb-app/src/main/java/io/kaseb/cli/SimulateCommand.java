package io.kaseb.cli;

import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.SimulatorOptions;
import io.kaseb.cli.terminal.ShellWords;
import io.kaseb.cli.terminal.TerminalProgress;
import io.kaseb.pipeline.Simulate;
import io.kaseb.simulate.ShopperLog;
import io.kaseb.simulate.Simulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `kaseb simulate`: writes a simulated log.
@Command(
    name = "simulate",
    description =
        "Writes a SIMULATED shop's log (no real shoppers): clicks and purchases in the YOOCHOOSE format, or everything that shoppers do.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  kaseb simulate --sessions 500000 --out simulated",
      "  kaseb simulate --sessions 100000 --events --out shop"
    })
final class SimulateCommand implements Callable<Integer> {
  @Option(names = "--sessions", required = true, paramLabel = "N", description = "Sessions.")
  private long sessions;

  @Option(
      names = "--events",
      description =
          "Write carts, removals, searches, devices, returning visitors and new items too: one log of all events, and the command that prepares it.")
  private boolean isEverything;

  @Mixin private SimulatorOptions options = new SimulatorOptions();
  @Mixin private JsonOption json = new JsonOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    if (isEverything) {
      return everything();
    }
    Simulator.Summary summary;
    try (TerminalProgress progress = new TerminalProgress()) {
      summary = Simulate.run(options.config(sessions), options.out(), progress);
    }
    spec.commandLine().getOut().println(Simulate.describe(summary, options.out()));
    json.write(summary);
    return 0;
  }

  private int everything() throws IOException {
    Path folder = options.out();
    ShopperLog.Summary summary;
    try (TerminalProgress progress = new TerminalProgress()) {
      summary = Simulate.everything(options.config(sessions), folder, progress);
    }
    String next =
        "kaseb prepare --format csv --clicks %s --columns %s --attributes %s --protocol challenge --split time:0.2 --out %s"
            .formatted(
                ShellWords.quoted(folder.resolve(ShopperLog.EVENTS)),
                ShopperLog.COLUMNS,
                ShopperLog.ATTRIBUTES,
                ShellWords.quoted(folder.resolve("dataset")));
    spec.commandLine().getOut().println(Simulate.describe(summary, folder));
    spec.commandLine().getOut().println("Next: " + next);
    json.write(summary);
    return 0;
  }
}
