package io.kaseb.cli;

import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.LogOptions;
import io.kaseb.cli.option.ThreadsOption;
import io.kaseb.cli.terminal.TerminalProgress;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.LogFiles;
import io.kaseb.pipeline.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kaseb score`: the challenge score of an answer file.
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    description = "Scores answers as the RecSys Challenge 2015 does.",
    footer = {
      "",
      "Example:",
      "  kaseb score answers.txt --clicks yoochoose-test.dat \\",
      "    --buys yoochoose-test-buys.dat"
    })
final class ScoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "ANSWERS", description = "Lines session;item,item,...")
  private Path answers;

  @Option(
      names = "--clicks",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description = "The clicks of all sessions that were to be answered.")
  private List<Path> clicks;

  @Option(
      names = "--buys",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description =
          "What was bought, in the log's own format or YOOCHOOSE's; may hold purchases of other sessions too.")
  private List<Path> buys;

  @Mixin private LogOptions log;

  @Mixin private ThreadsOption threads;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    ClickSource source =
        new ClickSource(
            log.format(),
            LogFiles.of(clicks, System.in),
            LogFiles.of(buys, System.in),
            List.of(),
            null);
    Resources resources = Resources.DEFAULT.with(threads.workers());
    Score.Figures figures;
    try (TerminalProgress progress = new TerminalProgress()) {
      figures = Score.run(answers, source, log.maxBadRows(), resources, progress);
    }
    json.write(figures);
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "score %,.1f of at most %,.1f (%.1f %%)%n%,d sessions, %,d buyers; %,d named, %,d of them bought; their items overlap by %.4f (Jaccard)%n",
            figures.score(),
            figures.scoreMax(),
            100 * figures.score() / Math.max(1e-9, figures.scoreMax()),
            figures.sessions(),
            figures.buyers(),
            figures.sessionsSubmitted(),
            figures.sessionsHit(),
            figures.jaccard());
    return 0;
  }
}
