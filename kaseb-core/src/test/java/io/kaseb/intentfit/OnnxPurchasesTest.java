package io.kaseb.intentfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.kaseb.base.Json;
import io.kaseb.base.Progress;
import io.kaseb.config.Cell;
import io.kaseb.config.Feature;
import io.kaseb.config.TrainConfig;
import io.kaseb.data.LabelledSessions;
import io.kaseb.export.OnnxModel;
import io.kaseb.intent.ClickInputs;
import io.kaseb.intent.IntentFile;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentNet;
import io.kaseb.intent.IntentShape;
import io.kaseb.intent.IntentState;
import io.kaseb.intent.ItemInputs;
import io.kaseb.intent.PurchaseKind;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Embedding;
import io.kaseb.model.ModelConfig;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Provenance;
import io.kaseb.model.Tensor;
import io.kaseb.model.TrainingMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Purchase networks in graphs, run by ONNX Runtime beside our own.
class OnnxPurchasesTest {
  private static final int WIDTH = 6;
  private static final int ITEM_NUMBERS = 11;
  private static final int BY_HAND = 7;
  private static final float[] TABLE = Shops.table(WIDTH, 2);

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "shared; platt; 1; item,category,dwell,repeats,time,date,price,rates,pairs",
        "tuned; isotonic; 2; item,category,dwell,repeats,rates",
        "shared; isotonic; 1; item,category,dwell,repeats,time",
        "shared; platt; 2; dwell",
        "shared; platt; 1; category"
      })
  void forecastsAsTheModelDoes(String embedding, String curve, int nets, String features)
      throws IOException, OrtException {
    IntentFit.Options options = new IntentFit.Options(TABLE, WIDTH, .2, 1, 7);
    IntentModel model =
        IntentFit.fit(
            Shops.config(
                "intent=gru",
                "intent_units=9",
                "intent_epochs=2",
                "intent_embedding=" + embedding,
                "intent_calibration=" + curve,
                "intent_seeds=" + nets,
                "intent_features=" + features),
            Shops.shop(400, 4),
            options,
            e -> {},
            Progress.NONE,
            () -> false);
    ModelFile file = file(model);
    assertThat(OnnxModel.hasPurchases(file)).isTrue();
    Path path = folder.resolve("model.onnx");
    OnnxModel.write(file, 3, path);
    Path bought = folder.resolve("items.onnx");
    OnnxModel.writeItems(file, bought);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(path.toString());
        OrtSession items = environment.createSession(bought.toString())) {
      follow(session, items, model, file, Shops.shop(40, 99));
    }
  }

  private static void follow(
      OrtSession session,
      OrtSession items,
      IntentModel model,
      ModelFile file,
      LabelledSessions shop)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    ClickInputs inputs = new ClickInputs(model.config().features(), model.signals().schema());
    String named = session.getMetadata().getCustomMetadata().get("numbers");
    assertThat(Json.MAPPER.readValue(named, String[].class)).hasSize(inputs.count());
    IntentShape shape =
        Json.MAPPER.convertValue(
            file.intent().path("nets").path(0).path("shape"), IntentShape.class);
    // Of any weights: its input row has the numbers in it.
    IntentNet any =
        new IntentNet(
            shape, new float[shape.size()], new float[shape.items() * shape.embedding()], 1);
    float[] row = new float[shape.inputs()];
    for (int s = 0; s < shop.count(); s++) {
      IntentState own = model.newSession();
      float[][] state = new float[1][file.intent().path("nets").size() * shape.units()];
      float[][] next = new float[1][WIDTH];
      List<float[]> clicked = new ArrayList<>();
      for (int e = shop.sessions().start(s); e < shop.sessions().end(s); e++) {
        int item = shop.sessions().items()[e];
        int category = shop.categories()[e];
        model.click(own, item, item, category, shop.sessions().times()[e], true);
        any.input(inputs, own.state, item, row, 0);
        float[][] numbers = new float[1][shape.numbers()];
        System.arraycopy(row, shape.numbersAt(), numbers[0], 0, shape.numbers());
        if (!model.config().features().contains(Feature.RATES)
            && model.config().features().contains(Feature.TIME)) {
          assertThat(numbers[0])
              .containsExactly(byHand(shop, shop.sessions().start(s), e), within(1e-6f));
        }
        Map<String, OnnxTensor> fed = new LinkedHashMap<>();
        fed.put("item", OnnxTensor.createTensor(environment, new long[] {item}));
        fed.put("state", OnnxTensor.createTensor(environment, next));
        fed.put("purchase_state", OnnxTensor.createTensor(environment, state));
        fed.put("numbers", OnnxTensor.createTensor(environment, numbers));
        if (shape.categories() > 0) {
          fed.put("category", OnnxTensor.createTensor(environment, new long[] {category}));
        }
        try (OrtSession.Result result = session.run(fed)) {
          state = (float[][]) result.get("next_purchase_state").orElseThrow().getValue();
          next = (float[][]) result.get("next_state").orElseThrow().getValue();
          float[][] odds = (float[][]) result.get("purchase_log_odds").orElseThrow().getValue();
          float[][] p = (float[][]) result.get("purchase_probability").orElseThrow().getValue();
          for (int head = 0; head < 2; head++) {
            boolean over = head == 0;
            assertThat(odds[0][head]).isCloseTo(own.netSession(over), within(1e-5f));
            // An isotonic curve can be so steep that the last digit of the log odds counts.
            assertThat((double) p[0][head])
                .isCloseTo(model.buys(own, PurchaseKind.GRU, over), within(1e-4));
          }
        }
        if (own.state.current == clicked.size()) {
          clicked.add(state[0]);
        } else {
          clicked.set(own.state.current, state[0]);
        }
        float[][] ofItems = bought(items, model, own, state, clicked);
        for (int i = 0; i < ofItems.length; i++) {
          assertThat(Arrays.copyOf(ofItems[i], BY_HAND))
              .containsExactly(
                  itemByHand(shop, shop.sessions().start(s), e, own.state.items[i], model),
                  within(1e-6f));
        }
        fed.values().forEach(OnnxTensor::close);
      }
    }
  }

  /// Asks which items are bought, behind a click.
  ///
  /// @param clicked the state after each item's last click
  /// @return the numbers of each item
  private static float[][] bought(
      OrtSession session,
      IntentModel model,
      IntentState own,
      float[][] state,
      List<float[]> clicked)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    ItemInputs inputs = new ItemInputs(model.config().features(), model.signals().schema());
    float[][][] numbers = new float[1][own.distinct()][ITEM_NUMBERS];
    for (int i = 0; i < own.distinct(); i++) {
      inputs.write(own.state, i, numbers[0][i], 0);
    }
    float[][][] states = {clicked.toArray(float[][]::new)};
    try (OnnxTensor ofSession = OnnxTensor.createTensor(environment, state);
        OnnxTensor ofStates = OnnxTensor.createTensor(environment, states);
        OnnxTensor ofNumbers = OnnxTensor.createTensor(environment, numbers)) {
      Map<String, OnnxTensor> fed =
          Map.of(
              "purchase_state",
              ofSession,
              "clicked_states",
              ofStates,
              "clicked_numbers",
              ofNumbers);
      try (OrtSession.Result result = session.run(fed)) {
        float[][] odds = (float[][]) result.get("bought_log_odds").orElseThrow().getValue();
        float[][] p = (float[][]) result.get("bought_probability").orElseThrow().getValue();
        double[] chances = model.forecast(own, PurchaseKind.GRU, true).items();
        assertThat(odds[0]).hasSize(own.distinct());
        for (int i = 0; i < own.distinct(); i++) {
          assertThat((double) odds[0][i])
              .isCloseTo(model.itemScore(own, PurchaseKind.GRU, i), within(1e-5));
          assertThat((double) p[0][i]).isCloseTo(chances[i], within(1e-4));
        }
      }
    }
    return numbers[0];
  }

  /// The numbers of an item that a session alone gives, as docs/interoperation.md has them.
  private static float[] itemByHand(
      LabelledSessions shop, int start, int event, int item, IntentModel model) {
    int[] items = shop.sessions().items();
    long[] times = shop.sessions().times();
    int[] on = IntStream.rangeClosed(start, event).filter(i -> items[i] == item).toArray();
    long distinct = IntStream.rangeClosed(start, event).map(i -> items[i]).distinct().count();
    double seconds = 0;
    for (int click : on) {
      seconds += click < event ? (times[click + 1] - times[click]) / 1000.0 : 0;
    }
    boolean repeats = model.config().features().contains(Feature.REPEATS);
    boolean dwell = model.config().features().contains(Feature.DWELL);
    int last = on[on.length - 1];
    return new float[] {
      (float) Math.log((double) distinct) - 1,
      last == event ? 1 : 0,
      on[0] == start ? 1 : 0,
      (float) Math.log(event - last + 1.0) / 2,
      repeats ? (float) Math.log((double) on.length) : 0,
      repeats ? (float) on.length / (event - start + 1) : 0,
      dwell ? (float) Math.log1p(seconds) / 3 - 1 : 0
    };
  }

  /// The numbers of dwell, repeats and time, as docs/interoperation.md has them.
  private static float[] byHand(LabelledSessions shop, int start, int event) {
    int[] items = shop.sessions().items();
    long[] times = shop.sessions().times();
    int clicks = event - start + 1;
    long on = IntStream.rangeClosed(start, event).filter(i -> items[i] == items[event]).count();
    long distinct = IntStream.rangeClosed(start, event).map(i -> items[i]).distinct().count();
    long immediate =
        IntStream.rangeClosed(start + 1, event).filter(i -> items[i] == items[i - 1]).count();
    ZonedDateTime first = Instant.ofEpochMilli(times[start]).atZone(ZoneOffset.UTC);
    double turn = 2 * Math.PI * (first.getHour() + first.getMinute() / 60.0) / 24;
    double gap = clicks > 1 ? (times[event] - times[event - 1]) / 1000.0 : 0;
    double[] numbers = new double[18];
    numbers[0] = Math.log(clicks) - 1;
    numbers[1] = clicks > 1 ? Math.log1p(gap) / 3 - 1 : 0;
    numbers[2] = Math.log1p((times[event] - times[start]) / 1000.0) / 4;
    numbers[3] = Math.log((double) on);
    numbers[4] = on > 1 ? 1 : 0;
    numbers[5] = Math.log((double) distinct) - 1;
    numbers[6] = (double) immediate / clicks;
    numbers[7] = Math.sin(turn);
    numbers[8] = Math.cos(turn);
    numbers[9] = Math.sin(2 * turn);
    numbers[10] = Math.cos(2 * turn);
    numbers[10 + first.getDayOfWeek().getValue()] = 1;
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }

  static ModelFile file(IntentModel model) {
    Architecture shape = new Architecture(Cell.GRU, Embedding.CONSTRAINED, WIDTH, List.of(WIDTH));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shape
        .shapes(Shops.ITEMS)
        .forEach(
            (name, size) -> {
              int floats = IntStream.of(size).reduce(1, (a, b) -> a * b);
              tensors.put(name, new Tensor(size, new float[floats]));
            });
    tensors.put("Wy.weight", Tensor.matrix(Shops.ITEMS, WIDTH, TABLE));
    IntentFile part = IntentFile.of(model, TABLE);
    tensors.putAll(part.tensors());
    return new ModelFile(
        ModelFile.GRU4REC,
        shape,
        Catalogue.of(IntStream.range(0, Shops.ITEMS).mapToObj(Integer::toString).toList()),
        tensors,
        ModelConfig.of(TrainConfig.DEFAULT, model.config()),
        Provenance.untrained("test"),
        TrainingMetrics.NONE,
        part.json());
  }
}
