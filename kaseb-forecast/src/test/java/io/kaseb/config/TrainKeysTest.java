package io.kaseb.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.model.Architecture;
import io.kaseb.model.Embedding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainKeysTest {
  private static TrainConfig read(String... pairs) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String pair : pairs) {
      map.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    return TrainConfig.DEFAULT.with(map);
  }

  @Test
  void everyDefaultAndKeyIsPinned() {
    assertThat(new TreeMap<>(TrainKeys.TABLE.json(TrainConfig.DEFAULT)).toString())
        .isEqualTo(
            "{batch_size=128, bpreg=1.0, cell=\"gru\", constrained_embedding=true,"
                + " dropout_p_embed=0.0, dropout_p_hidden=0.4, elu_param=0.5, embedding=0,"
                + " eps=1.0E-6, final_act=\"auto\", grad_clip=0.0, init_sigma=0.0, layers=[100],"
                + " learning_rate=0.2, logq=1.0, loss=\"cross-entropy\", momentum=0.2,"
                + " n_epochs=10, n_sample=2048, optimizer=\"adagrad\", sample_alpha=0.5, seed=42,"
                + " weight_decay=0.0}");
  }

  @Test
  void readsTheOriginalSystemsNames() {
    TrainConfig config =
        read(
            "hidden_size=50",
            "num_layers=3",
            "lr=0.01",
            "loss_type=TOP1-max",
            "optimizer_type=SparseAdam",
            "momentum=0",
            "dropout_input=0.1",
            "dropout_hidden=0.5",
            "sigma=-2",
            "embedding_dim=-1",
            "constrained_embedding=False",
            "final_act=tanh");
    assertThat(config.layers()).containsExactly(50, 50, 50);
    assertThat(config.loss()).isEqualTo(LossKind.TOP1_MAX);
    assertThat(config.optimizer()).isEqualTo(OptimizerKind.ADAM);
    assertThat(config.initSigma()).isEqualTo(-2);
    assertThat(config.dropoutPEmbed()).isEqualTo(.1f);
    assertThat(Architecture.of(config))
        .isEqualTo(new Architecture(Cell.GRU, Embedding.NONE, 0, List.of(50, 50, 50)));
  }

  @Test
  void readsGru4recsParameterFiles() {
    TrainConfig config =
        read(
            "loss=bpr-max",
            "constrained_embedding=True",
            "embedding=0",
            "elu_param=0.5",
            "layers=224",
            "n_epochs=10",
            "batch_size=80",
            "dropout_p_embed=0.5",
            "dropout_p_hidden=0.05",
            "learning_rate=0.05",
            "momentum=0.4",
            "n_sample=2048",
            "sample_alpha=0.4",
            "bpreg=1.95",
            "logq=0.0");
    assertThat(config.layers()).containsExactly(224);
    assertThat(Architecture.of(config).embedding()).isEqualTo(Embedding.CONSTRAINED);
    assertThat(read("layers=[64, 32]").layers()).containsExactly(64, 32);
    assertThat(read("layers=64/32").layers()).containsExactly(64, 32);
    assertThat(read("constrained_embedding=false", "embedding=layersize").embedding())
        .isEqualTo(100);
  }

  @Test
  void readsTheTheanoVersionsNames() {
    TrainConfig config =
        read(
            "adapt=rmsprop",
            "lmbd=0.001",
            "grad_cap=5",
            "smoothing=0",
            "hidden_act=tanh",
            "init_as_normal=False",
            "train_random_order=True",
            "layers=64/32",
            "constrained_embedding=False",
            "embedding=layersize");
    assertThat(config.optimizer()).isEqualTo(OptimizerKind.RMSPROP);
    assertThat(config.weightDecay()).isEqualTo(.001f);
    assertThat(config.gradClip()).isEqualTo(5);
    assertThat(config.embedding()).isEqualTo(64);
    assertThat(read("adapt=None", "momentum=0").optimizer()).isEqualTo(OptimizerKind.SGD);
  }

  @Test
  void passesOverWhatMeansNothingHere() {
    Map<String, String> pairs = Map.of("k_eval", "20", "lr", "0.1");
    assertThat(TrainKeys.TABLE.ignored(pairs.keySet())).containsExactly("k_eval");
    assertThat(TrainConfig.DEFAULT.with(pairs).learningRate()).isEqualTo(.1f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "batch_size=0 | batch_size=0; must be 1..65536",
        "batch_sise=3 | nearest is batch_size",
        "layers=a | layers=a; must be a whole number",
        "loss=hinge | must be cross-entropy, bpr-max, top1, bpr or top1-max",
        "learning_rate=x | learning_rate=x; must be a number",
        "learning_rate=NaN | learning_rate=NaN; must be",
        "dropout_p_hidden=1 | must be 0 or more and below 1",
        "constrained_embedding=maybe | must be true or false",
        "final_act=softplus | final_act=softplus; must be linear",
        "cell=rnn | must be gru, lstm or mgu",
        "smoothing=0.1 | smoothing=0.1 has no counterpart here; must be 0",
        "hidden_act=relu | hidden_act=relu has no counterpart here; must be tanh",
        "num_layers=0 | num_layers=0; must be 1..16"
      })
  void saysWhatIsWrong(String pair, String message) {
    assertThatThrownBy(() -> read(pair)).hasStackTraceContaining(message);
  }
}
