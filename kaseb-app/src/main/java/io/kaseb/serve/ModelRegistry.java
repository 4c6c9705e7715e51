package io.kaseb.serve;

import io.kaseb.base.KasebException;
import io.kaseb.base.Workers;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.Session;
import io.kaseb.forecast.SessionForecast;
import io.kaseb.model.Catalogue;
import io.kaseb.newitem.AttributeRows;
import io.kaseb.serve.http.JsonFields;
import io.kaseb.serve.http.Problem;
import io.kaseb.serve.http.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The models that are served, and their changes: a new file is read, checked and warmed up beside
/// the running one, then takes its place between two requests. What fails changes nothing.
final class ModelRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(ModelRegistry.class);
  private static final int WARM_UP_VISITS = 200;

  private final ServeConfig.ModelFiles config;
  private final Duration firstWarmUp;
  private final ReentrantLock changes = new ReentrantLock();
  private volatile Deployment deployment = new Deployment(Map.of(), Map.of());
  private volatile ItemRules rules = new ItemRules(Set.of(), Map.of());
  private volatile NewItems items = NewItems.NONE;
  private volatile boolean isReady;
  private final @Nullable StateFile state;
  private final @Nullable ItemsFile itemsFile;
  private final Runnable failedToKeep;
  private ServeState changed = ServeState.NONE;

  /// @param firstWarmUp how long the first model forecasts before it is ready, for the compiler
  /// @param failedToKeep called when a change cannot be kept for the next start
  ModelRegistry(ServeConfig.ModelFiles config, Duration firstWarmUp, Runnable failedToKeep) {
    this.config = config;
    this.firstWarmUp = firstWarmUp;
    this.failedToKeep = failedToKeep;
    state = config.state() == null ? null : new StateFile(config.state());
    itemsFile = config.state() == null ? null : new ItemsFile(config.state());
  }

  /// Loads what the server was started with; ready afterwards.
  void load() throws IOException {
    changes.lock();
    try {
      rules = ItemRules.read(config.hidden(), config.categories());
      Map<String, Path> files = new HashMap<>(config.more());
      files.putAll(config.shadows());
      files.put(ServeConfig.ModelFiles.DEFAULT, config.file());
      Set<String> shadows = new HashSet<>(config.shadows().keySet());
      Map<String, Integer> shares = config.shares();
      if (state != null) {
        ServeState kept = state.read();
        for (Map.Entry<String, ServeState.Kept> e : kept.models().entrySet()) {
          files.put(e.getKey(), kept(e.getValue()));
          shadows.remove(e.getKey());
          if (e.getValue().shadow()) {
            shadows.add(e.getKey());
          }
        }
        kept.removed().forEach(files::remove);
        shadows.retainAll(files.keySet());
        shares = kept.shares() == null ? shares : kept.shares();
        changed = kept;
      }
      List<GivenItem> listed =
          config.newItems() == null ? List.of() : GivenItem.ofFile(config.newItems());
      items = new NewItems(NewItems.byId(listed), itemsFile == null ? Map.of() : itemsFile.read());
      Map<String, ServedModel> served = new HashMap<>();
      for (Map.Entry<String, Path> e : files.entrySet()) {
        Path path = e.getValue();
        Forecaster forecaster = Forecaster.load(path, Workers.ofAllCores());
        warmUp(forecaster, path.toString(), served.isEmpty() ? firstWarmUp : Duration.ZERO);
        served.put(e.getKey(), served(e.getKey(), path, forecaster));
      }
      deployment =
          new Deployment(served, checkedShares(shares, served, shadows), shadows, Map.of());
      if (!listed.isEmpty()) {
        checkItems(listed);
      }
      if (items.size() > 0 && !takesItems()) {
        LOG.warn("no model knows attributes of items: the new items have no place");
      }
      warn(rules);
      isReady = true;
    } finally {
      changes.unlock();
    }
  }

  /// Returns whether requests can be answered.
  boolean isReady() {
    return isReady;
  }

  /// Returns the present state; a request asks once.
  Deployment deployment() {
    return deployment;
  }

  /// Returns the present rules.
  ItemRules rules() {
    return rules;
  }

  /// Loads a file under a name, new or in use.
  ///
  /// @param file a name in the folder of the first model
  /// @param isShadow whether it is only asked, and not answered
  ServedModel load(String name, String file, boolean isShadow) throws IOException {
    ServeConfig.ModelFiles.checkName(name);
    Path path = inside(file);
    changes.lock();
    try {
      Forecaster forecaster = Forecaster.load(path, Workers.ofAllCores());
      warmUp(forecaster, file, Duration.ZERO);
      ServedModel served = served(name, path, forecaster);
      if (isShadow && deployment.shares().containsKey(name)) {
        throw Problem.of(409, "Conflict", "the model has a share: change the shares first");
      }
      deployment = deployment.with(served, isShadow);
      keep(changed.with(name, new ServeState.Kept(file, isShadow)));
      return served;
    } finally {
      changes.unlock();
    }
  }

  /// Gives a name back the model that it had before; once more undoes that.
  ServedModel rollBack(String name) {
    changes.lock();
    try {
      ServedModel before = deployment.before().get(name);
      if (before == null) {
        throw Problem.of(409, "Conflict", "the name had no other model before");
      }
      boolean isShadow = deployment.shadows().contains(name);
      deployment = deployment.with(before.with(rules).with(items), isShadow);
      keep(changed.with(name, new ServeState.Kept(before.file(), isShadow)));
      return before;
    } finally {
      changes.unlock();
    }
  }

  private void keep(ServeState now) {
    changed = now;
    if (state != null) {
      try {
        state.write(now);
      } catch (IOException e) {
        LOG.warn("what was changed is not kept for the next start: {}", e.toString());
        failedToKeep.run();
      }
    }
  }

  private Path kept(ServeState.Kept kept) throws IOException {
    try {
      // Its model may have come from the command line, from any folder.
      return kept.file().equals(String.valueOf(config.file().getFileName()))
          ? config.file()
          : inside(kept.file());
    } catch (Problem e) {
      throw new KasebException(
          new KasebException.Problem(
              String.valueOf(config.state()),
              "file " + Text.quoted(kept.file()),
              null,
              "a model that was loaded while the server ran is gone: bring it back, or delete the"
                  + " state file"),
          e);
    }
  }

  /// Returns a file in the models' folder, and nothing outside of it.
  private Path inside(String file) throws IOException {
    Path folder = config.folder();
    if (!file.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,254}")) {
      throw Problem.field(
          "file", "must be the plain name of a file in the folder of the first model");
    }
    Path path = folder.resolve(file);
    if (!Files.isRegularFile(path)) {
      throw Problem.field("file", "no such file in the folder of the first model");
    }
    if (!path.toRealPath().startsWith(folder.toRealPath())) {
      throw Problem.field("file", "leads out of the folder of the first model");
    }
    return path;
  }

  /// Takes a model out.
  void remove(String name) {
    changes.lock();
    try {
      if (!deployment.models().containsKey(name)) {
        throw Problem.of(404, "Not found", "no model has this name");
      }
      if (name.equals(ServeConfig.ModelFiles.DEFAULT) || deployment.shares().containsKey(name)) {
        throw Problem.of(
            409, "Conflict", "the model is in use: change the shares first; default always stays");
      }
      deployment = deployment.without(name);
      keep(changed.without(name));
    } finally {
      changes.unlock();
    }
  }

  /// Sets who gets which model.
  void share(Map<String, Integer> shares) {
    changes.lock();
    try {
      deployment =
          deployment.withShares(checkedShares(shares, deployment.models(), deployment.shadows()));
      keep(changed.withShares(shares));
    } finally {
      changes.unlock();
    }
  }

  private static Map<String, Integer> checkedShares(
      Map<String, Integer> shares, Map<String, ServedModel> models, Set<String> shadows) {
    int sum = shares.values().stream().mapToInt(Integer::intValue).sum();
    boolean isSplit =
        shares.size() == 2 && sum == 100 && shares.values().stream().allMatch(s -> s >= 0);
    if (!shares.isEmpty() && !isSplit) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("share"),
              null,
              "none, or two models' percentages that make 100, as in default=90 and b=10",
              null));
    }
    for (String name : shares.keySet()) {
      if (shadows.contains(name)) {
        throw new KasebException(
            new KasebException.Problem(
                KasebException.setting("share"),
                null,
                null,
                "the model " + name + " is a shadow and answers nobody"));
      }
      if (!models.containsKey(name)) {
        throw new KasebException(
            new KasebException.Problem(
                KasebException.setting("share"),
                null,
                null,
                "no model has the name " + Text.quoted(name)));
      }
    }
    return shares;
  }

  /// Reads the item rules again; on failure the old ones stay.
  ItemRules reload() throws IOException {
    changes.lock();
    try {
      ItemRules fresh = ItemRules.read(config.hidden(), config.categories());
      rules = fresh;
      deployment = deployment.withEach(served -> served.with(fresh));
      warn(fresh);
      return fresh;
    } finally {
      changes.unlock();
    }
  }

  /// Returns a model with the present rules and new items.
  private ServedModel served(String name, Path file, Forecaster forecaster) {
    return new ServedModel(name, file, forecaster, rules).with(items);
  }

  /// Returns the present new items.
  NewItems items() {
    return items;
  }

  /// Takes new items; one of the same id takes the other's place.
  void put(List<GivenItem> given) {
    changes.lock();
    try {
      checkItems(given);
      place(items.with(given));
    } finally {
      changes.unlock();
    }
  }

  /// Forgets a new item that was put.
  void removeItem(String id) {
    changes.lock();
    try {
      if (!items.put().containsKey(id)) {
        throw Problem.of(404, "Not found", "no item was put under this id");
      }
      place(items.without(id));
    } finally {
      changes.unlock();
    }
  }

  /// Reads the file of new items again; on failure the old ones stay.
  void reloadItems() throws IOException {
    changes.lock();
    try {
      if (config.newItems() == null) {
        throw Problem.of(409, "Conflict", "the server was started without a file of new items");
      }
      List<GivenItem> given = GivenItem.ofFile(config.newItems());
      checkItems(given);
      place(items.withFile(given));
    } finally {
      changes.unlock();
    }
  }

  /// Gives the models other new items, all at once, and keeps those that were put.
  private void place(NewItems now) {
    Deployment placed = deployment.withEach(served -> served.with(now));
    boolean isPut = !now.put().equals(items.put());
    items = now;
    deployment = placed;
    if (itemsFile != null && isPut) {
      try {
        itemsFile.write(List.copyOf(now.put().values()));
      } catch (IOException e) {
        LOG.warn("the new items are not kept for the next start: {}", e.toString());
        failedToKeep.run();
      }
    }
  }

  /// Refuses items where no model can place them, and values that are no numbers where a model
  /// takes them for some.
  private void checkItems(List<GivenItem> given) {
    if (!takesItems()) {
      throw AttributeRows.withoutAttributes();
    }
    for (ServedModel model : deployment.models().values()) {
      given.forEach(item -> item.check(model.itemAttributes()));
    }
  }

  /// Returns whether any model can place new items.
  private boolean takesItems() {
    return deployment.models().values().stream().anyMatch(m -> !m.itemAttributes().isEmpty());
  }

  private void warn(ItemRules rules) {
    List<Catalogue> catalogues =
        deployment.models().values().stream().map(m -> m.forecaster().catalogue()).toList();
    rules.warnings(catalogues).forEach(warning -> LOG.warn("{}", warning));
  }

  /// Forecasts made-up visits, which fills the model's tables and lets the compiler work, and
  /// refuses a model whose answers are no numbers.
  private static void warmUp(Forecaster forecaster, String file, Duration least) {
    int items = forecaster.catalogue().size();
    if (items == 0) {
      throw new KasebException(
          new KasebException.Problem(file, "the model has no items", null, null));
    }
    for (String id : forecaster.catalogue().ids()) {
      try {
        JsonFields.checkId("item", id);
      } catch (Problem e) {
        throw new KasebException(
            new KasebException.Problem(
                file,
                "item id " + Text.quoted(id),
                "1..256 characters, none of them a control character",
                null));
      }
    }
    long started = System.nanoTime();
    for (int i = 0; i < WARM_UP_VISITS || System.nanoTime() - started < least.toNanos(); i++) {
      Session session = forecaster.newSession();
      for (int c = 0; c <= i % 4; c++) {
        session.click(
            forecaster.catalogue().id(Math.floorMod(i * 7919 + c * 31, items)),
            null,
            1_700_000_000_000L + c * 10_000L);
      }
      check(session.forecast(Math.min(items, 20)), file);
    }
  }

  private static void check(SessionForecast forecast, String file) {
    @Nullable Double buys = forecast.buyProbability();
    boolean isSound = buys == null || (buys >= 0 && buys <= 1);
    for (SessionForecast.Next next : forecast.items()) {
      isSound &= Float.isFinite(next.score());
    }
    for (SessionForecast.Next next : forecast.items()) {
      Double probability = next.probability();
      isSound &= probability == null || (probability >= 0 && probability <= 1);
    }
    if (!isSound || forecast.items().isEmpty()) {
      throw new KasebException(
          new KasebException.Problem(
              file, "the model's forecasts are no numbers", null, "its training has diverged"));
    }
  }
}
