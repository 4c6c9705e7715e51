package io.kaseb.forecast;

import io.kaseb.base.KasebException;
import io.kaseb.base.Workers;
import io.kaseb.baseline.ModelKinds;
import io.kaseb.baseline.Ranker;
import io.kaseb.config.TrainConfig;
import io.kaseb.event.Actions;
import io.kaseb.event.Attribute;
import io.kaseb.intent.IntentFile;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ItemMask;
import io.kaseb.model.ModelFile;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.Safetensors;
import io.kaseb.model.SessionState;
import io.kaseb.model.TopItems;
import io.kaseb.newitem.AttributeRows;
import io.kaseb.newitem.NewItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The one face over any model: follow sessions click by click and forecast what comes next and
/// what is bought. Immutable and safe to share between threads; a [Session] or a [State] belongs to
/// one thread at a time.
///
/// A [Session] is a session by item ids, with everything that the model file can forecast. A
/// [State] is its next-item half by item indices, for scoring sessions by the million.
public final class Forecaster {
  /// The target of the next click, which every model has.
  public static final String NEXT_VIEW = Actions.STANDARD.get(Actions.VIEW);

  private static final String ORDER = "order";
  private static final int VERSION_DIGITS = 12;

  private final NextItemModel model;

  /// Models of the same states for the items that get an action, by its word.
  private final Map<String, NextItemModel> rankers;

  private final @Nullable PurchaseForecaster purchases;
  private final List<String> targets;
  private final boolean probabilities;
  private final String version;

  /// The model as its file has it, where it can place further items; else null.
  private final @Nullable ModelFile base;

  private volatile float @Nullable [] popularity;

  private Forecaster(
      NextItemModel model,
      Map<String, NextItemModel> rankers,
      @Nullable PurchaseForecaster purchases,
      boolean probabilities,
      String version,
      @Nullable ModelFile base) {
    this.model = model;
    this.purchases = purchases;
    this.rankers = rankers;
    this.targets = targets(purchases, rankers.keySet());
    this.probabilities = probabilities;
    this.version = version;
    this.base = base;
  }

  /// {@return the face of a model, without purchases and probabilities}
  ///
  /// @param model of next items
  public static Forecaster of(NextItemModel model) {
    return new Forecaster(model, rankers(model), null, false, "", null);
  }

  /// {@return the face of a model that was read already, without a version}
  ///
  /// @param file its content
  public static Forecaster of(ModelFile file) {
    return of(file, List.of(), "");
  }

  private static Forecaster of(ModelFile file, Collection<NewItem> items, String version) {
    TrainConfig network = file.config().network();
    boolean probabilities =
        file.kind().equals(ModelFile.GRU4REC) && network != null && network.logProbabilities();
    ModelFile whole = items.isEmpty() ? file : AttributeRows.extended(file, items);
    NextItemModel model = ModelKinds.of(whole);
    return new Forecaster(
        model,
        rankers(model),
        PurchaseForecaster.of(whole),
        probabilities,
        version,
        file.attributes() == null ? null : file);
  }

  /// Loads a model file, whatever its kind, on the caller's thread alone.
  ///
  /// @param file what `kaseb train` wrote
  /// @return a forecaster to share between threads
  /// @throws io.kaseb.base.KasebException where the file is broken, newer than this Kaseb, or no
  ///   model
  /// @throws IOException where it cannot be read
  public static Forecaster load(Path file) throws IOException {
    return load(file, List.of());
  }

  /// Does the same, and gives items that the model does not know their places by their attributes;
  /// those that it knows stay as they are.
  ///
  /// @param file what `kaseb train` wrote
  /// @param items ids and attributes of those that came after training
  /// @return a forecaster whose [#catalogue()] has them behind those of the file
  /// @throws io.kaseb.base.KasebException where the file is broken, newer than this Kaseb, or no
  ///   model, or there are items and it was trained without attributes of items
  /// @throws IOException where it cannot be read
  public static Forecaster load(Path file, Collection<NewItem> items) throws IOException {
    String before = Safetensors.readChecksum(file);
    while (true) {
      ModelFile content = ModelFile.read(file);
      String after = Safetensors.readChecksum(file);
      if (after.equals(before)) {
        String version = after.substring(0, VERSION_DIGITS);
        return ModelFile.whole(file, () -> of(content, items, version));
      }
      before = after;
    }
  }

