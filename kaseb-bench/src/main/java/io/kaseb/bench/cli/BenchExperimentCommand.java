package io.kaseb.bench.cli;

import io.kaseb.base.KasebException;
import io.kaseb.bench.MadeUpExperiment;
import io.kaseb.cli.option.NamedPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `kaseb bench experiment`: a long experiment, made up, to look at.
@Command(
    name = "experiment",
    mixinStandardHelpOptions = true,
    description = "Writes a made-up experiment of many trials, to measure the studio with.",
    footer = {
      "",
      "Examples:",
      "  kaseb bench experiment --trials 6000 --reports 100 --out made/points",
      "  kaseb bench experiment --trials 46000 --reports 0 --out made/many"
    })
final class BenchExperimentCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--trials",
      paramLabel = "N",
      defaultValue = "6000",
      description = "Default: ${DEFAULT-VALUE}.")
  private int trials;

  @Option(
      names = "--reports",
      paramLabel = "N",
      defaultValue = "100",
      description = "Of a whole trial; 0 for none. Default: ${DEFAULT-VALUE}.")
  private int reports;

  @Option(
      names = "--out",
      converter = NamedPath.class,
      required = true,
      paramLabel = "EXPERIMENT",
      description = "The experiment's folder.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    if (trials < 1 || trials > 1_000_000 || reports < 0 || reports > 10_000) {
      throw new KasebException("--trials must be 1..1000000, --reports 0..10000");
    }
    MadeUpExperiment.write(out, trials, reports);
    spec.commandLine().getOut().printf("Wrote %s.%nNext: kaseb studio %s%n", out, out);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
