package io.kaseb.tune.trial;

import io.kaseb.tune.space.Dimension;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// How much each parameter decides about the result: functional analysis of variance over a random
/// forest (Hutter et al. 2014).
public final class Importance {
  private static final int TREES = 32;
  private static final int CELLS = 32;
  private static final int LEAST = 4;

  private Importance() {}

  /// {@return each parameter's share of the variance that the forest explains by it alone, by path,
  /// largest first} What is missing to 1 is due to parameters acting together.
  ///
  /// @param history at least four trials with results
  /// @param goal which goal's values
  public static Map<String, Double> of(History history, int goal) {
    List<Observation> measured = history.measured();
    if (measured.size() < LEAST) {
      throw new IllegalArgumentException(
          measured.size() + " trials with results; importance needs " + LEAST + " or more");
    }
    List<Dimension> dimensions = history.space().dimensions();
    double[][] x = new double[measured.size()][];
    double[] y = new double[measured.size()];
    for (int i = 0; i < y.length; i++) {
      x[i] = filled(measured.get(i).point(), dimensions);
      y[i] = measured.get(i).losses()[goal];
    }
    int[] options = dimensions.stream().mapToInt(Dimension::options).toArray();
    double[] sums = new double[dimensions.size()];
    int varied = 0;
    SplittableRandom random = new SplittableRandom(1);
    for (int t = 0; t < TREES; t++) {
      double[] shares = shares(Tree.grow(x, y, options, random), options);
      if (shares.length > 0) {
        varied++;
        for (int j = 0; j < sums.length; j++) {
          sums[j] += shares[j];
        }
      }
    }
    Map<String, Double> byPath = new LinkedHashMap<>();
    int trees = Math.max(1, varied);
    dimensions.stream()
        .sorted((a, b) -> Double.compare(sums[b.index()], sums[a.index()]))
        .forEach(d -> byPath.put(d.path(), sums[d.index()] / trees));
    return byPath;
  }

  /// A parameter that does not exist counts as its middle, or its first option.
  private static double[] filled(double[] point, List<Dimension> dimensions) {
    double[] filled = point.clone();
    for (int j = 0; j < filled.length; j++) {
      boolean choice = dimensions.get(j).options() > 0;
      filled[j] = Double.isNaN(filled[j]) ? (choice ? 0 : .5) : filled[j];
    }
    return filled;
  }

  /// Returns each dimension's share of one tree's variance; empty where the tree is one leaf.
  private static double[] shares(Tree tree, int[] options) {
    double mean = 0;
    double square = 0;
    for (Tree.Leaf leaf : tree.leaves()) {
      mean += leaf.volume() * leaf.value();
      square += leaf.volume() * leaf.value() * leaf.value();
    }
    double variance = square - mean * mean;
    if (variance <= 1e-12 * Math.max(1, square)) {
      return new double[0];
    }
    double[] shares = new double[options.length];
    for (int j = 0; j < shares.length; j++) {
      int cells = options[j] > 0 ? options[j] : CELLS;
      double[] marginal = new double[cells];
      for (Tree.Leaf leaf : tree.leaves()) {
        double others = leaf.volume() / leaf.width(j, options[j]);
        for (int c = 0; c < cells; c++) {
          marginal[c] += others * leaf.value() * leaf.covers(j, c, cells, options[j]);
        }
      }
      double m = mean;
      shares[j] =
          Arrays.stream(marginal).map(v -> (v - m) * (v - m)).average().orElse(0) / variance;
    }
    return shares;
  }

  /// A regression tree that knows the box of every leaf.
  private record Tree(List<Leaf> leaves) {
    /// A leaf.
    ///
    /// @param low lower bounds of numbers
    /// @param high upper bounds of numbers
    /// @param allowed the options of choices, null for numbers
    /// @param value mean of the observations in it
    private record Leaf(double[] low, double[] high, boolean[][] allowed, double value) {
      double width(int j, int options) {
        if (options == 0) {
          return high[j] - low[j];
        }
        int count = 0;
        for (boolean taken : allowed[j]) {
          count += taken ? 1 : 0;
        }
        return (double) count / options;
      }

      double volume() {
        double volume = 1;
        for (int j = 0; j < low.length; j++) {
          volume *= width(j, allowed[j].length);
        }
        return volume;
      }

      /// Returns which share of a cell of a dimension lies in the leaf.
      double covers(int j, int cell, int cells, int options) {
        if (options > 0) {
          return allowed[j][cell] ? 1 : 0;
        }
        double from = Math.max(low[j], (double) cell / cells);
        double to = Math.min(high[j], (cell + 1.) / cells);
        return Math.max(0, to - from) * cells;
      }

