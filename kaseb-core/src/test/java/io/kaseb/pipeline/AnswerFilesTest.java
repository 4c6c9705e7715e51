package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.DelimitedText;
import io.kaseb.base.Json;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.duckdb.Resources;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.PurchaseFeatures;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.forecast.Session;
import io.kaseb.forecast.SessionForecast;
import io.kaseb.intent.Payoff;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `forecast` writes can be read back, whatever the ids look like, and holds the forecaster's
/// own figures.
class AnswerFilesTest {
  private static final Path MODEL = Path.of("src/test/resources/formats/v3/purchases.kaseb");
  private static final List<String> ODD =
      List.of(
          "plain",
          "a,b",
          "c;d",
          "e\"f",
          "\"quoted\"",
          "blank within",
          "tab\tin it",
          "Größe ,;",
          "\"",
          ",",
          ";",
          "'x'");
  private static final long START = 1_400_000_000_000L;

  @TempDir private Path folder = Path.of("");
  private final Map<String, List<String>> sessions = new LinkedHashMap<>();
  private Path log = Path.of("");
  private ClickSource clicks = ClickSource.of(Format.of("yoochoose"), Path.of("none"));

  /// Sessions with odd ids, of known items and odd ones; the last in the file starts first.
  @BeforeEach
  void log() throws IOException {
    List<String> known = Forecaster.load(MODEL).catalogue().ids();
    StringBuilder lines = new StringBuilder();
    for (int s = 0; s < ODD.size(); s++) {
      List<String> items = new ArrayList<>();
      for (int c = 0; c < 4; c++) {
        items.add(c % 2 == 0 ? known.get(s * 5 + c) : ODD.get((s + c) % ODD.size()));
        Map<String, Object> click = new LinkedHashMap<>();
        click.put("visit", ODD.get(s));
        click.put("sku", items.getLast());
        click.put("at", START + (ODD.size() - s) * 1_000_000L + c * 7_000L);
        click.put("shelf", c == 1 ? "S" : "");
        lines
            .append(Json.MAPPER.writeValueAsString(click).replaceAll("\\s*\n\\s*", ""))
            .append('\n');
      }
      sessions.put(ODD.get(s), items);
    }
    log = Files.writeString(folder.resolve("log.jsonl"), lines);
    Format format =
        Format.of("jsonl").with(LogColumns.parse("session=visit,item=sku,time=at,category=shelf"));
    clicks = ClickSource.of(format, log);
  }

  private SessionForecast expected(Forecaster forecaster, String id, int next) {
    return followed(forecaster, id).forecast(next, null, true);
  }

  private Session followed(Forecaster forecaster, String id) {
    Session session = forecaster.newSession();
    int place = new ArrayList<>(sessions.keySet()).indexOf(id);
    List<String> items = sessions.getOrDefault(id, List.of());
    for (int c = 0; c < items.size(); c++) {
      session.click(
          items.get(c),
          c == 1 ? "S" : null,
          START + (ODD.size() - place) * 1_000_000L + c * 7_000L);
    }
    return session;
  }

  private ForecastInput input(int next) throws IOException {
    return ForecastInput.read(MODEL, next, clicks, 0, Resources.DEFAULT, Progress.NONE);
  }

  @Test
  void purchaseAnswersComeBackThroughScore() throws IOException {
    Path answers = folder.resolve("answers.txt");
    Answers.Figures written =
        Answers.write(
            input(0), answers, new Payoff.Costs(1e6, 1e-6), Resources.DEFAULT, Progress.NONE);
    assertThat(written.sessionsSubmitted()).isEqualTo(ODD.size());
    List<AnswerFile.Answer> read = AnswerFile.read(answers);
    assertThat(read)
        .extracting(AnswerFile.Answer::session)
        .containsExactlyElementsOf(ODD.reversed());
    for (AnswerFile.Answer answer : read) {
      assertThat(sessions.get(answer.session())).containsAll(answer.items());
    }

    // A log of purchases of what was answered scores all that can be had.
    StringBuilder bought = new StringBuilder();
    for (AnswerFile.Answer answer : read) {
      for (String item : answer.items()) {
        Map<String, Object> buy = Map.of("visit", answer.session(), "sku", item, "at", START);
        bought
            .append(Json.MAPPER.writeValueAsString(buy).replaceAll("\\s*\n\\s*", ""))
            .append('\n');
      }
    }
    Path buys = Files.writeString(folder.resolve("buys.jsonl"), bought);
    ClickSource both =
        new ClickSource(clicks.format(), List.of(log), List.of(buys), List.of(), null);
    Score.Figures score = Score.run(answers, both, 0, Resources.DEFAULT, Progress.NONE);
    assertThat(score.sessionsHit()).isEqualTo(ODD.size());
    assertThat(score.jaccard()).isEqualTo(1);
    assertThat(score.score()).isEqualTo(score.scoreMax());
  }

