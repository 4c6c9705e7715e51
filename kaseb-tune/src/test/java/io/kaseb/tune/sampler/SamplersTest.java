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
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Trial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
            new GpSampler(10, 60, 40),
            of("Anneal"),
            of("BOHB"))) {
      assertThat(distance(sampler, 6)).as(sampler.toString()).isLessThan(.9 * chance);
    }
    // Evolution changes one parameter at a time: fifty trials show it in few dimensions only.
    Sampler evolution = of("RegularizedEvolution", "population_size", 10, "sample_size", 5);
    assertThat(distance(evolution, 2)).isLessThan(distance(of("Random"), 2));
  }
}
