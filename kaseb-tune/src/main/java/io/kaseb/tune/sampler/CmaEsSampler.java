package io.kaseb.tune.sampler;

import io.kaseb.tune.math.SymmetricMatrix;
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

/// CMA-ES (Hansen 2016): draws numbers from a normal distribution whose mean, covariance and step
/// follow the best half of each generation. Options of choices are drawn by shares that move
/// towards the best half's as well. The distribution is made again from all trials for each
/// suggestion, so that nothing but trials is stored. For numbers and hundreds of trials.
///
/// @param population trials of a generation; 0 for 4 + 3 ln(dimensions)
/// @param sigma first standard deviation of each number, of the range's 1
/// @param start what suggests the first generation
public record CmaEsSampler(int population, double sigma, SobolSampler start) implements Sampler {
  private static final double SHARE_RATE = .3;
  private static final double LEAST_SHARE = .05;

  /// Checks the numbers.
  public CmaEsSampler {
    if (population < 0 || population == 1 || !(sigma > 0 && sigma <= 1)) {
      throw new IllegalArgumentException(
          "population_size=%d, sigma0=%s; must be 0 or 2 and more, above 0 and at most 1"
              .formatted(population, sigma));
    }
  }

  @Override
  public Optional<Suggestion> suggest(History given, RandomGenerator random) {
    History history = given.ordered();
    Space space = history.space();
    List<Observation> measured = new ArrayList<>(history.measured());
    Distribution distribution = new Distribution(space);
    int size = population > 0 ? population : 4 + (int) (3 * Math.log(Math.max(1, distribution.n)));
    if (measured.size() < size) {
      return start.suggest(history, random);
    }
    // The order of losses is the generation's; generations go by the trials' numbers.
    List<Observation> inOrder = new ArrayList<>(measured);
    inOrder.sort(Comparator.comparingInt(o -> o.trial().id()));
    int[] places = new int[inOrder.getLast().trial().id() + 1];
    for (int place = 0; place < measured.size(); place++) {
      places[measured.get(place).trial().id()] = place;
    }
    for (int from = 0; from + size <= inOrder.size(); from += size) {
      List<Observation> generation = new ArrayList<>(inOrder.subList(from, from + size));
      generation.sort(Comparator.comparingInt(o -> places[o.trial().id()]));
      distribution.learn(generation.stream().map(Observation::point).toList(), from == 0);
    }
    return Suggestion.unseen(history, distribution.draw(random), random);
  }

  /// The distribution that the next generation is drawn from.
  private final class Distribution {
    private final Space space;
    private final int[] numbers;
    private final int n;
    private final double[] mean;
    private double step = sigma;
    private SymmetricMatrix covariance;
    private final double[] pathStep;
    private final double[] pathCovariance;
    private final double[][] shares;
    private int generations;

    Distribution(Space space) {
      this.space = space;
      this.numbers =
          space.dimensions().stream()
              .filter(d -> d.options() == 0)
              .mapToInt(Dimension::index)
              .toArray();
      this.n = numbers.length;
      this.mean = new double[n];
      Arrays.fill(mean, .5);
      this.covariance = SymmetricMatrix.identity(n);
      this.pathStep = new double[n];
      this.pathCovariance = new double[n];
      this.shares = new double[space.dimensions().size()][];
      for (Dimension dimension : space.dimensions()) {
        int options = dimension.options();
        shares[dimension.index()] = new double[options];
        Arrays.fill(shares[dimension.index()], options == 0 ? 0 : 1.0 / options);
      }
    }

    /// Moves the distribution towards the best half of a generation.
    ///
    /// @param ranked the generation's points, best first
    /// @param isFirst whether it was drawn evenly, so that it says nothing about the step
    void learn(List<double[]> ranked, boolean isFirst) {
      int best = ranked.size() / 2;
      double[] weights = new double[best];
      for (int i = 0; i < best; i++) {
        weights[i] = Math.log(best + .5) - Math.log(i + 1);
      }
      double sum = Arrays.stream(weights).sum();
      double squares = 0;
      for (int i = 0; i < best; i++) {
        weights[i] /= sum;
        squares += weights[i] * weights[i];
      }
      learnShares(ranked, weights);
      if (n > 0) {
        learnNumbers(ranked, weights, 1 / squares, isFirst);
      }
      generations++;
    }