  /// Loads a model file and makes ready on these threads what its searches need, which in a large
  /// catalogue takes a second or more; [#load(Path)] leaves that to the first search, on the thread
  /// that makes it.
  ///
  /// @param file what `kaseb train` wrote
  /// @param workers at work until this returns
  /// @return a forecaster to share between threads
  /// @throws io.kaseb.base.KasebException where the file is broken, newer than this Kaseb, or no
  ///   model
  /// @throws IOException where it cannot be read
  public static Forecaster load(Path file, Workers workers) throws IOException {
    Forecaster forecaster = load(file);
    forecaster.model.prepare(workers);
    return forecaster;
  }

  /// {@return the same model with other further items than it has now, by their attributes; those
  /// that its file knows stay as they are} This one is left as it is.
  ///
  /// @param items ids and attributes; none for the file's items alone
  /// @param workers make ready what its searches need
  /// @throws io.kaseb.base.KasebException where it was trained without attributes of items
  public Forecaster with(Collection<NewItem> items, Workers workers) {
    if (base == null) {
      throw AttributeRows.withoutAttributes();
    }
    Forecaster forecaster = of(base, items, version);
    forecaster.model.prepare(workers);
    return forecaster;
  }

  /// {@return the attributes by which the model places further items, and what their values are;
  /// none where it was trained without attributes of items, so that it takes no further ones}
  public Map<String, Attribute.Kind> itemAttributes() {
    AttributeRows rows = base == null ? null : AttributeRows.of(base);
    Map<String, Attribute.Kind> kinds = new LinkedHashMap<>();
    if (rows != null) {
      rows.fields().forEach(field -> kinds.put(field.name(), field.kind()));
    }
    return kinds;
  }

  /// {@return whether an item came after the model's training, as a [NewItem]}
  ///
  /// @param item index in the catalogue
  public boolean isNew(int item) {
    return base != null && item >= base.catalogue().size();
  }

  /// {@return the model's kind, such as `gru4rec` or `markov`}
  public String name() {
    return model.name();
  }

  /// {@return the model's version: the first 12 hex digits of its file's SHA-256, so that equal
  /// files have equal versions; empty for a model that came from no file}
  public String version() {
    return version;
  }

  /// {@return the items that can be scored}
  public Catalogue catalogue() {
    return model.catalogue();
  }

  /// {@return the purchase forecast, or null where the file has none}
  public @Nullable PurchaseForecaster purchases() {
    return purchases;
  }

  /// {@return the actions whose likeliest items can be asked for: [#NEXT_VIEW], each goal of the
  /// purchase forecast, and [#rankedActions()]}
  public List<String> targets() {
    return targets;
  }

  private static Map<String, NextItemModel> rankers(NextItemModel model) {
    Map<String, NextItemModel> rankers = new LinkedHashMap<>();
    if (model instanceof Ranker ranker) {
      ranker.actions().forEach(action -> rankers.put(action, ranker.forAction(action)));
    }
    return Collections.unmodifiableMap(rankers);
  }

  private static List<String> targets(@Nullable PurchaseForecaster purchases, Set<String> rankers) {
    Set<String> targets = new LinkedHashSet<>(List.of(NEXT_VIEW));
    if (purchases != null) {
      targets.addAll(purchases.goals().keySet());
    }
    targets.addAll(rankers);
    return List.copyOf(targets);
  }

  /// {@return the same without its purchase forecast: what it names for an action goes by the
  /// action's ranker alone}
  public Forecaster withoutPurchases() {
    return new Forecaster(model, rankers, null, probabilities, version, base);
  }

  /// {@return the actions whose items a ranker of their own puts in order, of a model of the kind
  /// `ranker`}
  public Set<String> rankedActions() {
    return rankers.keySet();
  }

