package io.kaseb.forecast;

import io.kaseb.base.KasebException;
import io.kaseb.config.IntentConfig;
import io.kaseb.event.Event;
import io.kaseb.event.Visitor;
import io.kaseb.intent.IntentFile;
import io.kaseb.intent.IntentForecast;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentState;
import io.kaseb.intent.SessionEvent;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Tensor;
import io.kaseb.signal.Coding;
import io.kaseb.signal.Past;
import io.kaseb.signal.VisitorPast;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The purchase forecast of a model file: follow sessions click by click and ask, after any click,
/// whether they will buy and what. Immutable and safe to share between threads; a [Session] belongs
/// to one thread at a time. Needs no library but the JDK and JSON.
public final class PurchaseForecaster {
  private final IntentModel model;
  private final Catalogue catalogue;

  private PurchaseForecaster(IntentModel model, Catalogue catalogue) {
    this.model = model;
    this.catalogue = catalogue;
  }

  /// Returns the purchase forecast of a model, or null where it has none.
  public static @Nullable PurchaseForecaster of(ModelFile file) {
    if (file.intent() == null) {
      return null;
    }
    Tensor table = file.tensors().get("Wy.weight");
    IntentConfig config = file.config().intent();
    if (config == null) {
      throw new KasebException(
          "the model file lacks the settings of its purchase forecast; train it again");
    }
    IntentModel model =
        new IntentFile(file.tensors(), file.intent())
            .model(config, table == null ? new float[0] : table.data());
    PurchaseForecaster forecaster = new PurchaseForecaster(model, file.catalogue());
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
  /// @throws KasebException where the file is broken or has no purchase forecast
  public static PurchaseForecaster load(Path file) throws IOException {
    ModelFile content = ModelFile.read(file);
    return needed(file, ModelFile.whole(file, () -> of(content)));
  }

  /// Returns the purchase forecast of a model file.
  ///
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

  /// Returns the model inside.
  public IntentModel model() {
    return model;
  }

  /// Returns the items that the model knows; sessions may click others too.
  public Catalogue catalogue() {
    return catalogue;
  }

  /// Begins a session without events.
  public Session newSession() {
    return new Session();
  }

  /// What is forecast after some events.
  ///
  /// @param probability that the session buys
  /// @param items every item of the session so far, in order of first events
  /// @param answer the items to name as bought: the set of highest expected Jaccard overlap
  public record Purchase(double probability, List<Item> items, List<String> answer) {}

  /// One item of a session.
  ///
  /// @param item its id
  /// @param probability that the session buys it
  public record Item(String item, double probability) {}

  /// One session.
  public final class Session {
    private final IntentState session = model.newSession();
    private final List<String> ids = new ArrayList<>();
    private final Map<String, Object> attributes = new HashMap<>();
    private @Nullable Visitor visitor;

    private Session() {}

    /// Takes a click.
    ///
    /// @param item its id; one that the model does not know is followed all the same
    /// @param category the click's category, or null
    /// @param time milliseconds since 1970, or -1 where there is none
    public void click(String item, @Nullable String category, long time) {
      event(Event.view(item, category, time));
    }

    /// Says what is known of the visitor from earlier sessions, before the first event.
    public void visitor(Visitor earlier) {
      visitor = earlier;
      session.state.signals.visitor(
          new VisitorPast(earlier.sessions(), earlier.bought(), earlier.ended()));
    }

    /// Says what is known of the session: values of attributes of sessions and users, by their
    /// names. Events from now on have them; the first value of each stays.
    public void attributes(Map<String, Object> values) {
      values.forEach(attributes::putIfAbsent);
    }

    /// Takes an event. An action, an attribute or a value that the model does not know is as one
    /// that is missing: of an event of an unknown action nothing is followed but what it says of
    /// the session.
    ///
    /// @return whether it was followed
    public boolean event(Event event) {
      Map<String, Object> values = values(event);
      SessionEvent taken = new SessionEvent();
      String item = event.item();
      int key = item == null ? -1 : ids.indexOf(item);
      taken.key = item != null && key < 0 ? ids.size() : key;
      taken.item = item == null ? -1 : catalogue.index(item);
      taken.category = event.category() == null ? -1 : model.category(event.category());
      taken.time = event.time();
      taken.realTime = model.realTimes();
      taken.past = item == null ? Past.NONE : past(item);
      boolean isFollowed = model.event(session, taken, event.action(), values);
      if (isFollowed && item != null && key < 0) {
        ids.add(item);
      }
      return isFollowed;
    }

    private Map<String, Object> values(Event event) {
      List<Coding> known = model.signals().schema().attributes();
      if (known.isEmpty()) {
        return Map.of();
      }
      for (Coding coding : known) {
        Object value = event.attributes().get(coding.attribute().name());
        if (coding.isConstant() && value != null) {
          attributes.putIfAbsent(coding.attribute().name(), value);
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
    public Purchase forecast(boolean over) {
      if (session.events() == 0) {
        return new Purchase(model.buyerShare(), List.of(), List.of());
      }
      IntentForecast forecast = model.forecast(session, over);
      List<Item> items = new ArrayList<>();
      for (int i = 0; i < ids.size(); i++) {
        items.add(new Item(ids.get(i), forecast.buys() * forecast.items()[i]));
      }
      List<String> answer = new ArrayList<>();
      for (int i : forecast.set().items()) {
        answer.add(ids.get(i));
      }
      return new Purchase(forecast.buys(), items, answer);
    }
  }
}
