package io.kaseb.cli;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.cli.option.ClusterOptions;
import io.kaseb.cli.option.JsonOption;
import io.kaseb.cli.option.LogOptions;
import io.kaseb.cli.option.OutputFile;
import io.kaseb.cli.option.ThreadsOption;
import io.kaseb.cli.terminal.TerminalProgress;
import io.kaseb.duckdb.Resources;
import io.kaseb.intent.Payoff;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.LogFiles;
import io.kaseb.pipeline.Answers;
import io.kaseb.pipeline.FeatureRows;
import io.kaseb.pipeline.Forecast;
import io.kaseb.pipeline.ForecastInput;
import io.kaseb.pipeline.Probabilities;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.type.TypeReference;

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
      "  kaseb forecast rsc15.kaseb --clicks yoochoose-test.dat --next 20 \\",
      "    --target order --out orders.txt",
      "  kaseb forecast rsc15.kaseb --clicks yoochoose-test.dat \\",
      "    --probabilities chances.csv",
      "  kaseb forecast rsc15.kaseb --clicks yoochoose-test.dat \\",
      "    --features sessions.parquet --item-features items.parquet",
      "",
      "Writes lines session;item,item,... likeliest item first:",
      "for sessions worth naming, with --next for every session.",
      "Ids with , ; or quotation marks are quoted as in CSV."
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
      names = "--target",
      defaultValue = "view",
      paramLabel = "ACTION",
      description =
          "With --next: the items likeliest to get this action in the rest of the session: view (the next click), order, or what the model was trained for by --goal. Default: ${DEFAULT-VALUE}.")
  private String target;

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
  @Option(names = "--out", paramLabel = "FILE", description = "The answers; - for standard output.")
  private @Nullable Path out;

  @OutputFile(OutputFile.Kind.TABLE)
  @Option(
      names = "--probabilities",
      paramLabel = "FILE",
      description =
          "Write as a table (.csv or .parquet) each session's chance to buy, each clicked item's, and with --next each next item's score.")
  private @Nullable Path probabilities;

  @OutputFile(OutputFile.Kind.TABLE)
  @Option(
      names = "--features",
      paramLabel = "FILE",
      description =
          "Write as a table (.csv or .parquet) what the trees of the purchase forecast read of each session: rows for the graph of kaseb export --to onnx-purchases.")
  private @Nullable Path features;

  @OutputFile(OutputFile.Kind.TABLE)
  @Option(
      names = "--item-features",
      paramLabel = "FILE",
      description = "Write the same of each item of each session.")
  private @Nullable Path itemFeatures;

  @Mixin private ThreadsOption threads;
  @Mixin private ClusterOptions cluster;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws IOException {
    check();
    ClickSource source =
        new ClickSource(log.format(), LogFiles.of(clicks, System.in), List.of(), List.of(), null);
    Map<String, Object> figures = new LinkedHashMap<>();
    try (TerminalProgress progress = new TerminalProgress()) {
      ForecastInput input =
          ForecastInput.read(
              model,
              next == null ? 0 : next,
              target,
              source,
              log.maxBadRows(),
              resources(),
              progress);
      if (probabilities != null) {
        probabilities(input, probabilities, figures, progress);
      }
      features(input, figures, progress);
      if (out != null && next != null) {
        nextItems(input, out, figures, progress);
      } else if (out != null) {
        answer(input, out, figures, progress);
      }
    }
    json.write(figures);
    return 0;
  }

  /// Checks the options before the work.
  private void check() {
    cluster.refuseSettingsAlone();
    if (out == null && probabilities == null && features == null && itemFeatures == null) {
      throw new KasebException(
          "give --out FILE, --probabilities FILE, --features FILE or several of them");
    }
    if ((caughtBuyer == null) != (wrongNudge == null)) {
      throw new KasebException("--caught-buyer and --wrong-nudge: give both or none");
    }
    if (caughtBuyer != null && (next != null || out == null)) {
      throw new KasebException(
          "--caught-buyer and --wrong-nudge go with purchase answers in --out, not with --next");
    }
    if (next != null && next < 1) {
      throw KasebException.ofSetting("next", next, "1..1000");
    }
    if (next == null && !target.equals("view")) {
      throw new KasebException("--target says which next items are wanted; add --next 20");
    }
    if (probabilities != null) {
      Probabilities.checkName(probabilities);
    }
    if (features != null) {
      FeatureRows.checkName("features", features);
    }
    if (itemFeatures != null) {
      FeatureRows.checkName("item_features", itemFeatures);
    }
  }

  private Resources resources() {
    return Resources.DEFAULT.with(threads.workers());
  }

  private void probabilities(
      ForecastInput input, Path file, Map<String, Object> figures, TerminalProgress progress)
      throws IOException {
    Probabilities.Figures found = Probabilities.write(input, file, resources(), progress);
    add(figures, found);
    print(
        "Wrote %s: %,d rows for %,d sessions, in %.1f s.%n",
        file, found.rows(), found.sessions(), found.seconds());
  }

  private void features(ForecastInput input, Map<String, Object> figures, TerminalProgress progress)
      throws IOException {
    if (features != null) {
      FeatureRows.Figures found =
          FeatureRows.ofSessions(input, "features", features, resources(), progress);
      print(features, found, figures, "features");
    }
    if (itemFeatures != null) {
      FeatureRows.Figures found =
          FeatureRows.ofItems(input, "item_features", itemFeatures, resources(), progress);
      print(itemFeatures, found, figures, "item_features");
    }
  }

  private void print(
      Path file, FeatureRows.Figures found, Map<String, Object> figures, String key) {
    figures.put(key, found);
    print(
        "Wrote %s: %,d rows of %d features for %,d sessions, in %.1f s.%n",
        file, found.rows(), found.features(), found.sessions(), found.seconds());
  }

  private void nextItems(
      ForecastInput input, Path file, Map<String, Object> figures, TerminalProgress progress)
      throws IOException {
    Forecast.Figures found = Forecast.nextItems(input, file, resources(), progress);
    add(figures, found);
    print(
        "Wrote %s: %,d sessions, %,d of them with the most popular items (no click on an item that the model knows), in %.1f s.%n",
        file, found.sessions(), found.withoutForecast(), found.seconds());
  }

  private void answer(
      ForecastInput input, Path file, Map<String, Object> figures, TerminalProgress progress)
      throws IOException {
    Payoff.Costs costs =
        caughtBuyer == null || wrongNudge == null
            ? null
            : new Payoff.Costs(caughtBuyer, wrongNudge);
    Answers.Figures found = Answers.write(input, file, costs, resources(), progress);
    add(figures, found);
    print(
        "Wrote %s: %,d of %,d sessions named as buyers, expected %s %,.1f, in %.1f s.%n",
        file,
        found.sessionsSubmitted(),
        found.sessions(),
        costs == null ? "challenge score" : "gain",
        found.expected(),
        found.seconds());
  }

  private static void add(Map<String, Object> figures, Object found) {
    figures.putAll(
        Json.MAPPER.convertValue(found, new TypeReference<LinkedHashMap<String, Object>>() {}));
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation is a library of its own
  private void print(String format, Object... values) {
    spec.commandLine().getOut().printf(Locale.ROOT, format, values);
  }
}
