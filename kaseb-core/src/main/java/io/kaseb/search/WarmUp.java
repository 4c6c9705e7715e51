package io.kaseb.search;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Sessions;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.train.Training;
import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.Space;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Trains and scores what is thrown away, before the first trial whose time counts: while the
/// virtual machine still compiles the code, the same work takes a multiple of its later time, and
/// the first trial, the user's own configuration, would pay for all.
final class WarmUp {
  /// Sessions of an epoch that is thrown away, at most.
  private static final int SESSIONS = 4_000;

  /// Epochs in a row that are no faster than those before: then the code is compiled.
  private static final int STEADY = 5;

  private static final int CLICKS = 2_000;

  private static final double FASTER = .95;
  private static final double BASE_SECONDS = 12;
  private static final double OPTION_SECONDS = 3;

  private final TuneObjective objective;
  private final Sessions sessions;
  private final BooleanSupplier stop;

  private WarmUp(TuneObjective objective, Sessions sessions, BooleanSupplier stop) {
    this.objective = objective;
    this.sessions = sessions;
    this.stop = stop;
  }

  /// Warms up where times are measured: the base configuration, and each option that a choice of
  /// the space puts in its place, as another loss is other code.
  static void run(TuneObjective objective, Space space, BooleanSupplier stop) {
    TunePlan plan = objective.plan();
    if (!plan.timed()) {
      return;
    }
    Sessions all = objective.train(1, 1);
    WarmUp warm = new WarmUp(objective, all.slice(0, Math.min(SESSIONS, all.count())), stop);
    warm.train(objective.base(), BASE_SECONDS);
    for (Dimension dimension : space.dimensions()) {
      if (dimension.domain() instanceof Choice choice) {
        choice
            .options()
            .forEach(option -> warm.train(dimension.parameter().name(), option.value()));
      }
    }
  }

  private void train(String key, Object value) {
    ConfigFile.Resolved changed;
    try {
      changed = ConfigFile.changed("warm-up", objective.base(), Map.of(key, TunePlan.text(value)));
    } catch (KasebException e) {
      // The option needs others beside it: its trials warm up for one another.
      return;
    }
    if (!changed.config().equals(objective.base().config())) {
      train(changed, OPTION_SECONDS);
    }
  }

  private void train(ConfigFile.Resolved resolved, double most) {
    long end = System.nanoTime() + (long) (most * 1e9);
    try {
      Training training = objective.training(resolved.config(), sessions);
      double best = Double.POSITIVE_INFINITY;
      int steady = 0;
      while (steady < STEADY && System.nanoTime() < end) {
        TrainingEpoch epoch = training.epoch(sessions, Progress.NONE, stop);
        if (epoch == null) {
          return;
        }
        steady = epoch.seconds() < FASTER * best ? 0 : steady + 1;
        best = Math.min(best, epoch.seconds());
        if (objective.plan().uses(TuneGoal.P99)) {
          TrialMeasures.clicks(objective, Forecaster.of(training.model()), new double[CLICKS]);
        }
      }
    } catch (KasebException e) {
      // A configuration that cannot train fails as a trial, where its reason is kept.
    }
  }
}
