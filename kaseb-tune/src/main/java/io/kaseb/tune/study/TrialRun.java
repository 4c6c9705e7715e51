package io.kaseb.tune.study;

import io.kaseb.tune.math.SeededRandom;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.trial.Measurement;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A trial at work, as its objective sees it.
public final class TrialRun {
  /// Why a trial is asked to stop; the earlier one counts.
  enum Stop {
    NO,
    PRUNED,
    TOO_LONG,
    KILLED,
    STUDY_OVER,
    STUDY_STOPPED
  }

  private final Study study;
  private final TrialQueue.Assignment assignment;
  private final @Nullable Object kept;
  private final int repeat;
  private final long started = System.nanoTime();
  private volatile Stop stop = Stop.NO;

  /// @param repeat how many trials before this one have its parameters
  TrialRun(Study study, TrialQueue.Assignment assignment, @Nullable Object kept, int repeat) {
    this.study = study;
    this.assignment = assignment;
    this.kept = kept;
    this.repeat = repeat;
  }

  /// {@return the trial's id}
  public int id() {
    return assignment.trial().id();
  }

  /// {@return what to run with}
  public Parameters parameters() {
    return assignment.trial().parameters();
  }

  /// {@return the id of the trial whose state this segment goes on from: its own or, in the first
  /// segment of a copy (population based training), that of the trial that it copies}
  public int origin() {
    boolean first = assignment.trial().segments().size() == 1;
    int parent = assignment.trial().origin().parent();
    return first && parent >= 0 ? parent : id();
  }

  /// {@return a seed of the trial's own, which depends on the study's seed and the id alone}
  public long seed() {
    return SeededRandom.mix(study.settings().seed(), id() + (1L << 32));
  }

  /// {@return how many trials before this one have the same parameters: 0 but where a sampler
  /// measures again what is noisy, as `Auto` does} An objective that draws from a seed takes
  /// another one then.
  public int repeat() {
    return repeat;
  }

  /// {@return how many steps are done already, by earlier segments of this trial or by the trial
  /// that it goes on from}
  public int from() {
    return assignment.segment().from();
  }

  /// {@return how many steps are to be done when this segment ends, those before it included}
  public int until() {
    return assignment.segment().until();
  }

  /// {@return the steps of a full trial} An objective whose fidelity is a share of the data takes
  /// `until() / (double) budget()` of it.
  public int budget() {
    return study.settings().budget();
  }

  /// Reports the values that the goals have after a step. Steps up to [#from] are known and
  /// ignored.
  ///
  /// @param step steps done, 1 or more
  /// @param values one for each goal; NaN or infinity fails the trial
  public void report(int step, double... values) {
    study.reported(this, new Measurement(step, Arrays.stream(values).boxed().toList()));
  }

  /// {@return whether to end soon: the trial was pruned or cancelled, or ran too long, or the study
  /// stops} What was reached is then returned as usual.
  public boolean stopped() {
    if (stop == Stop.NO && seconds() > study.settings().limits().trial()) {
      stop(Stop.TOO_LONG);
    }
    return stop != Stop.NO;
  }

  /// {@return what an earlier segment of this trial, or the trial that it goes on from, kept at
  /// step [#from]; null at the start and after the process was restarted: then begin anew or from a
  /// checkpoint of your own, which may be named by [#id]}
  ///
  /// @param <T> the same
  /// @param type what was given to [#keep]
  public <T> @Nullable T kept(Class<T> type) {
    return kept == null ? null : type.cast(kept);
  }

  /// Keeps what is needed to go on from step [#until], as long as the trial may go on.
  ///
  /// @param state stays in memory, and is handed on as it is: a trial that goes on from it must not
  ///   change it
  public void keep(Object state) {
    study.keep(this, state);
  }

  TrialQueue.Assignment assignment() {
    return assignment;
  }

  Stop stop() {
    return stop;
  }

  void stop(Stop why) {
    if (stop == Stop.NO) {
      stop = why;
    }
  }

  double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }
}
