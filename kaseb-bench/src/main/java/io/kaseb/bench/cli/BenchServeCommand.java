package io.kaseb.bench.cli;

import io.kaseb.bench.MadeUpModel;
import io.kaseb.bench.load.BenchServe;
import io.kaseb.cli.Main;
import io.kaseb.cli.option.DurationText;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.terminal.TerminalProgress;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kaseb bench serve`: forecasts a second and the times of answers, over HTTP.
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Starts a server in a process of its own, clicks, and measures the answers from outside.",
      "Without MODEL on made-up weights."
    },
    footer = {
      "",
      "Examples:",
      "  kaseb bench serve --rate 2000 --seconds 60s",
      "  kaseb bench serve shop.kaseb --rate 0 --connections 16",
      "  kaseb bench serve --catalogue 1000000 --rate 60 --hdr times.hgrm",
      "",
      "--rate 0 is the closed loop: each connection waits for its answer, then clicks",
      "again. Any other rate is the open loop: an answer's time runs from when its",
      "click was due."
    })
final class BenchServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "MODEL", description = "A file that kaseb train wrote.")
  private @Nullable Path model;

  @Option(
      names = "--catalogue",
      paramLabel = "N",
      defaultValue = "37483",
      description = "Items of the made-up model. Default: ${DEFAULT-VALUE}.")
  private int catalogue;

  @Option(
      names = "--units",
      paramLabel = "N",
      defaultValue = "100",
      description = "Default: ${DEFAULT-VALUE}.")
  private int units;

  @Option(
      names = "--purchases",
      paramLabel = "MODEL",
      description = "A trained model whose purchase forecast the made-up one takes over.")
  private @Nullable Path purchases;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "16",
      description = "Default: ${DEFAULT-VALUE}.")
  private int connections;

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      converter = DurationText.class,
      defaultValue = "20s",
      description = "Default: ${DEFAULT-VALUE}.")
  private Duration warmUp;

  @Option(
      names = "--seconds",
      paramLabel = "TIME",
      converter = DurationText.class,
      defaultValue = "30s",
      description = "Default: ${DEFAULT-VALUE}.")
  private Duration time;

  @Option(
      names = "--hdr",
      paramLabel = "FILE",
      description = "Write the distribution of times, in the form that HdrHistogram plots.")
  private @Nullable Path hdr;

  @Option(
      names = "--serve-options",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Further options of kaseb serve, apart by blanks.")
  private String options;

  @Option(
      names = "--java-options",
      paramLabel = "TEXT",
      defaultValue = "-Xmn96m",
      description = {
        "Further options of the server's java, apart by blanks; ./kaseb serve has the default's too.",
        "Default: ${DEFAULT-VALUE}."
      })
  private String javaOptions;

  @Option(
      names = "--beside",
      paramLabel = "TEXT",
      defaultValue = "",
      description = {
        "A command that runs beside, from when the server is ready until the end;",
        "a {} in it is the server's address."
      })
  private String beside;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    BenchServe.Plan plan = new BenchServe.Plan(rate, connections, warmUp, time);
    PrintWriter out = spec.commandLine().getOut();
    Path folder = Files.createTempDirectory("kaseb-bench");
    try {
      Path file = model;
      if (file == null) {
        file = folder.resolve("made-up.kaseb");
        MadeUpModel.write(catalogue, units, purchases, file);
      }
      try (TerminalProgress progress = new TerminalProgress()) {
        BenchServe.Outcome outcome =
            BenchServe.run(command(file), file, words(beside), plan, progress);
        if (hdr != null) {
          outcome.writeTo(hdr);
        }
        json.write(outcome.figures());
        print(out, outcome.figures());
        return outcome.figures().errors() == 0 ? 0 : 1;
      }
    } finally {
      Files.deleteIfExists(folder.resolve("made-up.kaseb"));
      Files.delete(folder);
    }
  }

  /// The same JVM with the same options, serving.
  private List<String> command(Path file) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(a -> !a.startsWith("-agent") && !a.startsWith("-javaagent"))
            .collect(Collectors.toList()));
    command.addAll(words(javaOptions));
    command.addAll(List.of("-cp", System.getProperty("java.class.path", "." + File.separator)));
    command.addAll(List.of(Main.class.getName(), "serve", file.toString(), "--port", "0"));
    command.addAll(words(options));
    return command;
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
  }

  private static void print(PrintWriter out, BenchServe.Figures f) {
    out.printf(
        Locale.ROOT,
        "%,d items, %s, %d connections: live after %.2f s, ready after %.2f s%n",
        f.items(),
        f.asked() == 0 ? "closed loop" : "open loop at %,.0f/s".formatted(f.asked()),
        f.connections(),
        f.liveSeconds(),
        f.readySeconds());
    out.printf(
        Locale.ROOT,
        "%,d answers in %.1f s, %,.0f/s, %d errors %s%n",
        f.requests(),
        f.seconds(),
        f.rate(),
        f.errors(),
        f.firstError());
    out.printf(
        Locale.ROOT,
        "milliseconds: p50 %.2f, p90 %.2f, p99 %.2f, p99.9 %.2f, max %.1f%n",
        f.p50(),
        f.p90(),
        f.p99(),
        f.p999(),
        f.max());
    out.printf(
        Locale.ROOT, "cores taken: server %.2f, load %.2f%n", f.serverCores(), f.clientCores());
    out.print("least heap of each minute, MB:");
    f.heapLows().forEach(low -> out.printf(Locale.ROOT, " %.0f", low));
    out.println();
  }
}
