package io.kaseb.intentfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.config.IntentConfig;
import io.kaseb.data.LabelledSessions;
import io.kaseb.export.OnnxModel;
import io.kaseb.intent.Calibration;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentState;
import io.kaseb.model.ModelFile;
import io.kaseb.signal.NamedFeature;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whole purchase forecasts in graphs, run by ONNX Runtime beside our own.
class OnnxStackTest {
  private static final int WIDTH = 6;
  private static final float[] TABLE = Shops.table(WIDTH, 2);
  private static final List<String> GENERATED =
      List.of("duration", "count(cart)", "ratio(count(cart)/count(view))", "cross(brand x device)");

  @TempDir private Path folder;

  private static IntentModel fit(LabelledSessions shop, IntentConfig config) {
    IntentFit.Options options = new IntentFit.Options(TABLE, WIDTH, .2, 1, 7);
    IntentModel model = IntentFit.fit(config, shop, options, e -> {}, Progress.NONE, () -> false);
    assertThat(model).isNotNull();
    return model;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "clicks; blend; platt; 1; 20; item,category,dwell,repeats,time,date,price,rates,pairs",
        "clicks; boosted; isotonic; 2; 20; item,category,dwell,repeats,rates",
        "clicks; blend; isotonic; 1; 20; item,category,dwell,repeats,time,price,rates,pairs",
        "clicks; blend; platt; 1; 1; dwell",
        "events; blend; platt; 1; 20; all",
        "events; boosted; isotonic; 1; 20; all"
      })
  void forecastsAsTheModelDoes(
      String log, String kind, String curve, int nets, int trees, String features)
      throws IOException, OrtException {
    boolean events = log.equals("events");
    IntentConfig config =
        Shops.config(
            "intent=" + kind,
            "intent_calibration=" + curve,
            "intent_seeds=" + nets,
            "intent_trees=" + trees);
    config =
        events ? config.withGenerated(GENERATED) : config.with(Map.of("intent_features", features));
    IntentModel model = fit(events ? EventShop.shop(500, 4) : Shops.shop(500, 4), config);
    Path path = folder.resolve("purchases.onnx");
    OnnxModel.writePurchases(OnnxPurchasesTest.file(model), path, path);
    LabelledSessions shop = events ? EventShop.shop(60, 99) : Shops.shop(60, 99);
    List<IntentState> sessions = new ArrayList<>();
    for (int s = 0; s < shop.count(); s++) {
      sessions.add(events ? EventsTest.served(model, shop, s) : clicked(model, shop, s));
    }
    try (OrtSession graph = OrtEnvironment.getEnvironment().createSession(path.toString())) {
      names(graph, "session_features", model.sessionFeatures());
      names(graph, "item_features", model.itemFeatures());
      // Any number of rows, none too.
      for (int batch : new int[] {0, 1, 3, sessions.size()}) {
        check(graph, model, sessions.subList(0, batch), true);
        check(graph, model, sessions.subList(0, batch), false);
      }
    }
  }

  private static void names(OrtSession graph, String of, List<NamedFeature> names)
      throws OrtException {
    String told = graph.getMetadata().getCustomMetadata().get(of);
    assertThat(List.of(Json.MAPPER.readValue(told, NamedFeature[].class))).isEqualTo(names);
  }

  private static IntentState clicked(IntentModel model, LabelledSessions shop, int s) {
    IntentState session = model.newSession();
    for (int e = shop.sessions().start(s); e < shop.sessions().end(s); e++) {
      int item = shop.sessions().items()[e];
      model.click(session, item, item, shop.categories()[e], shop.sessions().times()[e], true);
    }
    return session;
  }

  private static OnnxTensor tensor(List<float[]> rows, int width) throws OrtException {
    FloatBuffer all = FloatBuffer.allocate(rows.size() * width);
    rows.forEach(all::put);
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(), all.flip(), new long[] {rows.size(), width});
  }

  private static void check(
      OrtSession graph, IntentModel model, List<IntentState> sessions, boolean over)
      throws OrtException {
    List<float[]> rows = new ArrayList<>();
    List<float[]> items = new ArrayList<>();
    List<Double> odds = new ArrayList<>();
    List<Double> itemOdds = new ArrayList<>();
    for (IntentState session : sessions) {
      rows.add(session.sessionRow(over));
      odds.add(model.sessionScore(session, model.kind(), over));
      for (int i = 0; i < session.distinct(); i++) {
        items.add(session.itemRow(i));
        itemOdds.add(model.itemScore(session, model.kind(), i));
      }
    }
    IntentModel.Curves curves = model.curve(model.kind());
    try (OnnxTensor ofSessions = tensor(rows, model.sessionFeatures().size());
        OnnxTensor ofItems = tensor(items, model.itemFeatures().size());
        OrtSession.Result result =
            graph.run(Map.of("session_features", ofSessions, "item_features", ofItems))) {
      equal(result, "purchase", odds, over ? curves.over() : curves.soFar());
      equal(result, "bought", itemOdds, curves.item());
    }
  }

  private static void equal(
      OrtSession.Result result, String of, List<Double> expected, Calibration curve)
      throws OrtException {
    float[] odds = (float[]) result.get(of + "_log_odds").orElseThrow().getValue();
    float[] chances = (float[]) result.get(of + "_probability").orElseThrow().getValue();
    assertThat(odds).hasSize(expected.size());
    assertThat(chances).hasSize(expected.size());
    for (int i = 0; i < odds.length; i++) {
      double own = expected.get(i);
      assertThat((double) odds[i]).isCloseTo(own, within(1e-5));
      if (curve instanceof Calibration.Platt) {
        assertThat((double) chances[i]).isCloseTo(curve.probability(own), within(1e-5));
      }
      // An isotonic curve can be so steep that the last digit of the log odds counts.
      assertThat((double) chances[i])
          .isBetween(curve.probability(own - 1e-5) - 1e-5, curve.probability(own + 1e-5) + 1e-5);
    }
  }

  /// The rows are what their names say.
  @Test
  void featuresOfClicksAreMadeAsTheyAreDescribed() {
    IntentModel model = fit(Shops.shop(300, 4), Shops.config("intent=blend", "intent_epochs=1"));
    LabelledSessions shop = Shops.shop(40, 99);
    for (int s = 0; s < shop.count(); s++) {
      IntentState session = clicked(model, shop, s);
      Map<String, Double> row = named(model.sessionFeatures(), session.sessionRow(s % 2 == 0));
      byHand(shop, s).forEach((name, value) -> close(name, row, value));
      close("over", row, s % 2 == 0 ? 1 : 0);
      close("network_log_odds", row, session.netSession(s % 2 == 0));
      double mean = 0;
      for (int i = 0; i < session.distinct(); i++) {
        Map<String, Double> item = named(model.itemFeatures(), session.itemRow(i));
        itemByHand(shop, s, session.key(i)).forEach((name, value) -> close(name, item, value));
        close("place", item, i);
        close("session_network_log_odds", item, session.netSession(true));
        mean += item.getOrDefault("session_rate", Double.NaN) * item.getOrDefault("clicks", 0.0);
      }
      close("mean_session_rate", row, mean / session.clicks());
    }
  }

  private static void close(String name, Map<String, Double> row, double value) {
    assertThat(row).containsKey(name);
    assertThat(row.get(name)).as(name).isCloseTo(value, within(1e-5 * Math.max(1, value)));
  }

  private static Map<String, Double> named(List<NamedFeature> names, float[] row) {
    assertThat(row).hasSize(names.size());
    Map<String, Double> named = new HashMap<>();
    for (int i = 0; i < row.length; i++) {
      assertThat(named.put(names.get(i).name(), (double) row[i])).isNull();
    }
    return named;
  }

  private static Map<String, Double> byHand(LabelledSessions shop, int s) {
    int[] items = IntStream.range(shop.sessions().start(s), shop.sessions().end(s)).toArray();
    long[] times = shop.sessions().times();
    int[] clicked = IntStream.of(items).map(e -> shop.sessions().items()[e]).toArray();
    int n = items.length;
    Map<String, Double> row = new HashMap<>();
    double distinct = IntStream.of(clicked).distinct().count();
    double immediate = IntStream.range(1, n).filter(i -> clicked[i] == clicked[i - 1]).count();
    double seconds = (times[items[n - 1]] - times[items[0]]) / 1000.0;
    double[] gaps =
        IntStream.range(1, n)
            .mapToDouble(i -> (times[items[i]] - times[items[i - 1]]) / 1e3)
            .toArray();
    double logs = Arrays.stream(gaps).map(Math::log1p).sum();
    double longest = Arrays.stream(gaps).max().orElse(0);
    row.put("events", (double) n);
    row.put("log_events", Math.log(n));
    row.put("distinct", distinct);
    row.put("repeats", n - distinct);
    row.put("distinct_share", distinct / n);
    row.put("immediate", immediate);
    row.put("moves", n - 1 - immediate);
    row.put("clicks_on_first", (double) on(clicked, clicked[0]));
    row.put("clicks_on_current", (double) on(clicked, clicked[n - 1]));
    row.put(
        "most_clicks",
        (double) IntStream.of(clicked).mapToLong(i -> on(clicked, i)).max().orElse(0));
    row.put("log_duration", Math.log1p(seconds));
    row.put("sum_log_gaps", logs);
    row.put("mean_log_gap", logs / Math.max(1, n - 1));
    row.put("log_longest_gap", Math.log1p(longest));
    row.put("log_gap", Math.log1p(n == 1 ? 0 : gaps[n - 2]));
    row.put("mean_gap", seconds / Math.max(1, n - 1));
    ZonedDateTime first = Instant.ofEpochMilli(times[items[0]]).atZone(ZoneOffset.UTC);
    double hour = first.getHour() + first.getMinute() / 60.0;
    row.put("hour", hour);
    row.put("hour_sin", Math.sin(2 * Math.PI * hour / 24));
    row.put("hour_cos", Math.cos(2 * Math.PI * hour / 24));
    row.put("weekday", (double) first.getDayOfWeek().getValue());
    row.put(first.getDayOfWeek().name().toLowerCase(Locale.ROOT), 1.0);
    row.put("category", (double) shop.categories()[items[n - 1]]);
    return row;
  }

  private static long on(int[] clicked, int item) {
    return IntStream.of(clicked).filter(i -> i == item).count();
  }

  private static Map<String, Double> itemByHand(LabelledSessions shop, int s, int item) {
    int start = shop.sessions().start(s);
    int end = shop.sessions().end(s);
    int[] items = shop.sessions().items();
    long[] times = shop.sessions().times();
    int[] on = IntStream.range(start, end).filter(e -> items[e] == item).toArray();
    double dwell =
        IntStream.of(on)
            .filter(e -> e + 1 < end)
            .mapToDouble(e -> (times[e + 1] - times[e]) / 1e3)
            .sum();
    double seconds = Math.max(1, (times[end - 1] - times[start]) / 1e3);
    Map<String, Double> row = new HashMap<>();
    row.put("events", (double) end - start);
    row.put("events_since", (double) end - 1 - on[on.length - 1] + 1);
    row.put("is_last", items[end - 1] == item ? 1.0 : 0);
    row.put("first_at", (double) on[0] - start);
    row.put("clicks", (double) on.length);
    row.put("click_share", on.length / (double) (end - start));
    row.put("log_dwell", Math.log1p(dwell));
    row.put("dwell_share", dwell / seconds);
    row.put("mean_dwell", dwell / on.length);
    return row;
  }

  @Test
  void networksAloneAreRefused() {
    IntentModel model = fit(Shops.shop(200, 4), Shops.config("intent=gru", "intent_epochs=1"));
    ModelFile file = OnnxPurchasesTest.file(model);
    Path out = folder.resolve("no.onnx");
    assertThatThrownBy(() -> OnnxModel.writePurchases(file, Path.of("m.kaseb"), out))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("m.kaseb")
        .hasMessageContaining("no purchase forecast with boosted trees")
        .hasMessageContaining("intent=blend or boosted");
    assertThat(out).doesNotExist();
  }
}
