package io.kaseb.intent;

import io.kaseb.config.IntentConfig;
import io.kaseb.event.Actions;
import io.kaseb.signal.LearnedSignals;
import io.kaseb.signal.NamedFeature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A trained purchase forecast: follows sessions click by click and tells at any time whether they
/// will buy, and which of the clicked items. Immutable and safe to share between threads; what
/// changes is the [IntentState].
///
/// Items bought without a click seen cannot be read off a session, so no answer has them; how many
/// of them buyers take is known from training and makes every answer's expected overlap smaller.
public final class IntentModel {
  /// Categories that are told apart; later ones of a log have none.
  public static final int MOST_CATEGORIES = 4_096;

  private final IntentConfig config;
  private final List<String> categories;
  private final Map<String, Integer> categoryNumbers = new HashMap<>();
  private final Statistics statistics;
  private final LearnedSignals signals;
  private final List<IntentScorer> nets;
  private final Parts parts;
  private final Map<PurchaseKind, Curves> curves;
  private final IntentFollower follower;

  /// The parts beside the networks.
  ///
  /// @param over what stacks the log odds of finished sessions
  /// @param soFar what stacks those of running sessions
  /// @param item what stacks those of items
  /// @param unseen probability that a buyer takes 0, 1, ... items that it did not click
  /// @param buyerShare share of buying sessions in training
  /// @param realTimes whether the training log's times of day mean something
  public record Parts(
      StackedScore over,
      StackedScore soFar,
      StackedScore item,
      double[] unseen,
      double buyerShare,
      boolean realTimes) {
    /// Checks the probabilities.
    public Parts {
      if (!(buyerShare >= 0 && buyerShare <= 1)
          || !Arrays.stream(unseen).allMatch(p -> p >= 0 && p <= 1)) {
        throw new IllegalArgumentException(
            "buyer share " + buyerShare + ", unseen " + Arrays.toString(unseen));
      }
    }
  }

  /// The calibration of one kind's scores.
  ///
  /// @param over of finished sessions
  /// @param soFar of running sessions
  /// @param item of items
  public record Curves(Calibration over, Calibration soFar, Calibration item) {}

  /// Creates a model that reads clicks alone.
  public IntentModel(
      IntentConfig config,
      List<String> categories,
      Statistics statistics,
      List<IntentScorer> nets,
      Parts parts,
      Map<PurchaseKind, Curves> curves) {
    this(config, categories, statistics, LearnedSignals.NONE, nets, parts, curves);
  }

  /// Creates the model from its parts.
  ///
  /// @param categories the ids of the categories that it knows
  /// @param signals what it knows of events beyond clicks
  /// @param nets the recurrent networks, whose log odds are averaged
  public IntentModel(
      IntentConfig config,
      List<String> categories,
      Statistics statistics,
      LearnedSignals signals,
      List<IntentScorer> nets,
      Parts parts,
      Map<PurchaseKind, Curves> curves) {
    this.config = config;
    this.categories = List.copyOf(categories);
    for (int c = 0; c < categories.size(); c++) {
      categoryNumbers.put(categories.get(c), c);
    }
    this.statistics = statistics;
    this.signals = signals;
    this.nets = List.copyOf(nets);
    this.parts = parts;
    this.curves = new EnumMap<>(PurchaseKind.class);
    this.curves.putAll(curves);
    this.follower = new IntentFollower(config.features(), signals.schema(), nets);
  }

  /// Returns the configuration that trained it.
  public IntentConfig config() {
    return config;
  }

  /// Returns the kind that this model forecasts with.
  public PurchaseKind kind() {
    return PurchaseKind.own(config.intent()).getFirst();
  }

  /// Returns every kind that it can forecast with: its own, those that it is made of, the
  /// baselines.
  public List<PurchaseKind> kinds() {
    List<PurchaseKind> kinds = new ArrayList<>(PurchaseKind.own(config.intent()));
    kinds.addAll(PurchaseKind.BASELINES);
    return kinds;
  }

  /// Returns the share of sessions that bought in the training period.
  public double buyerShare() {
    return parts.buyerShare();
  }

  /// Returns whether the training log's times of day mean something.
  public boolean realTimes() {
    return parts.realTimes();
  }

  /// Returns the ids of the categories that it knows.
  public List<String> categories() {
    return categories;
  }

  /// Returns what training counted.
  public Statistics statistics() {
    return statistics;
  }

  /// Returns what it knows of events beyond clicks.
  public LearnedSignals signals() {
    return signals;
  }

  List<IntentScorer> nets() {
    return nets;
  }

  /// Returns the parts beside the networks.
  public Parts parts() {
    return parts;
  }

  /// Returns what the numbers of [IntentState#sessionRow] are, in their order.
  public List<NamedFeature> sessionFeatures() {
    return new HandFeatureNames(config.features(), signals.schema()).session();
  }

  /// Returns what the numbers of [IntentState#itemRow] are, in their order.
  public List<NamedFeature> itemFeatures() {
    return new HandFeatureNames(config.features(), signals.schema()).item();
  }

  Map<PurchaseKind, Curves> curves() {
    return curves;
  }

  /// Returns what follows sessions, without forecasting.
  public IntentFollower follower() {
    return follower;
  }

