package io.kaseb.search;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.config.KeyType;
import io.kaseb.config.TrainConfig;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Evaluator;
import io.kaseb.eval.Ties;
import io.kaseb.model.Architecture;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.train.Checkpoint;
import io.kaseb.train.Training;
import io.kaseb.train.TrainingData;
import io.kaseb.trial.FormChoice;
import io.kaseb.trial.Reading;
import io.kaseb.trial.Turns;
import io.kaseb.trial.WarmWeights;
import io.kaseb.tune.trial.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One segment of a trial: goes on from the weights and the optimiser's state that its last segment
/// left, trains to the wanted step, measures, and leaves its own. Where those are missing it trains
/// from the start, which gives the same weights.
final class TuneTrial {
  /// How far the seeds of trials of equal parameters lie apart: the seeds between are those that
  /// winners are confirmed with, which the search must not have seen.
  private static final long SEEDS_APART = 1_000;

  private final TuneObjective objective;
  private final TunePlan plan;
  private final TrialWork trial;
  private final ConfigFile.Resolved resolved;
  private final TrainConfig config;
  private final Sessions sessions;
  private final Training training;
  private final TrialModel model;
  private final List<TrainingEpoch> history = new ArrayList<>();
  private final boolean mayBeLost;

  /// Epochs that were done when the segment began.
  private final int begun;

  /// Seconds of a training event; null where no goal is about them.
  private @Nullable Reading eventSeconds;

  /// Creates a segment.
  ///
  /// @param mayBeLost whether each epoch's state is kept, for another try to go on from
  TuneTrial(TuneObjective objective, TrialWork trial, boolean mayBeLost) throws IOException {
    this.objective = objective;
    this.mayBeLost = mayBeLost;
    this.plan = objective.plan();
    this.trial = trial;
    this.resolved =
        reseeded(TunePlan.changed(objective.base(), trial.parameters()), trial.repeat());
    this.config = resolved.config();
    this.sessions = objective.train(trial.until(), trial.budget());
    this.training = objective.training(config, sessions);
    this.model =
        new TrialModel(objective, resolved, FormChoice.of(trial.parameters()), training, history);
    if (trial.from() > 0) {
      goOn(objective.states().file(trial.origin(), trial.from()));
    }
    WarmWeights warm = objective.warm();
    // From its own earlier weights a repeat would say the same once more.
    if (warm != null && training.epoch() == 0 && trial.repeat() == 0) {
      training.load(warm.from(trial.id(), trial.parameters(), training.weights()));
    }
    begun = training.epoch();
    if (mayBeLost) {
      takeUp(objective.states().going(trial.id(), trial.until()));
    }
  }

  /// Gives a trial that measures parameters again a seed of its own.
  private static ConfigFile.Resolved reseeded(ConfigFile.Resolved resolved, int repeat) {
    long seed = resolved.config().seed() + SEEDS_APART * repeat;
    return repeat == 0
        ? resolved
        : ConfigFile.changed("trial", resolved, Map.of("seed", Long.toString(seed)));
  }

  /// Goes on where a try was lost. What it reported is reported again: nobody knows how much of it
  /// was heard.
  private void takeUp(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    Checkpoint checkpoint;
    try {
      checkpoint = Checkpoint.read(file, identity());
    } catch (KasebException e) {
      // Of other parameters: the segment begins anew.
      return;
    }
    take(checkpoint);
    List<TrainingEpoch> all = checkpoint.history();
    for (TrainingEpoch epoch : all.subList(history.size(), all.size())) {
      history.add(epoch);
      if (plan.everyEpoch()) {
        trial.report(epoch.epoch(), values(Map.of()));
      }
    }
  }

  private void take(Checkpoint checkpoint) {
    training.load(checkpoint.weights());
    training.resume(checkpoint.state(), checkpoint.epoch(), checkpoint.steps());
  }

  /// What must be equal for weights and optimiser state to be taken over. Other parameters may
  /// differ: population based training changes them on the way.
  private Map<String, String> identity() {
    // The usual readout and rank are unsaid, as in states from before there were others.
    String shape =
        Architecture.of(config)
            .toString()
            .replace(", rank=0]", "]")
            .replace(", readout=LAST]", "]");
    return Map.of("shape", shape, "optimizer", KeyType.text(config.optimizer()));
  }

  private void goOn(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    Checkpoint checkpoint;
    try {
      checkpoint = Checkpoint.read(file, identity());
    } catch (KasebException e) {
      if (trial.origin() != trial.id()) {
        // A copy may have another shape than the trial that it copies: it begins anew.
        return;
      }
      throw e;
    }
    take(checkpoint);
    history.addAll(checkpoint.history());
  }

  /// Trains and measures.
  Outcome run() throws IOException {
    measureSpeed();
    boolean byEpochs = plan.byEpochs();
    int last = byEpochs ? Math.min(trial.until(), config.nEpochs()) : lastEpoch();
    while (training.epoch() < last && !trial.stopped()) {
      if (!epoch(last)) {
        break;
      }
    }
    if (history.isEmpty()) {
      throw new KasebException("stopped before its first epoch was done");
    }
    if (plan.everyEpoch() || trial.stopped()) {
      reportRest();
      return outcome(Map.of());
    }
    Map<TuneGoal, Reading> measured =
        new TrialMeasures(objective, trial, resolved, training, model).all();
    Outcome outcome = outcome(measured);
    trial.report(
        trial.until(), outcome.values().stream().mapToDouble(Double::doubleValue).toArray());
    keep();
    return outcome;
  }

