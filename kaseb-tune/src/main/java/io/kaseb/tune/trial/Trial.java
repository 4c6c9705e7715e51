package io.kaseb.tune.trial;

import io.kaseb.tune.space.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One parameter set and what is known about it.
///
/// @param id its place in the study, from 0; never given twice
/// @param state where it stands
/// @param parameters what it is run with
/// @param origin why it exists
/// @param segments its segments of work, in order
/// @param measurements its intermediate results, by ascending step
/// @param outcome how it ended, or null
/// @param reason why it failed or was stopped, or empty
/// @param seconds of work, over all its segments
public record Trial(
    int id,
    TrialState state,
    Parameters parameters,
    Origin origin,
    List<Segment> segments,
    List<Measurement> measurements,
    @Nullable Outcome outcome,
    String reason,
    double seconds) {
  /// Why a trial is stopped that its pruner will never promote.
  public static final String NOT_PROMOTED = "not promoted";

  /// Who a trial comes from.
  public enum Source {
    /// The study's sampler.
    SAMPLER,
    /// The user, who asked for its parameters.
    USER,
    /// Another study, whose result was brought in.
    IMPORT;

    /// {@return the name in a store's file}
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// {@return the source of a name in a store's file}
    ///
    /// @param text as the store wrote it
    public static Source of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /// Where a trial comes from.
  ///
  /// @param source who it comes from
  /// @param parent the trial whose state it goes on from, or -1
  /// @param bracket the Hyperband bracket that it belongs to, or -1
  public record Origin(Source source, int parent, int bracket) {
    /// Suggested by the sampler, from nothing.
    public static final Origin SAMPLER = new Origin(Source.SAMPLER, -1, -1);

    /// Asked for by the user.
    public static final Origin USER = new Origin(Source.USER, -1, -1);

    /// Brought in from another study.
    public static final Origin IMPORT = new Origin(Source.IMPORT, -1, -1);
  }

  /// Copies the lists.
  public Trial {
    segments = List.copyOf(segments);
    measurements = List.copyOf(measurements);
  }

  /// Creates a trial that has not started.
  ///
  /// @param id from 0, without gaps
  /// @param parameters as the space writes them
  /// @param origin who proposed it, and from which trial it goes on
  /// @return a trial without reports
  public static Trial waiting(int id, Parameters parameters, Origin origin) {
    return new Trial(id, TrialState.WAITING, parameters, origin, List.of(), List.of(), null, "", 0);
  }

  /// {@return how many steps were reported, 0 for none}
  public int lastStep() {
    return measurements.isEmpty() ? 0 : measurements.getLast().step();
  }

  /// {@return how far its finished and running segments are to bring it, 0 where it has none}
  public int until() {
    return segments.isEmpty() ? 0 : segments.getLast().until();
  }

  /// {@return what counts as its result: its outcome's values, else its last report's, else empty}
  public List<Double> values() {
    if (outcome != null) {
      return outcome.values();
    }
    return measurements.isEmpty() ? List.of() : measurements.getLast().values();
  }

  /// {@return the report of a step, or null}
  ///
  /// @param step 1 or more
  public @Nullable Measurement at(int step) {
    for (int i = measurements.size() - 1; i >= 0 && measurements.get(i).step() >= step; i--) {
      if (measurements.get(i).step() == step) {
        return measurements.get(i);
      }
    }
    return null;
  }

  /// {@return the first report of a step or after, or null}
  ///
  /// @param step 1 or more
  public @Nullable Measurement reached(int step) {
    for (Measurement report : measurements) {
      if (report.step() >= step) {
        return report;
      }
    }
    return null;
  }

  /// {@return the same trial at work on a further segment}
  ///
  /// @param segment its steps lie behind those that the trial has done
  public Trial started(Segment segment) {
    List<Segment> more = new ArrayList<>(segments);
    more.add(segment);
    return new Trial(
        id, TrialState.RUNNING, parameters, origin, more, measurements, null, reason, seconds);
  }

  /// {@return the same trial with a report; reports of the same and later steps, left by a run that
  /// was killed, are dropped}
  ///
  /// @param report at a step of 1 or more
  public Trial reported(Measurement report) {
    List<Measurement> kept = new ArrayList<>(upTo(report.step() - 1));
    kept.add(report);
    return new Trial(id, state, parameters, origin, segments, kept, outcome, reason, seconds);
  }

  private List<Measurement> upTo(int step) {
    int n = measurements.size();
    while (n > 0 && measurements.get(n - 1).step() > step) {
      n--;
    }
    return measurements.subList(0, n);
  }

  /// {@return the same trial with other measurements}
  ///
  /// @param others by ascending step
  public Trial withMeasurements(List<Measurement> others) {
    return new Trial(id, state, parameters, origin, segments, others, outcome, reason, seconds);
  }

  /// {@return the same trial in another state}
  ///
  /// @param next the new state
  /// @param result null where it has none
  /// @param why what is told of the end, empty for nothing
  /// @param total seconds at work so far
  public Trial ended(TrialState next, @Nullable Outcome result, String why, double total) {
    return new Trial(id, next, parameters, origin, segments, measurements, result, why, total);
  }

  /// {@return what was known of the trial when only the first `knownEnded` segments of the study
  /// had ended and `issued` had begun; null where it did not exist}
  ///
  /// @param knownEnded segments of all trials, counted as they ended
  /// @param issued segments of all trials, counted as they began
  public @Nullable Trial asOf(int knownEnded, int issued) {
    List<Segment> begun = segments.stream().filter(j -> j.number() < issued).toList();
    if (begun.isEmpty()) {
      return segments.isEmpty() && state.finished() ? this : null;
    }
    Segment last = begun.getLast();
    boolean ended = last.number() < knownEnded;
    int seen = ended ? last.until() : last.from();
    List<Measurement> known = upTo(seen);
    if (!ended) {
      return new Trial(id, TrialState.RUNNING, parameters, origin, begun, known, null, "", 0);
    }
    if (begun.size() < segments.size() || reason.equals(NOT_PROMOTED)) {
      return new Trial(id, TrialState.WAITING, parameters, origin, begun, known, null, "", 0);
    }
    return this;
  }
}
