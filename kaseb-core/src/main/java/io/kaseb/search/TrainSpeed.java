package io.kaseb.search;

import io.kaseb.base.Progress;
import io.kaseb.config.TrainConfig;
import io.kaseb.model.Sessions;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.train.Training;
import io.kaseb.trial.Reading;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// How fast a configuration trains, measured on a network that is thrown away.
final class TrainSpeed {
  /// Sessions of a round, at most, but for large mini-batches.
  private static final int SESSIONS = 2_000;

  /// Mini-batches' worth of sessions in a round: at the end of fewer, slots without a session would
  /// count for much.
  private static final int BATCHES = 32;

  private TrainSpeed() {}

  /// Measures the seconds that a training event takes. To be called alone (`Turns.alone`).
  ///
  /// @param sessions what the trial trains on, of which the latest are taken
  /// @return null where it was stopped
  static @Nullable Reading secondsPerEvent(
      TuneObjective objective, TrainConfig config, Sessions sessions, BooleanSupplier stop) {
    int count = sessions.count();
    int wanted = Math.min(count, Math.max(SESSIONS, BATCHES * config.batchSize()));
    Sessions some = sessions.slice(count - wanted, count);
    Training training = objective.training(config, sessions);
    double[] rounds = new double[Reading.ROUNDS];
    // The first is not counted: its rows and its code are cold.
    for (int i = -1; i < rounds.length; i++) {
      TrainingEpoch epoch = training.epoch(some, Progress.NONE, stop);
      if (epoch == null) {
        return null;
      }
      if (i >= 0) {
        rounds[i] = epoch.seconds() / Math.max(1, epoch.events());
      }
    }
    return Reading.median(rounds);
  }
}
