package io.kaseb.train;

import io.kaseb.base.Json;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/// Reads the fixtures recorded from the official version: the small ones of this project, and all
/// 52 where they lie beside it or where `KASEB_GOLDEN` points.
final class Golden {
  private Golden() {}

  static Stream<Path> fixtures() throws IOException {
    Map<String, Path> all = new TreeMap<>();
    for (Path folder : folders()) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          files
              .filter(p -> p.toString().endsWith(".json.gz"))
              .forEach(p -> all.put(p.getFileName().toString(), p));
        }
      }
    }
    return all.values().stream();
  }

  private static List<Path> folders() {
    String data = System.getenv("KASEB_DATA");
    Path beside =
        data != null
            ? Path.of(data).resolveSibling("golden")
            : Path.of("..", "..", "shared", "golden").toAbsolutePath();
    return List.of(beside, Path.of("src/test/resources/golden"));
  }

  static JsonNode read(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return Json.MAPPER.readTree(in);
    }
  }

  static Map<String, Tensor> tensors(JsonNode node) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    node.properties()
        .forEach(
            e ->
                tensors.put(
                    e.getKey(),
                    new Tensor(ints(e.getValue().get("shape")), floats(e.getValue().get("data")))));
    return tensors;
  }

  /// Returns a gradient in full, `size` long, from its dense form or its rows.
  static float[] gradient(JsonNode node, int size) {
    if (!node.has("rows")) {
      return floats(node.get("data"));
    }
    float[] values = floats(node.get("values").get("data"));
    int[] rows = ints(node.get("rows"));
    int width = values.length / rows.length;
    float[] full = new float[size];
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(values, r * width, full, rows[r] * width, width);
    }
    return full;
  }

  /// Returns the training sessions in the order in which the iterator takes them.
  static Sessions sessions(JsonNode golden) {
    Map<Long, Integer> index = new HashMap<>();
    golden.get("item_ids").forEach(id -> index.put(id.asLong(), index.size()));
    int[] offsets = ints(golden.get("session_offsets"));
    int[] order = ints(golden.get("session_order"));
    JsonNode rows = golden.get("sessions");
    int[] items = new int[rows.size()];
    int[] ordered = new int[order.length + 1];
    int n = 0;
    for (int s = 0; s < order.length; s++) {
      for (int i = offsets[order[s]]; i < offsets[order[s] + 1]; i++) {
        items[n++] = index.get(rows.get(i).get(1).asLong());
      }
      ordered[s + 1] = n;
    }
    return new Sessions(ordered, Arrays.copyOf(items, n), null);
  }

  static int[] ints(JsonNode node) {
    int[] x = new int[node.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = node.get(i).asInt();
    }
    return x;
  }

  static long[] longs(JsonNode node) {
    return Arrays.stream(ints(node)).asLongStream().toArray();
  }

  static float[] floats(JsonNode node) {
    float[] x = new float[node.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = node.get(i).floatValue();
    }
    return x;
  }
}
