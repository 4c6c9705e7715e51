package io.kaseb.pipeline;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.baseline.ActedOn;
import io.kaseb.baseline.Ensemble;
import io.kaseb.baseline.Hybrid;
import io.kaseb.baseline.ModelKinds;
import io.kaseb.baseline.RankSources;
import io.kaseb.baseline.Ranker;
import io.kaseb.baseline.SessionKnn;
import io.kaseb.baseline.StoredArrays;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.KnnSettings;
import io.kaseb.config.TrainConfig;
import io.kaseb.config.ValidationShare;
import io.kaseb.data.Dataset;
import io.kaseb.data.OpenDataset;
import io.kaseb.model.ModelConfig;
import io.kaseb.model.ModelFile;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.model.TrainingMetrics;
import io.kaseb.train.ActedItems;
import io.kaseb.train.AttributeFit;
import io.kaseb.train.HybridFit;
import io.kaseb.train.TrainFigures;
import io.kaseb.train.TrainingData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Trains a model of any kind: a network by [Train], the simple ones by counting, hybrids and
/// ensembles from several networks that [Train] makes beside the model file and that are deleted
/// when it is whole.
public final class TrainModel {
  /// Held back for a hybrid's weights where the user holds nothing back.
  private static final double WEIGHTS_SHARE = .05;

  /// Held back to find how much more items count that were acted on.
  private static final double ACTED_SHARE = .3;

  private final Options options;
  private final OpenDataset dataset;
  private final ModelTarget target;
  private final Listener listener;
  private final Progress progress;
  private final BooleanSupplier stop;
  private final List<Path> parts = new ArrayList<>();
  private final List<TrainFigures> trained = new ArrayList<>();

  /// What to train.
  ///
  /// @param kind one of [ModelKinds#NETWORKS] and [ModelKinds#SIMPLE]
  /// @param network how to train networks; its `out` is the model file
  /// @param knn keys that change session-kNN's settings
  /// @param networks how many networks an ensemble has, 2 to 16
  public record Options(String kind, Train.Options network, Map<String, String> knn, int networks) {
    /// Checks the ranges.
    public Options {
      ModelKinds.checked(kind);
      if (networks < 2 || networks > 16) {
        throw KasebException.ofSetting("networks", networks, "2..16");
      }
      boolean started = network.init() != null;
      if (ModelKinds.SIMPLE.contains(kind) && (started || network.valid() > 0)) {
        throw new KasebException(
            new KasebException.Problem(
                KasebException.setting("model"),
                kind,
                null,
                "it is counted from the sessions; leave out "
                    + KasebException.setting(started ? "init" : "valid")
                    + ", which has no meaning for it"));
      }
    }
  }

  /// Hears what is trained.
  public interface Listener {
    /// Hears which of several networks is trained next.
    ///
    /// @param part what it is, in words
    void begins(String part);

    /// Hears of an epoch that is done.
    void ended(TrainingEpoch epoch);
  }

  private TrainModel(
      Options options,
      OpenDataset dataset,
      ModelTarget target,
      Listener listener,
      Progress progress,
      BooleanSupplier stop) {
    this.options = options;
    this.dataset = dataset;
    this.target = target;
    this.listener = listener;
    this.progress = progress;
    this.stop = stop;
  }

  /// Returns whether an earlier run of a model's file stopped before its end, so that there is
  /// something to resume.
  public static boolean isUnfinished(Path out) throws IOException {
    return ModelTarget.unfinished(out);
  }

  /// Trains and writes the model.
  ///
  /// @param listener hears of each epoch of each network when it is done
  /// @param stop asked often; where it says yes, the run ends and what is done stays
  /// @return the figures, or null where the run was stopped before its end
  public static @Nullable TrainFigures run(
      Options options, Consumer<TrainingEpoch> listener, Progress progress, BooleanSupplier stop)
      throws IOException {
    return run(options, true, listener, progress, stop);
  }

  /// Does the same.
  ///
  /// @param replace whether a model that is there already may be replaced; an unfinished run that
  ///   is resumed may in any case
  public static @Nullable TrainFigures run(
      Options options,
      boolean replace,
      Consumer<TrainingEpoch> listener,
      Progress progress,
      BooleanSupplier stop)
      throws IOException {
    Listener parts =
        new Listener() {
          @Override
          public void begins(String part) {}

          @Override
          public void ended(TrainingEpoch epoch) {
            listener.accept(epoch);
          }
        };
    return run(options, replace, parts, progress, stop);
  }

  /// Does the same for a listener that tells the networks of a hybrid or an ensemble apart.
  public static @Nullable TrainFigures run(
      Options options, boolean replace, Listener listener, Progress progress, BooleanSupplier stop)
      throws IOException {
    try (ModelTarget target = ModelTarget.take(options.network().out())) {
      target.checkReplaced(replace, options.network().resume());
      return run(options, listener, progress, stop, target);
    }
  }

