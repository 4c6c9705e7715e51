package io.kaseb.bench;

import io.kaseb.tune.space.Domain;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/// A function with a known minimum on which samplers are measured; formulas as in Surjanovic and
/// Bingham's Virtual Library of Simulation Experiments.
enum BenchFunction {
  BRANIN(2, 0.39788735772973816),
  HARTMANN6(6, -3.3223680114155147),
  RASTRIGIN5(5, 0),
  ACKLEY5(5, 0),
  /// Rastrigin with its minimum moved off the centre, where TPE's prior sits.
  SHIFTED_RASTRIGIN5(5, 0),
  /// Ackley with its minimum moved off the centre.
  SHIFTED_ACKLEY5(5, 0);

  private static final double[] SHIFT = {.29, -.37, .21, -.33, .25};

  private static final double[] ALPHA = {1, 1.2, 3, 3.2};
  private static final double[][] A = {
    {10, 3, 17, 3.5, 1.7, 8},
    {.05, 10, 17, .1, 8, 14},
    {3, 3.5, 1.7, 10, 17, 8},
    {17, 8, .05, 10, .1, 14}
  };
  private static final double[][] P = {
    {.1312, .1696, .5569, .0124, .8283, .5886},
    {.2329, .4135, .8307, .3736, .1004, .9991},
    {.2348, .1451, .3522, .2883, .3047, .6650},
    {.4047, .8828, .8732, .5743, .1091, .0381}
  };

  private final int dimensions;
  private final double minimum;

  BenchFunction(int dimensions, double minimum) {
    this.dimensions = dimensions;
    this.minimum = minimum;
  }

  /// Returns the function's range.
  Space space() {
    Map<String, Domain> domains = new LinkedHashMap<>();
    for (int i = 0; i < dimensions; i++) {
      domains.put("x" + i, range(i));
    }
    return Space.of(domains);
  }

  private Range range(int i) {
    return switch (this) {
      case BRANIN -> i == 0 ? Range.of(-5, 10) : Range.of(0, 15);
      case HARTMANN6 -> Range.of(0, 1);
      case RASTRIGIN5, SHIFTED_RASTRIGIN5 -> Range.of(-5.12, 5.12);
      case ACKLEY5, SHIFTED_ACKLEY5 -> Range.of(-32.768, 32.768);
    };
  }

  /// Returns by how much the function exceeds its minimum.
  double regret(Parameters parameters) {
    double[] x =
        IntStream.range(0, dimensions).mapToDouble(i -> parameters.number("x" + i)).toArray();
    if (this == SHIFTED_RASTRIGIN5 || this == SHIFTED_ACKLEY5) {
      for (int i = 0; i < x.length; i++) {
        x[i] -= SHIFT[i] * 2 * range(i).high();
      }
    }
    return switch (this) {
          case BRANIN -> branin(x[0], x[1]);
          case HARTMANN6 -> hartmann(x);
          case RASTRIGIN5, SHIFTED_RASTRIGIN5 -> rastrigin(x);
          case ACKLEY5, SHIFTED_ACKLEY5 -> ackley(x);
        }
        - minimum;
  }

  private static double branin(double x, double y) {
    double a = y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6;
    return a * a + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  }

  private static double hartmann(double[] x) {
    double sum = 0;
    for (int i = 0; i < ALPHA.length; i++) {
      double inner = 0;
      for (int j = 0; j < x.length; j++) {
        inner += A[i][j] * (x[j] - P[i][j]) * (x[j] - P[i][j]);
      }
      sum -= ALPHA[i] * Math.exp(-inner);
    }
    return sum;
  }

  private static double rastrigin(double[] x) {
    double sum = 10. * x.length;
    for (double v : x) {
      sum += v * v - 10 * Math.cos(2 * Math.PI * v);
    }
    return sum;
  }

  private static double ackley(double[] x) {
    double squares = 0;
    double cosines = 0;
    for (double v : x) {
      squares += v * v / x.length;
      cosines += Math.cos(2 * Math.PI * v) / x.length;
    }
    return -20 * Math.exp(-.2 * Math.sqrt(squares)) - Math.exp(cosines) + 20 + Math.E;
  }
}
