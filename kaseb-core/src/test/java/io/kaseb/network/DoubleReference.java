package io.kaseb.network;

import io.kaseb.config.Cell;
import io.kaseb.config.LossKind;
import io.kaseb.config.Readout;
import io.kaseb.model.Architecture;
import io.kaseb.model.Embedding;
import java.util.Map;

/// One training step's loss in double precision, written from the formulas with nothing merged,
/// blocked or folded: what central differences are taken of.
final class DoubleReference {
  private final Architecture architecture;
  private final Map<String, double[]> weights;

  DoubleReference(Architecture architecture, Map<String, double[]> weights) {
    this.architecture = architecture;
    this.weights = weights;
  }

  /// Hidden and cell values of every layer: `[layer][hidden 0, cell 1][sample][unit]`. A readout
  /// stands behind them with its output (0), and its mean with 1 behind it where there is one (1).
  double[][][][] start(int samples) {
    int layers = architecture.layers().size();
    boolean core = architecture.readout() == Readout.CORE;
    double[][][][] state = new double[layers + (core ? 1 : 0)][2][samples][];
    for (int b = 0; core && b < samples; b++) {
      state[layers][0][b] = new double[architecture.outputSize()];
      state[layers][1][b] = new double[architecture.outputSize() + 1];
    }
    for (int l = 0; l < layers; l++) {
      for (double[][] part : state[l]) {
        for (int b = 0; b < samples; b++) {
          part[b] = new double[architecture.layers().get(l)];
        }
      }
    }
    return state;
  }

  /// Computes the new state after one input item for each sample.
  double[][][][] step(double[][][][] state, int[] items) {
    double[][][][] next = start(items.length);
    for (int b = 0; b < items.length; b++) {
      double[] x = input(items[b]);
      int layers = architecture.layers().size();
      for (int l = 0; l < layers; l++) {
        cell(l, x, state[l][0][b], state[l][1][b], next[l][0][b], next[l][1][b]);
        x = next[l][0][b];
      }
      if (layers < next.length) {
        core(x, input(items[b]), state[layers][1][b], next[layers][0][b], next[layers][1][b]);
      }
    }
    return next;
  }

  private void core(double[] h, double[] e, double[] mean, double[] out, double[] mean1) {
    int n = h.length;
    double[] scale = weights.get("R.scale");
    double share = mean[n] == 0 ? 1 : sigmoid(affine("R.gate.weight", "R.gate.bias", h)[0]);
    for (int u = 0; u < n; u++) {
      mean1[u] = (1 - share) * mean[u] + share * e[u];
      out[u] = h[u] + scale[u] * mean1[u];
    }
    mean1[n] = 1;
  }

  private double[] input(int item) {
    String table =
        switch (architecture.embedding()) {
          case CONSTRAINED -> "Wy.weight";
          case SEPARATE -> "E.weight";
          case NONE -> "GE.Wx0.weight";
        };
    int n = architecture.inputSize(0);
    double[] x = new double[n];
    System.arraycopy(weights.get(table), item * n, x, 0, n);
    return x;
  }

