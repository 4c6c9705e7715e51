package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.TrainConfig;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.OpenDataset;
import io.kaseb.eval.ActionRecall;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.PurchaseEvaluation;
import io.kaseb.eval.Ties;
import io.kaseb.event.Event;
import io.kaseb.event.Visitor;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.forecast.Session;
import io.kaseb.forecast.SessionForecast;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.model.TopItems;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.newitem.NewItem;
import io.kaseb.report.Report;
import io.kaseb.simulate.ShopperLog;
import io.kaseb.simulate.SimulatorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model of everything that shoppers do, as a program uses it.
class ShopperModelTest {
  private static final long TIME = 1_400_000_000_000L;

  @TempDir private static Path folder;
  private static Path model;
  private static Path dataset;

  @BeforeAll
  static void train() throws IOException {
    ShopperLog.write(new SimulatorConfig(1_500, 1, 2), folder, Progress.NONE);
    Format format =
        Format.of("csv")
            .with(LogColumns.parse(ShopperLog.COLUMNS))
            .withAttributes(LogAttribute.parse(ShopperLog.ATTRIBUTES));
    dataset = folder.resolve("dataset");
    Logs.prepare(
        ClickSource.of(format, folder.resolve(ShopperLog.EVENTS)),
        Logs.rules(Protocol.CHALLENGE, "random:0.3"),
        dataset);
    model = folder.resolve("m.kaseb");
    TrainConfig config = TrainConfig.DEFAULT.with(Map.of("layers", "16", "n_epochs", "1"));
    IntentConfig intent =
        IntentConfig.DEFAULT.with(
            Map.of("intent_units", "8", "intent_epochs", "1", "intent_trees", "20"));
    Train.run(
        Train.Options.of(dataset, model, config, 2)
            .withIntent(intent)
            .withGoals(List.of("purchase", "cart")),
        epoch -> {},
        Progress.NONE,
        () -> false);
  }

  private static String item(Forecaster forecaster, int index) {
    return forecaster.catalogue().id(index);
  }

  private static SessionForecast after(Forecaster forecaster, Session session, Event... more) {
    session.click(item(forecaster, 0), null, TIME);
    for (Event event : more) {
      session.event(event);
    }
    return session.forecast(5);
  }

  @Test
  void eachGoalHasItsProbabilityAndACartMovesThePurchase() throws IOException {
    Forecaster forecaster = Forecaster.load(model);
    SessionForecast looked = after(forecaster, forecaster.newSession());
    assertThat(looked.goals().keySet()).containsExactly("purchase", "cart");
    assertThat(looked.goals().get("purchase")).isEqualTo(looked.buyProbability());
    assertThat(looked.goals().values()).allMatch(p -> p > 0 && p < 1);
    Event cart = Event.of("cart", item(forecaster, 0), TIME + 9_000);
    SessionForecast carted = after(forecaster, forecaster.newSession(), cart);
    assertThat(carted.buyProbability()).isGreaterThan(looked.buyProbability());
    assertThat(carted.clicks()).isEqualTo(1);
    assertThat(carted.items()).isEqualTo(looked.items());
  }

