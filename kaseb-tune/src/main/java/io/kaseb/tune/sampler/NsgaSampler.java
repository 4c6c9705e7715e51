package io.kaseb.tune.sampler;

import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Observation;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// NSGA-II (Deb et al. 2002), one child at a time: parents are the best of all trials by front,
/// then by how lonely they are on it, chosen by tournaments of two; a child takes each parameter
/// from one of them, or near both, and a few are changed. For several goals and hundreds of trials.
///
/// @param population how many of the best trials can be parents; as many start evenly
/// @param crossing chance that a child has two parents
/// @param start what suggests the first trials
public record NsgaSampler(int population, double crossing, SobolSampler start) implements Sampler {
  /// How near a blended number stays to its parents: Deb's distribution index.
  private static final double NEARNESS = 20;

  private static final double REACH = .1;

  /// Checks the numbers.
  public NsgaSampler {
    if (population < 2 || !(crossing >= 0 && crossing <= 1)) {
      throw new IllegalArgumentException(
          "population_size=%d, crossover_prob=%s; must be 2 or more, 0..1"
              .formatted(population, crossing));
    }
  }

  @Override
  public Optional<Suggestion> suggest(History given, RandomGenerator random) {
    History history = given.ordered();
    List<Observation> ranked = history.measured();
    if (ranked.size() < population) {
      return start.suggest(history, random);
    }
    List<Observation> parents = ranked.subList(0, population);
    double[] child = parents.get(tournament(random)).point().clone();
    if (random.nextDouble() < crossing) {
      cross(history.space(), child, parents.get(tournament(random)).point(), random);
    }
    mutate(history.space(), child, random);
    return Suggestion.unseen(history, history.space().repaired(child, random), random);
  }

  private int tournament(RandomGenerator random) {
    int one = random.nextInt(population);
    return Math.min(one, random.nextInt(population));
  }

  private static void cross(Space space, double[] child, double[] other, RandomGenerator random) {
    for (Dimension dimension : space.dimensions()) {
      int i = dimension.index();
      boolean isNumber = dimension.options() == 0;
      if (!isNumber || Double.isNaN(child[i]) || Double.isNaN(other[i])) {
        child[i] = random.nextBoolean() ? child[i] : other[i];
        continue;
      }
      double u = random.nextDouble();
      double power = 1 / (NEARNESS + 1);
      double spread = u < .5 ? Math.pow(2 * u, power) : Math.pow(1 / (2 * (1 - u)), power);
      double side = random.nextBoolean() ? 1 : -1;
      double middle = (child[i] + other[i]) / 2;
      child[i] = Math.clamp(middle + side * spread * (child[i] - other[i]) / 2, 0, 1);
    }
  }

  private static void mutate(Space space, double[] child, RandomGenerator random) {
    double chance = 1.0 / child.length;
    for (Dimension dimension : space.dimensions()) {
      int i = dimension.index();
      if (!Double.isNaN(child[i]) && random.nextDouble() < chance) {
        child[i] = EvolutionSampler.moved(dimension, child[i], REACH, random);
      }
    }
  }
}
