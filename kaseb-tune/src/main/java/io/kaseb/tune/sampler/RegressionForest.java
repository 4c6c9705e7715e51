package io.kaseb.tune.sampler;

import io.kaseb.tune.space.Dimension;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A forest of regression trees (Breiman 2001), each grown on a resample, every split the best of
/// some random ones. Numbers are split by a bound, options by one against the others, parameters
/// that may be missing by whether they are.
final class RegressionForest {
  private static final int LEAST_SPLIT = 3;
  private static final int DRAWN = 3;
  private static final double LEAST_DEVIATION = 1e-6;

  private final Node[] trees;

  private RegressionForest(Node[] trees) {
    this.trees = trees;
  }

  /// A node: a leaf, or a question with two answers.
  ///
  /// @param dimension that is asked for, -1 in a leaf
  /// @param bound a number's upper bound, or the option; NaN asks whether it is missing
  /// @param isOption whether the option itself goes left
  private record Node(
      int dimension,
      double bound,
      boolean isOption,
      double mean,
      @Nullable Node left,
      @Nullable Node right) {
    boolean goesLeft(double[] point) {
      double at = point[dimension];
      return Double.isNaN(bound)
          ? Double.isNaN(at)
          : isOption ? at == bound : !Double.isNaN(at) && at <= bound;
    }
  }

  static RegressionForest grow(
      List<Dimension> dimensions,
      double[][] points,
      double[] values,
      int trees,
      RandomGenerator random) {
    Node[] grown = new Node[trees];
    for (int t = 0; t < trees; t++) {
      int[] rows = new int[points.length];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = random.nextInt(rows.length);
      }
      grown[t] = node(dimensions, points, values, rows, random);
    }
    return new RegressionForest(grown);
  }

  private static Node node(
      List<Dimension> dimensions,
      double[][] points,
      double[] values,
      int[] rows,
      RandomGenerator random) {
    double mean = Arrays.stream(rows).mapToDouble(r -> values[r]).average().orElse(0);
    Node leaf = new Node(-1, 0, false, mean, null, null);
    if (rows.length < LEAST_SPLIT) {
      return leaf;
    }
    Node best = leaf;
    double least = Double.POSITIVE_INFINITY;
    int tries = Math.max(DRAWN, dimensions.size() * 2);
    for (int i = 0; i < tries; i++) {
      Dimension dimension = dimensions.get(random.nextInt(dimensions.size()));
      double at = points[rows[random.nextInt(rows.length)]][dimension.index()];
      double other = points[rows[random.nextInt(rows.length)]][dimension.index()];
      if (at == other || (Double.isNaN(at) && Double.isNaN(other))) {
        continue;
      }
      boolean isOption = dimension.options() > 0 && !Double.isNaN(at);
      double bound =
          isOption || Double.isNaN(at) || Double.isNaN(other) ? at : between(at, other, random);
      Node question =
          new Node(
              dimension.index(),
              Double.isNaN(other) ? Double.NaN : bound,
              isOption && !Double.isNaN(other),
              mean,
              null,
              null);
      double error = error(question, points, values, rows);
      if (error < least) {
        least = error;
        best = question;
      }
    }
    if (best == leaf) {
      return leaf;
    }
    Node question = best;
    int[] left = Arrays.stream(rows).filter(r -> question.goesLeft(points[r])).toArray();
    int[] right = Arrays.stream(rows).filter(r -> !question.goesLeft(points[r])).toArray();
    return new Node(
        question.dimension(),
        question.bound(),
        question.isOption(),
        mean,
        node(dimensions, points, values, left, random),
        node(dimensions, points, values, right, random));
  }

  private static double between(double a, double b, RandomGenerator random) {
    double low = Math.min(a, b);
    return low + random.nextDouble() * (Math.max(a, b) - low) * .999;
  }

  /// Returns the sum of squares within both sides; infinite where one is empty.
  private static double error(Node question, double[][] points, double[] values, int[] rows) {
    double[] sums = new double[6];
    for (int row : rows) {
      int side = question.goesLeft(points[row]) ? 0 : 3;
      sums[side]++;
      sums[side + 1] += values[row];
      sums[side + 2] += values[row] * values[row];
    }
    return sums[0] == 0 || sums[3] == 0
        ? Double.POSITIVE_INFINITY
        : sums[2] - sums[1] * sums[1] / sums[0] + sums[5] - sums[4] * sums[4] / sums[3];
  }

  /// Returns the trees' mean at a point, and their standard deviation.
  double[] meanAndDeviation(double[] point) {
    double sum = 0;
    double squares = 0;
    for (Node tree : trees) {
      Node at = tree;
      while (at.left() != null && at.right() != null) {
        at = at.goesLeft(point) ? at.left() : at.right();
      }
      sum += at.mean();
      squares += at.mean() * at.mean();
    }
    double mean = sum / trees.length;
    double variance = squares / trees.length - mean * mean;
    return new double[] {mean, Math.sqrt(Math.max(variance, 0)) + LEAST_DEVIATION};
  }
}