  @Test
  void reasonsAreWhatTheSessionLosesWithoutThem() throws IOException {
    Forecaster forecaster = Forecaster.load(model);
    PurchaseForecaster purchases = forecaster.purchases();
    assertThat(purchases).isNotNull();
    String item = item(forecaster, 0);
    String other = item(forecaster, 1);
    Map<String, Object> phone = Map.of("device", "phone");
    List<Event> events =
        List.of(
            Event.view(item, null, TIME).with(phone),
            Event.of("cart", item, TIME + 5_000).with(phone),
            Event.view(other, null, TIME + 9_000).with(phone));
    Visitor earlier = new Visitor(2, 1, TIME - 3_600_000, Set.of(item), Set.of());
    List<PurchaseForecaster.Reason> reasons = purchases.explain(events, earlier, false);
    assertThat(reasons.stream().map(r -> r.feature() + " " + r.item()))
        .containsExactlyInAnyOrder(
            "view " + item,
            "cart " + item,
            "view " + other,
            "device=phone null",
            "earlier sessions null");
    assertThat(reasons)
        .isSortedAccordingTo(java.util.Comparator.comparingDouble(r -> -Math.abs(r.logOdds())));
    PurchaseForecaster.Reason cart =
        reasons.stream().filter(r -> r.feature().equals("cart")).findFirst().orElseThrow();
    assertThat(cart.logOdds()).isPositive();
    // Two goes at the same session agree, and nothing of the first is left in the model.
    assertThat(purchases.explain(events, earlier, false)).isEqualTo(reasons);
    assertThat(purchases.explain(List.of(), null, false)).isEmpty();
  }

  /// Every session of the log has a device: a session without one is nothing to compare with.
  @Test
  void aValueThatIsNeverMissingIsComparedWithTheUsualOne() throws IOException {
    PurchaseForecaster purchases = Forecaster.load(model).purchases();
    assertThat(purchases).isNotNull();
    List<String> devices =
        purchases.attributes().stream()
            .filter(known -> known.attribute().name().equals("device"))
            .findFirst()
            .orElseThrow()
            .values();
    double first = moved(purchases, devices.get(0));
    double second = moved(purchases, devices.get(1));
    assertThat(first).isNotZero().isCloseTo(-second, within(1e-6));
  }

  private static double moved(PurchaseForecaster purchases, String device) {
    Event event =
        Event.view(purchases.catalogue().id(0), null, TIME).with(Map.of("device", device));
    return purchases.explain(List.of(event), null, false).stream()
        .filter(reason -> reason.feature().equals("device=" + device))
        .findFirst()
        .orElseThrow()
        .logOdds();
  }

  @Test
  void eachGoalIsReportedOnItsOwn() throws IOException {
    EvalConfig how = new EvalConfig(List.of(20), Ties.CONSERVATIVE, 2, 200, 1);
    Report report = Evaluate.run(model, dataset, how, null, false, null, false, "", Progress.NONE);
    assertThat(report.purchases().stream().map(e -> e.goal() + " " + e.view()).distinct())
        .containsExactly("purchase challenge", "purchase live", "cart live");
    LabelledSessions test = OpenDataset.of(dataset, Workers.ONE).labelledTest();
    LabelledSessions carts = test.forGoal(test.signals().names().number("cart")).live();
    PurchaseEvaluation own =
        report.purchases().stream().filter(e -> e.goal().equals("cart")).findFirst().orElseThrow();
    int withEvents = 0;
    int withCart = 0;
    for (int s = 0; s < carts.count(); s++) {
      boolean hasEvents = carts.sessions().length(s) > 0;
      withEvents += hasEvents ? 1 : 0;
      withCart += hasEvents && carts.purchases().any(s) ? 1 : 0;
    }
    assertThat(own.sessions()).isEqualTo(withEvents);
    assertThat(own.buyers()).isEqualTo(withCart).isGreaterThan(30);
    assertThat(own.metrics().get("auc")).isGreaterThan(.5);
    assertThat(own.metrics())
        .containsKeys("auc_after_1", "auc_without_last_1", "early_warning_share");
    assertThat(report.text()).contains("Forecasts of cart, live view");
  }

