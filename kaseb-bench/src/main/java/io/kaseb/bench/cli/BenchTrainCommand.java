package io.kaseb.bench.cli;

import io.kaseb.base.KasebException;
import io.kaseb.bench.BenchTrain;
import io.kaseb.cli.option.ConfigOptions;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.ThreadsOption;
import io.kaseb.config.TrainConfig;
import io.kaseb.kernel.Kernels;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `kaseb bench train`: training's speed.
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description =
        "Measures training's speed on made-up sessions, best of some rounds after warm-up, and the bound that products and item rows set on this machine.",
    footer = {
      "",
      "Examples:",
      "  kaseb bench train",
      "  kaseb bench train --items 100000 --set layers=224 --set loss=bpr-max"
    })
final class BenchTrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--items",
      paramLabel = "N",
      defaultValue = "37483",
      description = "Items. Default: RSC15's ${DEFAULT-VALUE}.")
  private int items;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--batch",
      paramLabel = "N,...",
      split = ",",
      hideParamSyntax = true,
      defaultValue = "32",
      description = "Batch sizes, one row each. Default: ${DEFAULT-VALUE}, RSC15's best.")
  private List<Integer> batches;

  @Mixin private ThreadsOption threads;

  @Mixin private ConfigOptions config;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    if (items < 1 || rounds < 1) {
      throw new KasebException("--items " + items + ", --rounds " + rounds + ": must be 1 or more");
    }
    PrintWriter out = spec.commandLine().getOut();
    TrainConfig base = config.resolve(spec.commandLine().getErr()).config();
    out.printf("%s kernels, %,d items%n", Kernels.BEST.description(), items);
    out.println(
        "loss           layers     batch  threads  events/s     bound  warm-up s  events/s then  bytes/step");
    List<BenchTrain.Row> rows =
        batches.stream()
            .map(
                batch -> {
                  BenchTrain.Row row =
                      BenchTrain.run(
                          base.with(Map.of("batch_size", batch.toString())),
                          items,
                          threads.count(),
                          rounds);
                  out.printf(
                      "%-13s  %-9s  %5d  %7d  %,8.0f  %,8.0f  %9.1f  %,13.0f  %,10.1f%n",
                      row.loss(),
                      row.layers(),
                      row.batchSize(),
                      row.threads(),
                      row.eventsPerSecond(),
                      row.bound(),
                      row.warmUpSeconds(),
                      row.warmUpEventsPerSecond(),
                      row.allocatedBytesPerStep());
                  out.flush();
                  return row;
                })
            .toList();
    json.write(Map.of("rows", rows));
    return 0;
  }
}
