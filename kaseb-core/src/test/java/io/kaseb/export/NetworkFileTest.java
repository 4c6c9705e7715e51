package io.kaseb.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.config.Cell;
import io.kaseb.config.Readout;
import io.kaseb.model.Architecture;
import io.kaseb.model.Embedding;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// State dicts out of models and into models.
class NetworkFileTest {
  private static final Architecture PLAIN =
      new Architecture(Cell.GRU, Embedding.CONSTRAINED, 12, List.of(12));

  @TempDir private Path folder;

  /// PyTorch's version has the last state as its readout alone.
  static List<Architecture> shapes() {
    return RandomNetworks.shapes().stream().filter(s -> s.readout() == Readout.LAST).toList();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void comesBackAsItWas(Architecture shape) throws IOException {
    ModelFile model = RandomNetworks.of(shape);
    Path file = folder.resolve("network.safetensors");
    NetworkFile.write(model, file);
    assertThat(StateDict.read(file).tensors().keySet())
        .isEqualTo(shape.shapes(RandomNetworks.ITEMS).keySet());
    ModelFile again = NetworkFile.read(file, null);
    assertThat(again.shape()).isEqualTo(shape);
    assertThat(again.catalogue().ids()).isEqualTo(model.catalogue().ids());
    Path whole = folder.resolve("again.kaseb");
    again.write(whole);
    ModelFile read = ModelFile.read(whole);
    assertThat(Architecture.of(read.config().network())).isEqualTo(shape);
    model
        .tensors()
        .forEach((name, t) -> assertThat(read.tensors().get(name).data()).isEqualTo(t.data()));
  }

  @Test
  void otherWidthsOfFloatsAreRead() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(8 + 2 + 2).order(ByteOrder.LITTLE_ENDIAN);
    data.putDouble(.5).putShort(Float.floatToFloat16(-1.5f)).putShort((short) 0x4040);
    Path file =
        write(
            """
            {"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},\
            "b":{"dtype":"F16","shape":[1],"data_offsets":[8,10]},\
            "c":{"dtype":"BF16","shape":[1,1],"data_offsets":[10,12]}}""",
            data.array());
    Map<String, Tensor> tensors = StateDict.read(file).tensors();
    assertThat(tensors.get("a").data()).containsExactly(.5f);
    assertThat(tensors.get("b").data()).containsExactly(-1.5f);
    assertThat(tensors.get("c").data()).containsExactly(3f);
  }

  @Test
  void saysWhatIsWrongWithAFile() throws IOException {
    refused(Files.writeString(folder.resolve("x"), "PK"), "does not begin with a header");
    refused(write("[1]", new byte[0]), "no JSON object");
    refused(write("{x", new byte[0]), "not valid JSON");
    refused(
        write("{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", new byte[8]),
        "tensor a is of type I64; must be BF16, F16, F32, F64");
    refused(
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", new byte[8]),
        "describes tensor a wrongly");
    refused(
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", new byte[4]),
        "cut short: tensor a");
    refused(
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", new byte[4]),
        "holds no GRU4Rec: it has neither G.0.weight_hh nor GE.*, but a");
  }

  @Test
  void saysWhatDoesNotFit() throws IOException {
    ModelFile model = RandomNetworks.of(PLAIN);
    Path file = folder.resolve("n.safetensors");
    NetworkFile.write(model, file);
    assertThatThrownBy(() -> NetworkFile.read(file, List.of("a", "b")))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("has 57 items, but 2 ids are given");
    List<String> twice = new ArrayList<>(model.catalogue().ids());
    twice.set(3, twice.get(4));
    assertThatThrownBy(() -> NetworkFile.read(file, twice))
        .hasMessageContaining("of its 57 item ids only 56 are different");
    Map<String, Tensor> more = new LinkedHashMap<>(model.tensors());
    more.put("DE.weight", Tensor.vector(new float[1]));
    new StateDict(Map.of("items", "[]"), more).write(file);
    assertThatThrownBy(() -> NetworkFile.read(file, model.catalogue().ids()))
        .hasMessageContaining("tensor DE.weight is no part of such a network");
    Map<String, Tensor> fewer = new LinkedHashMap<>(model.tensors());
    fewer.remove("G.0.bias_ih");
    new StateDict(Map.of(), fewer).write(file);
    assertThatThrownBy(() -> NetworkFile.read(file, model.catalogue().ids()))
        .hasMessageContaining("tensor G.0.bias_ih is missing");
    assertThatThrownBy(() -> NetworkFile.read(file, null))
        .hasMessageContaining("does not say which items its rows are");
  }

  private static void refused(Path file, String words) {
    assertThatThrownBy(() -> NetworkFile.read(file, null))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(words);
  }

  private Path write(String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer all =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(json.length).put(json).put(data);
    return Files.write(folder.resolve("some.safetensors"), all.array());
  }
}
