package io.kaseb.cli;

import io.kaseb.base.KasebException;
import io.kaseb.cli.option.ClusterOptions;
import io.kaseb.cli.option.ConfigOptions;
import io.kaseb.cli.option.ConfirmOptions;
import io.kaseb.cli.option.DurationText;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.NamedPath;
import io.kaseb.cli.option.NasOptions;
import io.kaseb.cli.option.ThreadsOption;
import io.kaseb.cli.terminal.ShellWords;
import io.kaseb.cli.terminal.StopOnInterrupt;
import io.kaseb.cli.terminal.TerminalProgress;
import io.kaseb.cli.terminal.TrialTable;
import io.kaseb.cli.usage.NextCommand;
import io.kaseb.compress.ModelForm;
import io.kaseb.data.OpenDataset;
import io.kaseb.nas.OneShot;
import io.kaseb.nas.OneShotFigures;
import io.kaseb.nas.OneShotFiles;
import io.kaseb.nas.RankCheck;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.search.Tune;
import io.kaseb.search.TuneFigures;
import io.kaseb.search.TunePlan;
import io.kaseb.serve.http.ListenConfig;
import io.kaseb.studio.Studio;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.study.StudyStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `kaseb tune`: searches for the best hyper-parameters and architecture.
@Command(
    name = "tune",
    mixinStandardHelpOptions = true,
    description = {
      "Searches for the best hyper-parameters and architecture of GRU4Rec on a dataset.",
      "",
      "Trials train side by side in this process on all but the latest training sessions, on which"
          + " they are measured; the test part is not looked at. Unpromising trials pause after an"
          + " epoch, promising ones go on from their weights. Everything is kept in the"
          + " experiment's folder: after Ctrl-C or a crash, kaseb experiment resume goes on."
    },
    footer = {
      "",
      "Examples:",
      "  kaseb tune rsc15 --max-trials 60 --out search",
      "  kaseb train rsc15 --config search/best.yaml --out best.kaseb",
      "  kaseb tune rsc15 --max-trials 60 --studio --out watched",
      "  kaseb tune rsc15 --space nni-space.json --duration 2h --confirm 5 \\",
      "    --out search2",
      "  kaseb tune shop --goal mrr@20 --goal purchase_auc \\",
      "    --constraint \"p99_ms<2\" --out search3",
      "  kaseb tune shop --goal mrr@20 --goal model_bytes --out search4",
      "  kaseb tune shop --nas one-shot --rank-check 20 --out shapes"
    })
final class TuneCommand implements Callable<Integer> {
  @picocli.CommandLine.Spec private CommandSpec spec;

  @Parameters(paramLabel = "DATASET", description = "A folder that kaseb prepare wrote.")
  private Path dataset;

  @Option(
      names = "--out",
      converter = NamedPath.class,
      required = true,
      paramLabel = "EXPERIMENT",
      description =
          "The experiment's folder; best.yaml, report.txt and report.html will lie there.")
  private Path out;

  @Option(
      names = "--space",
      paramLabel = "FILE",
      description =
          "What to search: NNI's search space (JSON, YAML) or experiment (YAML), or GRU4Rec's space"
              + " (JSON lines). Default: Kaseb's own, architecture included.")
  private @Nullable Path space;

  @Option(
      names = "--goal",
      paramLabel = "GOAL",
      description =
          "mrr@20, recall@20, purchase_auc, challenge_score, ACTION_live_auc or"
              + " ACTION_live_average_precision (as in cart_live_auc), p99_ms, train_seconds or"
              + " model_bytes; repeat for several, of which the Pareto front is shown. Default: mrr@20.")
  private List<String> goals = List.of("mrr@20");

  @Option(
      names = "--constraint",
      paramLabel = "BOUND",
      description =
          "A bound on one of those, as in \"p99_ms<2\"; may be repeated. The best trial keeps a bound"
              + " on a time by twice its standard error.")
  private List<String> constraints = List.of();

  @Option(names = "--max-trials", paramLabel = "N", description = "Trials in all. Default: 60.")
  private @Nullable Integer trials;

