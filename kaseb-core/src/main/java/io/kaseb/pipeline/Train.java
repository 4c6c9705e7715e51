package io.kaseb.pipeline;

import io.kaseb.base.Build;
import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.baseline.ModelKinds;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.TrainConfig;
import io.kaseb.config.ValidationShare;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Manifest;
import io.kaseb.data.OpenDataset;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Evaluator;
import io.kaseb.eval.Ties;
import io.kaseb.event.Actions;
import io.kaseb.event.Attribute;
import io.kaseb.forecast.Forecaster;
import io.kaseb.intent.IntentFile;
import io.kaseb.intent.IntentModel;
import io.kaseb.intentfit.IntentFit;
import io.kaseb.intentfit.LeakCheck;
import io.kaseb.kernel.Kernels;
import io.kaseb.model.Architecture;
import io.kaseb.model.ModelConfig;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Provenance;
import io.kaseb.model.PurchaseTraining;
import io.kaseb.model.Safetensors;
import io.kaseb.model.Tensor;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.model.TrainingMetrics;
import io.kaseb.train.AttributeFit;
import io.kaseb.train.Checkpoint;
import io.kaseb.train.TeacherLabels;
import io.kaseb.train.TrainFigures;
import io.kaseb.train.Training;
import io.kaseb.train.TrainingData;
import io.kaseb.train.WarmStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Trains a model on a dataset: epoch by epoch, each followed by validation where it is asked for
/// and by a checkpoint, so that a run killed at any moment goes on from its last whole epoch.
public final class Train {
  private final Options options;
  private final Progress progress;
  private final Path checkpointFile;
  private final OpenDataset dataset;
  private final TrainingData data;
  private final Training training;
  private final List<TrainingEpoch> history = new ArrayList<>();
  private Map<String, Tensor> best = Map.of();
  private int bestEpoch;
  private final Map<String, IntentModel> intents = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();
  private @Nullable PurchaseTraining purchase;

  /// What to train, on what, and where to.
  ///
  /// @param dataset folder that `prepare` wrote
  /// @param out the model file
  /// @param config hyper-parameters
  /// @param valid share of the latest sessions to hold back, 0 for none
  /// @param init model file to start from, or null
  /// @param resume whether to go on from a checkpoint, where there is one
  /// @param threads threads to train with, 1 to 256
  /// @param intent the purchase forecast's configuration
  /// @param patience the network stops when its mrr@20 on the sessions held back has not risen for
  ///   so many epochs; 0 for never
  /// @param goals the actions that sessions are to be forecast for, `purchase` or others of the
  ///   log; the first is the main one
  public record Options(
      Path dataset,
      Path out,
      TrainConfig config,
      double valid,
      @Nullable Path init,
      boolean resume,
      int threads,
      IntentConfig intent,
      int patience,
      List<String> goals) {
    /// Checks the ranges.
    public Options {
      valid = new ValidationShare(valid).share();
      Workers.of(threads);
      goals = List.copyOf(goals);
      if (goals.isEmpty() || goals.stream().distinct().count() < goals.size()) {
        throw KasebException.ofSetting("goal", String.join(",", goals), "actions, each once");
      }
      if (patience < 0 || patience > 10_000) {
        throw KasebException.ofSetting("patience", patience, "1..10000, or 0 for none");
      }
      if (patience > 0 && valid == 0) {
        throw new KasebException(
            new KasebException.Problem(
                KasebException.setting("patience"),
                Integer.toString(patience),
                null,
                "it goes by sessions that are held back; add "
                    + KasebException.setting("valid", "0.1")));
      }
    }

    /// Trains the next-item network alone, for all its epochs, on everything.
    ///
    /// @param threads threads to train with, 1 to 256
    public static Options of(Path dataset, Path out, TrainConfig config, int threads) {
      return new Options(
          dataset,
          out,
          config,
          0,
          null,
          false,
          threads,
          IntentConfig.NONE,
          0,
          List.of(IntentFile.PURCHASE));
    }

    /// Returns the same with another model file.
    public Options withOut(Path file) {
      return new Options(
          dataset, file, config, valid, init, resume, threads, intent, patience, goals);
    }

    /// Returns the same with other hyper-parameters.
    public Options withConfig(TrainConfig changed) {
      return new Options(
          dataset, out, changed, valid, init, resume, threads, intent, patience, goals);
    }

    /// Returns the same with another share of sessions held back; without any, patience has nothing
    /// to go by and ends.
    public Options withValid(double share) {
      int left = share > 0 ? patience : 0;
      return new Options(dataset, out, config, share, init, resume, threads, intent, left, goals);
    }

    /// Returns the same, started from a model, or from nothing where it is null.
    public Options withInit(@Nullable Path model) {
      return new Options(
          dataset, out, config, valid, model, resume, threads, intent, patience, goals);
    }

    /// Returns the same, going on from a checkpoint or not.
    public Options withResume(boolean resumes) {
      return new Options(
          dataset, out, config, valid, init, resumes, threads, intent, patience, goals);
    }

    /// Returns the same with another configuration of the purchase forecast.
    public Options withIntent(IntentConfig changed) {
      return new Options(
          dataset, out, config, valid, init, resume, threads, changed, patience, goals);
    }

    /// Returns the same with another patience, in epochs; sessions must be held back by then.
    public Options withPatience(int epochs) {
      return new Options(dataset, out, config, valid, init, resume, threads, intent, epochs, goals);
    }

    /// Returns the same with other goals.
    public Options withGoals(List<String> changed) {
      return new Options(
          dataset, out, config, valid, init, resume, threads, intent, patience, changed);
    }

    /// Returns the threads.
    public Workers workers() {
      return Workers.of(threads);
    }
  }