  /// {@return a target by its name; `order` is another word for the goal `purchase`}
  ///
  /// @param name an action, such as `cart`
  /// @throws KasebException where the model has no such target
  public String target(String name) {
    String target = name.equals(ORDER) && !targets.contains(ORDER) ? IntentFile.PURCHASE : name;
    if (!targets.contains(target)) {
      throw KasebException.ofSetting(
          "target",
          name,
          "one of " + String.join(", ", targets) + ", which this model was trained for");
    }
    return target;
  }

  /// {@return whether next items come with probabilities: where the model was trained by
  /// cross-entropy with `logq=1`} Other losses order items, but their scores are no probabilities.
  public boolean probabilities() {
    return probabilities;
  }

  /// Begins a state without clicks.
  ///
  /// @return a state for one thread at a time
  public State newState() {
    return new State(model, model.newSession());
  }

  /// Begins a session without clicks.
  ///
  /// @return a session for one thread at a time
  public Session newSession() {
    return new Session(this);
  }

  /// Scores all items for each of the first `n` sessions; higher is likelier, the scale is the
  /// model's own.
  ///
  /// @param sessions sessions of this forecaster with at least one click each
  /// @param n 1 to the length of `sessions` and `out`
  /// @param out `n` rows of `catalogue().size()` scores, overwritten
  public void scores(State[] sessions, int n, float[][] out) {
    SessionState[] states = new SessionState[n];
    for (int i = 0; i < n; i++) {
      states[i] = sessions[i].state;
    }
    model.scores(states, n, out);
  }

  /// Finds the likeliest next items of a session with at least one click, far quicker than all
  /// scores in a large catalogue, and the same ones: of equal scores the lower index leads. Who
  /// must leave some items out asks for as many more and skips them.
  ///
  /// @param session a state of this forecaster
  /// @param top overwritten; its capacity says how many
  public void top(State session, TopItems top) {
    model.top(session.state, top);
  }

  /// Finds the items of a session with at least one click that are likeliest to get an action in
  /// its rest, by the ranker of that action; where there is none, the likeliest next items.
  ///
  /// @param session a state of this forecaster
  /// @param action its word, as in `cart`
  /// @param top overwritten; its capacity says how many
  public void top(State session, String action, TopItems top) {
    rankers.getOrDefault(action, model).top(session.state, top);
  }

  /// Finds the most popular items: an answer for sessions that no click tells anything about. They
  /// are ordered by how many training sessions clicked them where the file says so (models with a
  /// purchase forecast, popularity), else by what the model knows of it: the sessions that
  /// session-kNN remembers, how often other items lead there, a network's biases. Those are learned
  /// and only near the counts, and only with cross-entropy.
  ///
  /// @param top overwritten; its capacity says how many
  public void popular(TopItems top) {
    popular(top, null);
  }

  void popular(TopItems top, @Nullable ItemMask allowed) {
    float[] counts = popularity;
    if (counts == null) {
      counts = counted();
      popularity = counts;
    }
    top.clear();
    for (int i = 0; i < counts.length; i++) {
      if (allowed == null || allowed.allows(i)) {
        top.offer(i, counts[i]);
      }
    }
  }

  private float[] counted() {
    float[] own = model.popularity();
    if (purchases != null) {
      float[] clicked = purchases.model().statistics().counts().clicked;
      System.arraycopy(clicked, 0, own, 0, Math.min(clicked.length, own.length));
      Arrays.fill(own, Math.min(clicked.length, own.length), own.length, 0);
    }
    return own;
  }

  /// Finds the likeliest of the allowed items for an action, as [#top(State, String, TopItems)] has
  /// them, and ln of what a score's exponential is divided by to be a probability among all items:
  /// NaN where [#probabilities()] is false.
  double top(State session, String action, TopItems top, @Nullable ItemMask allowed) {
    return rankers
        .getOrDefault(action, model)
        .top(session.state, top, allowed, probabilities ? 1 : 0);
  }

  /// One session as a model remembers it.
  public static final class State {
    private final NextItemModel model;
    private final SessionState state;

    private State(NextItemModel model, SessionState state) {
      this.model = model;
      this.state = state;
    }

    /// Takes a click.
    ///
    /// @param item index in the forecaster's catalogue
    public void click(int item) {
      model.click(state, item);
    }

    /// {@return an independent copy}
    public State copy() {
      return new State(model, state.copy());
    }
  }
}