  @Test
  void eachTargetHasItsOwnList() throws IOException {
    Forecaster forecaster = Forecaster.load(model);
    assertThat(forecaster.targets()).containsExactly("view", "purchase", "cart");
    Session session = forecaster.newSession();
    Event cart = Event.of("cart", item(forecaster, 0), TIME + 9_000);
    after(forecaster, session, Event.view(item(forecaster, 7), null, TIME + 5_000), cart);
    SessionForecast views = session.forecast(6);
    SessionForecast orders = session.forecast(6, null, false, "order");
    assertThat(session.forecast(6, null, false, "purchase")).isEqualTo(orders);
    assertThat(session.forecast(6, null, false, "view")).isEqualTo(views);
    SessionForecast.Next first = orders.items().getFirst();
    assertThat(first.item()).isEqualTo(item(forecaster, 0));
    assertThat(first.source()).isEqualTo(SessionForecast.Source.SESSION);
    assertThat(first.probability()).isEqualTo(orders.bought().getFirst().probability());
    assertThat(orders.items())
        .hasSize(6)
        .isSortedAccordingTo(
            java.util.Comparator.comparingDouble(SessionForecast.Next::score).reversed())
        .extracting(SessionForecast.Next::item)
        .doesNotHaveDuplicates();
    // Untouched items keep the order of the next clicks.
    List<String> untouched =
        orders.items().stream()
            .filter(n -> n.source() == SessionForecast.Source.MODEL)
            .map(SessionForecast.Next::item)
            .toList();
    assertThat(untouched).isNotEmpty();
    assertThat(
            session.forecast(40).items().stream()
                .map(SessionForecast.Next::item)
                .filter(untouched::contains))
        .containsExactlyElementsOf(untouched);
    assertThat(orders.items()).anyMatch(n -> n.score() > 0 && n.probability() == null);
    assertThatThrownBy(() -> session.forecast(6, null, false, "wishlist"))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("wishlist")
        .hasMessageContaining("view, purchase, cart");
  }

  @Test
  void itemsOfTheNextActionsAreMeasured() throws IOException {
    EvalConfig how = new EvalConfig(List.of(20), Ties.CONSERVATIVE, 2, 200, 1);
    Report report = Evaluate.run(model, dataset, how, null, false, null, false, "", Progress.NONE);
    ActionRecall actions = report.actions();
    assertThat(actions).isNotNull();
    assertThat(actions.targets().stream().map(ActionRecall.Target::target))
        .containsExactly("view", "purchase", "cart", "weighted");
    ActionRecall.Target view = actions.targets().getFirst();
    assertThat(view.intervals().get("model")).isSorted();
    assertThat(view.recall().get("model")).isEqualTo(view.recall().get("as next clicks"));
    for (ActionRecall.Target target : actions.targets().subList(1, 3)) {
      assertThat(target.recall().get("model"))
          .isBetween(target.recall().get("as next clicks"), 1.0);
    }
    double weighted = .1 * recall(actions, 0) + .6 * recall(actions, 1) + .3 * recall(actions, 2);
    assertThat(recall(actions, 3)).isCloseTo(weighted, within(1e-12));
    assertThat(report.text()).contains("Items of the next actions, recall@20");
    Path page = folder.resolve("report.html");
    report.writeTo(page);
    assertThat(page).content().contains("Items of the next actions");
  }

  private static double recall(ActionRecall actions, int target) {
    return actions.targets().get(target).recall().getOrDefault("model", Double.NaN);
  }