  /// Returns the number of a category, -1 for one that training did not see.
  public int category(String name) {
    return categoryNumbers.getOrDefault(name, -1);
  }

  /// Begins a session.
  public IntentState newSession() {
    return follower.newSession();
  }

  /// Takes a click.
  ///
  /// @param key any number that tells the session's items apart
  /// @param item the model's item number, negative for an item that it lacks
  /// @param category as [#category] numbers it, -1 for none
  /// @param time milliseconds since 1970, -1 where there is none; one that runs backwards counts as
  ///   no time passed
  /// @param realTime whether the time of day means something
  public void click(
      IntentState session, int key, int item, int category, long time, boolean realTime) {
    SessionEvent event = new SessionEvent();
    event.key = key;
    event.item = item;
    event.category = category;
    event.time = time;
    event.realTime = realTime;
    event(session, event, Actions.STANDARD.get(Actions.VIEW), Map.of());
  }

  /// Takes an event.
  ///
  /// @param event key, item, category, time; the rest is filled in
  /// @param action what it is; of an action that training did not see nothing is followed
  /// @param values of attributes, by their names
  /// @return whether it was followed
  public boolean event(
      IntentState session, SessionEvent event, String action, Map<String, Object> values) {
    int known = signals.schema().actions().indexOf(action);
    boolean isClick = event.key >= 0 && action.equals(Actions.STANDARD.get(Actions.VIEW));
    if (known < 0 && !(isClick && signals.schema().actions().isEmpty())) {
      return false;
    }
    float[] row = new float[Statistics.WIDTH];
    statistics.look(event.item, event.category, event.realTime ? event.time : -1, row, 0);
    SessionFeatures state = session.state;
    if (event.key >= 0 && !state.has(event.key)) {
      statistics.pairs(state.items, state.distinct, event.item, row, 0);
    }
    event.statistics = row;
    event.statisticsAt = 0;
    event.signals = new float[signals.schema().width()];
    event.signalsAt = 0;
    signals.event(known, event.item, values, event.signals, 0);
    state.event(event);
    session.step();
    return true;
  }

  /// Forecasts.
  ///
  /// @param session a session with an event
  /// @param over whether it is known that no more clicks come
  public IntentForecast forecast(IntentState session, boolean over) {
    return forecast(session, kind(), over);
  }

  /// Forecasts with one of [#kinds()].
  public IntentForecast forecast(IntentState session, PurchaseKind kind, boolean over) {
    double buys = buys(session, kind, over);
    double[] items = new double[session.distinct()];
    for (int i = 0; i < items.length; i++) {
      items[i] = curve(kind).item().probability(itemScore(session, kind, i));
    }
    if (kind == PurchaseKind.EVERY_ITEM) {
      double[] sure = new double[items.length];
      Arrays.fill(sure, 1);
      BestSet all = bestSet(sure);
      double overlap = Arrays.stream(items).average().orElse(0);
      return new IntentForecast(buys, items, new BestSet(all.items(), overlap));
    }
    return new IntentForecast(buys, items, bestSet(items));
  }

  /// Returns the set of items to answer.
  ///
  /// @param items probability of each clicked item to be bought, given that the session buys
  public BestSet bestSet(double[] items) {
    return BestSet.of(items, parts.unseen());
  }

  /// Returns the probability that a session buys.
  public double buys(IntentState session, PurchaseKind kind, boolean over) {
    Curves curve = curve(kind);
    return (over ? curve.over() : curve.soFar()).probability(sessionScore(session, kind, over));
  }

  /// Returns which of a kind's calibrations found no slope, so that they give every score the same
  /// probability: `sessions`, `running sessions`, `items`.
  public List<String> withoutSlope(PurchaseKind kind) {
    Curves curve = curve(kind);
    List<String> flat = new ArrayList<>();
    if (curve.over().isFlat()) {
      flat.add("sessions");
    }
    if (curve.soFar().isFlat()) {
      flat.add("running sessions");
    }
    if (curve.item().isFlat()) {
      flat.add("items");
    }
    return flat;
  }

  /// Returns the calibrations of one of [#kinds()].
  public Curves curve(PurchaseKind kind) {
    Curves curve = curves.get(kind);
    if (curve == null) {
      throw new IllegalArgumentException("this model has no forecast " + kind.key());
    }
    return curve;
  }

  /// Returns a kind's own log odds that a session buys, before calibration.
  public double sessionScore(IntentState session, PurchaseKind kind, boolean over) {
    return switch (kind) {
      case GRU -> session.netSession(over);
      case CLICKS, EVERY_ITEM -> Math.log(session.events());
      case BOOSTED, BLEND, TREES, LOGISTIC ->
          (over ? parts.over() : parts.soFar()).of(kind, session.sessionRow(over));
    };
  }

  /// Returns a kind's own log odds that an item is bought, before calibration.
  public double itemScore(IntentState session, PurchaseKind kind, int i) {
    return switch (kind) {
      case GRU -> session.netItem(i);
      case CLICKS, EVERY_ITEM ->
          Math.log(Math.max(.5, session.state.clicksOn[i])) - Math.log(session.distinct());
      case BOOSTED, BLEND, TREES, LOGISTIC -> parts.item().of(kind, session.itemRow(i));
    };
  }
}
