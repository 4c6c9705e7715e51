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

/// Suggests where a random forest expects the largest improvement, as SMAC does (Hutter et al.
/// 2011): the trees' mean is the expected loss, their spread the uncertainty. Candidates are random
/// points and what is reached from the best trials by changing one parameter at a time. Copes with
/// many categories, conditions and noise.
///
/// @param startup trials at the start, evenly over the space
/// @param trees of the forest
/// @param randomShare share of suggestions that are drawn by chance, so that no corner stays unseen
/// @param start what suggests the trials at the start
public record ForestSampler(int startup, int trees, double randomShare, SobolSampler start)
    implements Sampler {
  private static final int CANDIDATES = 300;
  private static final int CLIMBED = 5;
  private static final int STEPS = 60;

  /// Checks the numbers.
  public ForestSampler {
    if (startup < 2 || trees < 2 || !(randomShare >= 0 && randomShare <= 1)) {
      throw new IllegalArgumentException(
          "startup=%d, trees=%d, random_fraction=%s; must be 2 or more, 2 or more, 0..1"
              .formatted(startup, trees, randomShare));
    }
  }

  /// {@return the sampler with the defaults}
  ///
  /// @param seed of the trials at the start
  public static ForestSampler of(long seed) {
    return new ForestSampler(10, 20, .08, new SobolSampler(seed));
  }

  private record Candidate(double[] point, double gain) {}

  @Override
  public Optional<Suggestion> suggest(History given, RandomGenerator random) {
    History history = given.ordered();
    Space space = history.space();
    List<Observation> ranked = history.ranked();
    if (history.measured().size() < startup) {
      return start.suggest(history, random);
    }
    if (random.nextDouble() < randomShare) {
      return Suggestion.unseen(history, space.random(random), random);
    }
    double[][] points = ranked.stream().map(Observation::point).toArray(double[][]::new);
    double[] losses = losses(history, ranked);
    RegressionForest forest =
        RegressionForest.grow(space.dimensions(), points, losses, trees, random);
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < points.length; i++) {
      least = Math.min(least, forest.meanAndDeviation(points[i])[0]);
    }
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < CANDIDATES; i++) {
      double[] point = space.random(random);
      all.add(new Candidate(point, gain(forest, point, least)));
    }
    all.sort(Comparator.comparingDouble(c -> -c.gain()));
    List<double[]> starts = new ArrayList<>();
    for (int i = 0; i < CLIMBED; i++) {
      starts.add(all.get(i).point());
      starts.add(points[Math.min(i, points.length - 1)]);
    }
    for (double[] from : starts) {
      climb(space, forest, from, least, all, random);
    }
    all.sort(Comparator.comparingDouble(c -> -c.gain()));
    double[] found =
        all.stream()
            .map(Candidate::point)
            .filter(point -> !history.seen(space.at(point)))
            .findFirst()
            .orElse(all.getFirst().point());
    return Suggestion.unseen(history, found, random);
  }

  private static void climb(
      Space space,
      RegressionForest forest,
      double[] from,
      double least,
      List<Candidate> all,
      RandomGenerator random) {
    Candidate here = new Candidate(from, gain(forest, from, least));
    List<Dimension> active = space.dimensions().stream().filter(d -> d.active(from)).toList();
    for (int step = 0; step < STEPS; step++) {
      Dimension dimension = active.get(random.nextInt(active.size()));
      double[] next = here.point().clone();
      if (Double.isNaN(next[dimension.index()])) {
        continue;
      }
      next[dimension.index()] =
          EvolutionSampler.moved(dimension, next[dimension.index()], .2, random);
      next = space.repaired(next, random);
      Candidate there = new Candidate(next, gain(forest, next, least));
      all.add(there);
      here = there.gain() > here.gain() ? there : here;
    }
  }

  private static double gain(RegressionForest forest, double[] point, double least) {
    double[] at = forest.meanAndDeviation(point);
    return GaussianProcess.improvement(at[0], at[1], least);
  }

  /// Returns the logarithm of how far losses lie above the best one; what failed or broke a
  /// constraint is as bad as the worst.
  private static double[] losses(History history, List<Observation> ranked) {
    List<double[]> carried = Prospects.losses(history, ranked);
    double[] losses = new double[ranked.size()];
    double worst = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < losses.length; i++) {
      Observation.Kind kind = ranked.get(i).kind();
      boolean counts = kind == Observation.Kind.COMPLETED || kind == Observation.Kind.PRUNED;
      losses[i] = counts ? carried.get(i)[0] : Double.NaN;
      worst = Double.isNaN(losses[i]) ? worst : Math.max(worst, losses[i]);
    }
    for (int i = 0; i < losses.length; i++) {
      losses[i] = Double.isNaN(losses[i]) ? (Double.isFinite(worst) ? worst : 0) : losses[i];
    }
    GpSampler.spread(losses);
    return losses;
  }
}