    private void learnShares(List<double[]> ranked, double[] weights) {
      for (Dimension dimension : space.dimensions()) {
        double[] own = shares[dimension.index()];
        double[] seen = new double[own.length];
        double all = 0;
        for (int i = 0; i < weights.length && own.length > 0; i++) {
          double at = ranked.get(i)[dimension.index()];
          if (!Double.isNaN(at)) {
            seen[(int) at] += weights[i];
            all += weights[i];
          }
        }
        for (int o = 0; o < own.length && all > 0; o++) {
          double moved = (1 - SHARE_RATE) * own[o] + SHARE_RATE * seen[o] / all;
          own[o] = Math.max(moved, LEAST_SHARE / own.length);
        }
      }
    }

    private void learnNumbers(
        List<double[]> ranked, double[] weights, double effective, boolean isFirst) {
      double rateStep = (effective + 2) / (n + effective + 5);
      double damping = 1 + 2 * Math.max(0, Math.sqrt((effective - 1) / (n + 1)) - 1) + rateStep;
      double ratePath = (4 + effective / n) / (n + 4 + 2 * effective / n);
      double rateOne = 2 / ((n + 1.3) * (n + 1.3) + effective);
      double rateMany =
          Math.min(
              1 - rateOne, 2 * (effective - 2 + 1 / effective) / ((n + 2.0) * (n + 2) + effective));
      double expected = Math.sqrt(n) * (1 - 1.0 / (4 * n) + 1.0 / (21.0 * n * n));
      double[][] moves = new double[weights.length][n];
      double[] shift = new double[n];
      for (int i = 0; i < weights.length; i++) {
        for (int j = 0; j < n; j++) {
          double at = ranked.get(i)[numbers[j]];
          // A number that the trial did not have says nothing.
          moves[i][j] = Double.isNaN(at) ? 0 : (at - mean[j]) / step;
          shift[j] += weights[i] * moves[i][j];
        }
      }
      for (int j = 0; j < n; j++) {
        mean[j] += step * shift[j];
      }
      if (isFirst) {
        return;
      }
      double[] white = covariance.inverseRootTimes(shift);
      double length = 0;
      for (int j = 0; j < n; j++) {
        pathStep[j] =
            (1 - rateStep) * pathStep[j]
                + Math.sqrt(rateStep * (2 - rateStep) * effective) * white[j];
        length += pathStep[j] * pathStep[j];
      }
      length = Math.sqrt(length);
      double settled = Math.sqrt(1 - Math.pow(1 - rateStep, 2.0 * (generations + 1)));
      boolean isSteady = length / settled < (1.4 + 2.0 / (n + 1)) * expected;
      for (int j = 0; j < n; j++) {
        pathCovariance[j] =
            (1 - ratePath) * pathCovariance[j]
                + (isSteady ? Math.sqrt(ratePath * (2 - ratePath) * effective) * shift[j] : 0);
      }
      double kept = 1 - rateOne - rateMany + (isSteady ? 0 : rateOne * ratePath * (2 - ratePath));
      double[][] next = new double[n][n];
      for (int a = 0; a < n; a++) {
        for (int b = 0; b < n; b++) {
          double many = 0;
          for (int i = 0; i < weights.length; i++) {
            many += weights[i] * moves[i][a] * moves[i][b];
          }
          next[a][b] =
              kept * covariance.at(a, b)
                  + rateOne * pathCovariance[a] * pathCovariance[b]
                  + rateMany * many;
        }
      }
      covariance = SymmetricMatrix.of(next);
      step = Math.clamp(step * Math.exp(rateStep / damping * (length / expected - 1)), 1e-6, 1);
    }

    double[] draw(RandomGenerator random) {
      double[] normal = new double[n];
      for (int j = 0; j < n; j++) {
        normal[j] = random.nextGaussian();
      }
      double[] move = covariance.rootTimes(normal);
      double[] point = new double[space.dimensions().size()];
      int j = 0;
      for (Dimension dimension : space.dimensions()) {
        int i = dimension.index();
        boolean isNumber = dimension.options() == 0;
        double number = isNumber ? reflected(mean[j] + step * move[j]) : 0;
        j += isNumber ? 1 : 0;
        point[i] =
            !dimension.active(point) ? Double.NaN : isNumber ? number : option(shares[i], random);
      }
      return point;
    }

    private static double reflected(double x) {
      double in = Math.abs(x) % 2;
      return in > 1 ? 2 - in : in;
    }

    private static int option(double[] shares, RandomGenerator random) {
      double at = random.nextDouble() * Arrays.stream(shares).sum();
      for (int o = 0; o < shares.length; o++) {
        at -= shares[o];
        if (at < 0) {
          return o;
        }
      }
      return shares.length - 1;
    }
  }
}
