package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Safetensors;
import io.kaseb.model.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A model file whose checksum is right and whose content is not is refused as it is loaded, with
/// an error that names it; no forecast loops, breaks off or answers nonsense later.
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForgedModelTest {
  private static final Path FORMATS = Path.of("src/test/resources/formats");

  @TempDir private Path folder;

  private Safetensors content(String name) throws IOException {
    Safetensors file = Safetensors.read(FORMATS.resolve(name + ".kaseb"));
    return new Safetensors(
        new LinkedHashMap<>(file.metadata()),
        new LinkedHashMap<>(file.tensors()),
        new LinkedHashMap<>(file.ints()),
        new LinkedHashMap<>(file.bytes()));
  }

  private void refused(Safetensors forged) throws IOException {
    Path file = folder.resolve("forged.kaseb");
    forged.write(file);
    assertThatThrownBy(() -> Forecaster.load(file))
        .isInstanceOf(KasebException.class)
        .hasMessageStartingWith(file.toString());
  }

  private static void change(Safetensors file, String tensor, int at, float value) {
    Tensor old = file.tensors().get(tensor);
    assertThat(old).as(tensor).isNotNull();
    float[] data = old.data().clone();
    data[at] = value;
    file.tensors().put(tensor, new Tensor(old.shape(), data));
  }

  private static void change(Safetensors file, String key, UnaryOperator<String> edit) {
    String old = file.metadata().get(key);
    String fresh = edit.apply(old);
    assertThat(fresh).isNotEqualTo(old);
    file.metadata().put(key, fresh);
  }

  @Test
  void whatIsNotForgedIsLoaded() throws IOException {
    Path file = folder.resolve("same.kaseb");
    content("v3/purchases").write(file);
    assertThat(Forecaster.load(file).purchases()).isNotNull();
  }

  /// Node 0 is a tree's root: its columns are feature, threshold, and the nodes to go on to.
  @ParameterizedTest
  @CsvSource({"2, 0", "3, 0", "2, -1", "3, 1e9", "0, 1e6", "0, -2", "0, 0.5", "1, NaN"})
  void treesThatLoopOrLeadNowhere(int column, float value) throws IOException {
    Safetensors file = content("v3/purchases");
    float[] loop = {0, .5f, 1, 2, -1, .1f, 0, 0, -1, .2f, 0, 0};
    loop[column] = value;
    file.tensors().put("intent.hand.session.nodes", Tensor.matrix(3, 4, loop));
    float[] roots = file.tensors().get("intent.hand.session.roots").data();
    file.tensors().put("intent.hand.session.roots", Tensor.vector(new float[] {0, roots[1], 0}));
    refused(file);
  }

  @ParameterizedTest
  @ValueSource(floats = {-1, 1e6f, Float.NaN, .5f})
  void treesThatBeginNowhere(float root) throws IOException {
    Safetensors file = content("v3/purchases");
    float[] starts = file.tensors().get("intent.hand.session.roots").data();
    file.tensors()
        .put("intent.hand.session.roots", Tensor.vector(new float[] {0, starts[1], root}));
    refused(file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Wy.weight",
        "G.0.weight_hh",
        "intent.net.0.weights",
        "intent.statistics.items",
        "intent.statistics.totals",
        "intent.logistic.session"
      })
  void numbersThatAreNone(String tensor) throws IOException {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      Safetensors file = content("v3/purchases");
      change(file, tensor, 0, value);
      refused(file);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "intent.net.0.weights",
        "intent.logistic.item",
        "intent.statistics.items",
        "intent.statistics.categories",
        "intent.trees.item.nodes"
      })
  void tensorsOfAnotherSize(String tensor) throws IOException {
    Safetensors file = content("v3/purchases");
    file.tensors().put(tensor, Tensor.matrix(1, 100, new float[100]));
    refused(file);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "architecture | \"layers\":[ | \"layers\":[-1,",
        "architecture | \"layers\":[ | \"layers\":[1000000000,",
        "architecture | GRU | HOPFIELD",
        "config | \"learning_rate\": | \"learning_rate\":-7,\"was\":",
        "config | \"loss\": | \"loss\":{\"b\":\"c\"},\"was\":",
        "intent | \"units\": | \"units\":0,\"was\":",
        "intent | \"units\": | \"units\":65536,\"was\":",
        "intent | \"numbers\": | \"numbers\":8000,\"was\":",
        "intent | \"buyer_share\": | \"buyer_share\":7,\"was\":",
        "intent | \"a\": | \"a\":-1,\"was\":",
        "intent | {  | [",
      })
  void settingsOutOfRange(String key, String before, String after) throws IOException {
    Safetensors file = content("v3/purchases");
    change(file, key, text -> text.replace(before.strip(), after.strip()));
    refused(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[1, 2]", "{}", "[\"a\", \"a\"]", "no json", "[[\"a\"]]"})
  void itemsThatAreNone(String ids) throws IOException {
    Safetensors file = content("v3/purchases");
    file.bytes().put("items", ids.getBytes(StandardCharsets.UTF_8));
    refused(file);
  }

  @ParameterizedTest
  @CsvSource({
    "v3/markov, pairs.starts, 1, 1000000",
    "v3/markov, pairs.starts, 0, 1",
    "v3/markov, pairs.others, 0, -1",
    "v3/markov, pairs.others, 0, 1000000",
    "v3/hybrid, knn.offsets, 1, 1000000",
    "v3/hybrid, knn.items, 0, -5",
    "v3/hybrid, knn.items, 0, 1000000"
  })
  void indicesThatLeadOut(String model, String name, int at, int value) throws IOException {
    Safetensors file = content(model);
    int[] data = file.ints().get(name).clone();
    data[at] = value;
    file.ints().put(name, data);
    refused(file);
  }

  @ParameterizedTest
  @CsvSource({
    "v3/hybrid, hybrid.sharpness, 0, -1e9",
    "v3/hybrid, hybrid.network, 1, 2",
    "v3/hybrid, knn.lift, 0, 3e38",
    "v3/purchases, intent.statistics.categories, 0, -1",
    "v3/purchases, intent.statistics.items, 0, -1",
    "v3/purchases, Wy.weight, 0, 1e38"
  })
  void numbersOutOfRange(String model, String tensor, int at, float value) throws IOException {
    Safetensors file = content(model);
    change(file, tensor, at, value);
    refused(file);
  }

  @Test
  void everythingMissingInTurn() throws IOException {
    for (String name : content("v3/purchases").tensors().keySet()) {
      if (name.equals("intent.statistics.pairs") || name.equals("intent.logistic.so_far")) {
        continue; // the first files had none
      }
      Safetensors file = content("v3/purchases");
      file.tensors().remove(name);
      refused(file);
    }
  }
}
