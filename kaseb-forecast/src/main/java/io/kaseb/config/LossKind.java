package io.kaseb.config;

/// The ranking losses. [Hidasi and Karatzoglou 2018](https://arxiv.org/abs/1706.03847) derive those
/// with `max`, Hidasi et al. 2016 the others.
public enum LossKind {
  /// Of the softmax over target and negatives.
  CROSS_ENTROPY,
  /// BPR against the negatives, each as much as the softmax over them says, and regularised.
  BPR_MAX,
  /// The relative rank of the target, regularised.
  TOP1,
  /// Bayesian personalised ranking: the target against each negative.
  BPR,
  /// TOP1 against the negatives, each as much as the softmax over them says.
  TOP1_MAX
}
