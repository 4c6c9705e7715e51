package io.kaseb.tune.study;

import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Space;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// What the user asks of a study, running or not; kept in its store until the study has done it.
public sealed interface Request {
  /// End after stopping the trials at work, which begin again at the next start.
  record Stop() implements Request {}

  /// Begin no new work.
  record Pause() implements Request {}

  /// Go on after a pause.
  record Unpause() implements Request {}

  /// Cancel a trial.
  ///
  /// @param trial its id
  record Kill(int trial) implements Request {}

  /// Run a trial of the user's own as soon as possible.
  ///
  /// @param parameters what to run
  record Enqueue(Parameters parameters) implements Request {}

  /// Change settings.
  ///
  /// @param concurrency trials at work at the same time
  /// @param maxTrials trials in all
  /// @param seconds limit of the whole study
  /// @param space what is searched, or null; trials outside it stay but are not learned from
  record Change(
      OptionalInt concurrency, OptionalInt maxTrials, OptionalDouble seconds, @Nullable Space space)
      implements Request {
    /// {@return changed settings}
    ///
    /// @param settings as they are
    public Settings applied(Settings settings) {
      Settings changed =
          settings
              .withConcurrency(concurrency.orElse(settings.concurrency()))
              .withMaxTrials(maxTrials.orElse(settings.maxTrials()));
      if (seconds.isPresent()) {
        changed =
            changed.withLimits(
                new Settings.Limits(seconds.getAsDouble(), settings.limits().trial()));
      }
      return space == null ? changed : changed.withSpace(space);
    }
  }
}
