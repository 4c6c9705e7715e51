package io.kaseb.tune.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The examples of docs/tuning.md, compiled and run.
class TuningExampleTest {
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
    study.run(Objective.of(TuningExampleTest::height));
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

  @Test
  void theTopIsFound() {
    Study study = findTheTop();
    assertThat(study.trials()).hasSize(60);
    assertThat(study.best().orElseThrow().values().getFirst()).isBetween(.99, 1.);
  }

  @Test
  void stepsAreSaved() {
    Study study = Study.create(new MemoryStore(), inSteps());
    study.run(TuningExampleTest::train);
    int steps = study.trials().stream().mapToInt(Trial::lastStep).sum();
    assertThat(study.best().orElseThrow().values().getFirst()).isLessThan(1e-3);
    assertThat(steps).isLessThan(40 * 27 / 2);
  }

  @Test
  void thePageShowsThisCode() throws IOException {
    String page = squeezed(Files.readString(Path.of("../docs/tuning.md")));
    String source =
        Files.readString(Path.of("src/test/java/io/kaseb/tune/study/TuningExampleTest.java"));
    for (String tag : List.of("plain", "steps")) {
      int from = source.indexOf("// tag::" + tag) + ("// tag::" + tag).length();
      String code = squeezed(source.substring(from, source.indexOf("// end::" + tag)));
      assertThat(page).contains(code.replace("TuningExampleTest::", "Example::"));
    }
  }

  private static String squeezed(String text) {
    return Arrays.stream(text.split("\\s+")).collect(Collectors.joining(" ")).strip();
  }
}