  private Train(Options options, OpenDataset dataset, Progress progress) throws IOException {
    this.options = options;
    this.progress = progress;
    this.checkpointFile = Checkpoint.of(options.out());
    this.dataset = dataset;
    ModelFile start = options.init() == null ? null : ModelFile.read(options.init()).expanded();
    this.data =
        TrainingData.of(
            dataset.dataset(), options.valid(), start == null ? null : start.catalogue());
    this.training =
        Training.create(
            options.config(),
            data.catalogue(),
            data.counts(),
            options.threads(),
            options.config().itemAttributes() ? data.parts(dataset) : null);
    if (start != null) {
      training.load(
          WarmStart.weights(
              training.weights(), start.tensors(), start.catalogue(), data.catalogue()));
    }
  }

  /// Trains and writes the model.
  ///
  /// @param listener hears of each epoch when it is done
  /// @param stop asked often; where it says yes, the run ends and its last checkpoint stays
  /// @return the figures, or null where the run was stopped before its end
  public static @Nullable TrainFigures run(
      Options options, Consumer<TrainingEpoch> listener, Progress progress, BooleanSupplier stop)
      throws IOException {
    try (ModelTarget target = ModelTarget.take(options.out())) {
      return run(options, open(options), listener, progress, stop, target);
    }
  }

  /// Opens the dataset to train on.
  static OpenDataset open(Options options) throws IOException {
    return OpenDataset.of(options.dataset(), options.workers());
  }

  /// Does the same as [#run(Options, Consumer, Progress, BooleanSupplier)] on the options' dataset,
  /// which is open already.
  public static @Nullable TrainFigures run(
      Options options,
      OpenDataset dataset,
      Consumer<TrainingEpoch> listener,
      Progress progress,
      BooleanSupplier stop)
      throws IOException {
    try (ModelTarget target = ModelTarget.take(options.out())) {
      return run(options, dataset, listener, progress, stop, target);
    }
  }

  /// Does the same where the model's file, or the one beside which this one lies, is taken already.
  static @Nullable TrainFigures run(
      Options options,
      OpenDataset dataset,
      Consumer<TrainingEpoch> listener,
      Progress progress,
      BooleanSupplier stop,
      ModelTarget target)
      throws IOException {
    long started = System.nanoTime();
    Path checkpoint = Checkpoint.of(options.out());
    if (!options.resume() && Files.exists(checkpoint)) {
      throw new KasebException(
          new KasebException.Problem(
              checkpoint.toString(),
              "an unfinished run",
              null,
              "go on with it by "
                  + KasebException.setting("resume")
                  + ", or delete the file to start again"));
    }
    Train train = new Train(options, dataset, progress);
    if (options.resume() && Files.exists(checkpoint)) {
      train.resume();
      train.history.forEach(listener);
    }
    train.checkIntent();
    if (!train.teach(stop)) {
      return null;
    }
    while (train.training.epoch() < options.config().nEpochs() && !train.isOutOfPatience()) {
      if (!train.epoch(listener, stop)) {
        return null;
      }
    }
    if (!train.intent(stop)) {
      return null;
    }
    train.writeModel();
    Files.deleteIfExists(checkpoint);
    return train.figures((System.nanoTime() - started) / 1e9);
  }

