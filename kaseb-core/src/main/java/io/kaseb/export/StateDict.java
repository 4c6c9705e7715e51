package io.kaseb.export;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.model.Safetensors;
import io.kaseb.model.Tensor;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A PyTorch module's parameters as a safetensors file, as `safetensors.torch.save_file` writes
/// them and `load_file` reads them: floats by name and nothing else. A model file of Kaseb's has a
/// checksum and more; this has what other tools expect.
///
/// @param metadata texts by name; other tools pass over them
/// @param tensors parameters by name
public record StateDict(Map<String, String> metadata, Map<String, Tensor> tensors) {
  private static final int CHUNK = 1 << 20;
  private static final int MAX_HEADER = 100_000_000;

  /// Bytes of a value, by the types that parameters have.
  private static final Map<String, Integer> WIDTH =
      new TreeMap<>(Map.of("F64", 8, "F32", 4, "F16", 2, "BF16", 2));

  /// Writes the file, atomically, with 32-bit floats.
  public void write(Path file) throws IOException {
    ObjectNode root = Json.MAPPER.createObjectNode();
    ObjectNode texts = root.putObject("__metadata__");
    texts.put("format", "pt");
    metadata.forEach(texts::put);
    long at = 0;
    for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
      ObjectNode entry = root.putObject(e.getKey()).put("dtype", "F32");
      ArrayNode shape = entry.putArray("shape");
      Arrays.stream(e.getValue().shape()).forEach(shape::add);
      long to = at + 4L * e.getValue().data().length;
      entry.putArray("data_offsets").add(at).add(to);
      at = to;
    }
    byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
    byte[] header = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(header, json.length, header.length, (byte) ' ');
    AtomicFiles.write(
        file,
        path -> {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            out.write(length.putLong(header.length).array());
            out.write(header);
            for (Tensor tensor : tensors.values()) {
              Safetensors.writeFloats(out, tensor.data());
            }
          }
        });
  }

  /// Reads a file. Parameters of 16 and 64 bits become floats of 32.
  ///
  /// @throws KasebException where it is no whole safetensors file, or holds other than floats
  public static StateDict read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long length = channel.size() < 8 ? -1 : read(channel, 0, 8).getLong(0);
      if (length < 2 || length > MAX_HEADER || 8 + length > channel.size()) {
        throw broken(file, "is no safetensors file: it does not begin with a header");
      }
      JsonNode header = header(file, read(channel, 8, (int) length).array());
      Map<String, String> texts = new LinkedHashMap<>();
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> e : header.properties()) {
        if (e.getKey().equals("__metadata__")) {
          e.getValue().properties().forEach(t -> texts.put(t.getKey(), t.getValue().asString()));
        } else {
          tensors.put(e.getKey(), tensor(file, channel, 8 + length, e.getKey(), e.getValue()));
        }
      }
      return new StateDict(texts, tensors);
    }
  }

  private static JsonNode header(Path file, byte[] json) {
    try {
      JsonNode header = Json.MAPPER.readTree(json);
      if (header.isObject()) {
        return header;
      }
    } catch (JacksonException e) {
      throw broken(file, "is no safetensors file: its header is not valid JSON");
    }
    throw broken(file, "is no safetensors file: its header is no JSON object");
  }

  private static Tensor tensor(
      Path file, FileChannel channel, long begin, String name, JsonNode entry) throws IOException {
    String type = entry.path("dtype").asString("");
    Integer width = WIDTH.get(type);
    if (width == null) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(),
              "tensor " + name + " is of type " + type,
              String.join(", ", WIDTH.keySet()),
              null));
    }
    int[] shape = new int[entry.path("shape").size()];
    long count = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = entry.path("shape").path(i).asInt(-1);
      count = shape[i] < 0 || count > Integer.MAX_VALUE ? -1 : count * shape[i];
    }
    long from = entry.path("data_offsets").path(0).asLong(-1);
    long to = entry.path("data_offsets").path(1).asLong(-1);
    boolean whole = count >= 0 && from >= 0 && to - from == count * width;
    if (!whole || count > Integer.MAX_VALUE - 8) {
      throw broken(file, "is damaged: its header describes tensor " + name + " wrongly");
    }
    if (begin + to > channel.size()) {
      throw broken(file, "is cut short: tensor " + name + " ends behind it");
    }
    float[] data = new float[(int) count];
    int step = CHUNK / width;
    for (int at = 0; at < data.length; at += step) {
      int n = Math.min(step, data.length - at);
      ByteBuffer bytes = read(channel, begin + from + (long) at * width, n * width);
      for (int i = 0; i < n; i++) {
        data[at + i] = value(type, bytes, i);
        if (!Float.isFinite(data[at + i])) {
          throw broken(file, "tensor " + name + " holds " + data[at + i]);
        }
      }
    }
    return new Tensor(shape, data);
  }

  private static float value(String type, ByteBuffer bytes, int i) {
    return switch (type) {
      case "F64" -> (float) bytes.getDouble(8 * i);
      case "F16" -> Float.float16ToFloat(bytes.getShort(2 * i));
      case "BF16" -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
      default -> bytes.getFloat(4 * i);
    };
  }

  private static ByteBuffer read(FileChannel channel, long at, int n) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(n).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return buffer.flip();
  }

  private static KasebException broken(Path file, String why) {
    return new KasebException(new KasebException.Problem(file.toString(), why, null, null));
  }

  /// Returns a tensor, or says that it is missing.
  Tensor get(Path file, String name, List<Integer> dimensions) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw broken(file, "has no tensor " + name);
    }
    if (!dimensions.contains(tensor.shape().length)) {
      throw broken(file, "tensor " + name + " has the shape " + Arrays.toString(tensor.shape()));
    }
    return tensor;
  }
}
