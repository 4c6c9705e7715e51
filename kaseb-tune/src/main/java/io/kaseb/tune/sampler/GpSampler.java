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
import org.jspecify.annotations.Nullable;

/// Suggests where a Gaussian process expects the largest improvement (Jones et al. 1998). Running
/// trials count as if they had given what the process expects there. Several goals are weighed by a
/// random Chebyshev sum for each suggestion (ParEGO, Knowles 2006). Where trials broke a
/// constraint, the improvement is weighed by the probability that it is kept (Gardner et al. 2014).
/// Choices among numbers are seen in their order, others by whether they are the same. Costs some
/// 10 ms a suggestion: for objectives that take seconds.
///
/// @param startup trials at the start, evenly over the space
/// @param candidates random points that are judged before the best are refined
/// @param most observations that enter the process: the best half of this and the youngest
/// @param start what suggests the trials at the start
/// @param localFrom the trial from which on one parameter of the best trial is changed at a time;
///   [#NEVER] for none
public record GpSampler(int startup, int candidates, int most, SobolSampler start, int localFrom)
    implements Sampler {
  /// No trial is the first of a local search.
  public static final int NEVER = Integer.MAX_VALUE;

  private static final int REFINED = 4;
  private static final int REFINEMENTS = 40;
  private static final int MOVES = 12;

  /// Where the logarithm of losses begins, of the distance between the best and the median.
  private static final double NEAR = .1;

  /// Checks the numbers.
  public GpSampler {
    if (startup < 2 || candidates < 1 || most < 10) {
      throw new IllegalArgumentException(
          "startup=%d, candidates=%d, most=%d; must be 2, 1 and 10 or more"
              .formatted(startup, candidates, most));
    }
  }

  /// {@return the sampler with the defaults}
  ///
  /// @param seed of the trials at the start
  public static GpSampler of(long seed) {
    return new GpSampler(10, 300, 120, new SobolSampler(seed), NEVER);
  }

  private record Candidate(double[] point, double gain) {}

  /// What a point is judged by.
  ///
  /// @param losses of the goals
  /// @param violations 1 where a constraint was broken, else 0; null where none was
  /// @param best the point that is expected to be the best of those tried
  /// @param least its expected loss
  /// @param prices what time costs; null where it does not count
  private record Belief(
      GaussianProcess losses,
      @Nullable GaussianProcess violations,
      double[] best,
      double least,
      @Nullable StepPrices prices) {
    double gain(double[] point) {
      double improvement = losses.expectedImprovement(point, least);
      double kept = violations == null ? improvement : improvement * violations.below(point, .5);
      return prices == null ? kept : kept / prices.of(point);
    }
  }

  @Override
  public Optional<Suggestion> suggest(History history, RandomGenerator random) {
    return suggest(history, random, 0);
  }

  /// Does the same where time is short: the improvement is divided by the seconds of a step that a
  /// second process expects there (expected improvement per second, Snoek et al. 2012).
  ///
  /// @param thrift the power of the seconds: 1 for a gain per second, 0 where time does not count
  Optional<Suggestion> suggest(History given, RandomGenerator random, double thrift) {
    History history = given.ordered();
    if (history.measured().size() < startup) {
      return start.suggest(history, random);
    }
    Belief belief = belief(history, random, thrift);
    List<Candidate> judged =
        history.trials().size() >= localFrom
            ? moves(history.space(), belief, random)
            : search(history.space(), belief, random);
    judged.sort(Comparator.comparingDouble(c -> -c.gain()));
    double[] found =
        judged.stream()
            .map(Candidate::point)
            .filter(point -> !history.seen(history.space().at(point)))
            .findFirst()
            .orElse(belief.best());
    return Suggestion.unseen(history, found, random);
  }

  /// Returns what the best point that was not tried is expected to gain, as a share of the standard
  /// deviation of results of equal parameters.
  double left(History given, RandomGenerator random) {
    History history = given.ordered();
    Belief belief = belief(history, random, 0);
    double most =
        search(history.space(), belief, random).stream()
            .filter(c -> !history.seen(history.space().at(c.point())))
            .mapToDouble(Candidate::gain)
            .max()
            .orElse(0);
    return most / belief.losses().noiseDeviation();
  }

  private Belief belief(History history, RandomGenerator random, double thrift) {
    Space space = history.space();
    List<Observation> used = used(history.ranked());
    double[] losses = losses(history, used, weights(history.goals().size(), random));
    spread(losses);
    standardise(losses);
    List<double[]> points = new ArrayList<>(used.stream().map(Observation::point).toList());
    int evaluations = 25 + 5 * space.dimensions().size();
    GaussianProcess process = GaussianProcess.fit(space.dimensions(), points, losses, evaluations);
    // Results may be noisy: the best is what the process takes for it, not the luckiest one.
    double least = Double.POSITIVE_INFINITY;
    double[] best = points.getFirst();
    for (int i = 0; i < losses.length; i++) {
      double mean = process.mean(points.get(i));
      if (mean < least && counts(used.get(i))) {
        least = mean;
        best = points.get(i);
      }
    }
    GaussianProcess violations = violations(space, used, points, evaluations);
    List<Observation> running = history.running();
    if (!running.isEmpty()) {
      double[] more = Arrays.copyOf(losses, losses.length + running.size());
      for (int i = 0; i < running.size(); i++) {
        points.add(running.get(i).point());
        more[losses.length + i] = process.mean(running.get(i).point());
      }
      process = process.with(points, more);
    }
    StepPrices prices =
        thrift == 0 ? null : StepPrices.fit(space.dimensions(), used, evaluations, thrift);
    return new Belief(process, violations, best, least, prices);
  }

  private static @Nullable GaussianProcess violations(
      Space space, List<Observation> used, List<double[]> points, int evaluations) {
    double[] broken = new double[used.size()];
    for (int i = 0; i < broken.length; i++) {
      broken[i] = used.get(i).kind() == Observation.Kind.INFEASIBLE ? 1 : 0;
    }
    return Arrays.stream(broken).sum() == 0
        ? null
        : GaussianProcess.fit(space.dimensions(), List.copyOf(points), broken, evaluations);
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
  private static double[] losses(History history, List<Observation> used, double[] weights) {
    List<double[]> all = Prospects.losses(history, used);
    double[] losses = new double[used.size()];
    double[] low = new double[weights.length];
    double[] high = new double[weights.length];
    Arrays.fill(low, Double.POSITIVE_INFINITY);
    Arrays.fill(high, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < losses.length; i++) {
      boolean failed = used.get(i).kind() == Observation.Kind.FAILED;
      for (int g = 0; g < weights.length && !failed; g++) {
        low[g] = Math.min(low[g], all.get(i)[g]);
        high[g] = Math.max(high[g], all.get(i)[g]);
      }
    }
    double worst = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < losses.length; i++) {
      if (counts(used.get(i))) {
        double[] own = all.get(i);
        losses[i] = weights.length == 1 ? own[0] : chebyshev(own, weights, low, high);
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

  /// Takes the logarithm of how far losses lie above the best one: what tells near the minimum is
  /// told apart, what lies far from it is not.
  static void spread(double[] losses) {
    double[] sorted = losses.clone();
    Arrays.sort(sorted);
    double reach = sorted[sorted.length / 2] - sorted[0];
    for (int i = 0; i < losses.length && reach > 0 && Double.isFinite(reach); i++) {
      losses[i] = Math.log((losses[i] - sorted[0]) / reach + NEAR);
    }
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

  /// Judges random points and points around the best trial, then climbs from the best of them.
  private List<Candidate> search(Space space, Belief belief, RandomGenerator random) {
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < candidates; i++) {
      double[] near =
          i % 3 == 0
              ? step(space, belief.best(), Math.pow(10, -3 * random.nextDouble()), random)
              : null;
      double[] judged = near == null ? space.random(random) : near;
      all.add(new Candidate(judged, belief.gain(judged)));
    }
    all.sort(Comparator.comparingDouble(c -> -c.gain()));
    List<Candidate> starts = new ArrayList<>(all.subList(0, Math.min(REFINED, all.size())));
    starts.add(new Candidate(belief.best(), belief.gain(belief.best())));
    for (Candidate start : starts) {
      Candidate here = start;
      double reach = .1;
      for (int i = 0; i < REFINEMENTS; i++) {
        double[] next = step(space, here.point(), reach, random);
        Candidate there = new Candidate(next, belief.gain(next));
        all.add(there);
        if (there.gain() > here.gain()) {
          here = there;
          reach = Math.min(.3, reach * 1.5);
        } else {
          reach = Math.max(1e-4, reach * .85);
        }
      }
    }
    return all;
  }

  /// Judges the changes of one parameter of the best trial.
  private static List<Candidate> moves(Space space, Belief belief, RandomGenerator random) {
    List<Candidate> all = new ArrayList<>();
    for (Dimension dimension : space.dimensions()) {
      int i = dimension.index();
      if (!dimension.active(belief.best())) {
        continue;
      }
      long size = dimension.domain().size();
      for (int m = 0; m < Math.min(size, MOVES); m++) {
        double[] point = belief.best().clone();
        double at =
            size <= MOVES
                ? dimension.domain().coordinateAt(m)
                : EvolutionSampler.moved(
                    dimension, point[i], Math.pow(10, -2 * random.nextDouble()) / 2, random);
        point[i] = at;
        point = space.repaired(point, random);
        all.add(new Candidate(point, belief.gain(point)));
      }
    }
    return all;
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