  /// Shoppers go on to the next item, put the first one into the cart at the end, and seldom buy.
  @Test
  void aRankerHasTreesForEachActionThatIsForecast() throws IOException {
    List<String> lines = new ArrayList<>(List.of("session,time,item,type"));
    for (int s = 0; s < 1_000; s++) {
      long time = 1_600_000_000L + 1_000L * s;
      int first = (7 * s + s / 40) % 40;
      for (int e = 0; e < 4; e++) {
        lines.add("%d,%d,a%d,view".formatted(s, time + 10L * e, (first + e) % 40));
      }
      if (s % 10 != 1) {
        lines.add("%d,%d,a%d,cart".formatted(s, time + 50, first));
      }
      if (s % 10 == 0) {
        lines.add("%d,%d,a%d,purchase".formatted(s, time + 60, first));
      }
    }
    Path log = Logs.write(folder.resolve("actions.csv"), lines.toArray(String[]::new));
    Path dataset = folder.resolve("actions");
    Logs.prepare(
        ClickSource.of(
            Format.of("csv")
                .with(LogColumns.parse("session=session,time=time,item=item,type=type")),
            log),
        Logs.rules(Protocol.CHALLENGE, "random:0.3"),
        dataset);
    Path file = folder.resolve("actions.kaseb");
    TrainConfig config = TrainConfig.DEFAULT.with(Map.of("layers", "16", "n_epochs", "2"));
    IntentConfig intent =
        IntentConfig.DEFAULT.with(
            Map.of("intent_units", "8", "intent_epochs", "1", "intent_trees", "20"));
    List<String> said = new ArrayList<>();
    TrainModel.run(
        new TrainModel.Options(
            "ranker",
            Train.Options.of(dataset, file, config, 2)
                .withValid(.5)
                .withIntent(intent)
                .withGoals(List.of("purchase", "cart")),
            Map.of(),
            2),
        true,
        new TrainModel.Listener() {
          @Override
          public void begins(String part) {
            said.add(part);
          }

          @Override
          public void ended(TrainingEpoch epoch) {}
        },
        Progress.NONE,
        () -> false);
    // Of 350 later sessions 35 buy: too few to learn from.
    assertThat(said).anyMatch(s -> s.matches("items of the next cart: candidates hold .*mrr@20.*"));
    assertThat(said)
        .anyMatch(
            s -> s.matches("items of the next purchase: the ranker of next items stands in.*"));
    Forecaster forecaster = Forecaster.load(file);
    assertThat(forecaster.rankedActions()).containsExactly("cart");
    assertThat(forecaster.targets()).containsExactly("view", "purchase", "cart");
    Forecaster.State state = forecaster.newState();
    state.click(3);
    TopItems next = TopItems.of(10);
    TopItems carts = TopItems.of(10);
    TopItems bought = TopItems.of(10);
    forecaster.top(state, next);
    forecaster.top(state, "cart", carts);
    forecaster.top(state, "purchase", bought);
    assertThat(carts.items()).isNotEqualTo(next.items());
    assertThat(bought.items()).isEqualTo(next.items());
    Forecaster alone = forecaster.withoutPurchases();
    assertThat(alone.targets()).containsExactly("view", "cart");
    Session session = alone.newSession();
    session.click(item(alone, 3));
    assertThat(session.forecast(10, null, false, "cart").items())
        .extracting(SessionForecast.Next::item)
        .containsExactlyElementsOf(
            Arrays.stream(carts.items()).mapToObj(forecaster.catalogue()::id).toList());
    EvalConfig how = new EvalConfig(List.of(20), Ties.CONSERVATIVE, 2, 200, 1);
    Report report = Evaluate.run(file, dataset, how, null, false, null, false, "", Progress.NONE);
    ActionRecall actions = report.actions();
    assertThat(actions).isNotNull();
    for (ActionRecall.Target target : actions.targets()) {
      assertThat(target.recall().keySet())
          .containsExactly("model", "as next clicks", "latest first", "its ranker");
    }
    ActionRecall.Target purchase = actions.targets().get(1);
    assertThat(purchase.recall().get("its ranker"))
        .isEqualTo(purchase.recall().get("as next clicks"));
    ActionRecall.Target cart = actions.targets().get(2);
    assertThat(cart.mrr().get("its ranker")).isGreaterThan(cart.mrr().get("as next clicks"));
    assertThat(cart.mrrIntervals().get("its ranker")).isSorted();
    assertThat(report.text()).contains("mrr@20", "its ranker");
  }

