package io.kaseb.tune.sampler;

import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Suggests where a Gaussian process expects the largest improvement (Jones et al. 1998). Running
/// trials count as if they had given what the process expects there. Several goals are weighed by a
/// random Chebyshev sum for each suggestion (ParEGO, Knowles 2006). Costs some 10 ms a suggestion:
/// for objectives that take seconds.
///
/// @param startup random trials at the start
/// @param candidates random points that are judged before the best are refined
/// @param most observations that enter the process: the best half of this and the youngest
public record GpSampler(int startup, int candidates, int most) implements Sampler {
  /// The defaults.
  public static final GpSampler DEFAULT = new GpSampler(10, 300, 120);

  private static final int REFINED = 4;
  private static final int REFINEMENTS = 40;

  /// Checks the numbers.
  public GpSampler {
    if (startup < 2 || candidates < 1 || most < 10) {
      throw new IllegalArgumentException(
          "startup=%d, candidates=%d, most=%d; must be 2, 1 and 10 or more"
              .formatted(startup, candidates, most));
    }
  }

  private record Candidate(double[] point, double gain) {}

  @Override
  public Optional<Suggestion> suggest(History history, RandomGenerator random) {
    Space space = history.space();
    List<Observation> measured = history.measured();
    if (measured.size() < startup) {
      return Suggestion.unseen(history, space.random(random), random);
    }
    List<Observation> used = used(history.ranked());
    double[] losses = losses(used, weights(history.goals().size(), random));
    standardise(losses);
    List<double[]> points = new ArrayList<>(used.stream().map(Observation::point).toList());
    int evaluations = 25 + 5 * space.dimensions().size();
    GaussianProcess process = GaussianProcess.fit(space.dimensions(), points, losses, evaluations);
    List<Observation> running = history.running();
    if (!running.isEmpty()) {
      double[] more = Arrays.copyOf(losses, losses.length + running.size());
      for (int i = 0; i < running.size(); i++) {
        points.add(running.get(i).point());
        more[losses.length + i] = process.mean(running.get(i).point());
      }
      process = process.with(points, more);
    }
    double[] best = points.get(indexOfLeast(losses));
    double[] found = search(space, process, best, Arrays.stream(losses).min().orElse(0), random);
    return Suggestion.unseen(history, found, random);
  }

  private List<Observation> used(List<Observation> ranked) {
    if (ranked.size() <= most) {
      return ranked;
    }
    List<Observation> used = new ArrayList<>(ranked.subList(0, most / 2));
    ranked.subList(most / 2, ranked.size()).stream()
        .sorted(Comparator.comparingInt(o -> -o.trial().id()))
        .limit(most - most / 2)
        .forEach(used::add);
    return used;
  }

  private static double[] weights(int goals, RandomGenerator random) {
    double[] weights = new double[goals];
    for (int i = 0; i < goals; i++) {
      weights[i] = goals == 1 ? 1 : -Math.log(1 - random.nextDouble());
    }
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(w -> w / sum).toArray();
  }

  /// One loss for each observation; those that failed or broke a constraint are as bad as the
  /// worst.
  private static double[] losses(List<Observation> used, double[] weights) {
    double[] losses = new double[used.size()];
    double[] low = new double[weights.length];
    double[] high = new double[weights.length];
    Arrays.fill(low, Double.POSITIVE_INFINITY);
    Arrays.fill(high, Double.NEGATIVE_INFINITY);
    for (Observation o : used) {
      for (int g = 0; g < weights.length && o.kind() != Observation.Kind.FAILED; g++) {
        low[g] = Math.min(low[g], o.losses()[g]);
        high[g] = Math.max(high[g], o.losses()[g]);
      }
    }
    double worst = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < losses.length; i++) {
      Observation o = used.get(i);
      if (counts(o)) {
        losses[i] = weights.length == 1 ? o.loss() : chebyshev(o.losses(), weights, low, high);
        worst = Math.max(worst, losses[i]);
      }
    }
    for (int i = 0; i < losses.length; i++) {
      losses[i] = counts(used.get(i)) ? losses[i] : worst;
    }
    return losses;
  }

  private static boolean counts(Observation o) {
    return o.kind() == Observation.Kind.COMPLETED || o.kind() == Observation.Kind.PRUNED;
  }

  private static double chebyshev(double[] loss, double[] weights, double[] low, double[] high) {
    double most = 0;
    double sum = 0;
    for (int g = 0; g < loss.length; g++) {
      double range = high[g] > low[g] ? high[g] - low[g] : 1;
      double weighed = weights[g] * (loss[g] - low[g]) / range;
      most = Math.max(most, weighed);
      sum += weighed;
    }
    return most + .05 * sum;
  }

  /// Brings losses to mean 0 and deviation 1; what lies far above the median is pulled in, as its
  /// exact height says nothing about where the minimum is.
  private static void standardise(double[] losses) {
    double[] sorted = losses.clone();
    Arrays.sort(sorted);
    double median = sorted[sorted.length / 2];
    double cap = median + 2 * (median - sorted[0]);
    double mean = 0;
    for (int i = 0; i < losses.length; i++) {
      losses[i] = Math.min(losses[i], cap);
      if (!Double.isFinite(losses[i])) {
        losses[i] = cap;
      }
      mean += losses[i] / losses.length;
    }
    double square = 0;
    for (double loss : losses) {
      square += (loss - mean) * (loss - mean) / losses.length;
    }
    double deviation = square > 0 ? Math.sqrt(square) : 1;
    for (int i = 0; i < losses.length; i++) {
      losses[i] = (losses[i] - mean) / deviation;
    }
  }

  private static int indexOfLeast(double[] values) {
    int least = 0;
    for (int i = 1; i < values.length; i++) {
      least = values[i] < values[least] ? i : least;
    }
    return least;
  }

  /// Judges random points and points around the best trial, then climbs from the best of them.
  private double[] search(
      Space space, GaussianProcess process, double[] best, double least, RandomGenerator random) {
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < candidates; i++) {
      double[] point =
          i % 3 == 0 ? step(space, best, Math.pow(10, -3 * random.nextDouble()), random) : null;
      double[] judged = point == null ? space.random(random) : point;
      all.add(new Candidate(judged, process.expectedImprovement(judged, least)));
    }
    all.sort(Comparator.comparingDouble(c -> -c.gain()));
    Candidate winner = all.getFirst();
    for (Candidate start : all.subList(0, Math.min(REFINED, all.size()))) {
      Candidate here = start;
      double reach = .1;
      for (int i = 0; i < REFINEMENTS; i++) {
        double[] next = step(space, here.point(), reach, random);
        double gain = process.expectedImprovement(next, least);
        if (gain > here.gain()) {
          here = new Candidate(next, gain);
          reach = Math.min(.3, reach * 1.5);
        } else {
          reach = Math.max(1e-4, reach * .85);
        }
      }
      winner = here.gain() > winner.gain() ? here : winner;
    }
    return winner.point();
  }

  private static double[] step(Space space, double[] from, double reach, RandomGenerator random) {
    double[] point = from.clone();
    double chance = Math.max(.4, 1. / point.length);
    for (Dimension dimension : space.dimensions()) {
      int i = dimension.index();
      boolean rarely = dimension.options() > 0 && random.nextDouble() > .3;
      if (!Double.isNaN(point[i]) && !rarely && random.nextDouble() < chance) {
        point[i] = EvolutionSampler.moved(dimension, point[i], reach, random);
      }
    }
    return space.repaired(point, random);
  }
}
