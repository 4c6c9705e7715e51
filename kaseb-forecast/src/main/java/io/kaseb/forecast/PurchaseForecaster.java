package io.kaseb.forecast;

import io.kaseb.base.KasebException;
import io.kaseb.config.IntentConfig;
import io.kaseb.event.Actions;
import io.kaseb.event.Attribute;
import io.kaseb.event.Event;
import io.kaseb.event.Visitor;
import io.kaseb.intent.IntentFile;
import io.kaseb.intent.IntentForecast;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentState;
import io.kaseb.intent.Payoff;
import io.kaseb.intent.SessionEvent;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ModelFile;
import io.kaseb.signal.Coding;
import io.kaseb.signal.NamedFeature;
import io.kaseb.signal.Past;
import io.kaseb.signal.VisitorPast;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The purchase forecast of a model file: follow sessions click by click and ask, after any click,
/// whether they will buy and what. Immutable and safe to share between threads; a [Session] belongs
/// to one thread at a time. Needs no library but the JDK and JSON.
public final class PurchaseForecaster {
  private static final int MOST_REASONS = 32;

  private final IntentModel model;
  private final Map<String, IntentModel> goals;
  private final Catalogue catalogue;
  private final Map<String, Double> elsewhere;

  /// Whether any of the forecasts reads attributes.
  private final boolean readsAttributes;

  private PurchaseForecaster(
      Map<String, IntentModel> goals, Catalogue catalogue, Map<String, Double> elsewhere) {
    this.elsewhere = elsewhere;
    this.goals = Collections.unmodifiableMap(new LinkedHashMap<>(goals));
    this.model = goals.values().iterator().next();
    this.catalogue = catalogue;
    this.readsAttributes =
        goals.values().stream().anyMatch(m -> !m.signals().schema().attributes().isEmpty());
  }

  /// {@return the purchase forecast of a model, or null where it has none}
  ///
  /// @param file its content
  public static @Nullable PurchaseForecaster of(ModelFile file) {
    if (file.intent() == null) {
      return null;
    }
    IntentConfig config = file.config().intent();
    if (config == null) {
      throw new KasebException(
          "the model file lacks the settings of its purchase forecast; train it again");
    }
    IntentFile part = new IntentFile(file.tensors(), file.intent());
    Map<String, IntentModel> goals = part.goals(config, file.outputTable());
    PurchaseForecaster forecaster =
        new PurchaseForecaster(goals, file.catalogue(), part.elsewhere());
    forecaster.tryOut();
    return forecaster;
  }

