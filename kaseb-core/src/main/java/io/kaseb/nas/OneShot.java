package io.kaseb.nas;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.config.Cell;
import io.kaseb.config.Readout;
import io.kaseb.config.TrainConfig;
import io.kaseb.data.Dataset;
import io.kaseb.data.OpenDataset;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Evaluator;
import io.kaseb.eval.Ties;
import io.kaseb.forecast.Forecaster;
import io.kaseb.kernel.Kernels;
import io.kaseb.model.Architecture;
import io.kaseb.model.Gru4Rec;
import io.kaseb.model.ModelConfig;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.train.Checkpoint;
import io.kaseb.train.Training;
import io.kaseb.train.TrainingData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Searches architectures with shared weights (Bender et al. 2018; Guo et al. 2020, single path,
/// uniform): one network that holds all others is trained, each step along one of them drawn at
/// random. Then all are measured as parts of it on sessions held back, or, where they are many,
/// those that evolution comes to. The best few are trained by themselves, from random weights,
/// before one is called the winner. The test part is not looked at.
public final class OneShot {
  private static final int CUTOFF = 20;

  /// A search.
  ///
  /// @param out folder for what is found: new, empty, or of the same search where it stopped
  /// @param base the configuration, all of whose keys but the architecture's hold for every network
  /// @param shapes what is chosen among
  /// @param valid share of the latest training sessions to measure on
  /// @param validSessions those sessions at most
  /// @param share share of the others to train on, the most recent ones
  /// @param limits how much is done
  /// @param threads threads to train with
  public record Options(
      Path out,
      ConfigFile.Resolved base,
      Shapes shapes,
      double valid,
      int validSessions,
      double share,
      Limits limits,
      int threads) {}

  /// How much is done.
  ///
  /// @param epochs of the network that holds all
  /// @param evaluations networks that are measured with shared weights, at most
  /// @param top how many of the best are trained by themselves
  /// @param check how many drawn at random are trained by themselves to see how well shared weights
  ///   order them; 0 for none
  public record Limits(int epochs, int evaluations, int top, int check) {
    /// Checks the ranges.
    public Limits {
      if (epochs < 1) {
        throw KasebException.ofSetting("nas_epochs", epochs, "1 or more");
      }
      if (evaluations < 2) {
        throw KasebException.ofSetting("nas_evaluations", evaluations, "2 or more");
      }
      if (top < 1) {
        throw KasebException.ofSetting("nas_top", top, "1 or more");
      }
      if (check < 0 || check == 1 || check == 2) {
        throw KasebException.ofSetting("rank_check", check, "0 for none, or 3 or more, as in 20");
      }
    }
  }

  private final Options options;
  private final TrainingData data;
  private final Sessions train;
  private final long[] counts;
  private final Progress progress;
  private final BooleanSupplier stop;
  private final Map<Architecture, Double> shared = new LinkedHashMap<>();
  private final Map<Architecture, OneShotFigures.Trained> own = new LinkedHashMap<>();

  private final OneShotState state;
  private final long started = System.nanoTime();

  private OneShot(
      Options options,
      OpenDataset dataset,
      OneShotState state,
      Progress progress,
      BooleanSupplier stop) {
    this.options = options;
    this.state = state;
    this.progress = progress;
    this.stop = stop;
    Dataset whole = dataset.dataset();
    int sessions = whole.train().count();
    double valid = Math.min(options.valid(), (double) options.validSessions() / sessions);
    this.data = TrainingData.of(whole, valid, null);
    if (data.valid().events() == 0) {
      throw new KasebException(
          new KasebException.Problem(
              dataset.folder().toString(),
              "no session is held back, so that nothing can be measured",
              null,
              "raise " + KasebException.setting("valid")));
    }
    int wanted = (int) Math.max(1, Math.round(data.train().count() * options.share()));
    this.train = data.train().slice(data.train().count() - wanted, data.train().count());
    this.counts = train.itemCounts(data.catalogue().size());
  }

  /// Returns whether a search stopped in a folder, so that the same one goes on there.
  public static boolean isUnfinished(Path out) {
    return OneShotState.isUnfinished(out);
  }

  /// Searches and writes what it finds. Where it is stopped, its folder keeps the epochs that are
  /// whole and what was measured; the same search goes on from there and ends as it would have.
  ///
  /// @return null where it was stopped
  public static @Nullable OneShotFigures run(
      Options options, OpenDataset dataset, Progress progress, BooleanSupplier stop)
      throws IOException {
    String teacher = options.base().config().distill();
    if (!teacher.isEmpty()) {
      throw new KasebException(
          new KasebException.Problem(
              null,
              "distill=" + teacher + ": networks that share weights have no teacher",
              null,
              "search without it, then train the best configuration with it"));
    }
    if (options.base().config().readout() != Readout.LAST) {
      throw new KasebException(
          new KasebException.Problem(
              null,
              "readout=core: networks that share weights score items by their last state",
              null,
              "search without it, then train the best configuration with it"));
    }
    try (OneShotState state = OneShotState.open(options.out(), identity(options, dataset))) {
      OneShotFigures figures = new OneShot(options, dataset, state, progress, stop).search();
      if (figures != null) {
        OneShotFiles.write(options, figures);
        state.delete();
      }
      return figures;
    }
  }

  /// Returns what must be equal for a search to go on. How many networks are measured and trained
  /// may differ: those that are done stay done.
  private static Map<String, String> identity(Options options, OpenDataset dataset) {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("config", ModelConfig.of(options.base().config(), null).json().toString());
    identity.put("dataset", dataset.manifest().datasetHash());
    identity.put("valid", Double.toString(options.valid()));
    identity.put("valid_sessions", Integer.toString(options.validSessions()));
    identity.put("share", Double.toString(options.share()));
    identity.put("nas_cells", options.shapes().cells().toString());
    identity.put("nas_layers", options.shapes().depths().toString());
    identity.put("nas_widths", options.shapes().widths().toString());
    identity.put("nas_epochs", Integer.toString(options.limits().epochs()));
    identity.put("threads", Integer.toString(options.threads()));
    identity.put("kernels", Kernels.BEST.description());
    return identity;
  }

  private @Nullable OneShotFigures search() throws IOException {
    List<TrainingEpoch> epochs = new ArrayList<>();
    Map<String, Tensor> weights = trainShared(epochs);
    if (weights == null) {
      return null;
    }
    double sharedSeconds = epochs.stream().mapToDouble(TrainingEpoch::seconds).sum();
    List<Architecture> all = options.shapes().all();
    Random random = new Random(options.base().config().seed());
    if (!choose(all, weights, random)) {
      return null;
    }
    RankCheck check = null;
    int wanted = Math.min(options.limits().check(), all.size());
    if (wanted > 0) {
      List<Architecture> drawn = new ArrayList<>(all);
      Collections.shuffle(drawn, random);
      drawn = drawn.subList(0, wanted);
      for (Architecture shape : drawn) {
        measure(shape, weights);
      }
      if (!trainAll(drawn)) {
        return null;
      }
      check =
          RankCheck.of(
              drawn.stream().mapToDouble(this::sharedValue).toArray(),
              drawn.stream().mapToDouble(this::ownValue).toArray());
    }
    List<Architecture> ranked = ranked(shared.keySet(), this::sharedValue);
    List<Architecture> finalists =
        new ArrayList<>(ranked.subList(0, Math.min(options.limits().top(), ranked.size())));
    Architecture base = Architecture.of(options.base().config());
    finalists.add(base);
    if (!trainAll(finalists)) {
      return null;
    }
    return figures(all.size(), ranked, base, check, sharedSeconds);
  }

  private OneShotFigures figures(
      int all,
      List<Architecture> ranked,
      Architecture base,
      @Nullable RankCheck check,
      double sharedSeconds) {
    List<OneShotFigures.Row> rows =
        ranked.stream()
            .map(
                s ->
                    new OneShotFigures.Row(
                        Shapes.name(s), Shapes.keys(s), sharedValue(s), own.get(s)))
            .toList();
    Architecture winner = ranked(own.keySet(), this::ownValue).getFirst();
    return new OneShotFigures(
        all,
        rows,
        new OneShotFigures.Row(
            Shapes.name(winner), Shapes.keys(winner), shared.get(winner), own.get(winner)),
        new OneShotFigures.Row(
            Shapes.name(base), Shapes.keys(base), shared.get(base), own.get(base)),
        check,
        options.limits().epochs(),
        sharedSeconds,
        state.before() + seconds());
  }

  /// Returns the seconds of this run so far.
  private double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }

  private double sharedValue(Architecture shape) {
    return Objects.requireNonNull(shared.get(shape));
  }

  private double ownValue(Architecture shape) {
    return Objects.requireNonNull(own.get(shape)).mrr20();
  }

  private static List<Architecture> ranked(
      Collection<Architecture> shapes, ToDoubleFunction<Architecture> value) {
    return shapes.stream().sorted(Comparator.comparingDouble(value).reversed()).toList();
  }

  /// @param epochs gets the figures of all epochs, those of an earlier run too
  private @Nullable Map<String, Tensor> trainShared(List<TrainingEpoch> epochs) throws IOException {
    Shapes shapes = options.shapes();
    Architecture widest = shapes.widest();
    TrainConfig config = config(widest);
    Cell other = shapes.cells().size() > 1 ? shapes.cells().get(1) : null;
    Training.Paths paths = new Training.Paths(other, shapes::drawn);
    Training training =
        Training.holding(config, data.catalogue(), counts, options.threads(), paths);
    Checkpoint kept = state.checkpoint();
    if (kept != null) {
      training.load(kept.weights());
      training.resume(kept.state(), kept.epoch(), kept.steps());
      epochs.addAll(kept.history());
    }
    while (training.epoch() < options.limits().epochs()) {
      TrainingEpoch done = training.epoch(train, named("shared weights"), stop);
      if (done == null) {
        return null;
      }
      epochs.add(done);
      state.keep(training, epochs);
    }
    return training.forecasting();
  }

  private Progress named(String what) {
    return (task, done, total, unit) -> progress.at(what + ", " + task, done, total, unit);
  }

  private TrainConfig config(Architecture shape) {
    return ConfigFile.changed("architecture", options.base(), Shapes.keys(shape)).config();
  }

  /// Measures all, or those that evolution comes to; says whether it was not stopped.
  private boolean choose(List<Architecture> all, Map<String, Tensor> weights, Random random)
      throws IOException {
    int most = Math.min(options.limits().evaluations(), all.size());
    Evolution evolution = Evolution.of(all, most == all.size(), random);
    while (shared.size() < most) {
      if (stop.getAsBoolean()) {
        return false;
      }
      Architecture next = evolution.next();
      measure(next, weights);
      evolution.told(next, sharedValue(next));
      progress.at("measuring networks", shared.size(), most, "networks");
    }
    return true;
  }

  private void measure(Architecture shape, Map<String, Tensor> weights) throws IOException {
    Double known = shared.containsKey(shape) ? null : state.shared(shape);
    if (known != null) {
      shared.put(shape, known);
    }
    if (!shared.containsKey(shape)) {
      Map<String, Tensor> part = SubNetwork.weights(weights, options.shapes().widest(), shape);
      double value = evaluated(Gru4Rec.of(shape, data.catalogue(), part)).metric("mrr@" + CUTOFF);
      shared.put(shape, value);
      state.measured(shape, value, seconds());
    }
  }

  private Evaluation evaluated(Gru4Rec network) {
    EvalConfig how = new EvalConfig(List.of(CUTOFF), Ties.CONSERVATIVE, options.threads(), 0, 1);
    return Evaluator.evaluate(
        Forecaster.of(network), data.valid(), data.counts(), how, Progress.NONE);
  }

  /// Trains networks by themselves, each once; says whether it was not stopped.
  private boolean trainAll(List<Architecture> shapes) throws IOException {
    for (Architecture shape : shapes) {
      OneShotFigures.Trained known = own.containsKey(shape) ? null : state.own(shape);
      if (known != null) {
        own.put(shape, known);
      }
      if (!own.containsKey(shape) && !trainOwn(shape)) {
        return false;
      }
    }
    return true;
  }

  private boolean trainOwn(Architecture shape) throws IOException {
    TrainConfig config = config(shape);
    Training training = Training.create(config, data.catalogue(), counts, options.threads());
    OneShotFigures.Trained best = null;
    double seconds = 0;
    for (int epoch = 1; epoch <= config.nEpochs(); epoch++) {
      TrainingEpoch done = training.epoch(train, named(Shapes.name(shape)), stop);
      if (done == null) {
        return false;
      }
      seconds += done.seconds();
      Evaluation evaluation = evaluated(training.model());
      double mrr = evaluation.metric("mrr@" + CUTOFF);
      if (best == null || mrr > best.mrr20()) {
        best =
            new OneShotFigures.Trained(mrr, evaluation.metric("recall@" + CUTOFF), epoch, seconds);
      }
    }
    OneShotFigures.Trained figures = Objects.requireNonNull(best).withSeconds(seconds);
    own.put(shape, figures);
    state.trained(shape, figures, seconds());
    return true;
  }
}
