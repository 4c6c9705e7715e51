package io.kaseb.kernel;

import static io.kaseb.kernel.VectorMath.L;
import static io.kaseb.kernel.VectorMath.S;
import static java.util.Objects.requireNonNull;

import io.kaseb.config.LossKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/// The losses' two passes over a block of scores. Lanes are sessions: each sum over columns is
/// vertical, and a lane's running sums stay in registers while the block's rows pass by.
final class VectorLoss {
  private VectorLoss() {}

  /// One loop over a block's rows for the `L` sessions from `j`.
  ///
  /// A loop holds one exponential: with two, the method outgrows what the compiler inlines, and
  /// vectors land on the heap. For the same reason the passes are called through an interface that
  /// has too many implementations to be inlined.
  private interface Pass {
    void run(LossBlock b, int j);
  }

  private static final Map<LossKind, List<Pass>> SUMS =
      new EnumMap<>(
          Map.of(
              LossKind.CROSS_ENTROPY,
              List.of(VectorLoss::correctedMax, VectorLoss::raise, VectorLoss::exponentials),
              LossKind.BPR_MAX,
              List.of(
                  VectorLoss::countedMax,
                  VectorLoss::rescale,
                  VectorLoss::aheadOfEach,
                  VectorLoss::bprMaxSums),
              LossKind.TOP1_MAX,
              List.of(
                  VectorLoss::countedMax,
                  VectorLoss::rescale,
                  VectorLoss::behindOfEach,
                  VectorLoss::top1MaxSums,
                  VectorLoss::top1MaxSquares),
              LossKind.TOP1,
              List.of(VectorLoss::behindOfEach, VectorLoss::top1Sums),
              LossKind.BPR,
              List.of(
                  VectorLoss::behindOfEach,
                  VectorLoss::bprSlopes,
                  VectorLoss::bprTails,
                  VectorLoss::bprTerms)));

  private static final Map<LossKind, List<Pass>> GRADIENT =
      new EnumMap<>(
          Map.of(
              LossKind.BPR_MAX,
              List.of(VectorLoss::aheadOfEach, VectorLoss::bprMaxPull, VectorLoss::pulledSoftmax),
              LossKind.TOP1_MAX,
              List.of(VectorLoss::behindOfEach, VectorLoss::top1MaxPull, VectorLoss::pulledSoftmax),
              LossKind.TOP1,
              List.of(VectorLoss::behindOfEach, VectorLoss::top1Gradient),
              LossKind.BPR,
              List.of(VectorLoss::behindOfEach, VectorLoss::bprGradient)));

  static void sums(LossBlock b) {
    run(SUMS.get(b.kind), b);
  }

  static void gradient(LossBlock b) {
    run(GRADIENT.get(b.kind), b);
  }

  private static void run(@Nullable List<Pass> passes, LossBlock b) {
    for (int i = 0; i < requireNonNull(passes).size(); i++) {
      Pass pass = passes.get(i);
      for (int j = 0; j < b.lanes; j += L) {
        pass.run(b, j);
      }
    }
  }

