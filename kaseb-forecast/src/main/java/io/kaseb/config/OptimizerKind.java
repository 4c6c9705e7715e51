package io.kaseb.config;

/// The rules by which a gradient becomes a change of weights.
public enum OptimizerKind {
  /// Duchi et al. 2011: acc += g^2; d = -rate g / sqrt(acc + eps).
  ADAGRAD,
  /// Tieleman and Hinton 2012: acc = .9 acc + .1 g^2; d as Adagrad's.
  RMSPROP,
  /// Zeiler 2012, decay .9: d = -rate g sqrt(upd + eps) / sqrt(acc + eps).
  ADADELTA,
  /// Kingma and Ba 2015, .9 and .999, lazily on item tables (as PyTorch's SparseAdam).
  ADAM,
  /// d = -rate g.
  SGD
}