  private void measureSpeed() {
    if (plan.uses(TuneGoal.TRAIN_SECONDS) && !trial.stopped()) {
      try (Turns.Turn alone = objective.turns().alone()) {
        eventSeconds = TrainSpeed.secondsPerEvent(objective, config, sessions, trial::stopped);
      }
    }
  }

  /// Each segment by `sessions` makes all epochs anew over its own share.
  private int lastEpoch() {
    return begun + config.nEpochs();
  }

  private boolean epoch(int last) throws IOException {
    TrainingEpoch done;
    try (Turns.Turn beside = objective.turns().beside()) {
      done = training.epoch(sessions, Progress.NONE, () -> objective.stopped(trial));
      if (done == null) {
        return false;
      }
      if (plan.everyEpoch() || training.epoch() == last) {
        done = judged(done);
      }
    }
    history.add(done);
    if (plan.everyEpoch()) {
      trial.report(training.epoch(), values(Map.of()));
      if (training.epoch() == trial.until()) {
        keep();
      }
    }
    if (mayBeLost && training.epoch() < last) {
      write(objective.states().going(trial.id(), trial.until()));
    }
    return true;
  }

  private TrainingEpoch judged(TrainingEpoch done) {
    EvalConfig how = new EvalConfig(List.of(20), Ties.CONSERVATIVE, plan.threads(), 0, 1);
    TrainingData data = objective.data();
    Evaluation evaluation =
        Evaluator.evaluate(model.forecaster(), data.valid(), data.counts(), how, Progress.NONE);
    return done.validated(null, evaluation.metric("recall@20"), evaluation.metric("mrr@20"));
  }

  /// A trial whose own number of epochs is smaller has nothing more to learn at later steps.
  private void reportRest() throws IOException {
    if (!trial.stopped() && training.epoch() < trial.until()) {
      trial.report(trial.until(), values(Map.of()));
      keep();
    }
  }

  private void keep() throws IOException {
    WarmWeights warm = objective.warm();
    if (warm != null) {
      warm.keep(trial.id(), trial.parameters(), training.weights());
    }
    if (trial.until() < trial.budget()) {
      write(objective.states().file(trial.id(), trial.until()));
    }
    if (mayBeLost) {
      Files.deleteIfExists(objective.states().going(trial.id(), trial.until()));
    }
    if (trial.from() > 0 && trial.origin() == trial.id()) {
      objective.states().passed(trial.id(), trial.from());
    }
  }

  private void write(Path file) throws IOException {
    Map<String, Tensor> weights = training.weights();
    new Checkpoint(
            identity(),
            training.epoch(),
            training.steps(),
            training.epoch(),
            history,
            weights,
            training.optimizerState(),
            weights)
        .write(file);
  }

  private double[] values(Map<TuneGoal, Reading> measured) {
    return plan.goalList().stream().mapToDouble(g -> reading(g, measured).value()).toArray();
  }

  private Reading reading(TuneGoal goal, Map<TuneGoal, Reading> measured) {
    TrainingEpoch latest = history.getLast();
    return switch (goal.measure()) {
      case MRR -> Reading.exact(number(latest.mrr20()));
      case RECALL -> Reading.exact(number(latest.recall20()));
      case TRAIN_SECONDS ->
          eventSeconds == null
              ? Reading.exact(history.stream().mapToDouble(TrainingEpoch::seconds).sum())
              : eventSeconds.times(
                  (double) history.stream().mapToLong(TrainingEpoch::events).sum());
      case MODEL_BYTES -> {
        Reading bytes = measured.get(goal);
        yield bytes == null ? Reading.exact(model.bytes(Map.of())) : bytes;
      }
      default -> measured.getOrDefault(goal, Reading.exact(Double.NaN));
    };
  }

  private static double number(@Nullable Double value) {
    return value == null ? Double.NaN : value;
  }

  /// A single goal counts at its best epoch, which is the one that training then runs to.
  private Outcome outcome(Map<TuneGoal, Reading> measured) {
    double[] values = values(measured);
    TuneGoal first = plan.goalList().getFirst();
    boolean ranks = first.equals(TuneGoal.MRR) || first.equals(TuneGoal.RECALL);
    if (values.length == 1 && plan.everyEpoch() && ranks) {
      for (TrainingEpoch epoch : history) {
        double then = number(first.equals(TuneGoal.MRR) ? epoch.mrr20() : epoch.recall20());
        values[0] = Math.max(values[0], then);
      }
    }
    Outcome outcome = Outcome.of(values);
    List<TuneGoal.Constraint> constraints = plan.constraintList();
    if (!plan.timed()) {
      return outcome.within(
          constraints.stream()
              .mapToDouble(c -> c.excess(reading(c.goal(), measured).value()))
              .toArray());
    }
    List<Reading> bounded = constraints.stream().map(c -> reading(c.goal(), measured)).toList();
    double[] excesses = new double[bounded.size()];
    Arrays.setAll(excesses, i -> constraints.get(i).excess(bounded.get(i).value()));
    return outcome
        .withErrors(
            plan.goalList().stream().mapToDouble(g -> reading(g, measured).error()).toArray())
        .within(excesses, bounded.stream().mapToDouble(Reading::error).toArray());
  }
}
