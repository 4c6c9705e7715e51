package io.kaseb.tune.trial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// How well cheap results foretell dear ones: the rank correlation between the values that the same
/// trials had at two steps.
///
/// @param from the earlier step
/// @param to the later step
/// @param trials how many trials reported at both
/// @param correlation Spearman's rho of the first goal, -1 to 1. Only trials that were promoted are
///   seen at the later step, and those lie close together: the true value over all trials is higher
public record Fidelity(int from, int to, int trials, double correlation) {
  private static final int LEAST = 3;

  /// {@return the correlations between neighbouring steps at which segments end (rungs)}
  ///
  /// @param trials those that reached both of two rungs count
  public static List<Fidelity> of(List<Trial> trials) {
    TreeSet<Integer> rungs = new TreeSet<>();
    trials.forEach(t -> t.segments().forEach(j -> rungs.add(j.until())));
    List<Integer> steps = List.copyOf(rungs);
    List<Fidelity> rows = new ArrayList<>();
    for (int i = 1; i < steps.size(); i++) {
      int from = steps.get(i - 1);
      int to = steps.get(i);
      List<double[]> pairs = new ArrayList<>();
      for (Trial trial : trials) {
        Measurement early = trial.at(from);
        Measurement late = trial.at(to);
        if (early != null && late != null) {
          pairs.add(new double[] {early.value(), late.value()});
        }
      }
      if (pairs.size() >= LEAST) {
        double[] a = pairs.stream().mapToDouble(p -> p[0]).toArray();
        double[] b = pairs.stream().mapToDouble(p -> p[1]).toArray();
        rows.add(new Fidelity(from, to, pairs.size(), spearman(a, b)));
      }
    }
    return rows;
  }

  /// {@return Spearman's rank correlation of paired values, equal values sharing their mean rank;
  /// NaN where one side is constant}
  ///
  /// @param a `[n]`
  /// @param b `[n]`, the value beside each of `a`
  public static double spearman(double[] a, double[] b) {
    double[] x = ranks(a);
    double[] y = ranks(b);
    double middle = (x.length + 1) / 2.;
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - middle) * (y[i] - middle);
      xx += (x[i] - middle) * (x[i] - middle);
      yy += (y[i] - middle) * (y[i] - middle);
    }
    return xy / Math.sqrt(xx * yy);
  }

  private static double[] ranks(double[] values) {
    Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
    double[] ranks = new double[values.length];
    for (int from = 0; from < order.length; ) {
      int to = from;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + 1 + to) / 2.;
      }
      from = to;
    }
    return ranks;
  }
}
