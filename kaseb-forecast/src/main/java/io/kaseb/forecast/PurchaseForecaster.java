package io.kaseb.forecast;

import io.kaseb.base.KasebException;
import io.kaseb.config.IntentConfig;
import io.kaseb.intent.IntentFile;
import io.kaseb.intent.IntentForecast;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentState;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  /// Begins a session without clicks.
  public Session newSession() {
    return new Session();
  }

  /// What is forecast after some clicks.
  ///
  /// @param probability that the session buys
  /// @param items every item clicked so far, in order of first clicks
  /// @param answer the items to name as bought: the set of highest expected Jaccard overlap
  public record Purchase(double probability, List<Item> items, List<String> answer) {}

  /// One clicked item.
  ///
  /// @param item its id
  /// @param probability that the session buys it
  public record Item(String item, double probability) {}

  /// One session.
  public final class Session {
    private final IntentState session = model.newSession();
    private final List<String> ids = new ArrayList<>();

    private Session() {}

    /// Takes a click.
    ///
    /// @param item its id; one that the model does not know is followed all the same
    /// @param category the click's category, or null
    /// @param time milliseconds since 1970, or -1 where there is none
    public void click(String item, @Nullable String category, long time) {
      int key = ids.indexOf(item);
      if (key < 0) {
        key = ids.size();
        ids.add(item);
      }
      int number = category == null ? -1 : model.category(category);
      model.click(session, key, catalogue.index(item), number, time, model.realTimes());
    }

    /// Forecasts.
    ///
    /// @param over whether it is known that no more clicks come
    public Purchase forecast(boolean over) {
      if (ids.isEmpty()) {
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
