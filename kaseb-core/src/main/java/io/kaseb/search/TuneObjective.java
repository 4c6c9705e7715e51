package io.kaseb.search;

import io.kaseb.base.KasebException;
import io.kaseb.data.Dataset;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Manifest;
import io.kaseb.data.OpenDataset;
import io.kaseb.model.Sessions;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.train.TrainingData;
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
  private final @Nullable WarmWeights warm;

  /// The sessions to train on.
  private final Sessions train;

  private final @Nullable LabelledSessions fitting;
  private final @Nullable LabelledSessions judging;

  private TuneObjective(
      TunePlan plan, OpenDataset opened, TrialStates states, @Nullable WarmWeights warm) {
    this.plan = plan;
    this.states = states;
    this.warm = warm;
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
    this.train = recent(data.train(), plan.share());
    if (plan.purchases()) {
      LabelledSessions labelled = opened.labelledTrain();
      int border = data.train().count();
      int first = border - train.count();
      this.fitting = labelled.slice(first, border).indexed(data.index());
      this.judging = labelled.slice(border, labelled.count());
      checkPurchases(dataset, fitting, judging);
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

  private static void checkPurchases(
      Path dataset, LabelledSessions fitting, LabelledSessions judging) {
    for (LabelledSessions part : new LabelledSessions[] {fitting, judging}) {
      int buyers = part.purchases().buyers();
      if (buyers == 0 || buyers == part.count()) {
        throw new KasebException(
            new KasebException.Problem(
                dataset.toString(),
                "%d of %d sessions %s buy"
                    .formatted(buyers, part.count(), part == judging ? "held back" : "to train on"),
                null,
                "a purchase goal needs buyers and others there; change %s or %s"
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
      return new TuneTrial(this, trial).run();
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

  /// Returns the sessions that the purchase forecast is fitted on; null without a purchase goal.
  @Nullable LabelledSessions fitting() {
    return fitting;
  }

  /// Returns the sessions that the purchase forecast is judged on; null without a purchase goal.
  @Nullable LabelledSessions judging() {
    return judging;
  }
}
