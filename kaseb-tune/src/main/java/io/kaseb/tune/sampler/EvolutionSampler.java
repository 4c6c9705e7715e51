package io.kaseb.tune.sampler;

import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Observation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Regularized evolution (Real et al. 2019): mutates the best of a random sample of the youngest
/// trials; the old die, however good.
///
/// @param population how many of the youngest trials live; the first ones are random
/// @param sample how many of them compete
/// @param mutation chance of each parameter to change; at least one does
public record EvolutionSampler(int population, int sample, double mutation) implements Sampler {
  private static final double REACH = .1;

  /// Checks the numbers.
  public EvolutionSampler {
    if (population < 1 || sample < 1 || sample > population || !(mutation >= 0 && mutation <= 1)) {
      throw new IllegalArgumentException(
          "population=%d, sample=%d, mutation=%s; must be 1 or more, 1..population, 0..1"
              .formatted(population, sample, mutation));
    }
  }

  @Override
  public Optional<Suggestion> suggest(History history, RandomGenerator random) {
    List<Observation> ranked = history.measured();
    if (ranked.size() < population) {
      return Suggestion.unseen(history, history.space().random(random), random);
    }
    List<Integer> living = new ArrayList<>(IntStream.range(0, ranked.size()).boxed().toList());
    living.sort(Comparator.comparingInt(place -> -ranked.get(place).trial().id()));
    int best = ranked.size();
    for (int i = 0; i < sample; i++) {
      best = Math.min(best, living.get(random.nextInt(population)));
    }
    return Suggestion.unseen(
        history, mutated(history.space(), ranked.get(best).point(), random), random);
  }

  private double[] mutated(Space space, double[] parent, RandomGenerator random) {
    List<Dimension> active = space.dimensions().stream().filter(d -> d.active(parent)).toList();
    double[] child = parent.clone();
    int certain = random.nextInt(active.size());
    for (int i = 0; i < active.size(); i++) {
      if (i == certain || random.nextDouble() < mutation) {
        int at = active.get(i).index();
        child[at] = moved(active.get(i), child[at], REACH, random);
      }
    }
    return space.repaired(child, random);
  }

  /// Moves a number by a normal step, reflected at the bounds, by one value at least; a choice to
  /// another option.
  static double moved(Dimension dimension, double from, double reach, RandomGenerator random) {
    int options = dimension.options();
    if (options > 0) {
      return options == 1 ? 0 : (from + 1 + random.nextInt(options - 1)) % options;
    }
    double step = reach * random.nextGaussian();
    double half = (dimension.bin(from)[1] - dimension.bin(from)[0]) * .75;
    double x = from + (Math.abs(step) < half ? Math.copySign(half, step) : step);
    x = x < 0 ? -x : x;
    x = x > 1 ? 2 - x : x;
    return Math.clamp(x, 0, 1);
  }
}