  @Test
  void nextItemsComeBack() throws IOException {
    Path answers = folder.resolve("next.txt");
    Forecast.nextItems(input(7), answers, Resources.DEFAULT, Progress.NONE);
    Forecaster forecaster = Forecaster.load(MODEL);
    List<AnswerFile.Answer> read = AnswerFile.read(answers);
    assertThat(read).hasSize(ODD.size());
    for (AnswerFile.Answer answer : read) {
      assertThat(answer.items())
          .containsExactlyElementsOf(
              expected(forecaster, answer.session(), 7).items().stream()
                  .map(SessionForecast.Next::item)
                  .toList());
    }
  }

  @Test
  void plainAnswersAreAsTheChallengeHasThem() {
    assertThat(AnswerFile.line("11", List.of("214821275", "3"))).isEqualTo("11;214821275,3\n");
    assertThat(AnswerFile.line("11", List.of())).isEqualTo("11;\n");
    assertThat(AnswerFile.line("1;1", List.of("a,b", "c")))
        .isEqualTo("\"1;1\";\"\"\"a,b\"\",c\"\n");
  }

  @Test
  void brokenAnswersNameTheirLine() throws IOException {
    Path answers = Files.writeString(folder.resolve("a.txt"), "\uFEFF1;2\r\n\r\n3\r\n");
    assertThatThrownBy(() -> AnswerFile.read(answers))
        .hasMessage(answers + ":3: must be session;item,item,... as in 11;214821275");
    Files.writeString(answers, "\uFEFF1 ; 2 , 3 \r\n\r\n");
    assertThat(AnswerFile.read(answers))
        .containsExactly(new AnswerFile.Answer(answers + ":1", "1", List.of("2", "3")));
    Files.writeString(answers, "1;2\n3;\"4\n");
    assertThatThrownBy(() -> AnswerFile.read(answers))
        .hasMessageStartingWith(answers + ":2: line 2: a quotation mark opens a field");
  }

  /// One row as the test reads it.
  private record Row(
      String session,
      String forecast,
      @Nullable String place,
      @Nullable String item,
      @Nullable Double probability,
      @Nullable Double score) {}

  private List<Row> expectedRows(int next) throws IOException {
    Forecaster forecaster = Forecaster.load(MODEL);
    List<Row> rows = new ArrayList<>();
    for (String id : ODD) {
      SessionForecast forecast = expected(forecaster, id, next);
      rows.add(new Row(id, "buys", null, null, forecast.buyProbability(), null));
      int place = 1;
      for (PurchaseForecaster.Item item : forecast.bought()) {
        rows.add(new Row(id, "bought", "" + place++, item.item(), item.probability(), null));
      }
      place = 1;
      for (SessionForecast.Next item : forecast.items()) {
        rows.add(
            new Row(
                id, "next", "" + place++, item.item(), item.probability(), (double) item.score()));
      }
    }
    return rows;
  }

  @Test
  void probabilitiesAreTheForecastersOwn() throws IOException {
    Path file = folder.resolve("chances.csv");
    Probabilities.Figures figures =
        Probabilities.write(input(3), file, Resources.DEFAULT, Progress.NONE);
    DelimitedText text = new DelimitedText(Files.readString(file));
    List<Row> rows = new ArrayList<>();
    while (text.hasNext()) {
      List<String> fields = new ArrayList<>();
      do {
        fields.add(text.field(','));
      } while (text.skip(','));
      text.skipLineEnd();
      if (fields.contains("probability")) {
        assertThat(fields)
            .containsExactly("session", "forecast", "place", "item", "probability", "score");
        continue;
      }
      boolean placed = !fields.get(2).isEmpty();
      rows.add(
          new Row(
              fields.get(0),
              fields.get(1),
              placed ? fields.get(2) : null,
              placed ? fields.get(3) : null,
              fields.get(4).isEmpty() ? null : Double.valueOf(fields.get(4)),
              fields.get(5).isEmpty() ? null : (double) Float.parseFloat(fields.get(5))));
    }
    assertThat(rows).isEqualTo(expectedRows(3));
    assertThat(figures.rows()).isEqualTo(rows.size());
    assertThat(figures.sessions()).isEqualTo(ODD.size());
  }

