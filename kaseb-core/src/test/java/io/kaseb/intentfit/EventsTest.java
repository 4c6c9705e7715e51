package io.kaseb.intentfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.Progress;
import io.kaseb.config.Feature;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Purchases;
import io.kaseb.data.Signals;
import io.kaseb.event.Actions;
import io.kaseb.intent.ClickInputs;
import io.kaseb.intent.IntentFile;
import io.kaseb.intent.IntentFollower;
import io.kaseb.intent.IntentForecast;
import io.kaseb.intent.IntentLoss;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentNet;
import io.kaseb.intent.IntentScorer;
import io.kaseb.intent.IntentShape;
import io.kaseb.intent.IntentState;
import io.kaseb.intent.SessionEvent;
import io.kaseb.intent.SignalShape;
import io.kaseb.signal.Coding;
import io.kaseb.signal.LearnedSignals;
import io.kaseb.signal.Past;
import io.kaseb.signal.Schema;
import io.kaseb.signal.VisitorPast;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The purchase forecast on all that a shopper does.
class EventsTest {
  private static final float[] TABLE = Shops.table(6, 2);
  private static final int[] SAME = IntStream.range(0, EventShop.ITEMS).toArray();
  private static final Set<Feature> ALL = Set.of(Feature.values());

  private static IntentModel fit(LabelledSessions labelled, String... settings) {
    IntentFit.Options options = new IntentFit.Options(TABLE, 6, .2, 1, 7);
    IntentModel model =
        IntentFit.fit(
            Shops.config(settings), labelled, options, e -> {}, Progress.NONE, () -> false);
    assertThat(model).isNotNull();
    return model;
  }

  private static LearnedSignals empty(LabelledSessions labelled) {
    return SchemaFit.empty(SchemaFit.of(labelled, ALL), labelled, EventShop.ITEMS);
  }

  private static Examples examples(LabelledSessions labelled) {
    LearnedSignals signals = empty(labelled);
    return new Examples(
        labelled,
        StatisticsCounter.empty(EventShop.ITEMS, 3).ordered(labelled),
        signals.schema(),
        SignalRows.ordered(labelled, signals));
  }

  @Test
  void aSchemaTellsWhatTheLogHas() {
    Schema schema = SchemaFit.of(EventShop.shop(200, 1), ALL);
    assertThat(schema.actions()).containsExactly("view", "cart", "search", "zoom");
    assertThat(schema.attributes().stream().map(c -> c.attribute().name()))
        .containsExactly("price", "device", "query", "brand");
    assertThat(schema.visitors()).isTrue();
    assertThat(SchemaFit.of(Shops.shop(50, 1), ALL).isEmpty()).isTrue();
    assertThat(SchemaFit.of(EventShop.shop(200, 1), Set.of(Feature.ITEM)).isEmpty()).isTrue();
  }

  @Test
  void whatLiesInTheCartTellsMoreThanClicks() {
    LabelledSessions train = EventShop.shop(1_500, 1);
    LabelledSessions test = EventShop.shop(800, 2);
    double all = auc(fit(train), test);
    double clicks = auc(fit(train, "intent_features=" + without("actions")), test);
    assertThat(all).isGreaterThan(.93);
    assertThat(clicks).isLessThan(all - .05);
    assertThat(itemAuc(fit(train), test)).isGreaterThan(.97);
  }

  private static String without(String... groups) {
    return Feature.usual().stream()
        .map(f -> f.name().toLowerCase(Locale.ROOT))
        .filter(f -> !Arrays.asList(groups).contains(f))
        .collect(Collectors.joining(","));
  }

  private static double auc(IntentModel model, LabelledSessions test) {
    Examples examples = Examples.of(model, test, SAME);
    IntentState session = model.newSession();
    double[] scores = new double[test.count()];
    boolean[] labels = new boolean[test.count()];
    for (int s = 0; s < test.count(); s++) {
      examples.follow(s, session, () -> {});
      scores[s] = session.events() == 0 ? -99 : model.sessionScore(session, model.kind(), true);
      labels[s] = test.purchases().any(s);
    }
    return auc(scores, labels);
  }

  private static double itemAuc(IntentModel model, LabelledSessions test) {
    Examples examples = Examples.of(model, test, SAME);
    IntentState session = model.newSession();
    double[] scores = new double[test.sessions().events()];
    boolean[] labels = new boolean[scores.length];
    int n = 0;
    for (int s = 0; s < test.count(); s++) {
      if (test.purchases().any(s)) {
        examples.follow(s, session, () -> {});
        for (int i = 0; i < session.distinct(); i++) {
          scores[n] = model.itemScore(session, model.kind(), i);
          labels[n++] = test.purchases().bought(s, session.key(i));
        }
      }
    }
    return auc(Arrays.copyOf(scores, n), Arrays.copyOf(labels, n));
  }

