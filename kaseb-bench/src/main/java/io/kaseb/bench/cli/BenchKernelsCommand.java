package io.kaseb.bench.cli;

import io.kaseb.bench.BenchKernels;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.kernel.Kernels;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `kaseb bench kernels`: the parts of a training step, one by one.
@Command(
    name = "kernels",
    mixinStandardHelpOptions = true,
    description = "Measures the kernels of a training step, each alone on one thread.",
    footer = {"", "Example:", "  kaseb bench kernels --json kernels.json"})
final class BenchKernelsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        Kernels.BEST.description()
            + " kernels, medians on one thread, a step's worth of work each");
    List<BenchKernels.Row> rows = BenchKernels.run();
    out.println("kernel                                          us   GFLOP/s      GB/s");
    for (BenchKernels.Row row : rows) {
      out.printf(
          Locale.ROOT,
          "%-40s  %8.1f  %8s  %8s%n",
          row.kernel(),
          row.microseconds(),
          number(row.gflops()),
          number(row.gigabytesPerSecond()));
    }
    json.write(Map.of("rows", rows));
    return 0;
  }

  private static String number(double value) {
    return value == 0 ? "-" : String.format(Locale.ROOT, "%.1f", value);
  }
}