      Leaf split(int j, int option, double at, boolean first, double mean) {
        double[] l = low.clone();
        double[] h = high.clone();
        boolean[][] a = allowed.clone();
        if (a[j].length > 0) {
          a[j] = a[j].clone();
          for (int c = 0; c < a[j].length; c++) {
            a[j][c] &= (c == option) == first;
          }
        } else if (first) {
          h[j] = at;
        } else {
          l[j] = at;
        }
        return new Leaf(l, h, a, mean);
      }
    }

    private record Cut(int dimension, double at, double gain) {}

    static Tree grow(double[][] x, double[] y, int[] options, SplittableRandom random) {
      int n = y.length;
      int[] rows = new int[n];
      for (int i = 0; i < n; i++) {
        rows[i] = random.nextInt(n);
      }
      int d = options.length;
      double[] high = new double[d];
      Arrays.fill(high, 1);
      boolean[][] allowed = new boolean[d][];
      for (int j = 0; j < d; j++) {
        allowed[j] = new boolean[options[j]];
        Arrays.fill(allowed[j], true);
      }
      List<Leaf> leaves = new ArrayList<>();
      Leaf root = new Leaf(new double[d], high, allowed, mean(y, rows));
      grow(x, y, rows, root, options, random, leaves);
      return new Tree(leaves);
    }

    private static void grow(
        double[][] x,
        double[] y,
        int[] rows,
        Leaf here,
        int[] options,
        SplittableRandom random,
        List<Leaf> leaves) {
      Cut best = rows.length < LEAST ? null : bestCut(x, y, rows, options, random);
      if (best == null) {
        leaves.add(here);
        return;
      }
      int j = best.dimension();
      boolean choice = options[j] > 0;
      int[] first = pick(rows, i -> choice ? x[i][j] == best.at() : x[i][j] < best.at());
      int[] second = pick(rows, i -> choice ? x[i][j] != best.at() : x[i][j] >= best.at());
      int option = (int) best.at();
      Leaf left = here.split(j, option, best.at(), true, mean(y, first));
      Leaf right = here.split(j, option, best.at(), false, mean(y, second));
      grow(x, y, first, left, options, random, leaves);
      grow(x, y, second, right, options, random, leaves);
    }

    private static int[] pick(int[] rows, IntPredicate test) {
      return Arrays.stream(rows).filter(test).toArray();
    }

    private static double mean(double[] y, int[] rows) {
      return Arrays.stream(rows).mapToDouble(i -> y[i]).average().orElse(0);
    }

    /// Returns the cut that explains most, over a random two thirds of the dimensions; null where
    /// none explains anything.
    private static @Nullable Cut bestCut(
        double[][] x, double[] y, int[] rows, int[] options, SplittableRandom random) {
      Cut best = null;
      for (int j = 0; j < options.length; j++) {
        if (random.nextInt(3) == 0 && options.length > 1) {
          continue;
        }
        Cut cut = options[j] > 0 ? bestOption(x, y, rows, j) : bestBound(x, y, rows, j);
        if (cut.gain() > 1e-12 && (best == null || cut.gain() > best.gain())) {
          best = cut;
        }
      }
      return best;
    }

    private static Cut bestOption(double[][] x, double[] y, int[] rows, int j) {
      double sum = mean(y, rows) * rows.length;
      Cut best = new Cut(j, 0, 0);
      for (double option : Arrays.stream(rows).mapToDouble(i -> x[i][j]).distinct().toArray()) {
        int[] taken = pick(rows, i -> x[i][j] == option);
        double gain = gain(mean(y, taken) * taken.length, taken.length, sum, rows.length);
        best = gain > best.gain() ? new Cut(j, option, gain) : best;
      }
      return best;
    }

    private static Cut bestBound(double[][] x, double[] y, int[] rows, int j) {
      int[] sorted =
          Arrays.stream(rows)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> x[i][j]))
              .mapToInt(Integer::intValue)
              .toArray();
      double sum = mean(y, rows) * rows.length;
      double first = 0;
      Cut best = new Cut(j, 0, 0);
      for (int k = 1; k < sorted.length; k++) {
        first += y[sorted[k - 1]];
        double below = x[sorted[k - 1]][j];
        double above = x[sorted[k]][j];
        double at = (below + above) / 2;
        double gain = at > below ? gain(first, k, sum, sorted.length) : 0;
        best = gain > best.gain() ? new Cut(j, at, gain) : best;
      }
      return best;
    }

    /// Returns by how much the sum of squares falls when `count` of `n` values, with sum `first` of
    /// `sum`, are ended apart.
    private static double gain(double first, int count, double sum, int n) {
      if (count == 0 || count == n) {
        return 0;
      }
      double second = sum - first;
      return first * first / count + second * second / (n - count) - sum * sum / n;
    }
  }
}
