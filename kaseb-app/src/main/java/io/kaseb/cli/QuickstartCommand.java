package io.kaseb.cli;

import io.kaseb.base.KasebException;
import io.kaseb.cli.option.ConfigOptions;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.NamedPath;
import io.kaseb.cli.option.PageOptions;
import io.kaseb.cli.option.ThreadsOption;
import io.kaseb.cli.terminal.EpochTable;
import io.kaseb.cli.terminal.StopOnInterrupt;
import io.kaseb.cli.terminal.TerminalProgress;
import io.kaseb.eval.Evaluation;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Quickstart;
import io.kaseb.pipeline.QuickstartStep;
import io.kaseb.serve.ServeConfig;
import io.kaseb.serve.http.HttpLimits;
import io.kaseb.serve.http.ListenConfig;
import io.kaseb.serve.session.SessionConfig;
import io.kaseb.train.TrainFigures;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
    footer = {
      "",
      "Examples:",
      "  kaseb quickstart --sessions 50000 --out try",
      "  kaseb quickstart --serve",
      "",
      "With --serve the simulated log has everything that shoppers do (carts, searches,",
      "devices), and the command ends in a web page where you are the shopper."
    })
final class QuickstartCommand implements Callable<Integer> {
  private static final String HOST = "127.0.0.1";
  private static final int NEXT = 20;

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

  @Option(
      names = "--serve",
      description = "End in the live shop: serve the model with its pages, until Ctrl-C.")
  private boolean isServed;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "Of --serve; 0 takes any free one. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Mixin private ThreadsOption threads;

  private QuickstartStep.@Nullable Serve served;

  @Mixin private ConfigOptions config;
  @Mixin private JsonOption json;

  /// The figures as JSON.
  record Figures(TrainFigures train, Map<String, Evaluation.Figures> evaluate) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    long started = System.nanoTime();
    if (isServed) {
      checkPort();
    }
    PrintWriter output = spec.commandLine().getOut();
    EpochTable table = new EpochTable(output);
    Quickstart.Listener listener =
        new Quickstart.Listener(
            step -> {
              if (step instanceof QuickstartStep.Serve serve) {
                served = serve;
                return;
              }
              output.println("\n$ " + StepCommand.of(step, threads.count()));
              output.flush();
            },
            table::ended);
    output.println("SIMULATED data throughout: no real shoppers.");
    ConfigFile.Resolved resolved = config.resolve(spec.commandLine().getErr());
    Quickstart.Result result;
    try (StopOnInterrupt stop = StopOnInterrupt.start();
        TerminalProgress progress = new TerminalProgress()) {
      String command = StepCommand.ofAll(sessions, out, resolved, threads.count(), isServed);
      result =
          isServed
              ? Quickstart.shop(
                  sessions, out, resolved, threads.count(), command, listener, progress, stop)
              : Quickstart.run(
                  sessions, out, resolved, threads.count(), command, listener, progress, stop);
    }
    if (result == null) {
      output.println("Stopped.");
      return 1;
    }
    Map<String, Evaluation.Figures> evaluations = new LinkedHashMap<>();
    result.report().models().forEach(m -> evaluations.put(m.name(), m.evaluation().figures()));
    json.write(new Figures(result.train(), evaluations));
    output.println("\n" + result.report().text());
    QuickstartStep.Serve last = served;
    if (last != null) {
      output.printf("The report with plots: %s%n", result.page());
      output.println("\n$ " + StepCommand.of(last, threads.count()));
      output.flush();
      serve(last, started, output);
      return 0;
    }
    output.printf(
        "The report with plots: %s%nEach line above that begins with $ is a command to try with your own files (./kaseb COMMAND --help).%nNext: ./kaseb prepare --format csv --clicks YOUR.csv --columns session=..,item=..,time=.. --split time:0.1 --protocol none --out mine%n",
        result.page());
    return 0;
  }

  /// Says that the port is taken now, and not after two minutes of work.
  private void checkPort() throws IOException {
    try (ServerSocket free = new ServerSocket()) {
      free.setReuseAddress(true);
      free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (BindException e) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("port"),
              Integer.toString(port),
              null,
              "it is in use; give another, or 0"),
          e);
    }
  }

  private void serve(QuickstartStep.Serve step, long started, PrintWriter output)
      throws IOException, InterruptedException {
    ServeLog.begin(false);
    ServerRun.untilStopped(
        new ServeConfig(
            new ListenConfig(HOST, port, null, null, null),
            new ServeConfig.ModelFiles(step.model(), Map.of(), Map.of(), null, null, NEXT, false),
            SessionConfig.DEFAULT,
            HttpLimits.DEFAULT,
            new ServeConfig.Log(null, false),
            new ServeConfig.Pages(true, null, step.report(), PageOptions.replay(step.dataset()))),
        step.model(),
        started,
        output);
  }
}
