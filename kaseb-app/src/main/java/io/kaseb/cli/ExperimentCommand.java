package io.kaseb.cli;

import io.kaseb.base.KasebException;
import io.kaseb.cli.option.ConfirmOptions;
import io.kaseb.cli.option.DurationText;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.NamedPath;
import io.kaseb.cli.option.OutputFile;
import io.kaseb.cli.terminal.ShellWords;
import io.kaseb.cli.terminal.Terminal;
import io.kaseb.cli.terminal.TrialTable;
import io.kaseb.data.OpenDataset;
import io.kaseb.search.Experiments;
import io.kaseb.search.Tune;
import io.kaseb.search.TuneFigures;
import io.kaseb.search.TunePlan;
import io.kaseb.store.SpaceFile;
import io.kaseb.tune.study.Request;
import io.kaseb.tune.study.StudyState;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kaseb experiment VERB`: looks at what `kaseb tune` began, and steers it.
@Command(
    name = "experiment",
    mixinStandardHelpOptions = true,
    description = "Looks at experiments of kaseb tune and steers them, running or not.",
    synopsisSubcommandLabel = "VERB",
    footer = {
      "",
      "Examples:",
      "  kaseb experiment top search",
      "  kaseb experiment update search --max-trials 100",
      "  kaseb experiment resume search --confirm 5",
      "  kaseb experiment export search --out results.csv"
    })
final class ExperimentCommand {
  private static final long REFRESH_MILLIS = 1_000;
  private static final int SKIPPED_SHOWN = 5;

  /// The verbs as the help lists them, most used first. Reflection finds methods in no order.
  static final List<String> VERBS =
      List.of(
          "list", "show", "top", "trials", "resume", "stop", "pause", "update", "export", "import",
          "clone", "kill", "delete");

  @Spec private CommandSpec spec;

  /// Puts the verbs into their order.
  static void order(CommandSpec experiment) {
    for (String verb : VERBS) {
      experiment.addSubcommand(verb, experiment.removeSubcommand(verb));
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the experiments in a folder.",
      footer = {"", "Examples:", "  kaseb experiment list", "  kaseb experiment list searches"})
  int list(
      @Parameters(
              paramLabel = "FOLDER",
              defaultValue = ".",
              description = "Default: the present folder.")
          Path folder,
      @Mixin JsonOption json)
      throws IOException {
    Experiments.Listing listing = Experiments.listing(folder);
    List<Experiments.Row> rows = listing.rows();
    json.write(rows);
    out().printf("%-24s  %-8s  %12s  %18s%n", "experiment", "status", "trials", "best");
    for (Experiments.Row row : rows) {
      out()
          .printf(
              Locale.ROOT,
              "%-24s  %-8s  %12s  %9s %8s%n",
              row.folder(),
              row.standing().status(),
              row.progress(),
              row.goal(),
              row.best() == null ? "" : String.format(Locale.ROOT, "%.5f", row.best()));
    }
    out().flush();
    listing.damaged().forEach(what -> spec.commandLine().getErr().println("kaseb: " + what));
    return listing.damaged().isEmpty() ? 0 : 1;
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows what an experiment has come to so far.",
      footer = {"", "Example:", "  kaseb experiment show search"})
  int show(
      @Parameters(paramLabel = "EXPERIMENT", description = "Its folder.") Path folder,
      @Mixin JsonOption json)
      throws IOException {
    TuneFigures figures = Experiments.figures(folder);
    json.write(figures);
    out().print(Tune.text(folder, figures));
    out().flush();
    return 0;
  }

  @Command(
      name = "trials",
      mixinStandardHelpOptions = true,
      description = "Lists an experiment's trials.",
      footer = {"", "Example:", "  kaseb experiment trials search --json trials.json"})
  int trials(
      @Parameters(paramLabel = "EXPERIMENT", description = "Its folder.") Path folder,
      @Mixin JsonOption json)
      throws IOException {
    Experiments.Trials trials = Experiments.trials(folder);
    json.write(trials);
    TrialTable table = new TrialTable(out(), "value");
    trials.trials().forEach(table::print);
    return 0;
  }

  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = "Ends a running experiment; resume goes on with it.",
      footer = {"", "Example:", "  kaseb experiment stop search"})
  int stop(@Parameters(paramLabel = "EXPERIMENT", description = "Its folder.") Path folder)
      throws IOException {
    Experiments.request(folder, new Request.Stop());
    return asked("stop", folder);
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Lets a running experiment begin no new work; resume lets it go on.",
      footer = {"", "Example:", "  kaseb experiment pause search"})
  int pause(@Parameters(paramLabel = "EXPERIMENT", description = "Its folder.") Path folder)
      throws IOException {
    Experiments.request(folder, new Request.Pause());
    return asked("pause", folder);
  }

  private int asked(String what, Path folder) {
    out().printf("Asked %s to %s.%n", folder, what);
    out().flush();
    return 0;
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description =
          "Goes on with an experiment: in this process, or, where it is paused, in its own.",
      footer = {
        "",
        "Examples:",
        "  kaseb experiment resume search",
        "  kaseb experiment resume search --confirm 5"
      })
  int resume(
      @Parameters(paramLabel = "EXPERIMENT", description = "Its folder.") Path folder,
      @Mixin ConfirmOptions confirm,
      @Mixin JsonOption json)
      throws IOException {
    if (Experiments.running(folder)) {
      if (Tune.state(folder) != StudyState.PAUSED) {
        throw new KasebException(
            new KasebException.Problem(
                folder.toString(), "runs in another process", null, "stop it first"));
      }
      Experiments.request(folder, new Request.Unpause());
      return asked("go on", folder);
    }
    OpenDataset dataset = TunePlan.read(folder).open();
    confirm.check(dataset);
    return TuneCommand.run(spec, folder, dataset, confirm, json);
  }

  @Command(
      name = "update",
      mixinStandardHelpOptions = true,
      description = "Changes limits or space of an experiment, now or at its next start.",
      footer = {
        "",
        "Examples:",
        "  kaseb experiment update search --max-trials 100",
        "  kaseb experiment update search --duration 4h --concurrency 2"
      })
  int update(
      @Parameters(paramLabel = "EXPERIMENT", description = "Its folder.") Path folder,
      @Option(names = "--concurrency", paramLabel = "N", description = "Trials at work at a time.")
          @Nullable Integer concurrency,
      @Option(
              names = "--max-trials",
              paramLabel = "N",
              description =
                  "Trials that it may begin in all, those that have begun included, imported ones not; fewer than have begun is refused.")
          @Nullable Integer trials,
      @Option(
              names = "--duration",
              converter = DurationText.class,
              paramLabel = "TIME",
              description = "As in 2h, in all.")
          @Nullable Duration duration,
      @Option(
              names = "--space",
              paramLabel = "FILE",
              description = "Another search space; trials outside it are not learned from.")
          @Nullable Path space)
      throws IOException {
    if (concurrency == null && trials == null && duration == null && space == null) {
      throw new KasebException(
          "nothing to update; give --concurrency, --max-trials, --duration or --space");
    }
    Experiments.request(
        folder,
        new Request.Change(
            concurrency == null ? OptionalInt.empty() : OptionalInt.of(concurrency),
            trials == null ? OptionalInt.empty() : OptionalInt.of(trials),
            duration == null ? OptionalDouble.empty() : OptionalDouble.of(duration.toNanos() / 1e9),
            space == null ? null : SpaceFile.read(space)));
    return asked("change", folder);
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "Writes results as NNI does.",
      footer = {"", "Example:", "  kaseb experiment export search --out results.csv"})
  int export(
      @Parameters(paramLabel = "EXPERIMENT", description = "Its folder.") Path folder,
      @OutputFile(OutputFile.Kind.TEXT)
          @Option(
              names = "--out",
              required = true,
              paramLabel = "FILE",
              description = "CSV where its name ends so, else JSON.")
          Path file,
      @Option(names = "--intermediate", description = "Add each trial's reports.")
          boolean intermediate)
      throws IOException {
    Experiments.export(folder, file, intermediate);
    out().printf("Wrote %s.%n", file);
    out().flush();
    return 0;
  }

  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description =
          "Adds results that were measured elsewhere, from what export or NNI writes. Those without a finite value or outside the space are left out. They do not count as trials of --max-trials.",
      footer = {"", "Example:", "  kaseb experiment import search results.json"})
  int add(
      @Parameters(paramLabel = "EXPERIMENT", description = "Its folder.") Path folder,
      @Parameters(
              paramLabel = "FILE",
              description =
                  "JSON, a list of {\"parameter\": {...}, \"value\": number}, or CSV with a column reward and one for each parameter.")
          Path file)
      throws IOException {
    Experiments.Import done = Experiments.imported(folder, file);
    out().printf("Added %d results to %s.%n", done.added(), folder);
    if (done.known() > 0) {
      out().printf("%d were there already.%n", done.known());
    }
    if (!done.skipped().isEmpty()) {
      out().printf("%d left out:%n", done.skipped().size());
      done.skipped().stream().limit(SKIPPED_SHOWN).forEach(why -> out().println("  " + why));
      int more = done.skipped().size() - SKIPPED_SHOWN;
      if (more > 0) {
        out().printf("  and %d more%n", more);
      }
    }
    out().flush();
    return 0;
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description =
          "Deletes an experiment that does not run: its own files, and its folder where nothing else lies in it.",
      footer = {"", "Example:", "  kaseb experiment delete search"})
  int delete(@Parameters(paramLabel = "EXPERIMENT", description = "Its folder.") Path folder)
      throws IOException {
    List<Path> left = Experiments.remove(folder);
    if (left.isEmpty()) {
      out().printf("Deleted %s.%n", folder);
    } else {
      out().printf("Deleted the experiment in %s. These are not its own and stay:%n", folder);
      left.forEach(path -> out().println("  " + path));
    }
    out().flush();
    return 0;
  }

  @Command(
      name = "top",
      mixinStandardHelpOptions = true,
      description = "Watches an experiment until it ends; without a terminal, shows it once.",
      footer = {"", "Example:", "  kaseb experiment top search"})
  int top(@Parameters(paramLabel = "EXPERIMENT", description = "Its folder.") Path folder)
      throws IOException, InterruptedException {
    while (true) {
      String view = Experiments.top(folder);
      Terminal.clear();
      out().print(view);
      out().flush();
      if (!Terminal.isOne() || !Experiments.running(folder)) {
        return 0;
      }
      Thread.sleep(REFRESH_MILLIS);
    }
  }

  @Command(
      name = "kill",
      mixinStandardHelpOptions = true,
      description = "Cancels a trial that is not finished.",
      footer = {"", "Example:", "  kaseb experiment kill search 12"})
  int kill(
      @Parameters(paramLabel = "EXPERIMENT", description = "Its folder.") Path folder,
      @Parameters(paramLabel = "TRIAL", description = "The trial's number.") int trial)
      throws IOException {
    Experiments.request(folder, new Request.Kill(trial));
    return asked("cancel trial " + trial, folder);
  }

  @Command(
      name = "clone",
      mixinStandardHelpOptions = true,
      description = "Creates another experiment with the same settings; resume starts it.",
      footer = {"", "Example:", "  kaseb experiment clone search --with-results --out search2"})
  int copy(
      @Parameters(paramLabel = "EXPERIMENT", description = "Its folder.") Path folder,
      @Option(
              names = "--out",
              converter = NamedPath.class,
              required = true,
              paramLabel = "EXPERIMENT",
              description = "The new one's folder.")
          Path target,
      @Option(
              names = "--with-results",
              description =
                  "Begin with the results of full trials, as imported ones: the new one may begin --max-trials of its own.")
          boolean results)
      throws IOException {
    Experiments.copy(folder, target, results);
    out()
        .printf(
            "Created %s.%nNext: kaseb experiment resume %s%n", target, ShellWords.quoted(target));
    out().flush();
    return 0;
  }
}
