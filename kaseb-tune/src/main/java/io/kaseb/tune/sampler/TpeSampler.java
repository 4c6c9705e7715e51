package io.kaseb.tune.sampler;

import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Tree-structured Parzen estimator (Bergstra et al. 2011): splits trials into a few good ones and
/// the others, estimates both densities l and g, draws candidates from l and suggests the one with
/// the largest l / g. Parameters that exist only under an option are estimated from the trials that
/// have them.
public final class TpeSampler implements Sampler {
  /// What a running trial is taken for where it gets a loss at all.
  public enum Liar {
    /// Ignored.
    NONE,
    /// As good as the best, NNI's default.
    BEST,
    /// As bad as the worst; in Optuna's modes: among the others.
    WORST,
    /// As good as the mean.
    MEAN
  }

  /// The settings.
  ///
  /// @param mode whose rules
  /// @param startup random trials at the start
  /// @param candidates draws from l for each suggestion
  /// @param multivariate whether all parameters of a level are drawn and judged together
  /// @param liar how running trials count
  /// @param lossOrder whether weights fall by loss instead of age
  /// @param forgetting how many observations have full weight
  public record Config(
      TpeMode mode,
      int startup,
      int candidates,
      boolean multivariate,
      Liar liar,
      boolean lossOrder,
      int forgetting) {
    /// Checks the numbers.
    public Config {
      if (startup < 0 || candidates < 1 || forgetting < 1) {
        throw new IllegalArgumentException(
            "startup=%d, candidates=%d, forgetting=%d; must be 0 or more, 1 or more, 1 or more"
                .formatted(startup, candidates, forgetting));
      }
      if (multivariate && mode == TpeMode.NNI) {
        throw new IllegalArgumentException(
            "multivariate=true in mode nni; it judges every parameter by itself, take optuna5");
      }
    }

    /// {@return the defaults of a mode}
    ///
    /// @param mode how several parameters act together
    public static Config of(TpeMode mode) {
      return switch (mode) {
        case NNI -> new Config(mode, 20, 24, false, Liar.BEST, true, 25);
        case OPTUNA4 -> new Config(mode, 10, 24, false, Liar.NONE, false, 25);
        case OPTUNA5 -> new Config(mode, 10, 24, true, Liar.WORST, false, 25);
      };
    }
  }

  private final Config config;

  /// Creates the sampler.
  ///
  /// @param config of the densities, candidates and first random trials
  public TpeSampler(Config config) {
    this.config = config;
  }

  /// Returns how many of `n` observations count as good.
  static int good(TpeMode mode, int n) {
    double wanted = mode == TpeMode.NNI ? Math.ceil(.25 * Math.sqrt(n)) : Math.ceil(.1 * n);
    return (int) Math.min(wanted, 25);
  }

  /// Returns the weights of `n` observations: full for the last `full`, the others rising to it
  /// from 1 / n.
  static double[] ramp(int n, int full) {
    double[] weights = new double[n];
    int rising = Math.max(0, n - full);
    for (int i = 0; i < n; i++) {
      double rise = rising == 1 ? 0 : (double) i / (rising - 1);
      weights[i] = i < rising ? 1. / n + rise * (1 - 1. / n) : 1;
    }
    return weights;
  }

  @Override
  public Optional<Suggestion> suggest(History history, RandomGenerator random) {
    Space space = history.space();
    int measured = history.measured().size();
    if (measured < Math.max(1, config.startup)) {
      return Suggestion.unseen(history, space.random(random), random);
    }
    List<Observation> ordered = withRunning(history);
    int good = good(config.mode, measured);
    List<Observation> below = ordered.subList(0, good);
    List<Observation> above = ordered.subList(good, ordered.size());
    double[] point = new double[space.dimensions().size()];
    Arrays.fill(point, Double.NaN);
    for (List<Dimension> group : groups(space)) {
      if (group.getFirst().active(point)) {
        draw(group, below, above, point, random);
      }
    }
    return Suggestion.unseen(history, point, random);
  }

  /// Returns what is known, best first, running trials where the liar puts them.
  private List<Observation> withRunning(History history) {
    List<Observation> ordered = new ArrayList<>(history.ranked());
    List<Observation> running = history.running();
    if (running.isEmpty() || config.liar == Liar.NONE) {
      return ordered;
    }
    int measured = history.measured().size();
    int place =
        switch (config.liar) {
          case BEST -> 1;
          case MEAN -> placeOfMean(history.measured());
          default -> measured;
        };
    ordered.addAll(place, running);
    return ordered;
  }

  private static int placeOfMean(List<Observation> measured) {
    double mean = measured.stream().mapToDouble(Observation::loss).average().orElse(0);
    return (int) measured.stream().filter(o -> o.loss() <= mean).count();
  }

  /// Returns the dimensions that are drawn together: all that exist under the same option, or each
  /// by itself.
  private List<List<Dimension>> groups(Space space) {
    if (!config.multivariate) {
      return space.dimensions().stream().map(List::of).toList();
    }
    Map<List<Integer>, List<Dimension>> groups = new LinkedHashMap<>();
    for (Dimension d : space.dimensions()) {
      groups.computeIfAbsent(List.of(d.parent(), d.option()), k -> new ArrayList<>()).add(d);
    }
    // A group may be complete only after groups inside it began: parents must come first.
    return groups.values().stream()
        .sorted(Comparator.comparingInt(group -> depth(space, group.getFirst())))
        .toList();
  }

  private static int depth(Space space, Dimension dimension) {
    int depth = 0;
    for (int at = dimension.parent(); at >= 0; at = space.dimensions().get(at).parent()) {
      depth++;
    }
    return depth;
  }

  private void draw(
      List<Dimension> group,
      List<Observation> below,
      List<Observation> above,
      double[] point,
      RandomGenerator random) {
    Parzen l = estimate(group, below);
    Parzen g = estimate(group, above);
    double[] best = point;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < config.candidates; i++) {
      double[] candidate = point.clone();
      l.sample(random, candidate);
      double gain = l.logDensity(candidate) - g.logDensity(candidate);
      if (gain > most) {
        most = gain;
        best = candidate;
      }
    }
    System.arraycopy(best, 0, point, 0, point.length);
  }

  private Parzen estimate(List<Dimension> group, List<Observation> observations) {
    int first = group.getFirst().index();
    Stream<Observation> present =
        observations.stream().filter(o -> !Double.isNaN(o.point()[first]));
    if (!config.lossOrder) {
      present = present.sorted(Comparator.comparingInt(o -> o.trial().id()));
    }
    List<double[]> points = present.map(Observation::point).toList();
    boolean jointWidths = config.multivariate && config.mode == TpeMode.OPTUNA4;
    return new Parzen(
        config.mode, jointWidths, group, points, ramp(points.size(), config.forgetting));
  }
}
