package io.kaseb.intentfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.config.Feature;
import io.kaseb.data.LabelledSessions;
import io.kaseb.intent.Calibration;
import io.kaseb.intent.IntentFile;
import io.kaseb.intent.IntentForecast;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentState;
import io.kaseb.intent.Logistic;
import io.kaseb.intent.PurchaseKind;
import io.kaseb.intent.TreeEnsemble;
import io.kaseb.model.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IntentModelTest {
  private static final float[] TABLE = Shops.table(6, 2);
  private static final int[] SAME = IntStream.range(0, Shops.ITEMS).toArray();

  private static IntentModel fit(LabelledSessions labelled, int threads, String... settings) {
    IntentFit.Options options = new IntentFit.Options(TABLE, 6, .2, threads, 7);
    IntentModel model =
        IntentFit.fit(
            Shops.config(settings), labelled, options, e -> {}, Progress.NONE, () -> false);
    assertThat(model).isNotNull();
    return model;
  }

  private static double auc(IntentModel model, PurchaseKind kind, LabelledSessions labelled) {
    Examples examples = Examples.of(model, labelled, SAME);
    IntentState session = model.newSession();
    double[] p = new double[labelled.count()];
    for (int s = 0; s < p.length; s++) {
      examples.follow(s, session, () -> {});
      p[s] = model.buys(session, kind, true);
    }
    double above = 0;
    double pairs = 0;
    for (int i = 0; i < p.length; i++) {
      for (int j = 0; j < p.length; j++) {
        if (labelled.purchases().any(i) && !labelled.purchases().any(j)) {
          pairs++;
          above += p[i] > p[j] ? 1 : p[i] == p[j] ? .5 : 0;
        }
      }
    }
    return above / pairs;
  }

  @Test
  void everyKindLearnsWhatBuyersDo() {
    IntentModel model = fit(Shops.shop(1_500, 4), 2, "intent_epochs=6");
    LabelledSessions test = Shops.shop(400, 99);
    for (PurchaseKind kind :
        List.of(PurchaseKind.GRU, PurchaseKind.BOOSTED, PurchaseKind.BLEND, PurchaseKind.TREES)) {
      assertThat(auc(model, kind, test)).as(kind.key()).isGreaterThan(.68);
    }
    assertThat(auc(model, PurchaseKind.CLICKS, test)).isLessThan(.6);
  }

  /// The latest sessions speak against what the earlier ones taught: no curve of theirs may take
  /// the order away.
  @Test
  void sessionsHeldBackThatContradictLeaveTheOrder() {
    SplittableRandom random = new SplittableRandom(3);
    List<int[]> clicks = new ArrayList<>();
    List<int[]> bought = new ArrayList<>();
    for (int s = 0; s < 500; s++) {
      int item = random.nextInt(Shops.ITEMS);
      boolean sells = item < Shops.ITEMS / 2;
      boolean buys = random.nextInt(4) == 0 && (s < 400 ? sells : !sells);
      clicks.add(new int[] {item, item});
      bought.add(buys ? new int[] {item} : new int[0]);
    }
    IntentModel model = fit(Shops.of(clicks, bought, random), 1);
    for (PurchaseKind kind : model.kinds()) {
      assertThat(model.withoutSlope(kind)).as(kind.key()).isEmpty();
    }
    LabelledSessions early = Shops.of(clicks.subList(0, 400), bought.subList(0, 400), random);
    assertThat(auc(model, PurchaseKind.LOGISTIC, early)).isGreaterThan(.6);
  }

  @Test
  void clickByClickGivesTheNumbersOfTheBatch() {
    IntentModel model = fit(Shops.shop(400, 4), 1);
    LabelledSessions labelled = Shops.shop(60, 5);
    Examples examples = Examples.of(model, labelled, SAME);
    IntentState batch = model.newSession();
    for (int s = 0; s < labelled.count(); s++) {
      IntentState live = model.newSession();
      List<Double> expected = new ArrayList<>();
      examples.follow(s, batch, () -> expected.add(model.buys(batch, model.kind(), false)));
      int at = 0;
      for (int e = labelled.sessions().start(s); e < labelled.sessions().end(s); e++) {
        model.click(
            live,
            labelled.sessions().items()[e],
            labelled.sessions().items()[e],
            labelled.categories()[e],
            labelled.sessions().times()[e],
            true);
        assertThat(model.buys(live, model.kind(), false)).isEqualTo(expected.get(at++));
      }
      IntentForecast one = model.forecast(live, true);
      IntentForecast other = model.forecast(batch, true);
      assertThat(one.buys()).isEqualTo(other.buys());
      assertThat(one.items()).containsExactly(other.items());
      assertThat(one.set().items()).containsExactly(other.set().items());
    }
  }

  @Test
  void aFileKeepsTheModelAndEqualRunsGiveEqualBytes() {
    LabelledSessions labelled = Shops.shop(400, 4);
    LabelledSessions test = Shops.shop(50, 6);
    for (String embedding : List.of("tuned", "shared")) {
      IntentModel model = fit(labelled, 2, "intent_embedding=" + embedding);
      IntentFile file = IntentFile.of(model, TABLE);
      IntentFile again = IntentFile.of(fit(labelled, 2, "intent_embedding=" + embedding), TABLE);
      assertThat(again.json()).isEqualTo(file.json());
      file.tensors()
          .forEach(
              (name, tensor) ->
                  assertThat(again.tensors().get(name).data())
                      .as(name)
                      .containsExactly(tensor.data()));
      assertThat(file.tensors().containsKey("intent.net.0.embeddings"))
          .isEqualTo(embedding.equals("tuned"));
      IntentModel read = file.model(model.config(), TABLE);
      for (PurchaseKind kind : model.kinds()) {
        assertThat(auc(read, kind, test)).isEqualTo(auc(model, kind, test));
      }
      assertThat(read.buyerShare()).isEqualTo(model.buyerShare());
    }
  }

  @Test
  void strangeSessionsAreForecastAllTheSame() {
    IntentModel model = fit(Shops.shop(300, 4), 1);
    IntentState session = model.newSession();
    model.click(session, 1, -1, -1, -1, false);
    assertThat(model.forecast(session, true).buys()).isBetween(0.0, 1.0);
    model.click(session, 2, 9_999, 9_999, 5_000, true);
    model.click(session, 3, 3, model.category("no such"), 1_000, true); // time runs backwards
    IntentForecast forecast = model.forecast(session, false);
    assertThat(forecast.items()).hasSize(3);
    assertThat(Arrays.stream(forecast.items()).allMatch(q -> q > 0 && q < 1)).isTrue();
    assertThat(session.state.duration()).isZero();
    SplittableRandom random = new SplittableRandom(1);
    IntentState endless = model.newSession();
    for (int t = 0; t < 10_000; t++) {
      int item = random.nextInt(5_000);
      model.click(endless, item, item % Shops.ITEMS, 1, 1_000L * t, true);
    }
    assertThat(model.forecast(endless, true).buys()).isBetween(0.0, 1.0);
    assertThat(endless.clicks()).isEqualTo(10_000);
  }

  @Test
  void sessionsOfThousandsOfClicksAreTrainedOnByTheirEnd() {
    LabelledSessions labelled = Shops.shop(60, 4, 3_000);
    IntentModel model = fit(labelled, 1, "intent_epochs=1", "intent=gru");
    assertThat(model.kind()).isEqualTo(PurchaseKind.GRU);
  }

  @Test
  void groupsOfFeaturesCanBeSwitchedOff() {
    LabelledSessions labelled = Shops.shop(300, 4);
    Set<Feature> ofClicks =
        EnumSet.complementOf(EnumSet.of(Feature.ACTIONS, Feature.ATTRIBUTES, Feature.VISITOR));
    for (Feature off : ofClicks) {
      Set<Feature> rest = EnumSet.complementOf(EnumSet.of(off));
      IntentModel model = fit(labelled, 1, "intent_features=" + rest, "intent_epochs=1");
      assertThat(model.config().features()).doesNotContain(off).hasSize(8);
      assertThat(ofClicks).containsAll(model.config().features());
    }
    IntentModel bare = fit(labelled, 1, "intent_features=", "intent_epochs=1");
    assertThat(bare.config().features()).isEmpty();
    assertThatThrownBy(() -> Shops.config("intent_features=item,dwel"))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("nearest is dwell");
  }

  @Test
  void oneClassOnlyIsAnObstacle() {
    LabelledSessions none =
        Shops.of(List.of(new int[] {1, 2}), List.of(new int[0]), new SplittableRandom(1));
    LabelledSessions all =
        Shops.of(List.of(new int[] {1}), List.of(new int[] {1}), new SplittableRandom(1));
    assertThat(IntentFit.obstacle(none)).isEqualTo("the dataset has no purchases");
    assertThat(IntentFit.obstacle(all)).isEqualTo("every session of the dataset buys");
    assertThat(IntentFit.obstacle(Shops.shop(50, 1))).isNull();
  }

  @Test
  void treesScoreAsXGBoostDoes() throws Exception {
    SplittableRandom random = new SplittableRandom(3);
    FeatureRows rows = new FeatureRows(4, 600);
    for (int i = 0; i < 600; i++) {
      float[] row = {
        random.nextInt(5),
        (float) random.nextDouble(),
        random.nextInt(2),
        (float) random.nextDouble()
      };
      rows.add(row, row[0] * row[1] + random.nextDouble() > 1.6, 1);
    }
    ml.dmlc.xgboost4j.java.DMatrix matrix =
        new ml.dmlc.xgboost4j.java.DMatrix(rows.used(), rows.count, 4, Float.NaN);
    matrix.setLabel(Arrays.copyOf(rows.labels, rows.count));
    ml.dmlc.xgboost4j.java.Booster booster =
        ml.dmlc.xgboost4j.java.XGBoost.train(
            matrix,
            Map.of(
                "objective", "binary:logistic", "base_score", .3, "max_depth", 5, "verbosity", 0),
            30,
            Map.of(),
            null,
            null);
    TreeEnsemble trees =
        TreeEnsemble.parse(
            (float) Calibration.logit(.3), 4, booster.getModelDump("", false, "json"));
    float[][] expected = booster.predict(matrix, true);
    for (int i = 0; i < rows.count; i++) {
      float[] row = Arrays.copyOfRange(rows.values, 4 * i, 4 * i + 4);
      assertThat((double) trees.score(row)).isCloseTo(expected[i][0], within(1e-4));
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    trees.write("t", tensors);
    float[] first = Arrays.copyOf(rows.values, 4);
    assertThat(TreeEnsemble.read("t", tensors).score(first)).isEqualTo(trees.score(first));
  }

  @Test
  void logisticRegressionFindsThePlane() {
    SplittableRandom random = new SplittableRandom(8);
    FeatureRows rows = new FeatureRows(3, 20_000);
    for (int i = 0; i < 20_000; i++) {
      float[] row = {(float) random.nextDouble(-3, 3), random.nextInt(9), 4};
      rows.add(row, random.nextDouble() < Calibration.logistic(1.2 * row[0] - .3 * row[1] + .5), 1);
    }
    Logistic fit = LogisticFit.fit(rows, 1);
    assertThat((double) fit.weights()[0]).isCloseTo(1.2, within(.05));
    assertThat((double) fit.weights()[1]).isCloseTo(-.3, within(.03));
    assertThat((double) fit.score(new float[] {0, 0, 4})).isCloseTo(.5, within(.15));
  }
}