  private static double auc(double[] scores, boolean[] labels) {
    double wins = 0;
    double pairs = 0;
    for (int a = 0; a < scores.length; a++) {
      for (int b = 0; b < scores.length; b++) {
        if (labels[a] && !labels[b]) {
          pairs++;
          wins += scores[a] > scores[b] ? 1 : scores[a] == scores[b] ? .5 : 0;
        }
      }
    }
    return wins / pairs;
  }

  @Test
  void aFileKeepsEveryForecast() {
    LabelledSessions shop = EventShop.shop(400, 3);
    IntentModel model = fit(shop, "intent_epochs=1");
    IntentFile file = IntentFile.of(model, TABLE);
    IntentModel again =
        new IntentFile(new LinkedHashMap<>(file.tensors()), file.json())
            .model(model.config(), TABLE);
    Examples one = Examples.of(model, shop, SAME);
    Examples other = Examples.of(again, shop, SAME);
    assertThat(other.signals()).containsExactly(one.signals());
    IntentState a = model.newSession();
    IntentState b = again.newSession();
    for (int s = 0; s < 50; s++) {
      one.follow(s, a, () -> {});
      other.follow(s, b, () -> {});
      IntentForecast expected = model.forecast(a, true);
      assertThat(again.forecast(b, true).buys()).isEqualTo(expected.buys());
      assertThat(again.forecast(b, true).items()).containsExactly(expected.items());
      assertThat(again.forecast(b, false).buys()).isEqualTo(model.forecast(a, false).buys());
    }
    assertThat(file.json().path("so_far_mix")).isNotEqualTo(file.json().path("session_mix"));
    assertThat(file.json().has("so_far_mix")).isTrue();
  }

  @Test
  void aFileHoldsAForecastForEachGoal() {
    LabelledSessions shop = EventShop.shop(400, 3);
    Map<String, IntentModel> goals = new LinkedHashMap<>();
    goals.put("cart", fit(shop.forGoal(Actions.CART), "intent_epochs=1"));
    goals.put("purchase", fit(shop, "intent_epochs=1"));
    assertThat(goals.get("cart").signals().schema().actions()).doesNotContain("cart");
    IntentFile file = IntentFile.ofGoals(goals, TABLE);
    Map<String, IntentModel> again =
        new IntentFile(file.tensors(), file.json()).goals(goals.get("cart").config(), TABLE);
    assertThat(again.keySet()).containsExactly("cart", "purchase");
    again.forEach(
        (goal, model) -> {
          IntentModel own = goals.get(goal);
          Examples one = Examples.of(own, shop, SAME);
          Examples other = Examples.of(model, shop, SAME);
          IntentState a = own.newSession();
          IntentState b = model.newSession();
          one.follow(7, a, () -> {});
          other.follow(7, b, () -> {});
          assertThat(model.buys(b, model.kind(), true)).isEqualTo(own.buys(a, own.kind(), true));
        });
    Map<String, IntentModel> usual = Map.of("purchase", goals.get("purchase"));
    IntentFile alone = IntentFile.ofGoals(usual, TABLE);
    assertThat(alone.json()).isEqualTo(IntentFile.of(goals.get("purchase"), TABLE).json());
    assertThat(alone.tensors().keySet())
        .isEqualTo(IntentFile.of(goals.get("purchase"), TABLE).tensors().keySet());
  }

  /// A program's events give the numbers of the log's.
  @Test
  void eventByEventAsWholeLogs() {
    LabelledSessions shop = EventShop.shop(400, 3);
    IntentModel model = fit(shop, "intent_epochs=1");
    Examples examples = Examples.of(model, shop, SAME);
    IntentState whole = model.newSession();
    for (int s = 0; s < 60; s++) {
      examples.follow(s, whole, () -> {});
      IntentState session = served(model, shop, s);
      assertThat(model.buys(session, model.kind(), true))
          .isCloseTo(model.buys(whole, model.kind(), true), within(1e-9));
      assertThat(model.forecast(session, true).items())
          .containsExactly(model.forecast(whole, true).items());
    }
  }