  /// Forecasts a made-up session: parts whose sizes do not fit fail here, not in a user's session.
  private void tryOut() {
    for (boolean over : new boolean[] {false, true}) {
      Session session = newSession();
      for (String action : model.signals().schema().actions()) {
        session.event(Event.of(action, null, 1_700_000_000_000L));
      }
      for (int c = 0; c < 3; c++) {
        String item = c < catalogue.size() ? catalogue.id(c) : "";
        String category = model.categories().isEmpty() ? null : model.categories().getLast();
        session.click(item, category, 1_700_000_000_000L + c * 10_000L);
      }
      double probability = session.forecast(over).probability();
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException("its purchase forecast gives " + probability);
      }
    }
  }

  /// Loads the purchase forecast of a model file.
  ///
  /// @param file what `kaseb train` wrote
  /// @return a forecaster to share between threads
  /// @throws KasebException where the file is broken or has no purchase forecast
  /// @throws IOException where it cannot be read
  public static PurchaseForecaster load(Path file) throws IOException {
    ModelFile content = ModelFile.read(file);
    return needed(file, ModelFile.whole(file, () -> of(content)));
  }

  /// {@return the purchase forecast of a model file}
  ///
  /// @param file where it was read from, for the message
  /// @param forecaster what [#of] gave
  /// @throws KasebException where there is none
  public static PurchaseForecaster needed(Path file, @Nullable PurchaseForecaster forecaster) {
    if (forecaster == null) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(),
              "has no purchase forecast",
              null,
              "train it on a dataset prepared with "
                  + KasebException.setting("buys")
                  + " and without intent=off"));
    }
    return forecaster;
  }

  /// {@return what is forecast: `purchase`, or the action that `train` was given, and further ones}
  public Map<String, IntentModel> goals() {
    return goals;
  }

  /// {@return the model inside; of several goals that of the first}
  public IntentModel model() {
    return model;
  }

  /// Returns how many of the items that a session still acts on are, on average, among the
  /// [TargetItems#FRESH] likeliest next items that it has not touched; 0 where the file does not
  /// say.
  double elsewhere(String goal) {
    return elsewhere.getOrDefault(goal, 0.0);
  }

  /// {@return the items that the model knows; sessions may click others too}
  public Catalogue catalogue() {
    return catalogue;
  }

  /// An attribute that the forecast reads of events.
  ///
  /// @param attribute its name, kind and level
  /// @param values the words that training knew, the most frequent first; none for numbers
  public record Known(Attribute attribute, List<String> values) {
    /// Copies the list.
    public Known {
      values = List.copyOf(values);
    }
  }

  /// {@return the actions that move the forecast, the standard ones first; views alone where it was
  /// trained on clicks}
  public List<String> actions() {
    Set<String> actions = new LinkedHashSet<>(List.of(Actions.STANDARD.get(Actions.VIEW)));
    goals.values().forEach(by -> actions.addAll(by.signals().schema().actions()));
    return List.copyOf(actions);
  }

  /// {@return the attributes that move the forecast}
  public List<Known> attributes() {
    Map<String, Known> known = new LinkedHashMap<>();
    for (IntentModel by : goals.values()) {
      for (Coding coding : by.signals().schema().attributes()) {
        known.putIfAbsent(coding.attribute().name(), new Known(coding.attribute(), coding.names()));
      }
    }
    return List.copyOf(known.values());
  }

  /// {@return the names of [PurchaseFeatures#session()]; of several goals the first one's}
  public List<String> sessionFeatures() {
    return model.sessionFeatures().stream().map(NamedFeature::name).toList();
  }

  /// {@return the names of [PurchaseFeatures#items()]; of several goals the first one's}
  public List<String> itemFeatures() {
    return model.itemFeatures().stream().map(NamedFeature::name).toList();
  }

  /// Begins a session without events.
  ///
  /// @return a session for one thread at a time
  public Session newSession() {
    return new Session();
  }

  /// What is forecast after some events.
  ///
  /// @param probability that the session buys
  /// @param items every item of the session so far, in order of first events
  /// @param answer the items to name as bought: the set of highest expected Jaccard overlap
  /// @param goals the probability of each goal, by its action; the first is `probability`
  public record Purchase(
      double probability, List<Item> items, List<String> answer, Map<String, Double> goals) {
    /// Copies the lists.
    public Purchase {
      items = List.copyOf(items);
      answer = List.copyOf(answer);
      goals = Collections.unmodifiableMap(new LinkedHashMap<>(goals));
    }
  }

  /// What to name of a finished session that is worth naming as a buyer.
  ///
  /// @param items the items to name as bought: the set of highest expected Jaccard overlap
  /// @param worth what naming it is expected to be worth, more than 0
  public record Answer(List<String> items, double worth) {
    /// Copies the list.
    public Answer {
      items = List.copyOf(items);
    }
  }

  /// One item of a session.
  ///
  /// @param item its id
  /// @param probability that the session buys it
  public record Item(String item, double probability) {}

  /// What moved a forecast.
  ///
  /// @param feature an action, an attribute with its value as in `device=phone`, or `earlier
  ///   sessions`
  /// @param item the action's item, or null
  /// @param logOdds by how much the log odds of a purchase, before calibration, lie above those of
  ///   the same session without it; of an attribute's value, with the usual one in its place (the
  ///   median of a number, the most frequent other category, which may be none)
  public record Reason(String feature, @Nullable String item, double logOdds) {}

  /// Tells what moved the forecast of a session most: the session is followed again without each of
  /// its parts. Parts act together, so what they move need not add up. Costs as many forecasts as
  /// there are parts, of which the latest 32 are told.
  ///
  /// @param events all events of the session, in order
  /// @param earlier what is known of the visitor's earlier sessions, or null
  /// @param over whether it is known that no more events come
  /// @return the parts, what moved most first
  public List<Reason> explain(List<Event> events, @Nullable Visitor earlier, boolean over) {
    double full = score(events, earlier, over);
    Map<Reason, List<Event>> without = new LinkedHashMap<>();
    for (Event event : events.reversed()) {
      without.computeIfAbsent(
          new Reason(event.action(), event.item(), 0),
          part -> events.stream().filter(e -> !isOf(e, part)).toList());
      event
          .attributes()
          .forEach(
              (name, value) -> {
                int read = place(name);
                if (read >= 0) {
                  Object usual = model.signals().usual(read, value);
                  without.computeIfAbsent(
                      new Reason(name + "=" + value, null, 0),
                      part -> events.stream().map(e -> with(e, name, value, usual)).toList());
                }
              });
    }
    List<Reason> reasons = new ArrayList<>();
    without.forEach(
        (part, rest) -> {
          if (reasons.size() < MOST_REASONS) {
            double moved = full - score(rest, earlier, over);
            reasons.add(new Reason(part.feature(), part.item(), moved));
          }
        });
    if (earlier != null && model.signals().schema().visitors()) {
      reasons.add(new Reason("earlier sessions", null, full - score(events, null, over)));
    }
    reasons.sort(Comparator.comparingDouble(reason -> -Math.abs(reason.logOdds())));
    return reasons;
  }

  private static boolean isOf(Event event, Reason part) {
    return event.action().equals(part.feature()) && Objects.equals(event.item(), part.item());
  }

  /// Returns the place of an attribute among those that move the forecast, -1 of another.
  private int place(String attribute) {
    List<Coding> all = model.signals().schema().attributes();
    return IntStream.range(0, all.size())
        .filter(a -> all.get(a).attribute().name().equals(attribute))
        .findFirst()
        .orElse(-1);
  }

  private static Event with(Event event, String name, Object value, @Nullable Object other) {
    if (!value.equals(event.attributes().get(name))) {
      return event;
    }
    Map<String, Object> changed = new HashMap<>(event.attributes());
    if (other == null) {
      changed.remove(name);
    } else {
      changed.put(name, other);
    }
    return event.with(changed);
  }

  private double score(List<Event> events, @Nullable Visitor earlier, boolean over) {
    Session session = newSession();
    if (earlier != null) {
      session.visitor(earlier);
    }
    events.forEach(session::event);
    return session.score(over);
  }

  /// One session.
  public final class Session {
    private final IntentState session = model.newSession();
    private final Map<String, IntentState> others = new LinkedHashMap<>();
    private final List<String> ids = new ArrayList<>();
    private final Map<String, Object> attributes = new HashMap<>();
    private @Nullable Visitor visitor;

    private Session() {
      goals.forEach(
          (goal, other) -> {
            if (other != model) {
              others.put(goal, other.newSession());
            }
          });
    }

    /// Takes a click.
    ///
    /// @param item its id; one that the model does not know is followed all the same
    /// @param category the click's category, or null
    /// @param time milliseconds since 1970, or -1 where there is none
    public void click(String item, @Nullable String category, long time) {
      event(Event.view(item, category, time));
    }

    /// Says what is known of the visitor from earlier sessions, before the first event.
    ///
    /// @param earlier sessions, purchases and items before this session
    public void visitor(Visitor earlier) {
      visitor = earlier;
      VisitorPast past = new VisitorPast(earlier.sessions(), earlier.bought(), earlier.ended());
      session.state.signals.visitor(past);
      others.values().forEach(other -> other.state.signals.visitor(past));
    }

    /// Says what is known of the session: values of attributes of sessions and users, by their
    /// names. Events from now on have them; the first value of each stays.
    ///
    /// @param values by attribute: a number, or text for categories and words
    public void attributes(Map<String, Object> values) {
      values.forEach(attributes::putIfAbsent);
    }

    /// Takes an event. An action, an attribute or a value that the model does not know is as one
    /// that is missing: of an event of an unknown action nothing is followed but what it says of
    /// the session.
    ///
    /// @param event behind those before it in time; one that runs backwards counts as no time
    ///   passed
    /// @return whether it was followed
    public boolean event(Event event) {
      Map<String, Object> values = values(event);
      String item = event.item();
      int key = item == null ? -1 : ids.indexOf(item);
      int next = item != null && key < 0 ? ids.size() : key;
      boolean isFollowed = follow(model, session, event, next, values);
      for (Map.Entry<String, IntentState> other : others.entrySet()) {
        IntentModel of = goals.getOrDefault(other.getKey(), model);
        isFollowed |= follow(of, other.getValue(), event, next, values);
      }
      if (isFollowed && item != null && key < 0) {
        ids.add(item);
      }
      return isFollowed;
    }

    private boolean follow(
        IntentModel by, IntentState state, Event event, int key, Map<String, Object> values) {
      SessionEvent taken = new SessionEvent();
      String item = event.item();
      taken.key = key;
      taken.item = item == null ? -1 : catalogue.index(item);
      taken.category = event.category() == null ? -1 : by.category(event.category());
      taken.time = event.time();
      taken.realTime = by.realTimes();
      taken.past = item == null ? Past.NONE : past(item);
      return by.event(state, taken, event.action(), values);
    }

    private Map<String, Object> values(Event event) {
      if (!readsAttributes) {
        return Map.of();
      }
      for (IntentModel by : goals.values()) {
        for (Coding coding : by.signals().schema().attributes()) {
          Object value = event.attributes().get(coding.attribute().name());
          if (coding.isConstant() && value != null) {
            attributes.putIfAbsent(coding.attribute().name(), value);
          }
        }
      }
      Map<String, Object> values = new HashMap<>(event.attributes());
      values.putAll(attributes);
      return values;
    }

    private Past past(String item) {
      if (visitor == null) {
        return Past.NONE;
      }
      return visitor.taken().contains(item)
          ? Past.BOUGHT
          : visitor.seen().contains(item) ? Past.SEEN : Past.NONE;
    }

    /// Forecasts.
    ///
    /// @param over whether it is known that no more events come
    /// @return probabilities; before the first event that of all sessions, and no items
    public Purchase forecast(boolean over) {
      Map<String, Double> all = new LinkedHashMap<>();
      goals.forEach((goal, by) -> all.put(goal, probability(goal, by, over)));
      if (session.events() == 0) {
        return new Purchase(model.buyerShare(), List.of(), List.of(), all);
      }
      IntentForecast forecast = model.forecast(session, over);
      List<Item> items = items(session, forecast);
      return new Purchase(forecast.buys(), items, answer(forecast), all);
    }

    /// Returns what to name of the session, no more events coming; null where naming it does not
    /// pay.
    @Nullable Answer answer(Payoff payoff) {
      if (session.events() == 0 || !payoff.pays(model.buys(session, model.kind(), true), 1)) {
        return null; // not even with all items right
      }
      IntentForecast forecast = model.forecast(session, true);
      double worth = payoff.expected(forecast.buys(), forecast.set().expectedJaccard());
      return worth > 0 ? new Answer(answer(forecast), worth) : null;
    }

    private List<String> answer(IntentForecast forecast) {
      List<String> answer = new ArrayList<>();
      for (int i : forecast.set().items()) {
        answer.add(ids.get(session.key(i)));
      }
      return answer;
    }

    /// Returns what the trees and regressions of the first goal read of the session so far.
    ///
    /// @param over whether it is known that no more events come
    /// @return null where no event was followed: then the forecast is the share of buyers
    public @Nullable PurchaseFeatures features(boolean over) {
      if (session.events() == 0) {
        return null;
      }
      Map<String, float[]> items = new LinkedHashMap<>();
      for (int i = 0; i < session.distinct(); i++) {
        items.put(ids.get(session.key(i)), session.itemRow(i));
      }
      return new PurchaseFeatures(session.sessionRow(over), items);
    }

    /// Returns every item of the session so far, in order of first events, with the probability
    /// that the session reaches a goal and acts on it.
    ///
    /// @param goal one of [PurchaseForecaster#goals()]
    List<Item> items(String goal, boolean over) {
      IntentState state = others.getOrDefault(goal, session);
      if (state.events() == 0) {
        return List.of();
      }
      return items(state, goals.getOrDefault(goal, model).forecast(state, over));
    }

    private List<Item> items(IntentState state, IntentForecast forecast) {
      List<Item> items = new ArrayList<>();
      for (int i = 0; i < state.distinct(); i++) {
        items.add(new Item(ids.get(state.key(i)), forecast.buys() * forecast.items()[i]));
      }
      return items;
    }

    /// Returns the probability that the session reaches a goal.
    double probability(String goal, boolean over) {
      return probability(goal, goals.getOrDefault(goal, model), over);
    }

    private double score(boolean over) {
      return session.events() == 0
          ? Math.log(model.buyerShare() / (1 - model.buyerShare()))
          : model.sessionScore(session, model.kind(), over);
    }

    private double probability(String goal, IntentModel by, boolean over) {
      IntentState state = others.getOrDefault(goal, session);
      return state.events() == 0 ? by.buyerShare() : by.buys(state, by.kind(), over);
    }
  }
}
