package io.kaseb.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.kaseb.kernel.LossBlock;
import io.kaseb.model.Architecture;
import io.kaseb.model.Cell;
import io.kaseb.model.Embedding;
import io.kaseb.network.FinalActivation;
import io.kaseb.network.Loss;
import io.kaseb.network.Network;
import io.kaseb.network.Optimizer;
import java.util.List;

/// Everything that decides a training run, besides the data and the number of threads. Keys are
/// those that GRU4Rec users know; docs/configuration.md lists them with their ranges.
///
/// @param loss `cross-entropy`, `bpr-max`, `top1`, `bpr` or `top1-max`
/// @param finalAct activation of the scores before the loss, or `auto`: `elu-<elu_param>` for
///   bpr-max and top1-max, tanh for top1 and bpr, linear for cross-entropy
/// @param eluParam alpha of that ELU
/// @param bpreg score regularisation of bpr-max
/// @param logq strength of the logQ correction of cross-entropy
/// @param constrainedEmbedding whether the output table serves as input table
/// @param embedding floats of a separate input embedding, 0 for none; with `constrained_embedding`
///   it has no meaning
/// @param cell `gru` or `lstm`
/// @param layers units of each layer
/// @param nEpochs how often all sessions are seen
/// @param batchSize sessions side by side
/// @param dropoutPEmbed share of the input embedding that is dropped
/// @param dropoutPHidden share of each layer's output that is dropped
/// @param optimizer `adagrad`, `rmsprop`, `adadelta`, `adam` or `sgd`
/// @param learningRate its step size
/// @param momentum heavy-ball momentum
/// @param eps see [Optimizer]
/// @param weightDecay L2 penalty's gradient
/// @param gradClip largest norm of a step's gradient, 0 for none
/// @param nSample negatives drawn each step
/// @param sampleAlpha they are drawn with popularity^this
/// @param initSigma initial weights are uniform in -sigma..sigma; 0 or -1: sqrt(6 / (rows +
///   columns)); -2: the same, positive half
/// @param seed of everything random
public record TrainConfig(
    String loss,
    String finalAct,
    float eluParam,
    float bpreg,
    float logq,
    boolean constrainedEmbedding,
    int embedding,
    String cell,
    List<Integer> layers,
    int nEpochs,
    int batchSize,
    @JsonProperty("dropout_p_embed") float dropoutPEmbed,
    @JsonProperty("dropout_p_hidden") float dropoutPHidden,
    String optimizer,
    float learningRate,
    float momentum,
    float eps,
    float weightDecay,
    float gradClip,
    int nSample,
    float sampleAlpha,
    float initSigma,
    long seed) {
  /// The defaults: the best published cross-entropy settings of GRU4Rec on RSC15 (Hidasi and Czapp
  /// 2023), at batch size 128.
  public static final TrainConfig DEFAULT =
      new TrainConfig(
          "cross-entropy",
          "auto",
          .5f,
          1,
          1,
          true,
          0,
          "gru",
          List.of(100),
          10,
          128,
          0,
          .4f,
          "adagrad",
          .2f,
          .2f,
          1e-6f,
          0,
          0,
          2048,
          .5f,
          0,
          42);

  /// Checks every range.
  public TrainConfig {
    layers = List.copyOf(layers);
    lossKind(loss);
    FinalActivation.of(finalAct.equals("auto") ? "linear" : finalAct);
    optimizerKind(optimizer);
    cellOf(cell);
    check("layers", layers.size(), 1, 16);
    layers.forEach(n -> check("layers", n, 1, 8192));
    check("elu_param", eluParam, 0, 100);
    check("bpreg", bpreg, 0, 1000);
    check("logq", logq, 0, 10);
    check("embedding", embedding, 0, 8192);
    check("n_epochs", nEpochs, 1, 10_000);
    check("batch_size", batchSize, 1, 65_536);
    below("dropout_p_embed", dropoutPEmbed);
    below("dropout_p_hidden", dropoutPHidden);
    check("learning_rate", learningRate, Float.MIN_NORMAL, 100);
    below("momentum", momentum);
    check("eps", eps, Float.MIN_NORMAL, 1);
    check("weight_decay", weightDecay, 0, 1);
    check("grad_clip", gradClip, 0, 1e6);
    check("n_sample", nSample, 0, 1_000_000);
    check("sample_alpha", sampleAlpha, 0, 2);
    if (initSigma != -1 && initSigma != -2) {
      check("init_sigma", initSigma, 0, 10);
    }
    if (optimizer.equals("adam") && momentum > 0) {
      throw new IllegalArgumentException(
          "momentum=" + momentum + " with optimizer=adam; must be 0");
    }
  }

  private static void check(String key, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          key + "=" + number(value) + "; must be " + number(least) + ".." + number(most));
    }
  }

  private static void below(String key, float value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(key + "=" + value + "; must be 0 or more and below 1");
    }
  }

  private static String number(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e15
        ? Long.toString((long) x)
        : Float.toString((float) x);
  }

  /// Returns the network's shape.
  public Architecture architecture() {
    Cell kind = cellOf(cell);
    if (constrainedEmbedding) {
      return new Architecture(kind, Embedding.CONSTRAINED, layers.getLast(), layers);
    }
    Embedding mode = embedding > 0 ? Embedding.SEPARATE : Embedding.NONE;
    return new Architecture(kind, mode, embedding, layers);
  }

  /// Returns what the step needs to know.
  Network.StepConfig step() {
    LossBlock.Kind kind = lossKind(loss);
    float correction = kind == LossBlock.Kind.CROSS_ENTROPY ? logq : 0;
    return new Network.StepConfig(
        batchSize,
        nSample,
        sampleAlpha,
        new Loss(kind, correction, bpreg),
        FinalActivation.of(resolvedFinalAct()),
        dropoutPEmbed,
        dropoutPHidden,
        new Optimizer(optimizerKind(optimizer), learningRate, momentum, eps, weightDecay),
        gradClip);
  }

  private String resolvedFinalAct() {
    if (!finalAct.equals("auto")) {
      return finalAct;
    }
    return switch (lossKind(loss)) {
      case CROSS_ENTROPY -> "linear";
      case BPR_MAX, TOP1_MAX -> "elu-" + eluParam;
      case TOP1, BPR -> "tanh";
    };
  }

  private static LossBlock.Kind lossKind(String text) {
    for (LossBlock.Kind kind : LossBlock.Kind.values()) {
      if (Loss.key(kind).equals(text)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "loss=" + text + "; must be cross-entropy, bpr-max, top1, bpr or top1-max");
  }

  private static Optimizer.Kind optimizerKind(String text) {
    for (Optimizer.Kind kind : Optimizer.Kind.values()) {
      if (kind.key().equals(text)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "optimizer=" + text + "; must be adagrad, rmsprop, adadelta, adam or sgd");
  }

  private static Cell cellOf(String text) {
    return switch (text) {
      case "gru" -> Cell.GRU;
      case "lstm" -> Cell.LSTM;
      default -> throw new IllegalArgumentException("cell=" + text + "; must be gru or lstm");
    };
  }
}
