package io.kaseb.cli;

import io.kaseb.base.KasebException;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.LogOptions;
import io.kaseb.cli.option.OutputFile;
import io.kaseb.cli.option.ThreadsOption;
import io.kaseb.cli.terminal.TerminalProgress;
import io.kaseb.duckdb.Resources;
import io.kaseb.ingest.ClickSource;
import io.kaseb.ingest.LogFiles;
import io.kaseb.intent.Payoff;
import io.kaseb.pipeline.Answers;
import io.kaseb.pipeline.Forecast;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kaseb forecast`: which sessions of a log will buy what, or their next items.
@Command(
    name = "forecast",
    mixinStandardHelpOptions = true,
    description =
        "Names the sessions that will buy, with the items, in the format of the RecSys Challenge 2015; with --next each session's next items instead.",
    footer = {
      "",
      "Examples:",
      "  kaseb forecast rsc15.kaseb --clicks yoochoose-test.dat --out answers.txt",
      "  kaseb forecast rsc15.kaseb --clicks yoochoose-test.dat --next 20 \\",
      "    --out answers.txt",
      "",
      "Writes lines session;item,item,... likeliest item first:",
      "for sessions worth naming, with --next for every session."
    })
final class ForecastCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "A file that kaseb train wrote.")
  private Path model;

  @Option(
      names = "--clicks",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description = "The sessions: files, folders, patterns, or - for standard input.")
  private List<Path> clicks;

  @Mixin private LogOptions log;

  @Option(
      names = "--next",
      paramLabel = "N",
      description = "Write each session's N likeliest next items instead of purchase answers.")
  private @Nullable Integer next;

  @Option(
      names = "--caught-buyer",
      paramLabel = "VALUE",
      description =
          "What naming a buyer is worth to the shop; with --wrong-nudge, instead of the challenge's score.")
  private @Nullable Double caughtBuyer;

  @Option(
      names = "--wrong-nudge",
      paramLabel = "VALUE",
      description = "What naming another session costs the shop.")
  private @Nullable Double wrongNudge;

  @OutputFile(OutputFile.Kind.TEXT)
  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The answers.")
  private Path out;

  @Mixin private ThreadsOption threads;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    ClickSource source =
        new ClickSource(log.format(), LogFiles.of(clicks, System.in), List.of(), List.of(), null);
    if (next == null) {
      return answer(source);
    }
    if (caughtBuyer != null || wrongNudge != null) {
      throw new KasebException(
          "--caught-buyer and --wrong-nudge go with purchase answers, not --next");
    }
    Forecast.Figures figures;
    try (TerminalProgress progress = new TerminalProgress()) {
      figures =
          Forecast.nextItems(model, source, out, next, log.maxBadRows(), resources(), progress);
    }
    json.write(figures);
    spec.commandLine()
        .getOut()
        .printf(
            "Wrote %s: %,d sessions, %,d of them with the most popular items (no click on an item that the model knows), in %.1f s.%n",
            out, figures.sessions(), figures.withoutForecast(), figures.seconds());
    return 0;
  }

  private Resources resources() {
    return Resources.DEFAULT.with(threads.workers());
  }

  private int answer(ClickSource source) throws IOException {
    if ((caughtBuyer == null) != (wrongNudge == null)) {
      throw new KasebException("--caught-buyer and --wrong-nudge: give both or none");
    }
    Payoff.Costs costs =
        caughtBuyer == null || wrongNudge == null
            ? null
            : new Payoff.Costs(caughtBuyer, wrongNudge);
    Answers.Figures figures;
    try (TerminalProgress progress = new TerminalProgress()) {
      figures = Answers.write(model, source, out, costs, log.maxBadRows(), resources(), progress);
    }
    json.write(figures);
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "Wrote %s: %,d of %,d sessions named as buyers, expected %s %,.1f, in %.1f s.%n",
            out,
            figures.sessionsSubmitted(),
            figures.sessions(),
            costs == null ? "challenge score" : "gain",
            figures.expected(),
            figures.seconds());
    return 0;
  }
}
