package io.kaseb.search;

import io.kaseb.base.KasebException;
import io.kaseb.config.TrainConfig;
import io.kaseb.data.Dataset;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Manifest;
import io.kaseb.data.OpenDataset;
import io.kaseb.event.Actions;
import io.kaseb.model.Sessions;
import io.kaseb.network.ItemParts;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.train.Training;
import io.kaseb.train.TrainingData;
import io.kaseb.trial.Turns;
import io.kaseb.trial.WarmWeights;
import io.kaseb.tune.study.BrokenStudyException;
import io.kaseb.tune.study.Objective;
import io.kaseb.tune.study.TrialRun;
import io.kaseb.tune.trial.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Trains and measures trials on one dataset in memory, which all of them share. The test part is
/// not looked at: what a trial is worth is measured on the latest training sessions, which no trial
/// trains on.
final class TuneObjective implements Objective {
  private final TunePlan plan;
  private final TrialStates states;
  private final ConfigFile.Resolved base;
  private final TrainingData data;
  private final @Nullable ItemParts parts;
  private final @Nullable WarmWeights warm;
  private final Turns turns;

  /// The sessions to train on.
  private final Sessions train;

  private final @Nullable LabelledSessions fitting;
  private final @Nullable LabelledSessions judging;

  private TuneObjective(
      TunePlan plan, OpenDataset opened, TrialStates states, @Nullable WarmWeights warm) {
    this.plan = plan;
    this.states = states;
    this.warm = warm;
    this.turns = new Turns(plan.timed());
    this.base = plan.base();
    Path dataset = opened.folder();
    Manifest manifest = opened.manifest();
    if (!manifest.datasetHash().equals(plan.datasetHash())) {
      throw new KasebException(
          new KasebException.Problem(
              dataset.toString(),
              "is not the dataset that the experiment began with (hash %s, was %s)"
                  .formatted(manifest.datasetHash(), plan.datasetHash()),
              null,
              "put it back, or begin a new experiment"));
    }
    Dataset whole = opened.dataset();
    int count = whole.train().count();
    double valid = Math.min(plan.valid(), (double) plan.validSessions() / count);
    this.data = TrainingData.of(whole, valid, null);
    this.parts = data.parts(opened);
    this.train = recent(data.train(), plan.share());
    if (plan.purchases()) {
      LabelledSessions labelled = opened.labelledTrain();
      int border = data.train().count();
      int first = border - train.count();
      this.fitting = labelled.slice(first, border).indexed(data.index());
      this.judging = labelled.slice(border, labelled.count());
      plan.actions().forEach(action -> check(dataset, action));
    } else {
      this.fitting = null;
      this.judging = null;
    }
  }

  /// Makes ready what an experiment's trials need.
  ///
  /// @param opened the plan's dataset
  /// @param states where trials leave theirs
  /// @param warm what trials left for others to start from; null where they start at random
  static TuneObjective of(
      TunePlan plan, OpenDataset opened, TrialStates states, @Nullable WarmWeights warm) {
    return new TuneObjective(plan, opened, states, warm);
  }

  private void check(Path dataset, String action) {
    for (LabelledSessions part : new LabelledSessions[] {fitting, judging}) {
      if (part == null) {
        continue;
      }
      Actions names = part.signals().names();
      if (names.number(action) < 0) {
        throw KasebException.ofSetting(
            "goal", action, "an action of the log: one of " + String.join(", ", names.words()));
      }
      int having = part.forGoal(names.number(action)).purchases().buyers();
      if (having == 0 || having == part.count()) {
        throw new KasebException(
            new KasebException.Problem(
                dataset.toString(),
                "%d of %d sessions %s have the action %s"
                    .formatted(
                        having,
                        part.count(),
                        part == judging ? "held back" : "to train on",
                        action),
                null,
                "its goal needs sessions with and without it there; change %s or %s"
                    .formatted(
                        KasebException.setting("valid"),
                        KasebException.setting("valid_sessions"))));
      }
    }
  }

  private static Sessions recent(Sessions sessions, double share) {
    int wanted = (int) Math.max(1, Math.round(sessions.count() * share));
    return sessions.slice(sessions.count() - wanted, sessions.count());
  }

  @Override
  public Outcome run(TrialRun trial) {
    try {
      return new TuneTrial(this, TrialWork.of(trial), false).run();
    } catch (IOException e) {
      // No parameters can help that: the disk is full, or a file is gone.
      throw new BrokenStudyException(e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw new BrokenStudyException(e.getMessage(), e);
    }
  }

  /// Returns what is to be done.
  TunePlan plan() {
    return plan;
  }

  /// Returns whose turn it is to work, where times are measured.
  Turns turns() {
    return turns;
  }

  /// Asked in the middle of a trial's work whether to end it; lets others measure first.
  boolean stopped(TrialWork trial) {
    // With more threads, those that wait for this one would spin beside the measurement.
    if (plan.threads() == 1) {
      turns.giveWay();
    }
    return trial.stopped();
  }

  /// Creates the training of a configuration.
  ///
  /// @param sessions what it will train on
  Training training(TrainConfig config, Sessions sessions) {
    long[] counts = sessions.itemCounts(data.catalogue().size());
    return Training.create(config, data.catalogue(), counts, plan.threads(), parts);
  }

  /// Returns where trials leave their states.
  TrialStates states() {
    return states;
  }

  /// Returns what trials left for others to start from; null where they start at random.
  @Nullable WarmWeights warm() {
    return warm;
  }

  /// Returns the configuration that parameters change.
  ConfigFile.Resolved base() {
    return base;
  }

  /// Returns the items and the sessions held back.
  TrainingData data() {
    return data;
  }

  /// Returns the sessions that a segment trains on.
  ///
  /// @param step how far the segment goes
  /// @param budget steps of a full trial
  Sessions train(int step, int budget) {
    return plan.byEpochs() ? train : recent(train, (double) step / budget);
  }

  /// Returns the sessions that an action's forecast is fitted on; null without such a goal.
  @Nullable LabelledSessions fitting(String action) {
    return fitting == null ? null : fitting.forGoal(fitting.signals().names().number(action));
  }

  /// Returns the sessions that forecasts of actions are judged on; null without such a goal.
  @Nullable LabelledSessions judging() {
    return judging;
  }
}