  @Option(
      names = "--duration",
      converter = DurationText.class,
      paramLabel = "TIME",
      description =
          "Time of the whole search, as in 10m or 2h; with up to 12 parameters, Auto then prefers"
              + " quick trials. Default: no limit.")
  private @Nullable Duration duration;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description =
          "Trials at work at the same time, which share the threads; each has one at least."
              + " Default: one a thread, 8 at most.")
  private @Nullable Integer concurrency;

  @Option(
      names = "--sampler",
      paramLabel = "NAME[:k=v,...]",
      description =
          "Auto, TPE, GP, SMAC, CMA-ES, NSGA-II, Sobol, Random, GridSearch, Evolution,"
              + " RegularizedEvolution, Anneal, PBT, Hyperband or BOHB, as in TPE:mode=nni; any with"
              + " terminate=true ends the search when what is left to gain is below the noise."
              + " Default: Auto.")
  private @Nullable String sampler;

  @Option(
      names = "--pruner",
      paramLabel = "NAME[:k=v,...]",
      description =
          "ASHA, Medianstop, Percentile, Patient, Threshold, Wilcoxon, Curvefitting, Hyperband or"
              + " None, as in ASHA:grace=2,eta=4. Default: ASHA.")
  private @Nullable String pruner;

  @Option(
      names = "--valid",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description =
          "Share of the latest training sessions to measure trials on. Default: ${DEFAULT-VALUE}.")
  private double valid;

  @Option(
      names = "--valid-sessions",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Those sessions at most. Default: ${DEFAULT-VALUE}.")
  private int validSessions;

  @Option(
      names = "--share",
      paramLabel = "SHARE",
      defaultValue = "1",
      description =
          "Share of the other training sessions, the most recent ones, that trials train on."
              + " Default: all.")
  private double share;

  @Option(
      names = "--fidelity",
      paramLabel = "KIND",
      defaultValue = "epochs",
      description =
          "What a trial gets more of when it is promoted: epochs, or sessions (the most recent"
              + " ninth, third, all). Default: ${DEFAULT-VALUE}.")
  private String fidelity;

  @Option(
      names = "--deterministic",
      description =
          "The same seed gives the same list of trials for any number of workers up to 8; trials"
              + " get one thread each.")
  private boolean deterministic;

  @Option(
      names = "--warm-start",
      description =
          "A new trial starts from the weights of the nearest trained one, where tensors have the"
              + " same shape. The best are then trained from scratch, and the report says whether"
              + " their order can be trusted. Not with --deterministic. Default: off.")
  private boolean warmStart;

  @Option(
      names = "--warm-check",
      paramLabel = "N",
      defaultValue = "8",
      description =
          "With --warm-start, how many of the best to train from scratch. Default:"
              + " ${DEFAULT-VALUE}.")
  private int warmCheck;

  @Option(
      names = "--studio",
      paramLabel = "PORT",
      arity = "0..1",
      fallbackValue = "8090",
      description =
          "Show the search as web pages while it runs, on this machine alone, on this port (0 takes"
              + " any free one); without a number: ${FALLBACK-VALUE}.")
  private @Nullable Integer studio;

  @Mixin private NasOptions nas;
  @Mixin private ThreadsOption threads;
  @Mixin private ClusterOptions cluster;

  @Mixin private ConfigOptions config;
  @Mixin private ConfirmOptions confirm;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    cluster.refuseSettingsAlone();
    if (nas.wanted()) {
      return oneShot();
    }
    Tune.Search search =
        new Tune.Search(
            trials,
            DurationText.seconds(duration),
            concurrency,
            sampler == null ? null : Tune.method("sampler", sampler),
            pruner == null ? null : Tune.method("pruner", pruner),
            deterministic,
            warmStart ? warmCheck : null);
    Tune.Options options =
        new Tune.Options(
            dataset,
            out,
            new Tune.Subject(config.resolve(spec.commandLine().getErr()), space),
            new Tune.Goals(goals, constraints),
            new Tune.Part(valid, validSessions, share, fidelity),
            search,
            threads.count());
    ListenConfig listen = listen(studio);
    OpenDataset data = OpenDataset.of(dataset, threads.workers());
    confirm.check(data);
    List<String> ignored = Tune.create(options, data);
    if (!ignored.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println("kaseb: without meaning here, ignored: " + String.join(", ", ignored));
    }
    if (studio == null) {
      return run(spec, out, data, confirm, json);
    }
    try (Studio pages = Studio.start(listen, List.of(out))) {
      spec.commandLine().getOut().printf("Studio at %s%n%n", pages.address(listen.host()));
      return run(spec, out, data, confirm, json);
    }
  }

  /// Searches the architecture with shared weights.
  private int oneShot() throws IOException {
    boolean plain = goals.equals(List.of("mrr@20")) && constraints.isEmpty() && space == null;
    boolean unlimited = trials == null && duration == null && concurrency == null;
    boolean usual = sampler == null && pruner == null && !deterministic && !warmStart;
    if (!plain || !unlimited || !usual || studio != null || confirm.wanted()) {
      throw new KasebException(
          "--nas one-shot is no experiment and chooses the architecture by mrr@20: it goes with"
              + " --config, --set, --valid, --valid-sessions, --share, --threads and --json alone;"
              + " leave the others out");
    }
    ConfigFile.Resolved base = config.resolve(spec.commandLine().getErr());
    OneShot.Options options =
        new OneShot.Options(
            out,
            base,
            nas.shapes(base.config()),
            valid,
            validSessions,
            share,
            nas.limits(base.config()),
            threads.count());
    PrintWriter output = spec.commandLine().getOut();
    OneShotFigures figures;
    try (StopOnInterrupt stop = StopOnInterrupt.start();
        TerminalProgress progress = new TerminalProgress()) {
      OpenDataset data = OpenDataset.of(dataset, threads.workers());
      figures = OneShot.run(options, data, progress, stop);
    }
    if (figures == null) {
      output.printf(
          OneShot.isUnfinished(out)
              ? "%nStopped. What is done is kept in %s; the same command goes on.%n"
              : "%nStopped before an epoch was whole; nothing is kept in %s.%n",
          out);
      output.flush();
      return 1;
    }
    json.write(figures);
    output.printf("%s%nReport: %s%n", OneShotFiles.text(figures), out.resolve(OneShotFiles.REPORT));
    RankCheck check = figures.check();
    if (check != null && check.good()) {
      output.printf(
          "A search that begins with the best third: kaseb tune %s --space %s --out %s%n",
          ShellWords.quoted(dataset),
          ShellWords.quoted(out.resolve(OneShotFiles.SPACE)),
          ShellWords.quoted(out.resolveSibling(out.getFileName() + "-search")));
    }
    output.printf(
        "Next: %s%n", NextCommand.afterTune(dataset.toString(), out.resolve(OneShotFiles.BEST)));
    output.flush();
    return 0;
  }

  /// The address of the search's pages, without a token: only this machine sees them.
  private static ListenConfig listen(@Nullable Integer port) {
    return new ListenConfig("127.0.0.1", port == null ? 0 : port, null, null, null);
  }

  /// Runs an experiment from wherever it stands and prints what it comes to.
  ///
  /// @param data the experiment's dataset
  static int run(
      CommandSpec spec, Path folder, OpenDataset data, ConfirmOptions confirm, JsonOption json)
      throws IOException {
    PrintWriter output = spec.commandLine().getOut();
    ModelForm form;
    boolean best;
    try (StopOnInterrupt stop = StopOnInterrupt.start();
        TerminalProgress progress = new TerminalProgress()) {
      TrialTable table = new TrialTable(output, "value");
      Tune.Result result = Tune.run(folder, data, table::ended, stop);
      StudyStatus status = result.status();
      if (status.status() == StudyState.STOPPED) {
        output.printf("%nStopped. Next: kaseb experiment resume %s%n", ShellWords.quoted(folder));
        output.flush();
        return 1;
      }
      json.write(result.figures());
      output.printf("%n%s", Tune.text(folder, result.figures()));
      output.flush();
      if (status.status() == StudyState.ERROR) {
        throw new KasebException(
            new KasebException.Problem(folder.toString(), status.reason(), null, null));
      }
      TuneFigures.Best winner = result.figures().best();
      best = winner != null;
      form = winner == null ? ModelForm.TRAINED : winner.form();
      if (best && !confirm.run(output, folder, data, json, progress, stop)) {
        return 1;
      }
    }
    output.printf(
        "%nReport: %s%nWith plots: %s%n", folder.resolve(Tune.REPORT), folder.resolve(Tune.PAGE));
    if (best) {
      TunePlan plan = TunePlan.read(folder);
      output.printf(
          "Next: %s%n",
          NextCommand.afterTune(plan.dataset(), folder.resolve(Tune.BEST), plan.actions(), form));
    }
    output.flush();
    return best ? 0 : 1;
  }
}
