package io.kaseb.tune.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.tune.math.SeededRandom;
import io.kaseb.tune.pruner.Pruner;
import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.MemoryStore;
import io.kaseb.tune.study.Method;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Objective;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.study.StudyStatus;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SamplersTest {
  private static Sampler of(String name, Object... args) {
    Map<String, Object> map = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      map.put((String) args[i], args[i + 1]);
    }
    return Method.of(new MethodSpec(name, map), MethodSpec.of("None"), 9).sampler();
  }

  @Nested
  class RandomTest extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("Random");
    }
  }

  @Nested
  class GridTest extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("GridSearch");
    }

    @Override
    boolean random() {
      return false;
    }
  }

  @Nested
  class TpeNniTest extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("TPE", "mode", "nni", "startup", 8);
    }
  }

  @Nested
  class TpeNniMeanLiarTest extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("TPE", "mode", "nni", "startup", 8, "liar", "mean", "loss_order", false);
    }
  }

  @Nested
  class TpeOptuna4Test extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("TPE", "mode", "optuna4");
    }
  }

  @Nested
  class TpeOptuna4MultivariateTest extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("TPE", "mode", "optuna4", "multivariate", true);
    }
  }

  @Nested
  class TpeOptuna5Test extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("TPE");
    }
  }

  @Nested
  class GpTest extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("GP", "candidates", 30, "most", 15);
    }
  }

  @Nested
  class AutoTest extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("Auto");
    }
  }

  @Nested
  class ForestTest extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("SMAC", "startup", 5, "trees", 5);
    }
  }

  @Nested
  class CmaEsTest extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("CMA-ES", "population_size", 6);
    }
  }

  @Nested
  class NsgaTest extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("NSGA-II", "population_size", 8);
    }
  }

  @Nested
  class SobolTest extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("Sobol");
    }

    @Override
    boolean random() {
      return false;
    }
  }

  @Nested
  class EvolutionTest extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("RegularizedEvolution", "population_size", 10, "sample_size", 3);
    }
  }

  @Nested
  class AnnealTest extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("Anneal");
    }
  }

  @Nested
  class PbtTest extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("PBT");
    }
  }

  @Nested
  class BohbTest extends SamplerContract {
    @Override
    Sampler sampler() {
      return of("BOHB");
    }
  }

  @Test
  void bohbCountsItsGoodTrials() {
    assertThat(BohbSampler.DEFAULT.good(10, 4)).isEqualTo(5);
    assertThat(BohbSampler.DEFAULT.good(100, 4)).isEqualTo(15);
  }

  @Test
  void gridGoesThroughEveryCombinationInOrder() {
    Space space =
        Space.of(List.of(new Parameter("a", Choice.of(1, 2)), new Parameter("b", Range.of(0, 1))));
    List<Trial> trials = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Parameters next =
          new GridSampler()
              .suggest(
                  History.of(space, List.of(Goal.minimize("f")), 1, trials), SeededRandom.of(1, i))
              .orElseThrow()
              .parameters();
      trials.add(Trial.waiting(i, next, Trial.Origin.SAMPLER));
    }
    assertThat(trials.stream().map(t -> t.parameters().flat().values().toString()))
        .containsExactly(
            "[1, 0.0]",
            "[1, 0.5]",
            "[1, 1.0]",
            "[2, 0.0]",
            "[2, 0.5]",
            "[2, 1.0]",
            "[1, 0.25]",
            "[1, 0.75]",
            "[2, 0.25]",
            "[2, 0.75]");
  }

  private static final double[] TARGET = {.7, .35, .6, .2, .8, .45};

  /// Returns the mean over seeds of the best distance to a point of a cube.
  private static double distance(Sampler sampler, int dimensions) {
    List<Parameter> cube = new ArrayList<>();
    for (int j = 0; j < dimensions; j++) {
      cube.add(new Parameter("x" + j, Range.of(0, 1)));
    }
    double sum = 0;
    for (int seed = 0; seed < 4; seed++) {
      Settings settings =
          Settings.of(Space.of(cube), Goal.minimize("distance")).withMaxTrials(50).withSeed(seed);
      Study study = Study.create(new MemoryStore(), settings, new Method(sampler, Pruner.NONE));
      study.run(
          Objective.of(
              p ->
                  Math.sqrt(
                      IntStream.range(0, dimensions)
                          .mapToDouble(j -> Math.pow(p.number("x" + j) - TARGET[j], 2))
                          .sum())));
      sum += study.best().orElseThrow().values().getFirst() / 4;
    }
    return sum;
  }

  @Test
  void modelsLearn() {
    double chance = distance(of("Random"), 6);
    for (Sampler sampler :
        List.of(
            of("TPE"),
            of("TPE", "mode", "nni"),
            of("TPE", "mode", "optuna4"),
            of("GP", "candidates", 60, "most", 40),
            of("Auto"),
            of("SMAC"),
            of("CMA-ES"),
            of("Anneal"),
            of("BOHB"))) {
      assertThat(distance(sampler, 6)).as(sampler.toString()).isLessThan(.9 * chance);
    }
    // Evolution changes one parameter at a time: fifty trials show it in few dimensions only.
    Sampler evolution = of("RegularizedEvolution", "population_size", 10, "sample_size", 5);
    assertThat(distance(evolution, 2)).isLessThan(distance(of("Random"), 2));
  }

  /// Two goals that pull at each other: near 0 and near 1 on the first axis, 0 on the others.
  private static double covered(Sampler sampler, int trials) {
    List<Parameter> cube = new ArrayList<>();
    for (int j = 0; j < 4; j++) {
      cube.add(new Parameter("x" + j, Range.of(0, 1)));
    }
    double sum = 0;
    for (int seed = 0; seed < 3; seed++) {
      Settings settings =
          Settings.of(Space.of(cube), Goal.minimize("a"), Goal.minimize("b"))
              .withMaxTrials(trials)
              .withSeed(seed);
      Study study = Study.create(new MemoryStore(), settings, new Method(sampler, Pruner.NONE));
      study.run(
          run -> {
            Parameters p = run.parameters();
            double off = p.number("x1") + p.number("x2") + p.number("x3");
            double x = p.number("x0");
            return Outcome.of(x * x + off, (x - 1) * (x - 1) + off);
          });
      sum += hypervolume(study.trials()) / 3;
    }
    return sum;
  }

  /// Returns the area of the square to (2, 2) that some trial is better than.
  private static double hypervolume(List<Trial> trials) {
    List<double[]> points =
        trials.stream()
            .map(t -> new double[] {t.values().get(0), t.values().get(1)})
            .filter(v -> v[0] < 2 && v[1] < 2)
            .sorted(Comparator.comparingDouble(v -> v[0]))
            .toList();
    double area = 0;
    double lowest = 2;
    for (double[] point : points) {
      if (point[1] < lowest) {
        area += (2 - point[0]) * (lowest - point[1]);
        lowest = point[1];
      }
    }
    return area;
  }

  @Test
  void severalGoalsAreCovered() {
    double chance = covered(of("Random"), 120);
    assertThat(covered(of("NSGA-II", "population_size", 20), 120)).isGreaterThan(1.1 * chance);
    assertThat(covered(of("GP", "candidates", 60, "most", 60), 60)).isGreaterThan(1.1 * chance);
  }

  @Test
  void aProcessLearnsWhatBreaksAConstraint() {
    Space space =
        Space.of(List.of(new Parameter("x", Range.of(0, 1)), new Parameter("y", Range.of(0, 1))));
    Settings settings = Settings.of(space, Goal.minimize("f")).withMaxTrials(40).withSeed(3);
    Study study =
        Study.create(
            new MemoryStore(),
            settings,
            new Method(of("GP", "candidates", 100, "most", 60), Pruner.NONE));
    // The minimum at 0, 0 is forbidden; the best that is allowed is at x + y = 1.
    study.run(
        run -> {
          double sum = run.parameters().number("x") + run.parameters().number("y");
          return Outcome.of(sum).within(1 - sum);
        });
    assertThat(study.best().orElseThrow().values().getFirst()).isBetween(1.0, 1.1);
    long kept =
        study.trials().stream()
            .skip(10)
            .filter(t -> t.outcome() != null && t.outcome().violation() == 0)
            .count();
    assertThat(kept).isGreaterThan(15);
  }

  @Test
  void numbersOfAChoiceAreSeenInTheirOrder() {
    Space space =
        Space.of(
            List.of(
                new Parameter("units", Choice.of(512, 16, 64, 32, 128, 256)),
                new Parameter("cell", Choice.of("gru", "lstm")),
                new Parameter("two", Choice.of(1, 2))));
    Space ordered = space.ordered();
    assertThat(ordered.dimensions().stream().map(d -> d.options())).containsExactly(0, 2, 2);
    assertThat(ordered.dimensions().getFirst().domain().value(.01)).isEqualTo(16L);
    assertThat(ordered.dimensions().getFirst().domain().value(.99)).isEqualTo(512L);
    for (double u = .05; u < 1; u += .1) {
      Parameters there = ordered.at(new double[] {u, 1, 0});
      double[] back = ordered.point(there);
      assertThat(ordered.at(back)).isEqualTo(there);
      assertThat(space.at(space.point(there))).isEqualTo(there);
    }
    assertThat(ordered.size()).isEqualTo(space.size());
    assertThat(Space.of(List.of(new Parameter("x", Range.of(0, 1)))).ordered().dimensions())
        .hasSize(1);
  }

  @Test
  void aStudyEndsWhenNothingIsLeftToGain() {
    Space space =
        Space.of(List.of(new Parameter("x", Range.of(0, 1)), new Parameter("y", Range.of(0, 1))));
    SplittableRandom noise = new SplittableRandom(1);
    MethodSpec ending = new MethodSpec("GP", Map.of("terminate", true));
    Settings settings =
        Settings.of(space, Goal.minimize("f"))
            .withMethod(ending, MethodSpec.of("None"))
            .withMaxTrials(150)
            .withSeed(1);
    Study noisy = Study.create(new MemoryStore(), settings);
    StudyStatus status =
        noisy.run(Objective.of(p -> Math.pow(p.number("x") - .4, 2) + .3 * noise.nextDouble()));
    assertThat(status.reason()).startsWith("nothing left to gain above the noise: after ");
    assertThat(noisy.trials()).hasSizeBetween(30, 149);
    // Without noise there is always something to gain.
    Study exact = Study.create(new MemoryStore(), settings.withMaxTrials(45));
    assertThat(
            exact
                .run(Objective.of(p -> Math.sin(9 * p.number("x")) * Math.cos(7 * p.number("y"))))
                .reason())
        .isEmpty();
    assertThat(exact.trials()).hasSize(45);
  }
}
