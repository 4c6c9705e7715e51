package io.kaseb.config;

import io.kaseb.base.KasebException;
import io.kaseb.base.KasebException.Problem;
import java.util.List;
import java.util.Map;

/// Everything that decides a training run of the next-item network, besides the data and the number
/// of threads. [TrainKeys] says what each component means: it is the key of the same name.
public record TrainConfig(
    LossKind loss,
    FinalAct finalAct,
    float eluParam,
    float bpreg,
    float logq,
    boolean constrainedEmbedding,
    int embedding,
    boolean itemAttributes,
    Cell cell,
    List<Integer> layers,
    Readout readout,
    int nEpochs,
    int batchSize,
    float dropoutPEmbed,
    float dropoutPHidden,
    OptimizerKind optimizer,
    float learningRate,
    float momentum,
    float eps,
    float weightDecay,
    float gradClip,
    int nSample,
    float sampleAlpha,
    float initSigma,
    float emaDecay,
    long seed,
    String distill,
    float distillShare,
    float distillWeight,
    float distillTemperature,
    int distillTop,
    int distillNegatives) {
  /// The defaults.
  public static final TrainConfig DEFAULT = TrainKeys.TABLE.defaults();

  /// Checks every range.
  public TrainConfig {
    layers = List.copyOf(layers);
    TrainKeys.TABLE.check(
        loss,
        finalAct,
        eluParam,
        bpreg,
        logq,
        constrainedEmbedding,
        embedding,
        itemAttributes,
        cell,
        layers,
        readout,
        nEpochs,
        batchSize,
        dropoutPEmbed,
        dropoutPHidden,
        optimizer,
        learningRate,
        momentum,
        eps,
        weightDecay,
        gradClip,
        nSample,
        sampleAlpha,
        initSigma,
        emaDecay,
        seed,
        distill,
        distillShare,
        distillWeight,
        distillTemperature,
        distillTop,
        distillNegatives);
    if (readout == Readout.CORE && !constrainedEmbedding) {
      throw new KasebException(
          new Problem(
              null,
              "readout=core with constrained_embedding=false",
              "last, since core needs one table for inputs and outputs",
              null),
          null);
    }
    if (optimizer == OptimizerKind.ADAM && momentum > 0) {
      throw new KasebException(
          new Problem(null, "momentum=" + momentum + " with optimizer=adam", "0", null), null);
    }
  }

  /// Returns the same, changed by key-value pairs as users write them.
  ///
  /// @throws KasebException naming the key, its value and what is allowed
  public TrainConfig with(Map<String, String> pairs) {
    return TrainKeys.TABLE.changed(null, this, pairs);
  }

  /// Returns whether scores are the logarithms of probabilities, but for one number a session:
  /// cross-entropy makes them so, if every negative was corrected for how often it is drawn (Hidasi
  /// and Czapp 2023: logQ). Without the correction popular items score too low.
  public boolean logProbabilities() {
    return loss == LossKind.CROSS_ENTROPY
        && logq == 1
        && activation().kind() == FinalAct.Kind.LINEAR;
  }

  /// Returns what is applied to scores before the loss, `auto` resolved.
  public FinalAct activation() {
    if (finalAct.kind() != FinalAct.Kind.AUTO) {
      return finalAct;
    }
    return switch (loss) {
      case CROSS_ENTROPY -> FinalAct.LINEAR;
      case BPR_MAX, TOP1_MAX -> FinalAct.elu(eluParam);
      case TOP1, BPR -> FinalAct.TANH;
    };
  }
}