  private static void correctedMax(LossBlock b, int j) {
    FloatVector max = FloatVector.broadcast(S, LossBlock.NO_MAX);
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = corrected(b, r, j);
      max = max.blend(s, s.compare(VectorOperators.GT, max));
    }
    max.intoArray(b.newMax, j);
  }

  /// The maximum over cells that count: a session's own target must not set the scale.
  private static void countedMax(LossBlock b, int j) {
    FloatVector max = FloatVector.fromArray(S, b.max, j);
    FloatVector none = FloatVector.broadcast(S, LossBlock.NO_MAX);
    for (int r = 0; r < b.rows; r++) {
      max = max.max(none.blend(scores(b, r, j), weights(b, r, j).compare(VectorOperators.GT, 0f)));
    }
    max.intoArray(b.newMax, j);
  }

  /// Raises the running maximum of those of `L` sessions that need it.
  private static void raise(LossBlock b, int j) {
    FloatVector old = FloatVector.fromArray(S, b.max, j);
    FloatVector found = FloatVector.fromArray(S, b.newMax, j);
    FloatVector max =
        old.blend(found, found.compare(VectorOperators.GT, old.add(LossBlock.HEADROOM)));
    max.intoArray(b.max, j);
    sum(b, 0, j).mul(VectorMath.exp(old.sub(max))).intoArray(b.sums, j);
  }

  /// Raises the running maximum of `L` sessions and scales their sums to it.
  private static void rescale(LossBlock b, int j) {
    FloatVector max = FloatVector.fromArray(S, b.newMax, j);
    FloatVector scale = VectorMath.exp(FloatVector.fromArray(S, b.max, j).sub(max));
    max.intoArray(b.max, j);
    for (int i = 0; i < 4; i++) {
      sum(b, i, j).mul(scale).intoArray(b.sums, i * b.stride + j);
    }
  }

  private static void exponentials(LossBlock b, int j) {
    FloatVector max = FloatVector.fromArray(S, b.max, j);
    FloatVector z = sum(b, 0, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = corrected(b, r, j).sub(max);
      FloatVector e = VectorMath.exp(s).mul(b.weight[b.row0 + r]);
      put(b, r, j, e);
      z = z.add(e);
    }
    z.intoArray(b.sums, j);
  }

  private static void bprMaxSums(LossBlock b, int j) {
    FloatVector max = FloatVector.fromArray(S, b.max, j);
    FloatVector z = sum(b, 0, j);
    FloatVector za = sum(b, 1, j);
    FloatVector zs = sum(b, 2, j);
    FloatVector zd = sum(b, 3, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = scores(b, r, j);
      FloatVector a = kept(b, r, j);
      FloatVector e = VectorMath.exp(s.sub(max)).mul(weights(b, r, j));
      z = z.add(e);
      za = a.fma(e, za);
      zs = s.mul(s).fma(e, zs);
      zd = a.sub(a.mul(a)).fma(e, zd);
    }
    z.intoArray(b.sums, j);
    za.intoArray(b.sums, b.stride + j);
    zs.intoArray(b.sums, 2 * b.stride + j);
    zd.intoArray(b.sums, 3 * b.stride + j);
  }

  private static void bprMaxPull(LossBlock b, int j) {
    FloatVector k1 = coefficient(b, 1, j);
    FloatVector k2 = coefficient(b, 2, j);
    FloatVector k3 = coefficient(b, 3, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = scores(b, r, j);
      FloatVector a = kept(b, r, j);
      FloatVector pull = s.add(2f).mul(s).sub(k3).mul(b.bpreg);
      put(b, r, j, k2.sub(a.mul(a)).fma(k1, pull));
    }
  }

  /// The softmax times what each row is pulled by, which the pass before keeps.
  private static void pulledSoftmax(LossBlock b, int j) {
    FloatVector max = FloatVector.fromArray(S, b.max, j);
    FloatVector k0 = coefficient(b, 0, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector e = VectorMath.exp(scores(b, r, j).sub(max)).mul(k0).mul(weights(b, r, j));
      put(b, r, j, e.mul(kept(b, r, j)));
    }
  }

  private static void top1MaxSums(LossBlock b, int j) {
    FloatVector max = FloatVector.fromArray(S, b.max, j);
    FloatVector z = sum(b, 0, j);
    FloatVector zc = sum(b, 1, j);
    FloatVector zd = sum(b, 3, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector d = kept(b, r, j);
      FloatVector e = VectorMath.exp(scores(b, r, j).sub(max)).mul(weights(b, r, j));
      z = z.add(e);
      zc = d.fma(e, zc);
      zd = d.sub(d.mul(d)).fma(e, zd);
      put(b, r, j, e);
    }
    z.intoArray(b.sums, j);
    zc.intoArray(b.sums, b.stride + j);
    zd.intoArray(b.sums, 3 * b.stride + j);
  }

  /// Adds e sigmoid(s^2), with the e that [#top1MaxSums] keeps.
  private static void top1MaxSquares(LossBlock b, int j) {
    FloatVector zc = sum(b, 1, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = scores(b, r, j);
      zc = VectorMath.sigmoid(s.mul(s)).fma(kept(b, r, j), zc);
    }
    zc.intoArray(b.sums, b.stride + j);
  }

  private static void top1MaxPull(LossBlock b, int j) {
    FloatVector k1 = coefficient(b, 1, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = scores(b, r, j);
      FloatVector d = kept(b, r, j);
      FloatVector q = VectorMath.sigmoid(s.mul(s));
      put(b, r, j, d.add(q).sub(k1).add(slopes(s, d, q)));
    }
  }

  private static void top1Sums(LossBlock b, int j) {
    FloatVector terms = sum(b, 0, j);
    FloatVector slopes = sum(b, 1, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = scores(b, r, j);
      FloatVector w = weights(b, r, j);
      FloatVector d = kept(b, r, j);
      terms = d.add(VectorMath.sigmoid(s.mul(s))).fma(w, terms);
      slopes = d.sub(d.mul(d)).fma(w, slopes);
    }
    terms.intoArray(b.sums, j);
    slopes.intoArray(b.sums, b.stride + j);
  }

  private static void top1Gradient(LossBlock b, int j) {
    FloatVector k0 = coefficient(b, 0, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector s = scores(b, r, j);
      FloatVector q = VectorMath.sigmoid(s.mul(s));
      put(b, r, j, slopes(s, kept(b, r, j), q).mul(k0).mul(weights(b, r, j)));
    }
  }

  /// The derivative by s of d + q, where d = sigmoid(s - t) and q = sigmoid(s^2).
  private static FloatVector slopes(FloatVector s, FloatVector d, FloatVector q) {
    return q.sub(q.mul(q)).mul(s.add(s)).add(d.sub(d.mul(d)));
  }

  /// Keeps e^-|s - t|, of which [#bprTerms] takes the logarithm: both in one loop would box.
  private static void bprTails(LossBlock b, int j) {
    FloatVector target = FloatVector.fromArray(S, b.target, j);
    for (int r = 0; r < b.rows; r++) {
      put(b, r, j, VectorMath.exp(scores(b, r, j).sub(target).abs().neg()));
    }
  }

  private static void bprTerms(LossBlock b, int j) {
    FloatVector target = FloatVector.fromArray(S, b.target, j);
    FloatVector terms = sum(b, 0, j);
    for (int r = 0; r < b.rows; r++) {
      FloatVector behind = scores(b, r, j).sub(target);
      FloatVector softplus = behind.max(0f).add(VectorMath.logOneToTwo(kept(b, r, j).add(1f)));
      terms = softplus.fma(weights(b, r, j), terms);
    }
    terms.intoArray(b.sums, j);
  }

  private static void bprSlopes(LossBlock b, int j) {
    FloatVector slopes = sum(b, 1, j);
    for (int r = 0; r < b.rows; r++) {
      slopes = kept(b, r, j).fma(weights(b, r, j), slopes);
    }
    slopes.intoArray(b.sums, b.stride + j);
  }

  private static void bprGradient(LossBlock b, int j) {
    FloatVector k0 = coefficient(b, 0, j);
    for (int r = 0; r < b.rows; r++) {
      put(b, r, j, kept(b, r, j).mul(k0).mul(weights(b, r, j)));
    }
  }

  /// Keeps sigmoid(t - s) of each row where its gradient will be.
  private static void aheadOfEach(LossBlock b, int j) {
    FloatVector target = FloatVector.fromArray(S, b.target, j);
    for (int r = 0; r < b.rows; r++) {
      put(b, r, j, VectorMath.sigmoid(target.sub(scores(b, r, j))));
    }
  }

  /// Keeps sigmoid(s - t) of each row where its gradient will be.
  private static void behindOfEach(LossBlock b, int j) {
    FloatVector target = FloatVector.fromArray(S, b.target, j);
    for (int r = 0; r < b.rows; r++) {
      put(b, r, j, VectorMath.sigmoid(scores(b, r, j).sub(target)));
    }
  }

  private static FloatVector kept(LossBlock b, int r, int j) {
    return FloatVector.fromArray(S, b.gradient, b.gradient0 + r * b.stride + j);
  }

  private static FloatVector scores(LossBlock b, int r, int j) {
    return FloatVector.fromArray(S, b.scores, b.scores0 + r * b.stride + j);
  }

  /// Scores less their logQ correction.
  private static FloatVector corrected(LossBlock b, int r, int j) {
    return scores(b, r, j).sub(b.correction[b.row0 + r]);
  }

  /// How often each session counts a row. The choice is between two places to load from, not
  /// between two vectors: the compiler would put those on the heap.
  private static FloatVector weights(LossBlock b, int r, int j) {
    int own = r < b.ownRows ? b.own0 + r * b.stride : 0;
    return FloatVector.broadcast(S, b.weight[b.row0 + r])
        .sub(FloatVector.fromArray(S, b.own, own + j));
  }

  private static FloatVector sum(LossBlock b, int i, int j) {
    return FloatVector.fromArray(S, b.sums, i * b.stride + j);
  }

  private static FloatVector coefficient(LossBlock b, int i, int j) {
    return FloatVector.fromArray(S, b.coefficients, i * b.stride + j);
  }

  private static void put(LossBlock b, int r, int j, FloatVector gradient) {
    gradient.intoArray(b.gradient, b.gradient0 + r * b.stride + j);
  }
}
