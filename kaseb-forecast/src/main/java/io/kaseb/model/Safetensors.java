package io.kaseb.model;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.Hashes;
import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Files in the safetensors format: 8 bytes with the header's length, a JSON header that names
/// every tensor with its type, shape and place, then the values, little-endian. Any standard reader
/// opens them. Their last tensor, `checksum`, is the SHA-256 of all bytes before it, so that a
/// flipped bit anywhere is found.
///
/// @param metadata the header's `__metadata__`
/// @param tensors float32 tensors by name
/// @param ints rows of whole numbers by name
/// @param bytes plain bytes by name
public record Safetensors(
    Map<String, String> metadata,
    Map<String, Tensor> tensors,
    Map<String, int[]> ints,
    Map<String, byte[]> bytes) {
  private static final int CHUNK = 1 << 20;
  private static final int MAX_HEADER = 100_000_000;
  private static final String CHECKSUM = "checksum";
  private static final int CHECKSUM_BYTES = 32;

  /// Creates a file without whole numbers.
  public Safetensors(
      Map<String, String> metadata, Map<String, Tensor> tensors, Map<String, byte[]> bytes) {
    this(metadata, tensors, Map.of(), bytes);
  }

  /// Writes the file, atomically.
  public void write(Path file) throws IOException {
    byte[] header = header();
    AtomicFiles.write(
        file,
        path -> {
          MessageDigest digest = Hashes.newSha256();
          try (OutputStream raw = Files.newOutputStream(path);
              DigestOutputStream out = new DigestOutputStream(raw, digest)) {
            out.write(
                ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            out.write(header);
            for (Tensor tensor : tensors.values()) {
              writeFloats(out, tensor.data());
            }
            for (int[] data : ints.values()) {
              writeInts(out, data);
            }
            for (byte[] data : bytes.values()) {
              out.write(data);
            }
            out.on(false);
            out.write(digest.digest());
          }
        });
  }

  /// Returns the bytes that the file has.
  long size() {
    long values = 0;
    for (Tensor tensor : tensors.values()) {
      values += 4L * tensor.data().length;
    }
    for (int[] data : ints.values()) {
      values += 4L * data.length;
    }
    for (byte[] data : bytes.values()) {
      values += data.length;
    }
    return 8 + header().length + values + CHECKSUM_BYTES;
  }

  private byte[] header() {
    ObjectNode root = Json.MAPPER.createObjectNode();
    ObjectNode meta = root.putObject("__metadata__");
    metadata.forEach(meta::put);
    long at = 0;
    for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
      int[] shape = e.getValue().shape();
      at = entry(root, e.getKey(), "F32", shape, at, 4L * e.getValue().data().length);
    }
    for (Map.Entry<String, int[]> e : ints.entrySet()) {
      int n = e.getValue().length;
      at = entry(root, e.getKey(), "I32", new int[] {n}, at, 4L * n);
    }
    for (Map.Entry<String, byte[]> e : bytes.entrySet()) {
      at = entry(root, e.getKey(), "U8", new int[] {e.getValue().length}, at, e.getValue().length);
    }
    entry(root, CHECKSUM, "U8", new int[] {CHECKSUM_BYTES}, at, CHECKSUM_BYTES);
    byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static long entry(
      ObjectNode root, String name, String type, int[] shape, long from, long size) {
    ObjectNode entry = root.putObject(name);
    entry.put("dtype", type);
    ArrayNode dimensions = entry.putArray("shape");
    for (int n : shape) {
      dimensions.add(n);
    }
    entry.putArray("data_offsets").add(from).add(from + size);
    return from + size;
  }

  /// Writes floats as this form has them, lowest byte first.
  public static void writeFloats(OutputStream out, float[] data) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < data.length; at += CHUNK / 4) {
      int n = Math.min(CHUNK / 4, data.length - at);
      buffer.asFloatBuffer().put(data, at, n);
      out.write(buffer.array(), 0, 4 * n);
    }
  }

  private static void writeInts(OutputStream out, int[] data) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < data.length; at += CHUNK / 4) {
      int n = Math.min(CHUNK / 4, data.length - at);
      buffer.asIntBuffer().put(data, at, n);
      out.write(buffer.array(), 0, 4 * n);
    }
  }

  /// Returns whether a file begins as one of this form does: the length of a header, then JSON.
  public static boolean isOne(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] begin = in.readNBytes(Long.BYTES + 1);
      return begin.length == Long.BYTES + 1
          && begin[Long.BYTES] == '{'
          && begin[Long.BYTES - 1] == 0
          && begin[Long.BYTES - 2] == 0;
    }
  }

  /// Reads a whole file and checks it.
  ///
  /// @throws KasebException where it is cut, changed or no safetensors file of Kaseb's
  public static Safetensors read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Reader reader = new Reader(file, channel);
      JsonNode header = reader.header();
      Map<String, String> metadata = metadata(header);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      Map<String, int[]> ints = new LinkedHashMap<>();
      Map<String, byte[]> bytes = new LinkedHashMap<>();
      for (Entry entry : reader.entries(header)) {
        if (entry.name.equals(CHECKSUM)) {
          reader.check(entry.size());
        } else if (entry.type.equals("F32")) {
          tensors.put(entry.name, new Tensor(entry.shape, reader.floats(entry.size())));
        } else if (entry.type.equals("I32")) {
          ints.put(entry.name, reader.ints(entry.size()));
        } else {
          bytes.put(entry.name, reader.bytes(Math.toIntExact(entry.size())));
        }
      }
      return new Safetensors(metadata, tensors, ints, bytes);
    }
  }

  /// Reads the metadata alone; checks the file's length, not its content.
  public static Map<String, String> readMetadata(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Reader reader = new Reader(file, channel);
      JsonNode header = reader.header();
      reader.entries(header);
      return metadata(header);
    }
  }

  /// Reads the checksum alone, in hex digits; whether it fits the content is not checked.
  public static String readChecksum(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Reader reader = new Reader(file, channel);
      reader.entries(reader.header());
      channel.position(channel.size() - CHECKSUM_BYTES);
      return HexFormat.of().formatHex(reader.bytes(CHECKSUM_BYTES));
    }
  }

  private static Map<String, String> metadata(JsonNode header) {
    Map<String, String> metadata = new LinkedHashMap<>();
    JsonNode node = header.path("__metadata__");
    node.properties().forEach(e -> metadata.put(e.getKey(), e.getValue().asString()));
    return metadata;
  }

  private record Entry(String name, String type, int[] shape, long from, long to) {
    long size() {
      return to - from;
    }
  }

  /// Reads front to back, hashing as it goes.
  private static final class Reader {
    private final Path file;
    private final FileChannel channel;
    private final MessageDigest digest = Hashes.newSha256();
    private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    private long headerEnd;

    Reader(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    JsonNode header() throws IOException {
      if (channel.size() < 8) {
        throw broken("it has " + channel.size() + " bytes, too few for a header");
      }
      fill(8);
      long length = buffer.getLong(0);
      if (length < 2 || length > MAX_HEADER) {
        throw broken("it is no safetensors file: it begins with a header length of " + length);
      }
      if (8 + length > channel.size()) {
        throw broken("it is cut short within its header");
      }
      headerEnd = 8 + length;
      byte[] json = bytes((int) length);
      try {
        return Json.MAPPER.readTree(json);
      } catch (JacksonException e) {
        throw broken("its header is not valid JSON");
      }
    }

    /// Returns the entries in file order, after checking that they fill the file without gaps.
    List<Entry> entries(JsonNode header) throws IOException {
      List<Entry> entries = new ArrayList<>();
      for (Map.Entry<String, JsonNode> e : header.properties()) {
        if (!e.getKey().equals("__metadata__")) {
          entries.add(entry(e.getKey(), e.getValue()));
        }
      }
      entries.sort((a, b) -> Long.compare(a.from, b.from));
      long at = 0;
      for (Entry entry : entries) {
        if (entry.from != at || entry.to < at) {
          throw broken("its header places tensor " + entry.name + " wrongly");
        }
        at = entry.to;
      }
      if (headerEnd + at != channel.size()) {
        throw broken(
            "it has " + channel.size() + " bytes where its header says " + (headerEnd + at));
      }
      if (entries.isEmpty() || !entries.getLast().name.equals(CHECKSUM)) {
        throw broken("it has no checksum, so Kaseb did not write it");
      }
      return entries;
    }

    private Entry entry(String name, JsonNode node) {
      String type = node.path("dtype").asString("");
      JsonNode offsets = node.path("data_offsets");
      int[] shape = new int[node.path("shape").size()];
      long size = type.equals("U8") ? 1 : 4;
      for (int i = 0; i < shape.length; i++) {
        shape[i] = node.path("shape").path(i).asInt(-1);
        size *= shape[i];
      }
      Entry entry =
          new Entry(name, type, shape, offsets.path(0).asLong(-1), offsets.path(1).asLong(-1));
      if (!List.of("F32", "I32", "U8").contains(type) || size != entry.size()) {
        throw broken("its header describes tensor " + name + " wrongly");
      }
      return entry;
    }

    float[] floats(long size) throws IOException {
      float[] data = new float[Math.toIntExact(size / 4)];
      for (int at = 0; at < data.length; at += CHUNK / 4) {
        int n = Math.min(CHUNK / 4, data.length - at);
        fill(4 * n);
        buffer.asFloatBuffer().get(data, at, n);
      }
      return data;
    }

    int[] ints(long size) throws IOException {
      int[] data = new int[Math.toIntExact(size / 4)];
      for (int at = 0; at < data.length; at += CHUNK / 4) {
        int n = Math.min(CHUNK / 4, data.length - at);
        fill(4 * n);
        buffer.asIntBuffer().get(data, at, n);
      }
      return data;
    }

    byte[] bytes(int size) throws IOException {
      byte[] data = new byte[size];
      for (int at = 0; at < size; at += CHUNK) {
        int n = Math.min(CHUNK, size - at);
        fill(n);
        buffer.get(data, at, n);
      }
      return data;
    }

    void check(long size) throws IOException {
      byte[] expected = digest.digest();
      if (size != CHECKSUM_BYTES || !Arrays.equals(bytes(CHECKSUM_BYTES), expected)) {
        throw broken("its checksum does not fit its content, so some of it has changed");
      }
    }

    private void fill(int n) throws IOException {
      buffer.clear().limit(n);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer) < 0) {
          throw broken("it is cut short");
        }
      }
      buffer.flip();
      digest.update(buffer.duplicate());
    }

    private KasebException broken(String why) {
      return new KasebException(
          new KasebException.Problem(
              file.toString(), "not a whole model file: " + why, null, "make or copy it again"));
    }
  }
}
