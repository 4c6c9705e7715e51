package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.config.LossKind;
import io.kaseb.config.Readout;
import io.kaseb.config.TrainConfig;
import io.kaseb.store.Presets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

  private static ConfigFile.Start gru4rec(String parameters) {
    return new ConfigFile.Start(null, parameters, null);
  }

  @Test
  void aPresetIsChangedBySingleKeys() throws IOException {
    for (String name : Presets.NAMES) {
      ConfigFile.Start preset = new ConfigFile.Start(null, null, name);
      ConfigFile.Resolved resolved = preset.resolve(List.of("n_epochs=1"));
      assertThat(resolved.config().readout()).isEqualTo(Readout.CORE);
      assertThat(resolved.config().nEpochs()).isEqualTo(1);
      assertThat(resolved.ignored()).isEmpty();
    }
    assertThatThrownBy(() -> new ConfigFile.Start(null, null, "rr").resolve(List.of()))
        .hasMessageContaining("preset=rr")
        .hasMessageContaining(Presets.NAMES.get(0));
    assertThatThrownBy(() -> new ConfigFile.Start(folder, null, Presets.NAMES.get(0)))
        .hasMessage("config and preset exclude each other: leave all but one out");
  }

  /// One that is not among the names could not be used.
  @Test
  void everyPresetHasAName() throws IOException {
    Path files = Path.of("src/main/resources/io/kaseb/store/presets");
    try (Stream<Path> all = Files.list(files)) {
      assertThat(all.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Presets.NAMES.stream().map(name -> name + ".yaml").toList());
    }
  }

  @Test
  void gru4recsParameterTextIsRead() throws IOException {
    TrainConfig config =
        gru4rec(
                "loss=bpr-max,layers=224/100, constrained_embedding=False,embedding=layersize,"
                    + "momentum=0.4")
            .resolve(List.of("batch_size=80"))
            .config();
    assertThat(config.loss()).isEqualTo(LossKind.BPR_MAX);
    assertThat(config.layers()).containsExactly(224, 100);
    assertThat(config.embedding()).isEqualTo(224);
    assertThat(config.momentum()).isEqualTo(.4f);
    assertThat(config.batchSize()).isEqualTo(80);
    // What it does not say is as GRU4Rec has it.
    assertThat(config.learningRate()).isEqualTo(.05f);
    assertThat(config.dropoutPHidden()).isZero();
    assertThat(gru4rec("lr=1,layers=[8,9]").resolve(List.of()).config())
        .extracting(TrainConfig::learningRate, TrainConfig::layers, TrainConfig::logq)
        .containsExactly(1f, List.of(8, 9), 0f);
  }

  @Test
  void gru4recsParameterFileIsReadWithoutPython() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("rsc15_xe_shared_100_best.py"),
            """
            from collections import OrderedDict
            gru4rec_params = OrderedDict([
            ('loss', 'cross-entropy'),   # the (best) one
            ('constrained_embedding', True),
            ('embedding', 0),
            ('elu_param', 0),
            ('layers', [100]),
            ('n_epochs', 10),
            ('batch_size', 32),
            ('dropout_p_embed', 0.0),
            ('dropout_p_hidden', 0.4),
            ("learning_rate", 2e-1),
            ('momentum', .2),
            ('n_sample', 2_048),
            ('sample_alpha', 0.5),
            ('bpreg', 0),
            ('logq', 1.0)
            ])
            """);
    TrainConfig config = gru4rec(file.toString()).resolve(List.of()).config();
    assertThat(config.with(Map.of("batch_size", "128", "elu_param", "0.5", "bpreg", "1")))
        .isEqualTo(TrainConfig.DEFAULT);
    for (String other :
        List.of("dict(layers=(64, 32,), momentum=0.1,)", "{'layers': [64, 32], 'momentum': 0.1}")) {
      Files.writeString(file, "x = 1\ngru4rec_params = " + other + "\n");
      TrainConfig read = gru4rec(file.toString()).resolve(List.of()).config();
      assertThat(read.layers()).containsExactly(64, 32);
      assertThat(read.momentum()).isEqualTo(.1f);
    }
    assertThatThrownBy(() -> ConfigFile.resolve(file, List.of()))
        .hasMessageContaining(file + ": is a Python file");
    assertThatThrownBy(() -> new ConfigFile.Start(file, "layers=1", null))
        .hasMessage("config and gru4rec_params exclude each other: leave all but one out");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          x = 1; : sets no gru4rec_params
          gru4rec_params = OrderedDict([('layers', open('x'))]); :1: open; must be a text, a number
          gru4rec_params = OrderedDict([('layers' [100])]); :1: [; must be ,
          gru4rec_params = OrderedDict([('layers', [100]); :2: ends too early
          gru4rec_params = list(); :1: list; must be OrderedDict
          gru4rec_params = dict(layers=1).copy(); :1: .; must be the end of the line
          gru4rec_params = dict(layers=1) | x; :1: |; must be the end of the line
          gru4rec_params = {'layers': 1}  # plain¶gru4rec_params['layers'] = 2; :2: gru4rec_params; must be named once
          gru4rec_params = {'layers': 1}¶gru4rec_params.update(layers=2); :2: gru4rec_params.update; must be named once
          gru4rec_params = {'layers': 1, 'layers': 2}; :1: layers stands twice
          gru4rec_params = {layers: 1}; :1: layers; must be a parameter's name
          gru4rec_params = {'layerz': 1}; : layerz=1: no such key
          gru4rec_params = {'smoothing': 0.5}; : smoothing=0.5 has no counterpart here
          """)
  void whatAParameterFileHasWrongIsSaidWithItsLine(String text, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("p.py"), text.replace('¶', '\n') + "\n");
    assertThatThrownBy(() -> gru4rec(file.toString()).resolve(List.of()))
        .isInstanceOf(KasebException.class)
        .hasMessageStartingWith(file + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          loss=xe,,layers=1; must be cross-entropy
          layers=100,lr; must be a whole number
          =5; must be key=value apart by commas
          lr=1,lr=2; lr stands twice
          """)
  void whatAParameterTextHasWrongIsSaid(String text, String message) {
    assertThatThrownBy(() -> gru4rec(text).resolve(List.of()))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining(message);
  }
}