  private static @Nullable TrainFigures run(
      Options options,
      Listener listener,
      Progress progress,
      BooleanSupplier stop,
      ModelTarget target)
      throws IOException {
    long started = System.nanoTime();
    OpenDataset dataset = Train.open(options.network());
    TrainModel train = new TrainModel(options, dataset, target, listener, progress, stop);
    boolean done =
        switch (options.kind()) {
          case ModelFile.GRU4REC -> train.network(options.network());
          case Ensemble.KIND -> train.ensemble();
          case Hybrid.KIND, Ranker.KIND -> train.hybrid();
          default -> train.simple();
        };
    if (!done) {
      return null;
    }
    for (Path part : train.parts) {
      Files.deleteIfExists(part);
    }
    return train.figures((System.nanoTime() - started) / 1e9);
  }

  private TrainFigures figures(double seconds) {
    if (trained.isEmpty()) {
      return new TrainFigures(List.of(), 0, 0, seconds, null, List.of());
    }
    TrainFigures last = trained.getLast();
    return new TrainFigures(
        last.epochs(),
        last.bestEpoch(),
        last.eventsPerSecond(),
        seconds,
        last.purchase(),
        last.warnings());
  }

  private boolean network(Train.Options how) throws IOException {
    TrainFigures figures = Train.run(how, dataset, listener::ended, progress, stop, target);
    if (figures != null) {
      trained.add(figures);
    }
    return figures != null;
  }

  /// Trains a network beside the model file; one that an earlier run finished is taken as it is
  /// where it is resumed.
  private @Nullable ModelFile part(String name, Train.Options how) throws IOException {
    Path file = how.out().resolveSibling(how.out().getFileName() + "." + name);
    parts.add(file);
    Train.Options own = how.withOut(file);
    if (how.resume() && Files.exists(file)) {
      ModelFile before = ModelFile.read(file);
      if (isThe(before, own)) {
        return before;
      }
    }
    return network(own) ? ModelFile.read(file) : null;
  }

  private boolean isThe(ModelFile file, Train.Options how) {
    return file.provenance().datasetHash().equals(dataset.manifest().datasetHash())
        && file.provenance().valid() == how.valid()
        && how.config().equals(file.config().network());
  }

  private boolean ensemble() throws IOException {
    List<ModelFile> members = new ArrayList<>();
    for (int n = 0; n < options.networks(); n++) {
      Train.Options how = options.network();
      TrainConfig config = with(how.config(), "seed", how.config().seed() + n);
      // The purchase forecast stands beside the first network alone.
      IntentConfig intent = n == 0 ? how.intent() : IntentConfig.NONE;
      listener.begins(
          "network %d of %d, seed %d".formatted(n + 1, options.networks(), config.seed()));
      ModelFile member = part("net" + n, changed(how, config, how.valid(), intent));
      if (member == null) {
        return false;
      }
      members.add(member);
    }
    ModelFile first = members.getFirst();
    write(
        first,
        Ensemble.KIND,
        first.config().withNetworks(options.networks()),
        first.metrics(),
        Ensemble.tensors(members.stream().map(ModelFile::tensors).toList()),
        Map.of());
    return true;
  }

  private static TrainConfig with(TrainConfig config, String key, long value) {
    return config.with(Map.of(key, Long.toString(value)));
  }

  /// The weights come from a network that has not seen the latest sessions, at its best epoch.
  /// Where the user holds sessions back, that is the network itself; else a second one is trained
  /// on everything for as many epochs.
  private boolean hybrid() throws IOException {
    Train.Options how = options.network();
    boolean held = how.valid() > 0;
    double share = held ? how.valid() : WEIGHTS_SHARE;
    listener.begins(
        "%s, %.0f %% of the sessions held back"
            .formatted(
                held ? "the hybrid's network" : "a network for the hybrid's weights", 100 * share));
    ModelFile trial =
        part("trial", changed(how, how.config(), share, held ? how.intent() : IntentConfig.NONE));
    if (trial == null) {
      return false;
    }
    int best = trial.metrics().bestEpoch();
    TrainConfig config = with(how.config(), "n_epochs", best);
    if (!held) {
      listener.begins("the hybrid's network, on all sessions, %d epochs".formatted(best));
    }
    ModelFile whole = held ? trial : part("network", changed(how, config, 0, how.intent()));
    if (whole == null) {
      return false;
    }
    combine(trial, share, whole);
    return true;
  }

  private static Train.Options changed(
      Train.Options how, TrainConfig config, double valid, IntentConfig intent) {
    return how.withConfig(config).withValid(valid).withIntent(intent);
  }

