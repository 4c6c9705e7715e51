package io.kaseb.kernel;

import static io.kaseb.kernel.VectorMath.L;
import static io.kaseb.kernel.VectorMath.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// The losses' two passes over a block of scores. Lanes are sessions: each sum over columns is
/// vertical, and a lane's running sums stay in registers while the block's rows pass by.
final class VectorLoss {
  private VectorLoss() {}

  static void sums(LossBlock b) {
    for (int j = 0; j < b.lanes; j += L) {
      switch (b.kind) {
        case CROSS_ENTROPY -> {
          rescale(b, j);
          crossEntropySums(b, j);
        }
        case BPR_MAX -> {
          rescale(b, j);
          bprMaxSums(b, j);
        }
        case TOP1_MAX -> {
          rescale(b, j);
          top1MaxSums(b, j);
        }
        case TOP1 -> top1Sums(b, j);
        case BPR -> bprSums(b, j);
      }
    }
  }

  static void gradient(LossBlock b) {
    for (int j = 0; j < b.lanes; j += L) {
      switch (b.kind) {
        case CROSS_ENTROPY -> crossEntropyGradient(b, j);
        case BPR_MAX -> bprMaxGradient(b, j);
        case TOP1_MAX -> top1MaxGradient(b, j);
        case TOP1 -> top1Gradient(b, j);
        case BPR -> bprGradient(b, j);
      }
    }
  }