  /// Follows a session as a program does.
  static IntentState served(IntentModel model, LabelledSessions shop, int s) {
    IntentState session = model.newSession();
    session.state.signals.visitor(
        new VisitorPast(
            shop.signals().visitors().sessions()[s],
            shop.signals().visitors().bought()[s],
            shop.signals().visitors().ended()[s]));
    for (int e = shop.sessions().start(s); e < shop.sessions().end(s); e++) {
      SessionEvent event = new SessionEvent();
      event.key = shop.sessions().items()[e];
      event.item = event.key;
      event.category = shop.categories()[e];
      event.time = shop.sessions().times()[e];
      event.realTime = true;
      event.past =
          event.key == s % EventShop.ITEMS ? s % 3 == 0 ? Past.BOUGHT : Past.SEEN : Past.NONE;
      String action = shop.signals().names().word(shop.signals().action(e));
      assertThat(model.event(session, event, action, values(shop, s, e))).isTrue();
    }
    return session;
  }

  private static Map<String, Object> values(LabelledSessions shop, int s, int e) {
    Map<String, Object> values = new HashMap<>();
    var columns = shop.signals().attributes();
    if (Float.isFinite(columns.get(0).numbers()[e])) {
      values.put("price", columns.get(0).numbers()[e]);
    }
    int device = columns.get(1).codes()[s];
    if (device >= 0) {
      values.put("device", columns.get(1).names().get(device));
    }
    int from = columns.get(2).offsets()[e];
    int to = columns.get(2).offsets()[e + 1];
    values.put(
        "query",
        IntStream.range(from, to)
            .mapToObj(i -> columns.get(2).names().get(columns.get(2).codes()[i]))
            .collect(Collectors.joining(", ")));
    return values;
  }

  @Test
  void whatTrainingDidNotSeeIsMissing() {
    IntentModel model = fit(EventShop.shop(300, 3), "intent_epochs=1");
    IntentState session = model.newSession();
    SessionEvent event = new SessionEvent();
    event.key = 0;
    event.item = -1;
    event.category = -1;
    event.time = 5;
    assertThat(model.event(session, event, "hover", Map.of())).isFalse();
    assertThat(session.events()).isZero();
    Map<String, Object> odd = Map.of("price", "cheap", "device", "watch", "colour", 3, "query", 7);
    assertThat(model.event(session, event, "view", odd)).isTrue();
    double probability = model.buys(session, model.kind(), false);
    IntentState other = model.newSession();
    assertThat(model.event(other, event, "view", Map.of())).isTrue();
    assertThat(model.buys(other, model.kind(), false)).isEqualTo(probability);
  }

  @Test
  void aSearchAloneIsForecast() {
    IntentModel model = fit(EventShop.shop(300, 3), "intent_epochs=1");
    IntentState session = model.newSession();
    SessionEvent event = new SessionEvent();
    event.key = -1;
    event.item = -1;
    event.category = -1;
    event.time = -1;
    assertThat(model.event(session, event, "search", Map.of("query", "gift"))).isTrue();
    for (var kind : model.kinds()) {
      assertThat(model.forecast(session, kind, true).buys()).isBetween(0.0, 1.0);
      assertThat(model.forecast(session, kind, false).items()).isEmpty();
    }
  }

  @Test
  void noSessionSeesItsOwnLabelOrLaterOnes() {
    LabelledSessions shop = EventShop.shop(120, 4);
    int width = empty(shop).schema().width();
    float[] before = SignalRows.ordered(shop, empty(shop));
    for (int s = 0; s < shop.count(); s++) {
      float[] after = SignalRows.ordered(flipped(shop, s), empty(shop));
      int to = shop.sessions().end(s) * width;
      assertThat(Arrays.mismatch(before, 0, to, after, 0, to)).isEqualTo(-1);
    }
    float[] all = SignalRows.fixed(shop, counted(shop));
    float[] other = SignalRows.fixed(shop, counted(flipped(shop, 60)));
    assertThat(Arrays.equals(all, other)).isFalse();
  }

  private static LearnedSignals counted(LabelledSessions shop) {
    LearnedSignals signals = empty(shop);
    SignalRows.ordered(shop, signals);
    return signals;
  }

  static LabelledSessions flipped(LabelledSessions shop, int session) {
    Purchases p = shop.purchases();
    int[] rows = new int[shop.count() + 1];
    int[] items = new int[p.items().length + 1];
    int at = 0;
    for (int s = 0; s < shop.count(); s++) {
      if (s == session && !p.any(s)) {
        items[at++] = shop.sessions().items()[shop.sessions().end(s) - 1];
      } else if (s != session) {
        for (int r = p.offsets()[s]; r < p.offsets()[s + 1]; r++) {
          items[at++] = p.items()[r];
        }
      }
      rows[s + 1] = at;
    }
    int[] bought = Arrays.copyOf(items, at);
    return new LabelledSessions(
        shop.sessions(),
        shop.signals(),
        shop.categories(),
        shop.categoryNames(),
        new Purchases(rows, bought, bought, new long[at], new float[at]),
        true,
        SAME);
  }