  /// Asks the teacher, where there is one and epochs are left; returns false where stopped.
  private boolean teach(BooleanSupplier stop) throws IOException {
    if (options.config().distill().isEmpty()
        || training.epoch() >= options.config().nEpochs()
        || isOutOfPatience()) {
      return true;
    }
    ModelFile file = ModelFile.read(Path.of(options.config().distill()));
    boolean own = file.provenance().datasetHash().equals(dataset.manifest().datasetHash());
    TeacherLabels labels =
        TeacherLabels.of(
            ModelKinds.of(file),
            data.catalogue(),
            data.train(),
            own,
            options.config(),
            options.workers(),
            progress,
            stop);
    if (labels != null) {
      training.teach(labels);
    }
    return labels != null;
  }

  private Map<String, String> identity() throws IOException {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("config", config().json().toString());
    identity.put("dataset", dataset.manifest().datasetHash());
    identity.put("valid", Double.toString(options.valid()));
    identity.put("init", options.init() == null ? "none" : options.init().getFileName().toString());
    if (!options.goals().equals(List.of(IntentFile.PURCHASE))) {
      identity.put("goals", String.join(",", options.goals()));
    }
    if (!options.config().distill().isEmpty()) {
      identity.put("teacher", Safetensors.readChecksum(Path.of(options.config().distill())));
    }
    identity.put("threads", Integer.toString(options.threads()));
    identity.put("kernels", Kernels.BEST.description());
    return identity;
  }

  private void resume() throws IOException {
    // Epochs do not know how many there will be: more can follow those that are done.
    Checkpoint checkpoint = Checkpoint.read(checkpointFile, identity(), Set.of("n_epochs"));
    training.load(checkpoint.weights());
    training.resume(checkpoint.state(), checkpoint.epoch(), checkpoint.steps());
    history.addAll(checkpoint.history());
    bestEpoch = checkpoint.bestEpoch();
    best = bestEpoch == checkpoint.epoch() ? training.forecasting() : checkpoint.best();
  }

  private boolean epoch(Consumer<TrainingEpoch> listener, BooleanSupplier stop) throws IOException {
    TrainingEpoch trained = training.epoch(data.train(), progress, stop);
    if (trained == null) {
      return false;
    }
    TrainingEpoch figures = validated(trained);
    history.add(figures);
    if (data.valid().count() == 0 || isBest(figures)) {
      best = training.forecasting();
      bestEpoch = figures.epoch();
    }
    new Checkpoint(
            identity(),
            training.epoch(),
            training.steps(),
            bestEpoch,
            history,
            training.weights(),
            training.optimizerState(),
            best)
        .write(checkpointFile);
    listener.accept(figures);
    return true;
  }

  private boolean isOutOfPatience() {
    return options.patience() > 0 && history.size() - bestEpoch >= options.patience();
  }

  private boolean isBest(TrainingEpoch figures) {
    return bestEpoch == 0 || value(figures.mrr20()) > value(history.get(bestEpoch - 1).mrr20());
  }

  private static double value(@Nullable Double metric) {
    return metric == null ? 0 : metric;
  }

  private TrainingEpoch validated(TrainingEpoch trained) {
    if (data.valid().count() == 0) {
      return trained;
    }
    double validLoss = training.loss(data.valid());
    EvalConfig config = new EvalConfig(List.of(20), Ties.CONSERVATIVE, options.threads(), 0, 1);
    Evaluation evaluation =
        Evaluator.evaluate(
            Forecaster.of(training.model()), data.valid(), data.counts(), config, progress);
    return trained.validated(
        validLoss,
        evaluation.metrics().getOrDefault("recall@20", 0.0),
        evaluation.metrics().getOrDefault("mrr@20", 0.0));
  }

  /// Checks what the purchase forecast is told to do before the network is trained.
  private void checkIntent() {
    boolean isUsual =
        options.goals().equals(List.of(IntentFile.PURCHASE))
            && options.intent().intentGenerated().isEmpty();
    if (!options.intent().wanted() || isUsual) {
      return;
    }
    LabelledSessions labelled = dataset.labelledTrain();
    if (options.goals().equals(List.of(IntentFile.PURCHASE))
        && IntentFit.obstacle(labelled) != null) {
      return;
    }
    for (String goal : options.goals()) {
      IntentFit.check(options.intent(), forGoal(labelled, goal));
    }
  }

