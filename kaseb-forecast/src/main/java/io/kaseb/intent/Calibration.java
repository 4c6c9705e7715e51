package io.kaseb.intent;

import io.kaseb.base.Json;
import io.kaseb.config.IntentConfig;
import java.util.Arrays;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Turns a score that only ranks into a probability. Fitted on sessions that the scores were not
/// trained on; never decreasing, so it keeps the order.
public sealed interface Calibration {
  /// From this many positives on an isotonic curve is fitted where the kind is `auto`: with fewer
  /// it follows the noise.
  int ENOUGH_FOR_ISOTONIC = 1_000;

  /// Returns the probability at a score, strictly within 0..1.
  double probability(double score);

  /// Returns whether every score has the same probability.
  boolean isFlat();

  /// Returns the curve as JSON, for the model file.
  JsonNode json();

  /// Fits a curve.
  ///
  /// @param scores any real numbers, higher for likelier
  /// @param labels what happened, as long as `scores`
  static Calibration fit(IntentConfig.Calibrator kind, double[] scores, boolean[] labels) {
    long positives = IntStream.range(0, labels.length).filter(i -> labels[i]).count();
    boolean steps =
        switch (kind) {
          case ISOTONIC -> true;
          case PLATT -> false;
          case AUTO -> positives >= ENOUGH_FOR_ISOTONIC;
        };
    return steps && positives < labels.length && positives > 0
        ? Isotonic.fit(scores, labels)
        : Platt.fit(scores, labels);
  }

  /// Fits a curve to scores that are log odds already, though perhaps too sure or biased: of few
  /// positives, a curve that stays near to them and always rises.
  static Calibration fitLogOdds(IntentConfig.Calibrator kind, double[] scores, boolean[] labels) {
    Calibration curve = fit(kind, scores, labels);
    return curve instanceof Platt ? near(scores, labels) : curve;
  }

  /// Fits a curve that stays near to scores that are log odds already, and always rises.
  static Calibration near(double[] scores, boolean[] labels) {
    return Platt.fitNear(scores, labels);
  }

  /// Reads what [#json()] wrote.
  static Calibration of(JsonNode json) {
    return json.has("x") ? Isotonic.of(json) : Platt.of(json);
  }

  /// Returns the logistic function.
  static double logistic(double x) {
    return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
  }

  /// Returns the log odds of a probability.
  static double logit(double p) {
    return Math.log(p) - Math.log1p(-p);
  }