  /// Every gradient of what a network has for events against differences of its own loss.
  @Test
  void gradientsOfEventsAndEmbeddings() {
    Examples examples = examples(EventShop.shop(23, 5));
    Schema schema = examples.schema();
    int numbers = new ClickInputs(ALL, schema).count();
    IntentShape shape =
        new IntentShape(EventShop.ITEMS, 5, 3, numbers, 6, 4, SignalShape.of(schema));
    IntentNet net = IntentNet.create(shape, Shops.table(5, 3), .2, .5, 11);
    IntentLoss loss = new IntentLoss(1.3f, .4f, 1.7f, .6f, 2.5f, 0);
    IntentPass pass = new IntentPass(net, true);
    IntentBatch batch = new IntentBatch(net, ALL, schema, new float[EventShop.ITEMS]);
    load(batch, examples);
    pass.forward(batch, loss);
    pass.backward(batch);
    float[] gradient = pass.gradient.clone();
    assertThat(shape.size() - shape.table(0)).isEqualTo((4 + 4 + 4) * Coding.EMBEDDING);
    double size = 0;
    for (int i = shape.table(0); i < shape.size(); i++) {
      size = Math.max(size, Math.abs(gradient[i]));
    }
    assertThat(size).isGreaterThan(1e-3);
    SplittableRandom random = new SplittableRandom(1);
    for (int k = 0; k < 150; k++) {
      int i = k < shape.size() - shape.table(0) ? shape.table(0) + k : random.nextInt(shape.size());
      float keep = net.weights[i];
      net.weights[i] = keep + 5e-3f;
      double up = loss(net, examples, loss);
      net.weights[i] = keep - 5e-3f;
      double numeric = (up - loss(net, examples, loss)) / 1e-2;
      net.weights[i] = keep;
      assertThat((double) gradient[i]).as("weight " + i).isCloseTo(numeric, within(2e-3));
    }
  }

  private static double loss(IntentNet net, Examples examples, IntentLoss loss) {
    IntentBatch batch = new IntentBatch(net, ALL, examples.schema(), new float[EventShop.ITEMS]);
    load(batch, examples);
    return new IntentPass(net, true).forward(batch, loss);
  }

  private static int[] load(IntentBatch batch, Examples examples) {
    int[] order =
        IntStream.range(0, examples.count())
            .boxed()
            .sorted(
                (a, b) ->
                    Integer.compare(
                        examples.labelled().sessions().length(b),
                        examples.labelled().sessions().length(a)))
            .mapToInt(Integer::intValue)
            .toArray();
    batch.load(examples, order, 0, order.length, order.length, 0, new SplittableRandom(1));
    return order;
  }

  @Test
  void oneSessionAtATimeGivesTheNumbersOfTheBatch() {
    Examples examples = examples(EventShop.shop(40, 5));
    Schema schema = examples.schema();
    int numbers = new ClickInputs(ALL, schema).count();
    IntentShape shape =
        new IntentShape(EventShop.ITEMS, 5, 3, numbers, 6, 4, SignalShape.of(schema));
    IntentNet net = IntentNet.create(shape, Shops.table(5, 3), .2, .5, 11);
    IntentPass pass = new IntentPass(net, false);
    IntentBatch batch = new IntentBatch(net, ALL, schema, new float[EventShop.ITEMS]);
    int[] order = load(batch, examples);
    pass.forward(batch, new IntentLoss(1, .5f, 1, 0, 1, 0));
    IntentState session =
        new IntentFollower(ALL, schema, List.of(new IntentScorer(net))).newSession();
    for (int j = 0; j < order.length; j++) {
      examples.follow(order[j], session, () -> {});
      assertThat((double) session.netSession(true))
          .isCloseTo(pass.sessionHeads.over()[j], within(1e-4));
    }
  }

  @Test
  void viewsOfALogThatTellsActionsAreClicks() {
    LabelledSessions clicks = Shops.shop(200, 6);
    Signals views =
        new Signals(
            Actions.USUAL,
            new byte[clicks.sessions().events()],
            List.of(),
            clicks.signals().visitors());
    LabelledSessions told =
        new LabelledSessions(
            clicks.sessions(),
            views,
            clicks.categories(),
            clicks.categoryNames(),
            clicks.purchases(),
            true,
            clicks.index());
    IntentModel one = fit(clicks, "intent_epochs=1");
    IntentModel other = fit(told, "intent_epochs=1");
    assertThat(IntentFile.of(other, TABLE).json()).isEqualTo(IntentFile.of(one, TABLE).json());
    IntentFile.of(one, TABLE)
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(IntentFile.of(other, TABLE).tensors().get(name).data())
                    .as(name)
                    .containsExactly(tensor.data()));
  }
}