  /// Trains the purchase forecast where it is wanted and possible; returns false where stopped.
  private boolean intent(BooleanSupplier stop) {
    if (!options.intent().wanted()) {
      return true;
    }
    LabelledSessions labelled = dataset.labelledTrain();
    if (options.goals().equals(List.of(IntentFile.PURCHASE))) {
      String obstacle = IntentFit.obstacle(labelled);
      if (obstacle != null) {
        purchase = PurchaseTraining.none(obstacle);
        return true;
      }
    }
    double valid = options.valid() > 0 ? options.valid() : options.intent().intentValid();
    IntentFit.Options needs =
        new IntentFit.Options(
            table(),
            Architecture.of(options.config()).outputSize(),
            valid,
            options.threads(),
            options.config().seed());
    List<PurchaseTraining.Epoch> epochs = new ArrayList<>();
    for (String goal : options.goals()) {
      LabelledSessions sessions = forGoal(labelled, goal).indexed(data.index());
      warnings.addAll(LeakCheck.warnings(sessions, goal, i -> dataset.dataset().catalogue().id(i)));
      IntentModel trained =
          IntentFit.fit(options.intent(), sessions, needs, epochs::add, progress, stop);
      if (trained == null) {
        return false;
      }
      intents.put(goal, trained);
    }
    purchase = PurchaseTraining.of(epochs);
    return true;
  }

  /// Returns the sessions labelled by a goal.
  private LabelledSessions forGoal(LabelledSessions labelled, String goal) {
    Actions names = labelled.signals().names();
    int action = names.number(goal);
    if (action < 0) {
      throw KasebException.ofSetting("goal", goal, "one of " + String.join(", ", names.words()));
    }
    LabelledSessions sessions = labelled.forGoal(action);
    String obstacle = IntentFit.obstacle(sessions);
    if (obstacle != null) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("goal"),
              goal,
              "no session or every session of the dataset has it",
              "name another action of the log"));
    }
    return sessions;
  }

  /// Returns the trained item embeddings that scores are made from.
  private float[] table() {
    Tensor tensor = best.get("Wy.weight");
    return tensor == null ? new float[0] : tensor.data();
  }

  private ModelConfig config() {
    return ModelConfig.of(options.config(), options.intent().wanted() ? options.intent() : null);
  }

  /// The purchase forecast's configuration names the groups of features that the log has.
  private ModelConfig trained() {
    return intents.isEmpty()
        ? config()
        : ModelConfig.of(options.config(), intents.values().iterator().next().config());
  }

  private void writeModel() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>(best);
    IntentFile part = intents.isEmpty() ? null : IntentFile.ofGoals(intents, table());
    if (part != null) {
      tensors.putAll(part.tensors());
    }
    ModelFile file =
        new ModelFile(
            ModelFile.GRU4REC,
            Architecture.of(options.config()),
            data.catalogue(),
            tensors,
            trained(),
            provenance(dataset.manifest(), data, options),
            TrainingMetrics.of(bestEpoch, history, purchase),
            part == null ? null : part.json());
    withNewItems(part == null ? file : withShares(file, part)).write(options.out());
  }

  /// Says of each goal how often its items are ones that the session has not touched.
  private ModelFile withShares(ModelFile file, IntentFile part) {
    Map<String, Double> elsewhere =
        ActionForecasts.elsewhere(
            Forecaster.of(file), dataset.labelledTrain(), data.index(), options.workers());
    return file.withIntent(part.with(elsewhere).json());
  }

  /// Gives items that nobody clicked their rows, where the dataset knows attributes of items.
  private ModelFile withNewItems(ModelFile file) {
    boolean any =
        dataset.manifest().attributes().stream()
            .anyMatch(a -> a.parsed().level() == Attribute.Level.ITEM);
    if (!any) {
      return file;
    }
    return AttributeFit.extended(
        file,
        dataset.labelledTrain().signals().attributes(),
        dataset.dataset().catalogue(),
        data.counts(),
        data.train(),
        training.shared(),
        options.workers());
  }

  /// Says where a model comes from.
  static Provenance provenance(Manifest manifest, TrainingData data, Options options) {
    return new Provenance(
        manifest.datasetHash(),
        manifest.rules().protocol(),
        data.train().count(),
        data.train().events(),
        options.valid(),
        options.config().seed(),
        options.threads(),
        Kernels.BEST.description(),
        Build.version(),
        Build.commit(),
        Runtime.version().toString());
  }

  private TrainFigures figures(double seconds) {
    // While the first epoch runs, so does the compiler.
    List<TrainingEpoch> steady = history.size() > 1 ? history.subList(1, history.size()) : history;
    double events = steady.stream().mapToDouble(TrainingEpoch::events).sum();
    double training = steady.stream().mapToDouble(TrainingEpoch::seconds).sum();
    return new TrainFigures(
        List.copyOf(history),
        bestEpoch,
        events / Math.max(training, 1e-9),
        seconds,
        purchase,
        List.copyOf(warnings));
  }
}
