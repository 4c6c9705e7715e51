package io.kaseb.tune.pruner;

import io.kaseb.tune.math.NelderMead;

/// The parametric learning curves of Domhan et al. (2015, table 1) and a straight line, `x` being
/// the step.
enum CurveFamily {
  VAPOR(-.5, -.5, .05) {
    @Override
    double at(double x, double[] p) {
      return Math.exp(p[0] + p[1] / x + p[2] * Math.log(x));
    }
  },
  POW3(1, .5, .5) {
    @Override
    double at(double x, double[] p) {
      return p[0] - p[1] * Math.pow(x, -p[2]);
    }
  },
  LINEAR(.01, .5) {
    @Override
    double at(double x, double[] p) {
      return p[0] * x + p[1];
    }
  },
  LOG_LINEAR(.1, .5) {
    @Override
    double at(double x, double[] p) {
      return p[0] * Math.log(x) + p[1];
    }
  },
  HILL(1, 1, 1) {
    @Override
    double at(double x, double[] p) {
      double power = Math.pow(x, p[1]);
      return p[0] * power / (Math.pow(Math.abs(p[2]), p[1]) + power);
    }
  },
  LOG_POWER(1, 1, -1) {
    @Override
    double at(double x, double[] p) {
      return p[0] / (1 + Math.pow(x / Math.exp(p[1]), p[2]));
    }
  },
  POW4(1, 1, 1, .5) {
    @Override
    double at(double x, double[] p) {
      return p[0] - Math.pow(p[1] * x + p[2], -p[3]);
    }
  },
  MMF(1, .2, .5, 1) {
    @Override
    double at(double x, double[] p) {
      return p[0] - (p[0] - p[1]) / (1 + Math.pow(Math.abs(p[2]) * x, p[3]));
    }
  },
  EXP4(1, .5, .5, .5) {
    @Override
    double at(double x, double[] p) {
      return p[0] - Math.exp(-p[1] * Math.pow(x, p[2]) + p[3]);
    }
  },
  ILOG2(1, .5) {
    @Override
    double at(double x, double[] p) {
      return p[0] - p[1] / Math.log(x + 1);
    }
  },
  WEIBULL(1, .2, .5, 1) {
    @Override
    double at(double x, double[] p) {
      return p[0] - (p[0] - p[1]) * Math.exp(-Math.pow(Math.abs(p[2]) * x, p[3]));
    }
  },
  JANOSCHEK(1, .2, .5, 1) {
    @Override
    double at(double x, double[] p) {
      return p[0] - (p[0] - p[1]) * Math.exp(-p[2] * Math.pow(x, p[3]));
    }
  };

  private static final int EVALUATIONS = 400;

  private final double[] start;

  CurveFamily(double... start) {
    this.start = start;
  }

  /// Returns the curve with parameters `p` at a step.
  abstract double at(double x, double[] p);

  /// A fitted curve.
  ///
  /// @param end its value at the step asked for
  /// @param score its Bayesian information criterion, less is better
  record Fit(double end, double score) {}

  /// Fits the curve by least squares.
  ///
  /// @param x steps
  /// @param y values, about 1 in size
  /// @param end the step to predict
  Fit fit(double[] x, double[] y, double end) {
    double[] p = NelderMead.minimise(q -> squares(x, y, q), start, .2, EVALUATIONS);
    p = NelderMead.minimise(q -> squares(x, y, q), p, .05, EVALUATIONS);
    double n = x.length;
    double score = n * Math.log(squares(x, y, p) / n + 1e-10) + start.length * Math.log(n);
    return new Fit(at(end, p), score);
  }

  private double squares(double[] x, double[] y, double[] p) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double off = at(x[i], p) - y[i];
      sum += off * off;
    }
    return sum;
  }
}
