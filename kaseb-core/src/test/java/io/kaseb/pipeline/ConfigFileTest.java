package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          learning_rate; abc; a number, above 0, up to 100
          learning_rate; 0; above 0, up to 100
          n_epochs; 1.5; a whole number, 1..10000
          n_epochs; abc; a whole number, 1..10000
          n_epochs; 1e999999999; a whole number, 1..10000
          n_epochs; 99999999999; a whole number, 1..10000
          num_layers; 1.5; a whole number
          hidden_size; x; a whole number
          constrained_embedding; maybe; true or false
          loss; mse; bpr-max
          optimizer; 7; adagrad
          layers; 100/x; a whole number or several
          final_act; elu-x; auto
          seed; 1.25; a whole number
          knn_sample; many; a whole number
          intent_epochs; soon; a whole number
          """)
  void whatAValueMayBeIsSaidWithItsKeyWhereverItStands(String key, String value, String allowed)
      throws IOException {
    Path yaml = Files.writeString(folder.resolve("c.yaml"), key + ": " + value + "\n");
    Path json = Files.writeString(folder.resolve("c.json"), "{\"" + key + "\": \"" + value + "\"}");
    for (Path file : List.of(yaml, json)) {
      assertThatThrownBy(() -> ConfigFile.resolve(file, List.of()))
          .isInstanceOf(KasebException.class)
          .hasMessageStartingWith(file.toString())
          .hasMessageContaining("must be")
          .hasMessageContaining(allowed)
          .hasMessageNotContaining("input string");
    }
    assertThatThrownBy(() -> ConfigFile.resolve(null, List.of(key + "=" + value)))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("must be")
        .hasMessageContaining(allowed)
        .hasMessageNotContaining("input string");
  }

  @Test
  void aWholeNumberMayBeWrittenWithAPoint() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("c.yaml"),
            "n_epochs: 2.0\nbatch_size: 1e2\nlayers: [64.0, 32]\nseed: 7.0\n");
    ConfigFile.Resolved resolved = ConfigFile.resolve(file, List.of("n_sample=16.0"));
    assertThat(resolved.config().nEpochs()).isEqualTo(2);
    assertThat(resolved.config().batchSize()).isEqualTo(100);
    assertThat(resolved.config().layers()).containsExactly(64, 32);
    assertThat(resolved.config().seed()).isEqualTo(7);
    assertThat(resolved.config().nSample()).isEqualTo(16);
    assertThat(
            ConfigFile.resolve(null, List.of("hidden_size=8.0", "num_layers=2.0"))
                .config()
                .layers())
        .containsExactly(8, 8);
  }

  @Test
  void aKeyThatStandsTwiceIsNamedWithItsLine() throws IOException {
    Path yaml =
        Files.writeString(folder.resolve("c.yaml"), "n_epochs: 1\nbatch_size: 8\nn_epochs: 2\n");
    assertThatThrownBy(() -> ConfigFile.resolve(yaml, List.of()))
        .isInstanceOf(KasebException.class)
        .hasMessage(yaml + ":3: n_epochs stands twice; leave one of them out");
    Path json =
        Files.writeString(
            folder.resolve("c.json"), "{\n\t\"n_epochs\": 1,\n\t\"n_epochs\": 2\n}\n");
    assertThatThrownBy(() -> ConfigFile.resolve(json, List.of()))
        .hasMessage(json + ":3: n_epochs stands twice; leave one of them out");
    Path alias = Files.writeString(folder.resolve("a.yaml"), "n_epochs: 1\nepochs: 2\n");
    assertThatThrownBy(() -> ConfigFile.resolve(alias, List.of()))
        .hasMessageContaining("epochs and n_epochs are the same key");
    Path nested = Files.writeString(folder.resolve("n.yaml"), "n_epochs: {a: 1}\n");
    assertThatThrownBy(() -> ConfigFile.resolve(nested, List.of()))
        .hasMessageContaining("n_epochs={\"a\":1}");
  }
}
