package io.kaseb.tune.sampler;

import io.kaseb.tune.math.StandardNormal;
import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.Space;
import java.util.List;
import java.util.random.RandomGenerator;

/// The product kernel density of BOHB (Falkner et al. 2018): normal kernels whose width follows the
/// normal reference rule, Aitchison-Aitken kernels for options.
final class Kde {
  private final List<Dimension> dimensions;
  private final List<double[]> points;
  private final double[] widths;

  /// Creates the density.
  ///
  /// @param dimensions of the space
  /// @param points full coordinate arrays; a coordinate that does not exist fits anything
  /// @param least smallest width
  Kde(List<Dimension> dimensions, List<double[]> points, double least) {
    this.dimensions = dimensions;
    this.points = points;
    this.widths = new double[dimensions.size()];
    for (Dimension dimension : dimensions) {
      double[] x =
          points.stream()
              .mapToDouble(p -> p[dimension.index()])
              .filter(v -> !Double.isNaN(v))
              .toArray();
      double n = Math.max(1, x.length);
      double mean = 0;
      for (double v : x) {
        mean += v / n;
      }
      double square = 0;
      for (double v : x) {
        square += (v - mean) * (v - mean) / n;
      }
      double rule = 1.06 * Math.sqrt(square) * Math.pow(n, -1. / (4 + dimensions.size()));
      int options = dimension.options();
      double most = options > 0 ? (options - 1.) / options : 1;
      widths[dimension.index()] = Math.clamp(rule, Math.min(least, most), most);
    }
  }

  /// Draws a point around one of the observed ones, widths multiplied by `factor`.
  double[] sample(Space space, double factor, RandomGenerator random) {
    double[] point = points.get(random.nextInt(points.size())).clone();
    for (Dimension dimension : dimensions) {
      int i = dimension.index();
      if (Double.isNaN(point[i])) {
        continue;
      }
      if (dimension.options() > 0) {
        point[i] = random.nextDouble() < widths[i] ? random.nextInt(dimension.options()) : point[i];
      } else {
        double x;
        do {
          x = point[i] + factor * widths[i] * random.nextGaussian();
        } while (!(x >= 0 && x <= 1));
        point[i] = x;
      }
    }
    return space.repaired(point, random);
  }

  /// Returns the density at a point.
  double density(double[] point) {
    double sum = 0;
    for (double[] centre : points) {
      double product = 1;
      for (Dimension dimension : dimensions) {
        product *= kernel(dimension, centre[dimension.index()], point[dimension.index()]);
      }
      sum += product;
    }
    return sum / points.size();
  }

  private double kernel(Dimension dimension, double centre, double x) {
    if (Double.isNaN(centre) || Double.isNaN(x)) {
      return 1;
    }
    double width = widths[dimension.index()];
    int options = dimension.options();
    if (options > 0) {
      return x == centre ? 1 - width : width / Math.max(1, options - 1);
    }
    double inside = StandardNormal.between(-centre / width, (1 - centre) / width);
    return StandardNormal.density((x - centre) / width) / width / inside;
  }
}