  /// Raises the running maximum of `L` sessions to the block's and scales their sums to it.
  private static void rescale(LossBlock b, int j) {
    FloatVector old = FloatVector.fromArray(S, b.max, j);
    FloatVector max = old;
    boolean corrected = b.kind == LossBlock.Kind.CROSS_ENTROPY;
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = scores(b, r, j);
      s = corrected ? s.sub(b.correction[b.row0 + r]) : s;
      if (r < b.ownRows) {
        // A cell without weight, the session's own target, must not set the scale.
        s = max.blend(s, weights(b, r, j).compare(VectorOperators.GT, 0f));
      }
      max = max.max(s);
    }
    FloatVector scale = VectorMath.exp(old.sub(max));
    max.intoArray(b.max, j);
    for (int i = 0; i < 4; i++) {
      sum(b, i, j).mul(scale).intoArray(b.sums, i * b.stride + j);
    }
  }

  private static void crossEntropySums(LossBlock b, int j) {
    FloatVector max = FloatVector.fromArray(S, b.max, j);
    FloatVector z = sum(b, 0, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = scores(b, r, j).sub(b.correction[b.row0 + r]).sub(max);
      z = VectorMath.exp(s).fma(weights(b, r, j), z);
    }
    z.intoArray(b.sums, j);
  }

  private static void crossEntropyGradient(LossBlock b, int j) {
    FloatVector max = FloatVector.fromArray(S, b.max, j);
    FloatVector k0 = coefficient(b, 0, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = scores(b, r, j).sub(b.correction[b.row0 + r]).sub(max);
      put(b, r, j, VectorMath.exp(s).mul(k0).mul(weights(b, r, j)));
    }
  }

  private static void bprMaxSums(LossBlock b, int j) {
    FloatVector max = FloatVector.fromArray(S, b.max, j);
    FloatVector target = FloatVector.fromArray(S, b.target, j);
    FloatVector z = sum(b, 0, j);
    FloatVector za = sum(b, 1, j);
    FloatVector zs = sum(b, 2, j);
    FloatVector zd = sum(b, 3, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = scores(b, r, j);
      FloatVector e = VectorMath.exp(s.sub(max)).mul(weights(b, r, j));
      FloatVector ea = VectorMath.sigmoid(target.sub(s)).mul(e);
      z = z.add(e);
      za = za.add(ea);
      zs = s.mul(s).fma(e, zs);
      // e a (1 - a) = ea - ea^2 / e would divide by 0 where e is 0.
      zd = zd.add(ea.mul(VectorMath.sigmoid(s.sub(target))));
    }
    z.intoArray(b.sums, j);
    za.intoArray(b.sums, b.stride + j);
    zs.intoArray(b.sums, 2 * b.stride + j);
    zd.intoArray(b.sums, 3 * b.stride + j);
  }

  private static void bprMaxGradient(LossBlock b, int j) {
    FloatVector max = FloatVector.fromArray(S, b.max, j);
    FloatVector target = FloatVector.fromArray(S, b.target, j);
    FloatVector k0 = coefficient(b, 0, j);
    FloatVector k1 = coefficient(b, 1, j);
    FloatVector k2 = coefficient(b, 2, j);
    FloatVector k3 = coefficient(b, 3, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = scores(b, r, j);
      FloatVector a = VectorMath.sigmoid(target.sub(s));
      FloatVector pull = s.add(2f).mul(s).sub(k3).mul(b.bpreg);
      pull = k2.sub(a.mul(a)).fma(k1, pull);
      put(b, r, j, VectorMath.exp(s.sub(max)).mul(k0).mul(weights(b, r, j)).mul(pull));
    }
  }

  private static void top1MaxSums(LossBlock b, int j) {
    FloatVector max = FloatVector.fromArray(S, b.max, j);
    FloatVector target = FloatVector.fromArray(S, b.target, j);
    FloatVector z = sum(b, 0, j);
    FloatVector zc = sum(b, 1, j);
    FloatVector zd = sum(b, 3, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = scores(b, r, j);
      FloatVector e = VectorMath.exp(s.sub(max)).mul(weights(b, r, j));
      FloatVector d = VectorMath.sigmoid(s.sub(target));
      z = z.add(e);
      zc = d.add(VectorMath.sigmoid(s.mul(s))).fma(e, zc);
      zd = d.sub(d.mul(d)).fma(e, zd);
    }
    z.intoArray(b.sums, j);
    zc.intoArray(b.sums, b.stride + j);
    zd.intoArray(b.sums, 3 * b.stride + j);
  }

  private static void top1MaxGradient(LossBlock b, int j) {
    FloatVector max = FloatVector.fromArray(S, b.max, j);
    FloatVector k0 = coefficient(b, 0, j);
    FloatVector k1 = coefficient(b, 1, j);
    FloatVector target = FloatVector.fromArray(S, b.target, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = scores(b, r, j);
      FloatVector d = VectorMath.sigmoid(s.sub(target));
      FloatVector q = VectorMath.sigmoid(s.mul(s));
      FloatVector pull = d.add(q).sub(k1).add(slopes(s, d, q));
      put(b, r, j, VectorMath.exp(s.sub(max)).mul(k0).mul(weights(b, r, j)).mul(pull));
    }
  }

  private static void top1Sums(LossBlock b, int j) {
    FloatVector target = FloatVector.fromArray(S, b.target, j);
    FloatVector terms = sum(b, 0, j);
    FloatVector slopes = sum(b, 1, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = scores(b, r, j);
      FloatVector w = weights(b, r, j);
      FloatVector d = VectorMath.sigmoid(s.sub(target));
      terms = d.add(VectorMath.sigmoid(s.mul(s))).fma(w, terms);
      slopes = d.sub(d.mul(d)).fma(w, slopes);
    }
    terms.intoArray(b.sums, j);
    slopes.intoArray(b.sums, b.stride + j);
  }

  private static void top1Gradient(LossBlock b, int j) {
    FloatVector target = FloatVector.fromArray(S, b.target, j);
    FloatVector k0 = coefficient(b, 0, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = scores(b, r, j);
      FloatVector d = VectorMath.sigmoid(s.sub(target));
      FloatVector q = VectorMath.sigmoid(s.mul(s));
      put(b, r, j, slopes(s, d, q).mul(k0).mul(weights(b, r, j)));
    }
  }

  /// The derivative by s of d + q, where d = sigmoid(s - t) and q = sigmoid(s^2).
  private static FloatVector slopes(FloatVector s, FloatVector d, FloatVector q) {
    return q.sub(q.mul(q)).mul(s.add(s)).add(d.sub(d.mul(d)));
  }

  private static void bprSums(LossBlock b, int j) {
    FloatVector target = FloatVector.fromArray(S, b.target, j);
    FloatVector terms = sum(b, 0, j);
    FloatVector slopes = sum(b, 1, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector behind = scores(b, r, j).sub(target);
      FloatVector w = weights(b, r, j);
      terms = VectorMath.softplus(behind).fma(w, terms);
      slopes = VectorMath.sigmoid(behind).fma(w, slopes);
    }
    terms.intoArray(b.sums, j);
    slopes.intoArray(b.sums, b.stride + j);
  }

  private static void bprGradient(LossBlock b, int j) {
    FloatVector target = FloatVector.fromArray(S, b.target, j);
    FloatVector k0 = coefficient(b, 0, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector behind = scores(b, r, j).sub(target);
      put(b, r, j, VectorMath.sigmoid(behind).mul(k0).mul(weights(b, r, j)));
    }
  }

  private static FloatVector scores(LossBlock b, int r, int j) {
    return FloatVector.fromArray(S, b.scores, b.scores0 + r * b.stride + j);
  }

  private static FloatVector weights(LossBlock b, int r, int j) {
    return r < b.ownRows
        ? FloatVector.fromArray(S, b.ownWeight, b.own0 + r * b.stride + j)
        : FloatVector.broadcast(S, b.weight[b.row0 + r]);
  }

  private static FloatVector sum(LossBlock b, int i, int j) {
    return FloatVector.fromArray(S, b.sums, i * b.stride + j);
  }

  private static FloatVector coefficient(LossBlock b, int i, int j) {
    return FloatVector.fromArray(S, b.coefficients, i * b.stride + j);
  }

  private static void put(LossBlock b, int r, int j, FloatVector gradient) {
    gradient.intoArray(b.gradient, r * b.stride + j);
  }
}
