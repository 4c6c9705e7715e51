package io.kaseb.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.KasebException;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.store.ExperimentFile;
import io.kaseb.store.SpaceFile;
import io.kaseb.tune.trial.Goal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// Files that people write, with a value of another type in each place in turn: what cannot be used
/// is one error that names the file, whatever stands there.
class WrongTypesTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "\"\"",
          "\"x\"",
          "\"\\u001b[31m\"",
          "-1",
          "0",
          "1.5",
          "1e999999999",
          "-1e400",
          "99999999999999999999",
          "[]",
          "[null]",
          "[[1],{}]",
          "[1,\"x\",null]",
          "{}",
          "{\"b\":\"c\"}",
          "{\"_type\":{}, \"_value\":[{}]}",
          "{\"_type\":\"choice\",\"_value\":[{\"_name\":[1]},null,[2]]}",
          "{\"name\":{\"a\":1}}");

  private static final String SPACE =
      """
      {"loss": {"_type": "choice", "_value": ["bpr-max", {"_name": "cross-entropy", "logq": {"_type": "uniform", "_value": [0, 1]}}]},
       "layers": {"_type": "choice", "_value": [[100], [100, 50]]},
       "n_sample": {"_type": "quniform", "_value": [512, 2048, 512]},
       "batch_size": {"_type": "randint", "_value": [32, 512]},
       "learning_rate": {"_type": "normal", "_value": [0.1, 0.01]},
       "hidden_size": {"_type": "int", "_value": [32, 256, 32]}}
      """;

  private static final String EXPERIMENT =
      """
      {"experimentName": "shop", "trialConcurrency": 2, "maxTrialNumber": 10, "maxExperimentDuration": "1h",
       "maxTrialDuration": "5m", "searchSpace": %s,
       "tuner": {"name": "TPE", "classArgs": {"optimize_mode": "maximize", "seed": 7, "n_startup_jobs": 5, "tpe_args": {"gamma": 1}}},
       "assessor": {"name": "Hyperband", "classArgs": {"optimize_mode": "maximize", "R": 9, "eta": 3}}}
      """
          .formatted(SPACE);

  private static final String FIRST_EXPERIMENT =
      """
      {"experimentName": "shop", "trialConcurrency": 2, "maxTrialNum": 10, "maxExecDuration": "1h",
       "searchSpacePath": "space.json", "advisor": {"builtinAdvisorName": "BOHB", "classArgs": {"max_budget": 9}}}
      """;

  private static final String LINE =
      "{\"name\": \"n_sample\", \"dtype\": \"int\", \"values\": [512, 2048], \"step\": 512, \"log\": false}";

  private static final String BOUNDS =
      "{\"name\": \"logq\", \"dtype\": \"float\", \"min\": 0, \"max\": 1, \"step\": 0.1}";

  @TempDir private Path folder;

  private interface Reader {
    void read(Path file) throws IOException;
  }

  @Test
  void configurations() throws IOException {
    ObjectNode all = MAPPER.createObjectNode();
    ConfigFile.values(ConfigFile.Resolved.DEFAULT, true).forEach(all::set);
    all.put("knn_sample", 500);
    all.put("num_layers", 2);
    check(all.toString(), file -> ConfigFile.resolve(file, List.of()));
  }

  @Test
  void spaces() throws IOException {
    check(SPACE, SpaceFile::read);
    check(LINE, SpaceFile::read);
    check(BOUNDS, SpaceFile::read);
  }

  @Test
  void experiments() throws IOException {
    Files.writeString(folder.resolve("space.json"), SPACE);
    for (String text : List.of(EXPERIMENT, FIRST_EXPERIMENT)) {
      check(text, file -> ExperimentFile.read(file, Goal.maximize("recall@20"), 5));
      check(text, file -> ExperimentFile.isOne(file));
    }
  }

  private void check(String text, Reader reader) throws IOException {
    JsonNode root = MAPPER.readTree(text);
    List<String> forms = new ArrayList<>(VALUES);
    changed(root, root, forms);
    List<String> wrong = new ArrayList<>();
    for (String form : forms) {
      for (String name : List.of("file.json", "file.yaml")) {
        Path file = Files.writeString(folder.resolve(name), form);
        try {
          reader.read(file);
        } catch (KasebException e) {
          if (!String.valueOf(e.getMessage()).startsWith(file.toString())) {
            wrong.add(form + "\n  says " + e.getMessage());
          }
        } catch (RuntimeException | IOException e) {
          wrong.add(form + "\n  fails with " + e);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /// Adds the text of a whole with each other value in each place.
  private static void changed(JsonNode root, JsonNode node, List<String> forms) {
    switch (node) {
      case ObjectNode object -> {
        for (String key : List.copyOf(object.propertyNames())) {
          JsonNode before = object.get(key);
          for (String value : VALUES) {
            object.putRawValue(key, new RawValue(value));
            forms.add(MAPPER.writeValueAsString(root));
          }
          object.set(key, before);
          changed(root, before, forms);
        }
      }
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          JsonNode before = array.get(i);
          for (String value : VALUES) {
            array.set(i, MAPPER.getNodeFactory().rawValueNode(new RawValue(value)));
            forms.add(MAPPER.writeValueAsString(root));
          }
          array.set(i, before);
          changed(root, before, forms);
        }
      }
      default -> {}
    }
  }
}
