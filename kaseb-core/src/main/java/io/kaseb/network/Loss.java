package io.kaseb.network;

import io.kaseb.config.LossKind;
import io.kaseb.kernel.LossBlock;

/// The ranking loss of one target against its negatives, with r the target's score, s the
/// negatives', w = softmax over the negatives and sigma the logistic function.
///
/// | kind | loss of one session | source |
/// |---|---|---|
/// | cross-entropy | -log(softmax(r) + 1e-24) over target and negatives, after logQ | Hidasi and Karatzoglou 2018, eq. 3 |
/// | bpr-max | -log(sum w sigma(r - s) + 1e-24) + bpreg sum w s^2 | the same, eq. 10 |
/// | top1-max | sum w [sigma(s - r) + sigma(s^2)] | the same, eq. 8 |
/// | top1 | mean of sigma(s - r) + sigma(s^2) | Hidasi et al. 2016, section 3.1.3 |
/// | bpr | mean of -log sigma(r - s) | the same |
///
/// A step's loss is the sum over its sessions by the configured batch size.
///
/// @param kind which loss
/// @param logq strength of the logQ correction, cross-entropy only
/// @param bpreg weight of the score regularisation, bpr-max only
public record Loss(LossKind kind, float logq, float bpreg) {
  private static final double EPSILON = 1e-24;

  /// Finishes the sums of one session: sets what the gradient kernel needs and returns the loss.
  ///
  /// @param block holds maxima, sums and targets; its coefficients are set
  /// @param j the session's lane
  /// @param negatives how many negatives the session has
  /// @param ownCorrection the logQ correction of its target
  /// @param batch the configured batch size
  /// @param ownGradients receives the gradient by the target's score, from this cell alone
  double finish(
      LossBlock block, int j, int negatives, float ownCorrection, int batch, float[] ownGradients) {
    int i = block.stride;
    double s0 = block.sums[j];
    double s1 = block.sums[i + j];
    double s2 = block.sums[2 * i + j];
    double s3 = block.sums[3 * i + j];
    if (negatives == 0 || s0 == 0) {
      zero(block, j);
      ownGradients[j] = 0;
      return 0;
    }
    return switch (kind) {
      case CROSS_ENTROPY -> {
        // The kept exponentials times the first coefficient are the gradient.
        double p = Math.exp(block.target[j] - ownCorrection - (double) block.max[j]) / s0;
        double share = p / (p + EPSILON);
        set(block, j, share / (s0 * batch), 0, 0, 0);
        ownGradients[j] = (float) (-share / batch);
        yield -Math.log(p + EPSILON);
      }
      case BPR_MAX -> {
        double a = s1 / s0;
        double regular = s2 / s0;
        double pull = 1 / (a + EPSILON);
        set(block, j, 1 / (s0 * batch), pull, a, regular);
        ownGradients[j] = (float) (-pull * s3 / (s0 * batch));
        yield -Math.log(a + EPSILON) + bpreg * regular;
      }
      case TOP1_MAX -> {
        double mean = s1 / s0;
        set(block, j, 1 / (s0 * batch), mean, 0, 0);
        ownGradients[j] = (float) (-s3 / (s0 * batch));
        yield mean;
      }
      case TOP1, BPR -> {
        double each = 1.0 / negatives;
        set(block, j, each / batch, 0, 0, 0);
        ownGradients[j] = (float) (-s1 * each / batch);
        yield s0 * each;
      }
    };
  }

  /// Makes a lane's gradient 0.
  static void zero(LossBlock block, int j) {
    set(block, j, 0, 0, 0, 0);
  }

  private static void set(LossBlock block, int j, double k0, double k1, double k2, double k3) {
    block.coefficients[j] = (float) k0;
    block.coefficients[block.stride + j] = (float) k1;
    block.coefficients[2 * block.stride + j] = (float) k2;
    block.coefficients[3 * block.stride + j] = (float) k3;
  }

  /// Returns whether sums are scaled by a running maximum.
  boolean softmax() {
    return kind != LossKind.TOP1 && kind != LossKind.BPR;
  }
}
