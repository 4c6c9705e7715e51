package io.kaseb.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.TrainConfig;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.duckdb.Resources;
import io.kaseb.forecast.Forecaster;
import io.kaseb.ingest.DatasetWriter;
import io.kaseb.intent.Payoff;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.pipeline.Answers;
import io.kaseb.pipeline.Forecast;
import io.kaseb.pipeline.ForecastInput;
import io.kaseb.pipeline.Prepare;
import io.kaseb.pipeline.Probabilities;
import io.kaseb.pipeline.Train;
import io.kaseb.simulate.ShopperLog;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Forecasts of a cluster beside those of one machine, row by row.
class ForecastJobTest {
  private static final String COLUMNS = "session=visit,item=sku,time=at,category=kind";
  static final TrainConfig CONFIG =
      TrainConfig.DEFAULT.with(
          Map.of("layers", "12", "n_epochs", "1", "n_sample", "32", "batch_size", "32"));
  static final IntentConfig INTENT =
      IntentConfig.DEFAULT.with(
          Map.of("intent_units", "8", "intent_epochs", "1", "intent_trees", "5"));

  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void train() throws IOException {
    Path log = folder.resolve("log");
    Simulator.write(new SimulatorConfig(2_000, 3, 1), log, Progress.NONE);
    ClickSource source =
        new ClickSource(
            Format.of("yoochoose"),
            List.of(log.resolve(Simulator.CLICKS)),
            List.of(log.resolve(Simulator.BUYS)),
            List.of(),
            null);
    Path dataset = folder.resolve("dataset");
    Prepare.Rules rules = Prepare.Rules.DEFAULT.with(Protocol.NONE);
    Prepare.run(source, rules, Resources.DEFAULT, dataset, false, Progress.NONE);
    model = folder.resolve("model.kaseb");
    Train.run(
        Train.Options.of(dataset, model, CONFIG, 1).withIntent(INTENT),
        e -> {},
        Progress.NONE,
        () -> false);
  }

  private static ForecastJob.Request request(
      LogSpec log, List<Path> clicks, int next, Path out, long chunkBytes) {
    return new ForecastJob.Request(
        model.toString(),
        log,
        PrepareJobTest.names(clicks),
        next,
        "view",
        0.01,
        ForecastJob.Output.table(out.toString()),
        chunkBytes);
  }

  /// Returns each session's rows, in order.
  private static Map<String, List<List<String>>> rows(Path table) {
    try (DuckDatabase database = DuckDatabase.inMemory(Workers.of(1))) {
      String from =
          table.toString().endsWith(".csv")
              ? "read_csv('%s', header = true, all_varchar = true)"
                  .formatted(Files.isDirectory(table) ? table + "/*.csv" : table)
              : "read_parquet(%s)".formatted(DuckDatabase.file(table));
      Map<String, List<List<String>>> sessions = new LinkedHashMap<>();
      for (List<String> row :
          database.rows(
              "SELECT session, forecast, place::BIGINT, item, probability::DOUBLE, score::DOUBLE FROM "
                  + from)) {
        sessions.computeIfAbsent(row.getFirst(), s -> new ArrayList<>()).add(row);
      }
      return sessions;
    }
  }

  private static Map<String, List<List<String>>> onOneMachine(
      Format format, List<Path> clicks, int next, String name) throws IOException {
    Path out = folder.resolve(name);
    ClickSource source = new ClickSource(format, clicks, List.of(), List.of(), null);
    Probabilities.write(
        ForecastInput.read(model, next, source, 0.01, Resources.DEFAULT, Progress.NONE),
        out,
        Resources.DEFAULT,
        Progress.NONE);
    return rows(out);
  }

  @Test
  void equalsOneMachineRowByRow() throws IOException {
    List<Path> clicks =
        List.of(
            folder.resolve("log").resolve(Simulator.TEST_CLICKS),
            folder.resolve("log").resolve(Simulator.CLICKS));
    Path out = folder.resolve("many.parquet");
    ForecastJob.Figures figures =
        ForecastJob.run(
            LocalSpark.session(), request(LogSpec.of("yoochoose"), clicks, 5, out, 40_000));
    Map<String, List<List<String>>> expected =
        onOneMachine(Format.of("yoochoose"), clicks, 5, "one.parquet");
    assertThat(rows(out)).hasSizeGreaterThan(1_000).isEqualTo(expected);
    assertThat(figures.sessions()).isEqualTo(expected.size());
    assertThat(folder.resolve(".many.parquet.work")).doesNotExist();
  }