  /// Returns indices in ascending order of `scores`.
  static int[] order(double[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted((a, b) -> Double.compare(scores[a], scores[b]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /// Checks that scores and labels belong together.
  private static void check(double[] scores, boolean[] labels) {
    if (scores.length != labels.length) {
      throw new IllegalArgumentException(scores.length + " scores, " + labels.length + " labels");
    }
    if (Arrays.stream(scores).anyMatch(Double::isNaN)) {
      throw new IllegalArgumentException("a score is not a number");
    }
  }

  /// p = 1 / (1 + exp(-(a score + b))). Platt 1999, with his softened targets (n+ + 1) / (n+ + 2)
  /// and 1 / (n- + 2), by Newton's method as in Lin, Lin and Weng 2007; `a` is kept from falling
  /// below 0. With one class only there is no slope to fit: a is 0 and p the softened rate.
  record Platt(double a, double b) implements Calibration {
    private static final int ROUNDS = 100;
    private static final double LEAST_SLOPE = .01;
    private static final double[] NO_PRIOR = {0, 0};

    /// A slope within .5 of 1 and an offset within 4 of 0, one standard deviation each.
    private static final double[] PRECISION = {4, 1 / 16.0};

    /// Checks the numbers.
    public Platt {
      if (!(a >= 0 && Double.isFinite(a) && Double.isFinite(b))) {
        throw new IllegalArgumentException("a calibration of slope " + a + " and offset " + b);
      }
    }

    /// The most probable slope and offset where the slope is expected near 1 and the offset near 0,
    /// each normally distributed: few labels change them little, many as in [#fit].
    static Platt fitNear(double[] scores, boolean[] labels) {
      check(scores, labels);
      double[] t = new double[labels.length];
      for (int i = 0; i < t.length; i++) {
        t[i] = labels[i] ? 1 : 0;
      }
      double[] line = newton(scores, t, 1, 0, PRECISION);
      return new Platt(Math.max(LEAST_SLOPE, line[0]), line[1]);
    }

    static Platt fit(double[] scores, boolean[] labels) {
      check(scores, labels);
      int n = labels.length;
      long positives = IntStream.range(0, n).filter(i -> labels[i]).count();
      double prior = (positives + 1.0) / (n + 2.0);
      if (positives == 0 || positives == n) {
        return new Platt(0, logit(prior));
      }
      double high = (positives + 1.0) / (positives + 2.0);
      double low = 1.0 / (n - positives + 2.0);
      double mean = Arrays.stream(scores).average().orElse(0);
      double spread =
          Math.sqrt(Arrays.stream(scores).map(x -> (x - mean) * (x - mean)).average().orElse(0));
      if (!(spread > 0)) {
        return new Platt(0, logit(prior));
      }
      double[] x = Arrays.stream(scores).map(s -> (s - mean) / spread).toArray();
      double[] t = new double[n];
      for (int i = 0; i < n; i++) {
        t[i] = labels[i] ? high : low;
      }
      double[] line = newton(x, t, 0, logit(prior), NO_PRIOR);
      double slope = Math.max(0, line[0] / spread);
      return new Platt(slope, slope == 0 ? logit(prior) : line[1] - slope * mean);
    }

    /// @param a0 where the slope starts, and is expected
    /// @param b0 where the offset starts, and is expected
    /// @param precision 1 / variance of slope and offset around that
    private static double[] newton(
        double[] x, double[] t, double a0, double b0, double[] precision) {
      double a = a0;
      double b = b0;
      double loss = loss(x, t, a, b) + penalty(a - a0, b - b0, precision);
      for (int round = 0; round < ROUNDS; round++) {
        double ga = precision[0] * (a - a0);
        double gb = precision[1] * (b - b0);
        double haa = 1e-9 + precision[0];
        double hab = 0;
        double hbb = 1e-9 + precision[1];
        for (int i = 0; i < x.length; i++) {
          double p = logistic(a * x[i] + b);
          double d = p - t[i];
          double w = p * (1 - p);
          ga += d * x[i];
          gb += d;
          haa += w * x[i] * x[i];
          hab += w * x[i];
          hbb += w;
        }
        double det = haa * hbb - hab * hab;
        double da = (hbb * ga - hab * gb) / det;
        double db = (haa * gb - hab * ga) / det;
        double step = 1;
        double next = loss(x, t, a - da, b - db) + penalty(a - da - a0, b - db - b0, precision);
        while (next > loss && step > 1e-6) {
          step /= 2;
          double nextA = a - step * da;
          double nextB = b - step * db;
          next = loss(x, t, nextA, nextB) + penalty(nextA - a0, nextB - b0, precision);
        }
        if (!(next <= loss)) {
          break;
        }
        a -= step * da;
        b -= step * db;
        boolean done = loss - next < 1e-12 * x.length;
        loss = next;
        if (done) {
          break;
        }
      }
      return new double[] {a, b};
    }

    private static double penalty(double a, double b, double[] precision) {
      return (precision[0] * a * a + precision[1] * b * b) / 2;
    }

    private static double loss(double[] x, double[] t, double a, double b) {
      double sum = 0;
      for (int i = 0; i < x.length; i++) {
        double z = a * x[i] + b;
        sum += Math.max(z, 0) - t[i] * z + Math.log1p(Math.exp(-Math.abs(z)));
      }
      return sum;
    }

    static Platt of(JsonNode json) {
      return new Platt(json.path("a").asDouble(), json.path("b").asDouble());
    }

    @Override
    public double probability(double score) {
      return Math.clamp(logistic(a * score + b), 1e-9, 1 - 1e-9);
    }

    @Override
    public boolean isFlat() {
      return a == 0;
    }

    @Override
    public JsonNode json() {
      return Json.MAPPER.createObjectNode().put("a", a).put("b", b);
    }
  }

  /// The best never-decreasing curve in squared error, by pooling adjacent violators (Ayer et al.
  /// 1955; Zadrozny and Elkan 2002). Between the means of two pools it goes straight, so that it
  /// keeps the order of scores that fall into one pool; outside it is level. The lowest and highest
  /// pools are pulled in by one pseudo-session, so that no probability is 0 or 1.
  ///
  /// @param x mean scores of the pools, ascending
  /// @param y their probabilities, never decreasing
  record Isotonic(double[] x, double[] y) implements Calibration {
    /// Checks that the curve rises.
    public Isotonic {
      boolean rises = x.length == y.length && x.length > 0;
      for (int k = 0; rises && k < x.length; k++) {
        rises = Double.isFinite(x[k]) && y[k] >= 0 && y[k] <= 1;
        rises &= k == 0 || (x[k] >= x[k - 1] && y[k] >= y[k - 1]);
      }
      if (!rises) {
        throw new IllegalArgumentException("a calibration curve that does not rise within 0..1");
      }
    }

    static Isotonic fit(double[] scores, boolean[] labels) {
      check(scores, labels);
      int n = scores.length;
      int[] order = order(scores);
      double[] weight = new double[n];
      double[] hits = new double[n];
      double[] sums = new double[n];
      int pools = 0;
      for (int i = 0; i < n; ) {
        double score = scores[order[i]];
        for (; i < n && scores[order[i]] == score; i++) {
          weight[pools]++;
          hits[pools] += labels[order[i]] ? 1 : 0;
          sums[pools] += score;
        }
        while (pools > 0 && hits[pools - 1] * weight[pools] >= hits[pools] * weight[pools - 1]) {
          weight[pools - 1] += weight[pools];
          hits[pools - 1] += hits[pools];
          sums[pools - 1] += sums[pools];
          weight[pools] = 0;
          hits[pools] = 0;
          sums[pools] = 0;
          pools--;
        }
        pools++;
      }
      double rate = Arrays.stream(hits, 0, pools).sum() / n;
      double[] x = new double[pools];
      double[] y = new double[pools];
      for (int k = 0; k < pools; k++) {
        x[k] = sums[k] / weight[k];
        y[k] = hits[k] / weight[k];
      }
      double low = (hits[0] + rate) / (weight[0] + 1);
      double high = (hits[pools - 1] + rate) / (weight[pools - 1] + 1);
      for (int k = 0; k < pools; k++) {
        y[k] = low <= high ? Math.clamp(y[k], low, high) : rate;
      }
      return new Isotonic(x, y);
    }

    static Isotonic of(JsonNode json) {
      double[][] curve = new double[2][];
      for (int i = 0; i < 2; i++) {
        JsonNode values = json.path(i == 0 ? "x" : "y");
        curve[i] = new double[values.size()];
        for (int k = 0; k < values.size(); k++) {
          curve[i][k] = values.get(k).asDouble();
        }
      }
      return new Isotonic(curve[0], curve[1]);
    }

    @Override
    public double probability(double score) {
      int at = Arrays.binarySearch(x, score);
      int above = at >= 0 ? at : -at - 1;
      if (above == 0) {
        return y[0];
      }
      if (above == x.length) {
        return y[above - 1];
      }
      double part = (score - x[above - 1]) / (x[above] - x[above - 1]);
      return y[above - 1] + part * (y[above] - y[above - 1]);
    }

    @Override
    public boolean isFlat() {
      return y[0] == y[y.length - 1];
    }

    @Override
    public JsonNode json() {
      ObjectNode node = Json.MAPPER.createObjectNode();
      node.set("x", Json.MAPPER.valueToTree(x));
      node.set("y", Json.MAPPER.valueToTree(y));
      return node;
    }
  }
}
