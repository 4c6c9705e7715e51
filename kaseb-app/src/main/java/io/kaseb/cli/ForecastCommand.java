package io.kaseb.cli;

import io.kaseb.data.ClickSource;
import io.kaseb.data.Columns;
import io.kaseb.data.Format;
import io.kaseb.data.Resources;
import io.kaseb.pipeline.Forecast;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kaseb forecast`: the next items of every session of a log.
@Command(
    name = "forecast",
    mixinStandardHelpOptions = true,
    description = "Forecasts each session's next items from its clicks so far.",
    footer = {
      "",
      "Example:",
      "  kaseb forecast rsc15.kaseb --clicks yoochoose-test.dat --next 20 --out answers.txt",
      "",
      "Writes a line session;item,item,... for every session, likeliest item first."
    })
final class ForecastCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "A file that kaseb train wrote.")
  private Path model;

  @Option(names = "--clicks", required = true, paramLabel = "FILE", description = "The sessions.")
  private Path clicks;

  @Option(
      names = "--format",
      paramLabel = "F",
      defaultValue = "yoochoose",
      description = "As in kaseb prepare. Default: ${DEFAULT-VALUE}.")
  private String format;

  @Option(
      names = "--columns",
      paramLabel = "ROLE=COLUMN,...",
      description = "As in kaseb prepare, for csv, parquet and jsonl.")
  private @Nullable String columns;

  @Option(
      names = "--max-bad-rows",
      paramLabel = "SHARE",
      defaultValue = "0.001",
      description = "Tolerated share of bad rows. Default: ${DEFAULT-VALUE}.")
  private double maxBadRows;

  @Option(
      names = "--next",
      required = true,
      paramLabel = "K",
      description = "How many items for each session.")
  private int next;

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "The answers.")
  private Path out;

  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    Format named = Format.of(format);
    ClickSource source =
        ClickSource.of(columns == null ? named : named.with(Columns.parse(columns)), clicks);
    Forecast.Figures figures;
    try (TerminalProgress progress = new TerminalProgress()) {
      figures =
          Forecast.nextItems(model, source, out, next, maxBadRows, Resources.DEFAULT, progress);
    }
    json.write(figures);
    spec.commandLine()
        .getOut()
        .printf(
            "Wrote %s: %,d sessions, %,d of them without a forecast (no click on an item that the model knows), in %.1f s.%n",
            out, figures.sessions(), figures.withoutForecast(), figures.seconds());
    return 0;
  }
}