  private void cell(int l, double[] x, double[] h, double[] c, double[] h1, double[] c1) {
    int n = h.length;
    boolean oneHot = l == 0 && architecture.embedding() == Embedding.NONE;
    if (oneHot && architecture.cell() == Cell.GRU) {
      double[] bias = weights.get("GE.Bh0");
      double[] rz = weights.get("GE.Wrz0");
      double[] wh = weights.get("GE.Wh0");
      double[] r = new double[n];
      double[] z = new double[n];
      for (int u = 0; u < n; u++) {
        double a = x[n + u] + bias[n + u];
        double b = x[2 * n + u] + bias[2 * n + u];
        for (int k = 0; k < n; k++) {
          a += h[k] * rz[k * 2 * n + u];
          b += h[k] * rz[k * 2 * n + n + u];
        }
        r[u] = sigmoid(a);
        z[u] = sigmoid(b);
      }
      for (int u = 0; u < n; u++) {
        double a = x[u] + bias[u];
        for (int k = 0; k < n; k++) {
          a += r[k] * h[k] * wh[k * n + u];
        }
        h1[u] = (1 - z[u]) * h[u] + z[u] * Math.tanh(a);
      }
      return;
    }
    String prefix = architecture.prefix(l);
    double[] gi = oneHot ? x : affine(prefix + "weight_ih", prefix + "bias_ih", x);
    double[] gh = affine(prefix + "weight_hh", prefix + "bias_hh", h);
    if (architecture.cell() == Cell.MGU) {
      double[] f = new double[n];
      double[] reset = new double[n];
      for (int u = 0; u < n; u++) {
        f[u] = sigmoid(gi[u] + gh[u]);
        reset[u] = f[u] * h[u];
      }
      double[] candidate = affine(prefix + "weight_hh", prefix + "bias_hh", reset);
      for (int u = 0; u < n; u++) {
        h1[u] = (1 - f[u]) * h[u] + f[u] * Math.tanh(gi[n + u] + candidate[n + u]);
      }
      return;
    }
    for (int u = 0; u < n; u++) {
      if (architecture.cell() == Cell.GRU) {
        double r = sigmoid(gi[u] + gh[u]);
        double z = sigmoid(gi[n + u] + gh[n + u]);
        double m = Math.tanh(gi[2 * n + u] + r * gh[2 * n + u]);
        h1[u] = (1 - z) * m + z * h[u];
      } else {
        double i = sigmoid(gi[u] + gh[u]);
        double f = sigmoid(gi[n + u] + gh[n + u]);
        double g = Math.tanh(gi[2 * n + u] + gh[2 * n + u]);
        double o = sigmoid(gi[3 * n + u] + gh[3 * n + u]);
        c1[u] = f * c[u] + i * g;
        h1[u] = o * Math.tanh(c1[u]);
      }
    }
  }

  private double[] affine(String weight, String bias, double[] x) {
    double[] w = weights.get(weight);
    double[] y = weights.get(bias).clone();
    for (int i = 0; i < y.length; i++) {
      for (int k = 0; k < x.length; k++) {
        y[i] += w[i * x.length + k] * x[k];
      }
    }
    return y;
  }

  /// The step's loss after `hidden` for targets and negatives.
  double loss(
      double[][] hidden,
      int[] targets,
      int[] negatives,
      Loss loss,
      FinalActivation activation,
      long[] counts,
      double alpha,
      int batch) {
    int b = targets.length;
    int columns = b + negatives.length;
    double sum = 0;
    for (int i = 0; i < b; i++) {
      double[] s = new double[columns];
      for (int c = 0; c < columns; c++) {
        int item = c < b ? targets[c] : negatives[c - b];
        s[c] = weights.get("By.weight")[item];
        for (int u = 0; u < hidden[i].length; u++) {
          s[c] += hidden[i][u] * weights.get("Wy.weight")[item * hidden[i].length + u];
        }
        s[c] = activate(s[c], activation);
        if (loss.kind() == LossKind.CROSS_ENTROPY) {
          s[c] -= loss.logq() * Math.log((double) counts[item]) * (c < b ? 1 : alpha);
        }
      }
      sum += one(s, i, loss);
    }
    return sum / batch;
  }

  private static double one(double[] s, int own, Loss loss) {
    double z = 0;
    double acc = 0;
    double regular = 0;
    int n = s.length - 1;
    for (int c = 0; c < s.length; c++) {
      if (loss.kind() == LossKind.CROSS_ENTROPY) {
        z += Math.exp(s[c]);
      } else if (c != own) {
        double w = loss.softmax() ? Math.exp(s[c]) : 1;
        z += w;
        regular += w * s[c] * s[c];
        acc +=
            switch (loss.kind()) {
              case BPR_MAX -> w * sigmoid(s[own] - s[c]);
              case BPR -> -Math.log(sigmoid(s[own] - s[c]));
              default -> w * (sigmoid(s[c] - s[own]) + sigmoid(s[c] * s[c]));
            };
      }
    }
    return switch (loss.kind()) {
      case CROSS_ENTROPY -> -Math.log(Math.exp(s[own]) / z + 1e-24);
      case BPR_MAX -> -Math.log(acc / z + 1e-24) + loss.bpreg() * regular / z;
      case TOP1_MAX -> acc / z;
      case TOP1, BPR -> acc / n;
    };
  }

  private static double activate(double x, FinalActivation f) {
    return switch (f.kind()) {
      case LINEAR -> x;
      case TANH -> Math.tanh(x);
      case RELU -> Math.max(x, 0);
      case ELU -> x > 0 ? x : f.alpha() * Math.expm1(x);
      case LEAKY -> x > 0 ? x : f.alpha() * x;
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