  @Test
  void whatTheLogLacksIsSaidBeforeTheTraining() {
    Map<String, String> none = Map.of("intent_generated", "count(dance)");
    for (String goal : List.of("dance", "purchase")) {
      IntentConfig intent =
          goal.equals("dance") ? IntentConfig.DEFAULT : IntentConfig.DEFAULT.with(none);
      Path out = folder.resolve("never.kaseb");
      List<TrainingEpoch> epochs = new ArrayList<>();
      Train.Options options =
          new Train.Options(
              dataset,
              out,
              TrainConfig.DEFAULT.with(Map.of("layers", "4", "n_epochs", "1")),
              0,
              null,
              false,
              1,
              intent,
              0,
              List.of(goal));
      assertThatThrownBy(() -> Train.run(options, epochs::add, Progress.NONE, () -> false))
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("dance");
      assertThat(epochs).isEmpty();
      assertThat(folder.resolve("never.kaseb.checkpoint")).doesNotExist();
    }
  }

  @Test
  void itemsThatAreWishedForOrBoughtUnseenAreNoObstacle() throws IOException {
    List<String> lines = new ArrayList<>(List.of("session,time,item,type"));
    for (int s = 0; s < 120; s++) {
      long time = 1_600_000_000L + 1_000L * s;
      lines.add("%d,%d,a%d,view".formatted(s, time, s % 7));
      if (s % 4 > 0) {
        lines.add("%d,%d,unseen%d,wishlist".formatted(s, time + 3, s % 5));
      }
      lines.add("%d,%d,a%d,view".formatted(s, time + 5, (s + 1) % 7));
      if (s % 3 == 0) {
        lines.add("%d,%d,gift%d,purchase".formatted(s, time + 9, s % 4));
      }
    }
    Path log = Logs.write(folder.resolve("unseen.csv"), lines.toArray(String[]::new));
    Path unseen = folder.resolve("unseen");
    Format format =
        Format.of("csv").with(LogColumns.parse("session=session,time=time,item=item,type=type"));
    Logs.prepare(ClickSource.of(format, log), Logs.rules(Protocol.NONE, "random:0.3"), unseen);
    Path out = folder.resolve("unseen.kaseb");
    Map<String, String> tiny =
        Map.of("intent_units", "4", "intent_epochs", "1", "intent_trees", "5");
    Train.run(
        Train.Options.of(
                unseen, out, TrainConfig.DEFAULT.with(Map.of("layers", "4", "n_epochs", "1")), 2)
            .withIntent(IntentConfig.DEFAULT.with(tiny))
            .withGoals(List.of("purchase", "wishlist")),
        epoch -> {},
        Progress.NONE,
        () -> false);
    assertThat(Forecaster.load(out).targets()).contains("purchase", "wishlist");
  }

  @Test
  void scoresOfSessionsGiveTheReportedFigure() throws IOException {
    EvalConfig how = new EvalConfig(List.of(20), Ties.CONSERVATIVE, 2, 0, 1);
    Report report =
        Evaluate.run(model, dataset, how, null, false, null, true, "kaseb evaluate", Progress.NONE);
    Path out = folder.resolve("scores.csv");
    SessionScores.write(model, dataset, out, Workers.of(2), Progress.NONE);
    List<String[]> rows =
        Files.readAllLines(out).stream().skip(1).map(line -> line.split(",")).toList();
    for (String goal : List.of("purchase", "cart")) {
      PurchaseEvaluation live =
          report.purchases().stream()
              .filter(e -> e.goal().equals(goal) && e.view().equals("live"))
              .findFirst()
              .orElseThrow();
      List<String[]> own = rows.stream().filter(row -> row[1].equals(goal)).toList();
      assertThat(own).hasSize(live.sessions());
      double pairs = 0;
      double won = 0;
      for (String[] one : own) {
        for (String[] other : own) {
          if (one[4].equals("1") && other[4].equals("0")) {
            pairs++;
            int order = Double.compare(Double.parseDouble(one[3]), Double.parseDouble(other[3]));
            won += order > 0 ? 1 : order == 0 ? .5 : 0;
          }
        }
      }
      assertThat(won / pairs).isCloseTo(live.metric("auc"), within(1e-9));
    }
  }

