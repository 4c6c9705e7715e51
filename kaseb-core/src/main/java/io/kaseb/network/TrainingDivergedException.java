package io.kaseb.network;

import io.kaseb.base.KasebException;

/// Training ended in numbers that are none.
public final class TrainingDivergedException extends KasebException {
  private static final long serialVersionUID = 1L;

  /// Creates the exception.
  ///
  /// @param epoch counted from 1
  /// @param step within the epoch, counted from 1
  public TrainingDivergedException(int epoch, long step, double loss, float learningRate) {
    super(
        new Problem(
            "training diverged in epoch " + epoch + ", step " + step,
            "loss=" + loss + ", learning_rate=" + learningRate,
            null,
            "try a smaller learning_rate, or grad_clip=1"));
  }
}
