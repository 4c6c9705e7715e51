package io.kaseb.bench.cli;

import io.kaseb.bench.BenchPrepare;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.ResourceOptions;
import io.kaseb.cli.terminal.TerminalProgress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kaseb bench prepare`: seconds and memory of preparing a big log.
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    description =
        "Prepares a YOOCHOOSE log (protocol rsc15), loads the dataset, and prints seconds and peak memory.",
    footer = {
      "",
      "Examples:",
      "  kaseb bench prepare",
      "  kaseb simulate --sessions 9249729 --out simulated",
      "  kaseb bench prepare simulated"
    })
final class BenchPrepareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      description =
          "Folder with yoochoose-clicks.dat and yoochoose-buys.dat. Default: simple made-up clicks.")
  private @Nullable Path folder;

  @Option(
      names = "--clicks",
      paramLabel = "N",
      defaultValue = "33000000",
      description = "How many clicks to make up where no DIR is given. Default: ${DEFAULT-VALUE}.")
  private long clicks;

  @Mixin private ResourceOptions limits;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    BenchPrepare.Figures figures;
    try (TerminalProgress progress = new TerminalProgress()) {
      figures = BenchPrepare.run(folder, clicks, limits.resources(), progress);
    }
    json.write(figures);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("clicks in            %,15d%n", figures.clicks());
    out.printf("events in train      %,15d%n", figures.trainEvents());
    out.printf("prepare              %,15.1f s%n", figures.prepareSeconds());
    out.printf("load                 %,15.1f s%n", figures.loadSeconds());
    out.printf("peak resident memory %,15.2f GiB%n", figures.peakGib());
    return 0;
  }
}
