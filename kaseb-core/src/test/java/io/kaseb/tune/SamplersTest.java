package io.kaseb.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SamplersTest {
  private static Sampler of(String name, Object... args) {
    Map<String, Object> map = new java.util.HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      map.put((String) args[i], args[i + 1]);
    }
    return Method.of(new Spec(name, map), Spec.of("None"), 9).sampler();
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
      return of("GP", "candidates", 50);
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
    java.util.List<Trial> trials = new java.util.ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Parameters next =
          new GridSampler()
              .suggest(
                  History.of(space, List.of(Goal.minimize("f")), 1, trials), Chance.of(1, i))
              .orElseThrow()
              .parameters();
      trials.add(Trial.waiting(i, next, Trial.Origin.SAMPLER));
    }
    assertThat(trials.stream().map(t -> t.parameters().flat().values().toString()))
        .containsExactly(
            "[1, 0.0]", "[1, 0.5]", "[1, 1.0]", "[2, 0.0]", "[2, 0.5]", "[2, 1.0]", "[1, 0.25]",
            "[1, 0.75]", "[2, 0.25]", "[2, 0.75]");
  }

  @Test
  void modelsLearn() {
    for (Sampler sampler :
        List.of(of("TPE"), of("TPE", "mode", "nni"), of("GP"), of("Anneal"), of("BOHB"))) {
      Study study =
          Study.create(
              new MemoryStore(),
              Settings.of(Spaces.square(), Goal.minimize("distance")).withMaxTrials(50),
              new Method(sampler, Pruner.NONE));
      study.run(
          Objective.of(p -> Math.hypot(p.number("x") - .83, p.number("y") - .17)));
      assertThat(study.best().orElseThrow().values().getFirst())
          .as(sampler.toString())
          .isLessThan(.06);
    }
  }
}
