package io.kaseb.tune.sampler;

/// Whose rules the TPE sampler follows.
public enum TpeMode {
  /// NNI's: every parameter by itself, few good trials, mixture truncated once.
  NNI,
  /// Optuna's up to 4.0: the prior is a neighbour when widths are set.
  OPTUNA4,
  /// Optuna 5's: widths from observations alone, one kernel drawn for all parameters together.
  OPTUNA5
}
