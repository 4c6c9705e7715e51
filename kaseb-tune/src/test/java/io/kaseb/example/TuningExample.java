package io.kaseb.example;

import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.MemoryStore;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Objective;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.study.TrialRun;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Outcome;
import java.util.List;

/// The examples of docs/tuning.md: a whole program.
public final class TuningExample {
  private TuningExample() {}

  /// Prints the best value and the best parameters of both studies.
  public static void main(String[] args) {
    for (Study study : List.of(tune(), trainInSteps())) {
      System.out.println("best " + study.best().orElseThrow().values().getFirst());
      System.out.println("with " + study.best().orElseThrow().parameters());
    }
  }

  /// Runs the study of a plain function.
  public static Study tune() {
    return findTheTop();
  }

  /// Runs the study in steps.
  public static Study trainInSteps() {
    Study study = Study.create(new MemoryStore(), inSteps());
    study.run(TuningExample::train);
    return study;
  }

  // tag::plain
  static double height(Parameters p) {
    double x = p.number("x");
    return p.text("shape").equals("wave") ? Math.sin(p.number("pitch") * x) : x * (2 - x);
  }

  static Study findTheTop() {
    Space space =
        Space.of(
            List.of(
                new Parameter("x", Range.of(0, 3)),
                new Parameter(
                    "shape",
                    new Choice(
                        List.of(
                            new Choice.Option("hill", true, List.of()),
                            new Choice.Option(
                                "wave",
                                true,
                                List.of(new Parameter("pitch", Range.log(.1, 10)))))))));
    Settings settings = Settings.of(space, Goal.maximize("height")).withMaxTrials(60);
    Study study = Study.create(new MemoryStore(), settings);
    study.run(Objective.of(TuningExample::height));
    return study;
  }

  // end::plain

  // tag::steps
  static Outcome train(TrialRun trial) {
    double[] kept = trial.kept(double[].class);
    double[] weights = kept == null ? new double[] {5} : kept.clone();
    double loss = Double.MAX_VALUE;
    for (int epoch = kept == null ? 1 : trial.from() + 1; epoch <= trial.until(); epoch++) {
      weights[0] -= trial.parameters().number("rate") * 2 * weights[0];
      loss = weights[0] * weights[0];
      trial.report(epoch, loss);
      if (trial.stopped()) {
        break;
      }
    }
    trial.keep(weights);
    return Outcome.of(loss);
  }

  static Settings inSteps() {
    return Settings.of(
            Space.of(List.of(new Parameter("rate", Range.log(1e-4, 2)))), Goal.minimize("loss"))
        .withMethod(MethodSpec.of("TPE"), MethodSpec.of("ASHA"))
        .withBudget(27)
        .withMaxTrials(40)
        .withConcurrency(2)
        .withLag(2);
  }

  // end::steps
}