  private void combine(ModelFile trial, double share, ModelFile whole) throws IOException {
    progress.at("choosing the hybrid's weights", 0, 1, "steps");
    Dataset data = dataset.dataset();
    TrainingData split = TrainingData.of(data, share, null);
    int[] index = data.trainCatalogue().indicesIn(trial.catalogue());
    int border = split.train().count();
    Sessions train = data.train().renumbered(index);
    int[] own = data.trainCatalogue().indicesIn(whole.catalogue());
    Sessions earlier = train.slice(0, border).known();
    Sessions later = train.slice(border, train.count()).known();
    Sessions all = data.train().renumbered(own).known();
    Sessions logged = ActedItems.of(dataset);
    HybridFit.Acted acted =
        logged == null
            ? null
            : new HybridFit.Acted(
                logged.slice(0, border).renumbered(index).known(), logged.renumbered(own).known());
    HybridFit.Found found =
        HybridFit.fit(
            trial.model(),
            earlier,
            later,
            whole.model(),
            all,
            acted,
            neighbourhoods(),
            options.network().workers());
    NextItemModel made = found.hybrid();
    String described = found.hybrid().describe();
    if (options.kind().equals(Ranker.KIND)) {
      progress.at("training the ranker", 0, 1, "steps");
      RankSources before =
          RankSources.of(
              found.earlier().get(),
              earlier,
              acted == null ? null : acted.earlier(),
              AttributeFit.values(trial, dataset));
      RankerTrees trees =
          RankerTrees.of(
              new RankerTrees.Given(before, dataset, border, index), later, options.network());
      RankSources sources =
          RankSources.of(
              found.hybrid(),
              all,
              acted == null ? null : acted.all(),
              AttributeFit.values(whole, dataset));
      made = Ranker.of(sources, trees.next(), trees.actions());
      trees.described().forEach(listener::begins);
      described = String.join("; ", trees.described()) + "; the hybrid inside: " + described;
    }
    StoredArrays numbers = ModelKinds.numbers(made);
    Map<String, Tensor> tensors = new LinkedHashMap<>(whole.tensors());
    tensors.putAll(numbers.tensors());
    write(
        whole,
        options.kind(),
        whole.config().withKnn(found.settings()),
        trial.metrics().combined(described, whole.metrics().purchase()),
        tensors,
        numbers.ints());
  }

  /// Returns the settings that a hybrid chooses from: VMIS-kNN's and VSTAN's, or the user's.
  private List<KnnSettings> neighbourhoods() {
    return options.knn().isEmpty()
        ? List.of(KnnSettings.VMIS_KNN, KnnSettings.VSTAN)
        : List.of(settings());
  }

  private KnnSettings settings() {
    return ModelKinds.settings(options.kind()).with(options.knn());
  }

  private void write(
      ModelFile base,
      String kind,
      ModelConfig config,
      TrainingMetrics metrics,
      Map<String, Tensor> tensors,
      Map<String, int[]> ints)
      throws IOException {
    new ModelFile(
            kind,
            base.architecture(),
            base.catalogue(),
            tensors,
            ints,
            false,
            config,
            base.provenance(),
            metrics,
            base.intent(),
            base.attributes())
        .write(options.network().out());
  }

  private boolean simple() throws IOException {
    Train.Options how = options.network();
    TrainingData data = TrainingData.of(dataset.dataset(), 0, null);
    progress.at("counting", 0, data.train().events(), "events");
    boolean knn = SessionKnn.KINDS.contains(options.kind());
    if (knn && settings().lambdaSnh() > 0 && data.train().times() == null) {
      listener.begins(options.kind() + " without the age of sessions: the log has no times");
    }
    NextItemModel model =
        knn
            ? knn(data)
            : ModelKinds.count(options.kind(), data.catalogue(), data.train(), settings());
    StoredArrays numbers = ModelKinds.numbers(model);
    new ModelFile(
            options.kind(),
            null,
            data.catalogue(),
            numbers.tensors(),
            numbers.ints(),
            false,
            knn ? ModelConfig.NONE.withKnn(settings()) : ModelConfig.NONE,
            Train.provenance(dataset.manifest(), data, how),
            TrainingMetrics.NONE,
            null,
            null)
        .write(how.out());
    return true;
  }

  /// Indexes the sessions; where the log says what was acted on, the latest sessions say how much
  /// more that counts.
  private NextItemModel knn(TrainingData data) {
    Sessions known = ActedItems.of(dataset);
    if (known == null) {
      return ModelKinds.count(options.kind(), data.catalogue(), data.train(), settings());
    }
    Sessions acted = known.renumbered(data.index()).known();
    int border = new ValidationShare(ACTED_SHARE).border(acted.count());
    float weight =
        ActedItems.weight(
            options.kind(),
            data.catalogue(),
            data.train().slice(0, border),
            acted.slice(0, border),
            data.train().slice(border, acted.count()),
            settings());
    return SessionKnn.of(
        options.kind(), data.catalogue(), data.train(), settings(), new ActedOn(acted, weight));
  }
}