  @Test
  void visitorsAndAttributesOfTheSessionCount() throws IOException {
    Forecaster forecaster = Forecaster.load(model);
    PurchaseForecaster purchases = forecaster.purchases();
    assertThat(purchases).isNotNull();
    PurchaseForecaster.Session unknown = purchases.newSession();
    PurchaseForecaster.Session known = purchases.newSession();
    String item = item(forecaster, 0);
    known.visitor(new Visitor(3, 2, TIME - 3_600_000, Set.of("x", item), Set.of("x")));
    known.attributes(Map.of("device", "desktop"));
    for (PurchaseForecaster.Session session : List.of(unknown, known)) {
      session.click(item, null, TIME);
      session.event(
          Event.of("search", null, TIME + 5_000).with(Map.of("query", "tents", "device", "phone")));
    }
    assertThat(known.forecast(false).probability())
        .isNotEqualTo(unknown.forecast(false).probability());
  }

  @Test
  void aProgramBringsNewItems() throws IOException {
    Forecaster plain = Forecaster.load(model);
    NewItem known = new NewItem(item(plain, 3), Map.of("price", 5));
    NewItem fresh = new NewItem("fresh", Map.of("brand", "never seen", "price", 12.5));
    Forecaster more = Forecaster.load(model, List.of(known, fresh));
    int n = plain.catalogue().size();
    assertThat(more.catalogue().ids()).hasSize(n + 1).endsWith("fresh");
    Session session = more.newSession();
    assertThat(session.click("fresh")).isTrue();
    assertThat(session.forecast(n + 1).items())
        .extracting(SessionForecast.Next::item)
        .contains("fresh")
        .hasSize(n + 1);
    Session before = plain.newSession();
    Session after = more.newSession();
    before.click(item(plain, 0));
    after.click(item(plain, 0));
    assertThat(after.forecast(1).items().getFirst().score())
        .isGreaterThanOrEqualTo(before.forecast(1).items().getFirst().score());
  }

  @Test
  void aRankerTakesNewItemsToo() throws IOException {
    Path ranker = folder.resolve("ranker.kaseb");
    TrainConfig config = TrainConfig.DEFAULT.with(Map.of("layers", "8", "n_epochs", "1"));
    TrainModel.run(
        new TrainModel.Options(
            "ranker",
            Train.Options.of(dataset, ranker, config, 2).withIntent(IntentConfig.NONE),
            Map.of(),
            2),
        epoch -> {},
        Progress.NONE,
        () -> false);
    NewItem fresh = new NewItem("fresh", Map.of("brand", "never seen", "price", 12.5));
    Forecaster more = Forecaster.load(ranker, List.of(fresh));
    int n = more.catalogue().size();
    Session session = more.newSession();
    session.click(item(more, 0));
    assertThat(session.click("fresh")).isTrue();
    assertThat(session.forecast(n).items())
        .hasSize(n)
        .extracting(SessionForecast.Next::item)
        .contains("fresh");
  }

  @Test
  void aModelWithoutAttributesOfItemsTakesNoNewOnes() throws IOException {
    Path log = Logs.write(folder.resolve("plain.txt"), "a b c", "b c a", "c a b");
    Path dataset = folder.resolve("plain");
    Logs.prepare("sessions", log, Logs.rules(Protocol.NONE), dataset);
    Path plain = folder.resolve("plain.kaseb");
    Train.run(
        Train.Options.of(
            dataset, plain, TrainConfig.DEFAULT.with(Map.of("layers", "4", "n_epochs", "1")), 1),
        epoch -> {},
        Progress.NONE,
        () -> false);
    List<NewItem> items = List.of(new NewItem("d", Map.of()));
    assertThatThrownBy(() -> Forecaster.load(plain, items))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("knows no attributes of items");
  }
}
