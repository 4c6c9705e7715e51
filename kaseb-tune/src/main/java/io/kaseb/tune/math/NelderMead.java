package io.kaseb.tune.math;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;

/// Minimises a function without its gradient (Nelder and Mead 1965), with their coefficients.
public final class NelderMead {
  private record Vertex(double[] x, double value) {}

  private NelderMead() {}

  /// Returns the best point found.
  ///
  /// @param function NaN counts as the worst
  /// @param start where to begin
  /// @param reach length of the first simplex's edges
  /// @param evaluations how often the function may be called, about
  public static double[] minimise(
      ToDoubleFunction<double[]> function, double[] start, double reach, int evaluations) {
    int d = start.length;
    Vertex[] simplex = new Vertex[d + 1];
    for (int i = 0; i <= d; i++) {
      double[] x = start.clone();
      if (i < d) {
        x[i] += reach;
      }
      simplex[i] = vertex(function, x);
    }
    int used = d + 1;
    while (used < evaluations) {
      Arrays.sort(simplex, Comparator.comparingDouble(Vertex::value));
      double[] centre = new double[d];
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
          centre[j] += simplex[i].x()[j] / d;
        }
      }
      Vertex worst = simplex[d];
      Vertex reflected = vertex(function, along(centre, worst.x(), -1));
      used++;
      if (reflected.value() < simplex[0].value()) {
        Vertex expanded = vertex(function, along(centre, worst.x(), -2));
        used++;
        simplex[d] = expanded.value() < reflected.value() ? expanded : reflected;
      } else if (reflected.value() < simplex[d - 1].value()) {
        simplex[d] = reflected;
      } else {
        boolean outside = reflected.value() < worst.value();
        Vertex contracted = vertex(function, along(centre, worst.x(), outside ? -.5 : .5));
        used++;
        if (contracted.value() < Math.min(reflected.value(), worst.value())) {
          simplex[d] = contracted;
        } else {
          for (int i = 1; i <= d; i++) {
            simplex[i] = vertex(function, along(simplex[0].x(), simplex[i].x(), .5));
          }
          used += d;
        }
      }
    }
    Arrays.sort(simplex, Comparator.comparingDouble(Vertex::value));
    return simplex[0].x();
  }

  private static Vertex vertex(ToDoubleFunction<double[]> function, double[] x) {
    double value = function.applyAsDouble(x);
    return new Vertex(x, Double.isNaN(value) ? Double.POSITIVE_INFINITY : value);
  }

  private static double[] along(double[] from, double[] to, double share) {
    double[] x = new double[from.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = from[i] + share * (to[i] - from[i]);
    }
    return x;
  }
}
