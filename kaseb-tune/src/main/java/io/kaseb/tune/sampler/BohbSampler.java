package io.kaseb.tune.sampler;

import io.kaseb.tune.space.Space;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Observation;
import io.kaseb.tune.trial.Ranking;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// The model of BOHB (Falkner et al. 2018): kernel densities of the good and the other trials on
/// the largest budget that has enough of them. Meant to run with
/// [io.kaseb.tune.pruner.HyperbandPruner].
///
/// @param top share of the trials that are good
/// @param samples candidates for each suggestion
/// @param randomShare share of suggestions that are random
/// @param widthFactor how much wider candidates are drawn than the density is
/// @param leastWidth smallest kernel width
public record BohbSampler(
    double top, int samples, double randomShare, double widthFactor, double leastWidth)
    implements Sampler {
  /// BOHB's own defaults.
  public static final BohbSampler DEFAULT = new BohbSampler(.15, 64, 1. / 3, 3, 1e-3);

  /// Checks the numbers.
  public BohbSampler {
    boolean shares = top > 0 && top < 1 && randomShare >= 0 && randomShare <= 1;
    if (!shares || samples < 1 || !(widthFactor > 0) || !(leastWidth > 0)) {
      throw new IllegalArgumentException(
          "top=%s, samples=%d, random_share=%s, width_factor=%s, least_width=%s; must be 0..1, 1 or more, 0..1, above 0, above 0"
              .formatted(top, samples, randomShare, widthFactor, leastWidth));
    }
  }

  /// Returns how many of `n` trials are good in a space of `d` dimensions.
  int good(int n, int d) {
    return Math.max(d + 1, (int) (top * n));
  }

  @Override
  public Optional<Suggestion> suggest(History history, RandomGenerator random) {
    Space space = history.space();
    List<double[]> ordered = largestBudget(history);
    int d = space.dimensions().size();
    if (ordered.isEmpty() || random.nextDouble() < randomShare) {
      return Suggestion.unseen(history, space.random(random), random);
    }
    int good = good(ordered.size(), d);
    Kde l = new Kde(space.dimensions(), ordered.subList(0, good), leastWidth);
    int rest = Math.max(good, ordered.size() - Math.max(d + 1, ordered.size() - good));
    Kde g = new Kde(space.dimensions(), ordered.subList(rest, ordered.size()), leastWidth);
    double[] best = space.random(random);
    double most = -1;
    for (int i = 0; i < samples; i++) {
      double[] candidate = l.sample(space, widthFactor, random);
      double gain = Math.max(l.density(candidate), 1e-32) / Math.max(g.density(candidate), 1e-32);
      if (gain > most) {
        most = gain;
        best = candidate;
      }
    }
    return Suggestion.unseen(history, best, random);
  }

  /// Returns the points, best first, of the largest step at which at least d + 3 trials reported;
  /// empty where there is none.
  private static List<double[]> largestBudget(History history) {
    int needed = history.space().dimensions().size() + 3;
    TreeSet<Integer> steps = new TreeSet<>();
    List<Observation> measured = history.measured();
    measured.forEach(o -> steps.add(stepOf(o, history)));
    for (int step : steps.descendingSet()) {
      List<double[]> points = new ArrayList<>();
      List<double[]> losses = new ArrayList<>();
      for (Observation o : measured) {
        Measurement report = o.trial().at(step);
        if (report != null) {
          points.add(o.point());
          losses.add(history.losses(report.values()));
        } else if (stepOf(o, history) == step) {
          points.add(o.point());
          losses.add(o.losses());
        }
      }
      if (points.size() >= needed) {
        return Ranking.byLosses(points, losses);
      }
    }
    return List.of();
  }

  private static int stepOf(Observation o, History history) {
    return o.step() > 0 ? o.step() : history.budget();
  }
}