  @Test
  void streamsAGiantSessionAmongBadRowsAndQuotedIds() throws IOException {
    List<String> items = items();
    StringBuilder log = new StringBuilder("at,visit,sku,kind\n");
    for (int i = 0; i < 20_000; i++) {
      log.append(1_700_000_000L + i / 3)
          .append(i % 1_000 == 7 ? ",,x,\n" : ",giant,%s,S\n".formatted(items.get(i % 50)));
    }
    for (int i = 0; i < 300; i++) {
      log.append(
          "1700000000,\"a,%d\",\"%s\",\n".formatted(i, i % 7 == 0 ? "un,known" : items.get(i)));
    }
    Path file = Files.writeString(folder.resolve("giant.csv"), log);
    LogSpec spec = LogSpec.of("csv").withColumns(COLUMNS);
    Path out = folder.resolve("giant-rows.csv");
    ForecastJob.run(LocalSpark.session(), request(spec, List.of(file), 3, out, 50_000));
    Format format = Format.of("csv").with(LogColumns.parse(COLUMNS));
    assertThat(rows(out))
        .hasSize(301)
        .isEqualTo(onOneMachine(format, List.of(file), 3, "giant-one.csv"));
  }

  static List<String> lines(Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("part-")).sorted().toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }

  private static ForecastInput input(Path of, ClickSource source, int next) throws IOException {
    return ForecastInput.read(of, next, source, 0.01, Resources.DEFAULT, Progress.NONE);
  }

  @Test
  void namesTheBuyersThatOneMachineNames() throws IOException {
    Path clicks = folder.resolve("log").resolve(Simulator.TEST_CLICKS);
    ClickSource source = ClickSource.of(Format.of("yoochoose"), clicks);
    Payoff.Costs costs = new Payoff.Costs(10, 2);
    for (Payoff.Costs by : new Payoff.Costs[] {null, costs}) {
      String name = by == null ? "challenge" : "costs";
      Path one = folder.resolve(name + ".txt");
      Answers.Figures expected =
          Answers.write(input(model, source, 0), one, by, Resources.DEFAULT, Progress.NONE);
      Path many = folder.resolve(name);
      ForecastJob.Figures figures =
          ForecastJob.run(
              LocalSpark.session(),
              new ForecastJob.Request(
                  model.toString(),
                  LogSpec.of("yoochoose"),
                  List.of(clicks.toString()),
                  0,
                  "view",
                  0.01,
                  new ForecastJob.Output(null, many.toString(), by),
                  30_000));
      assertThat(lines(many)).isNotEmpty().isEqualTo(Files.readAllLines(one));
      assertThat(figures.lines()).isEqualTo(expected.sessionsSubmitted());
      assertThat(figures.sessions()).isEqualTo(expected.sessions());
      assertThat(figures.expected()).isCloseTo(expected.expected(), within(1e-6));
    }
  }

  @Test
  void writesTheNextItemsThatOneMachineWrites() throws IOException {
    Path clicks = folder.resolve("log").resolve(Simulator.TEST_CLICKS);
    ClickSource source = ClickSource.of(Format.of("yoochoose"), clicks);
    Path one = folder.resolve("next.txt");
    Forecast.Figures expected =
        Forecast.nextItems(input(model, source, 4), one, Resources.DEFAULT, Progress.NONE);
    Path many = folder.resolve("next");
    ForecastJob.Figures figures =
        ForecastJob.run(
            LocalSpark.session(),
            new ForecastJob.Request(
                model.toString(),
                LogSpec.of("yoochoose"),
                List.of(clicks.toString()),
                4,
                "view",
                0.01,
                ForecastJob.Output.answers(many.toString()),
                30_000));
    assertThat(lines(many)).isNotEmpty().isEqualTo(Files.readAllLines(one));
    assertThat(figures.lines() - figures.byModel()).isEqualTo(expected.withoutForecast());
  }

  /// A model of attributes and visitors, and a log of which some visitors have several sessions
  /// that overlap.
  @Test
  void tellsAttributesAndEarlierSessionsOfVisitors() throws IOException {
    Path log = folder.resolve("shoppers");
    ShopperLog.write(new SimulatorConfig(900, 4, 1), log, Progress.NONE);
    LogSpec spec =
        LogSpec.of("csv").withColumns(ShopperLog.COLUMNS).withAttributes(ShopperLog.ATTRIBUTES);
    Path events = log.resolve(ShopperLog.EVENTS);
    ClickSource source = ClickSource.of(spec.read(), events);
    Path dataset = folder.resolve("shop");
    Prepare.run(
        source,
        Prepare.Rules.DEFAULT.with(Protocol.CHALLENGE),
        Resources.DEFAULT,
        dataset,
        false,
        Progress.NONE);
    Path shop = folder.resolve("shop.kaseb");
    Train.run(
        Train.Options.of(dataset, shop, CONFIG, 1).withIntent(INTENT),
        e -> {},
        Progress.NONE,
        () -> false);
    assertThat(Forecaster.load(shop).purchases().model().signals().schema().visitors()).isTrue();
    assertThat(Forecaster.load(shop).purchases().attributes()).isNotEmpty();
    Path one = folder.resolve("shop-one.parquet");
    Probabilities.write(input(shop, source, 3), one, Resources.DEFAULT, Progress.NONE);
    Path buyers = folder.resolve("shop-one.txt");
    Answers.write(input(shop, source, 0), buyers, null, Resources.DEFAULT, Progress.NONE);
    Path many = folder.resolve("shop-many.parquet");
    Path manyBuyers = folder.resolve("shop-many");
    // The model's own attributes are found by their names.
    for (LogSpec read : List.of(spec, spec.withAttributes(null))) {
      ForecastJob.run(
          LocalSpark.session(),
          new ForecastJob.Request(
              shop.toString(),
              read,
              List.of(events.toString()),
              3,
              "view",
              0.01,
              ForecastJob.Output.table(many.toString()),
              60_000));
      assertThat(rows(many)).hasSizeGreaterThan(500).isEqualTo(rows(one));
      DatasetWriter.delete(many);
    }
    ForecastJob.run(
        LocalSpark.session(),
        new ForecastJob.Request(
            shop.toString(),
            spec,
            List.of(events.toString()),
            0,
            "view",
            0.01,
            ForecastJob.Output.answers(manyBuyers.toString()),
            60_000));
    assertThat(lines(manyBuyers)).isNotEmpty().isEqualTo(Files.readAllLines(buyers));
  }

  private static List<String> items() {
    try (DuckDatabase database = DuckDatabase.inMemory(Workers.of(1))) {
      return database
          .rows(
              "SELECT id FROM read_parquet(%s) ORDER BY item"
                  .formatted(DuckDatabase.file(folder.resolve("dataset").resolve("items.parquet"))))
          .stream()
          .map(List::getFirst)
          .toList();
    }
  }

  @Test
  void namesBadRowsByTheLineOfTheirFile() throws IOException {
    StringBuilder log = new StringBuilder("at,visit,sku,kind\n");
    for (int i = 2; i <= 3_000; i++) {
      log.append(i % 1_000 == 0 ? "yesterday,v,x,\n" : "1700000000,v%d,x,\n".formatted(i));
    }
    Path file = Files.writeString(folder.resolve("bad.csv"), log);
    LogSpec spec = LogSpec.of("csv").withColumns(COLUMNS);
    ForecastJob.Request request =
        new ForecastJob.Request(
            model.toString(),
            spec,
            List.of(file.toString()),
            3,
            "view",
            0,
            ForecastJob.Output.table(folder.resolve("bad-out.csv").toString()),
            9_000);
    assertThatThrownBy(() -> ForecastJob.run(LocalSpark.session(), request))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("3 of 2,999 rows are bad")
        .hasMessageContaining("bad.csv:1000: time yesterday is not")
        .hasMessageContaining("bad.csv:2000: ")
        .hasMessageContaining("bad.csv:3000: ");
    assertThat(folder.resolve("bad-out.csv")).doesNotExist();
  }
}
