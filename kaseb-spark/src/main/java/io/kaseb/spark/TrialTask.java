package io.kaseb.spark;

import io.kaseb.base.KasebException;
import io.kaseb.search.TrialWork;
import io.kaseb.search.TrialWorker;
import io.kaseb.search.TunePlan;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.trial.Outcome;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.TaskContext;

/// A segment of a trial on its way to the machine that trains it.
///
/// @param experiment the experiment's folder, which all machines see
/// @param id the trial's id
/// @param origin the trial whose state it goes on from
/// @param parameters what to run with
/// @param repeat how many trials before this one have these parameters
/// @param from steps that are done
/// @param until steps that are to be done
/// @param budget steps of a full trial
/// @param driver where the study listens
record TrialTask(
    String experiment,
    int id,
    int origin,
    LinkedHashMap<String, Object> parameters,
    int repeat,
    int from,
    int until,
    int budget,
    TrialServer.Address driver)
    implements Serializable {
  /// What the study hears in the end.
  ///
  /// @param values one for each goal; none where it failed
  /// @param constraints as in an [Outcome]
  /// @param valueErrors likewise
  /// @param constraintErrors likewise
  /// @param failure why it failed, or empty
  /// @param broken whether no other trial would do better
  record Result(
      List<Double> values,
      List<Double> constraints,
      List<Double> valueErrors,
      List<Double> constraintErrors,
      String failure,
      boolean broken)
      implements Serializable {
    private static Result failed(String why, boolean broken) {
      return new Result(List.of(), List.of(), List.of(), List.of(), why, broken);
    }

    private static Result failed(Throwable why, boolean broken) {
      String message = why.getMessage();
      return failed(message == null ? why.toString() : message, broken);
    }
  }

  /// An experiment as its folder says it, so that another one in its place is not taken for it.
  private record Key(String experiment, TunePlan plan) {}

  private static final Map<Key, TrialWorker> WORKERS = new ConcurrentHashMap<>();

  /// How often a trial is begun at most: again once where its machine is lost.
  private static final int TRIES = 2;

  /// Trains the segment, in a task of Spark's. Only a machine that is lost makes Spark try again.
  Result run() {
    if (TaskContext.get().attemptNumber() >= TRIES) {
      return Result.failed("the machines that trained it were lost twice", false);
    }
    try (TrialClient study = TrialClient.connect(driver, id)) {
      Outcome outcome = worker(experiment).run(work(study));
      return new Result(
          outcome.values(),
          outcome.constraints(),
          outcome.valueErrors(),
          outcome.constraintErrors(),
          "",
          false);
    } catch (IOException | UncheckedIOException e) {
      return Result.failed(e, true);
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      return Result.failed(e, false);
    }
  }

  private static TrialWorker worker(String experiment) throws IOException {
    Key key = new Key(experiment, TunePlan.read(Path.of(experiment)));
    return WORKERS.computeIfAbsent(
        key,
        k -> {
          WORKERS.clear();
          try {
            return TrialWorker.open(Path.of(experiment));
          } catch (IOException e) {
            throw new KasebException("the dataset cannot be read: " + e.getMessage(), e);
          }
        });
  }

  private TrialWork work(TrialClient study) {
    TrialTask task = this;
    return new TrialWork() {
      @Override
      public int id() {
        return task.id();
      }

      @Override
      public int origin() {
        return task.origin();
      }

      @Override
      public Parameters parameters() {
        return new Parameters(task.parameters());
      }

      @Override
      public int repeat() {
        return task.repeat();
      }

      @Override
      public int from() {
        return task.from();
      }

      @Override
      public int until() {
        return task.until();
      }

      @Override
      public int budget() {
        return task.budget();
      }

      @Override
      public void report(int step, double... values) {
        study.report(step, values);
      }

      @Override
      public boolean stopped() {
        return study.stopped();
      }
    };
  }
}