  @Test
  void popularItemsAreToldFromForecasts() throws IOException {
    Path strange =
        Files.writeString(
            folder.resolve("strange.jsonl"),
            "{\"visit\":\"v\",\"sku\":\"never seen\",\"at\":%d}\n".formatted(START));
    ForecastInput input =
        ForecastInput.read(
            MODEL,
            2,
            ClickSource.of(clicks.format(), strange),
            0,
            Resources.DEFAULT,
            Progress.NONE);
    Path file = folder.resolve("chances.csv");
    Probabilities.write(input, file, Resources.DEFAULT, Progress.NONE);
    assertThat(Files.readAllLines(file))
        .filteredOn(line -> !line.startsWith("v,b"))
        .hasSize(3)
        .allMatch(line -> line.startsWith("session,") || line.startsWith("v,popular,"));
  }

  @Test
  void parquetHoldsTheSame() throws IOException {
    Path file = folder.resolve("chances.PARQUET");
    Probabilities.write(input(2), file, Resources.DEFAULT.with(Workers.of(2)), Progress.NONE);
    List<Row> rows = new ArrayList<>();
    try (DuckDatabase database = DuckDatabase.inMemory(Workers.of(1))) {
      for (List<String> row :
          database.rows(
              "SELECT session, forecast, place, item, probability, score FROM read_parquet(%s)"
                  .formatted(DuckDatabase.file(file)))) {
        boolean placed = !row.get(2).isEmpty();
        rows.add(
            new Row(
                row.get(0),
                row.get(1),
                placed ? row.get(2) : null,
                placed ? row.get(3) : null,
                row.get(4).isEmpty() ? null : Double.valueOf(row.get(4)),
                row.get(5).isEmpty() ? null : Double.valueOf(row.get(5))));
      }
    }
    assertThat(rows).isEqualTo(expectedRows(2));
  }

  /// One row of features as the test reads it.
  private record Features(List<String> ids, List<Float> numbers) {}

  private static Features row(List<String> ids, float[] numbers) {
    List<Float> row = new ArrayList<>();
    for (float number : numbers) {
      row.add(number);
    }
    return new Features(ids, row);
  }

  /// Reads a table, asking for each column by its name.
  private static List<Features> rows(String from, List<String> ids, List<String> names) {
    try (DuckDatabase database = DuckDatabase.inMemory(Workers.of(1))) {
      String columns =
          Stream.concat(ids.stream(), names.stream())
              .map(DuckDatabase::name)
              .collect(Collectors.joining(", "));
      List<Features> rows = new ArrayList<>();
      for (List<String> row : database.rows("SELECT " + columns + " FROM " + from)) {
        List<String> numbers = row.subList(ids.size(), row.size());
        rows.add(
            new Features(
                List.copyOf(row.subList(0, ids.size())),
                numbers.stream().map(Float::valueOf).toList()));
      }
      return rows;
    }
  }

  @Test
  void featuresAreTheForecastersOwn() throws IOException {
    Path sessionRows = folder.resolve("sessions.parquet");
    Path itemRows = folder.resolve("items.csv");
    Resources two = Resources.DEFAULT.with(Workers.of(2));
    FeatureRows.Figures figures =
        FeatureRows.ofSessions(input(0), "features", sessionRows, two, Progress.NONE);
    FeatureRows.ofItems(input(0), "item_features", itemRows, Resources.DEFAULT, Progress.NONE);
    Forecaster forecaster = Forecaster.load(MODEL);
    PurchaseForecaster purchases = PurchaseForecaster.load(MODEL);
    assertThat(figures.sessions()).isEqualTo(ODD.size());
    assertThat(figures.rows()).isEqualTo(ODD.size());
    assertThat(figures.features()).isEqualTo(purchases.sessionFeatures().size());
    List<Features> expected = new ArrayList<>();
    List<Features> expectedItems = new ArrayList<>();
    for (String id : ODD) {
      PurchaseFeatures features = followed(forecaster, id).features(true);
      assertThat(features).isNotNull();
      expected.add(row(List.of(id), features.session()));
      features.items().forEach((item, row) -> expectedItems.add(row(List.of(id, item), row)));
    }
    assertThat(
            rows(
                "read_parquet(%s)".formatted(DuckDatabase.file(sessionRows)),
                List.of("session"),
                purchases.sessionFeatures()))
        .isEqualTo(expected);
    assertThat(
            rows(
                "read_csv(%s, all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"')"
                    .formatted(DuckDatabase.file(itemRows)),
                List.of("session", "item"),
                purchases.itemFeatures()))
        .isEqualTo(expectedItems);
    assertThat(forecaster.newSession().features(true)).isNull();
  }

  @Test
  void anUnknownEndingIsRefused() {
    assertThatThrownBy(
            () ->
                Probabilities.write(
                    input(0), folder.resolve("chances.xlsx"), Resources.DEFAULT, Progress.NONE))
        .hasMessageContaining("must be a name that ends in .csv or .parquet");
  }
}
