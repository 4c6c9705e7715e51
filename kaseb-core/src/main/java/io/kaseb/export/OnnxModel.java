package io.kaseb.export;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.Build;
import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.config.Cell;
import io.kaseb.config.Readout;
import io.kaseb.export.OnnxGraph.Elements;
import io.kaseb.intent.IntentModel;
import io.kaseb.model.Architecture;
import io.kaseb.model.Embedding;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Tensor;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A next-item network as an ONNX graph of one click, for any number of sessions at once.
///
/// Inputs are `item`, the clicked items by their place in the catalogue, of the shape (batch), and
/// `state` of (batch, n), zeros at a session's begin: each layer's hidden values, then an LSTM's
/// cell values, first to last layer, then the mean of the readout `core` and 1 where there is one.
/// Outputs are `next_state` of (batch, n), `scores` of (batch, items), and the best `top_items` of
/// (batch, k) with their `top_scores`. The metadata `items` has the item ids as a JSON list.
public final class OnnxModel {
  /// What the format can hold in one file.
  private static final long MOST_BYTES = Integer.MAX_VALUE;

  private static final Map<String, Integer> NONE = Map.of();

  private static final String OUTPUT = "Wy.weight";
  private static final String BASE = Architecture.base(OUTPUT);

  private final OnnxGraph graph = new OnnxGraph();
  private final ModelFile file;
  private final Architecture architecture;
  private final List<String> nextState = new ArrayList<>();

  private OnnxModel(ModelFile file) {
    // The networks of purchases read the same table, as it was trained.
    this.file = OnnxPurchases.fits(file) ? file.expanded() : file;
    this.architecture = this.file.shape();
  }

  /// Writes a model's network.
  ///
  /// @param top how many of the best items it names, 1 or more; at most as many as there are
  /// @throws KasebException where it has none, or is too large for one file
  public static void write(ModelFile file, int top, Path out) throws IOException {
    write(new OnnxModel(file).message(Math.min(top, file.catalogue().size())), out);
  }

  /// Writes the part of a model's purchase networks that tells which clicked items are bought; only
  /// of one that [#hasPurchases].
  public static void writeItems(ModelFile file, Path out) throws IOException {
    OnnxGraph graph = new OnnxGraph();
    OnnxPurchases.addItems(graph, file.expanded());
    write(graph.model("bought items", Build.version(), Map.of()), out);
  }

  /// Writes the whole purchase forecast of a model as a graph of rows of features.
  ///
  /// @return the forecast that was written, whose features the rows have
  /// @throws KasebException where it has none with trees
  public static IntentModel writePurchases(ModelFile file, Path path, Path out) throws IOException {
    IntentModel model = OnnxStack.of(file);
    if (model == null) {
      throw new KasebException(
          new KasebException.Problem(
              path.toString(),
              "no purchase forecast with boosted trees",
              null,
              "train one with intent=blend or boosted on a log with purchases; the networks of"
                  + " intent=gru are in the graph of onnx"));
    }
    write(OnnxStack.message(model, Build.version()), out);
    return model;
  }

  private static void write(ProtoMessage model, Path out) throws IOException {
    if (model.size() > MOST_BYTES) {
      throw new KasebException(
          new KasebException.Problem(
              out.toString(),
              "the network has %,d bytes; ONNX holds at most %,d in one file"
                  .formatted(model.size(), MOST_BYTES),
              null,
              "write it as safetensors"));
    }
    AtomicFiles.write(
        out,
        path -> {
          try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(path))) {
            model.writeTo(stream);
          }
        });
  }

  /// Returns whether the purchase forecast of a model has networks that a graph can hold.
  public static boolean hasPurchases(ModelFile file) {
    return OnnxPurchases.fits(file);
  }

  private ProtoMessage message(int top) {
    int items = file.catalogue().size();
    graph.input("item", Elements.INT64);
    graph.input("state", Elements.FLOAT, stateSize());
    String input = row();
    String embedding = input;
    int at = 0;
    for (int l = 0; l < architecture.layers().size(); l++) {
      int units = architecture.layers().get(l);
      String hidden = graph.columns("state", at, at + units);
      at += units;
      if (architecture.cell() == Cell.LSTM) {
        String cell = graph.columns("state", at, at + units);
        at += units;
        input = lstm(l, input, hidden, cell);
      } else {
        input = architecture.cell() == Cell.MGU ? mgu(l, input, hidden) : gru(l, input, hidden);
        nextState.add(input);
      }
    }
    if (architecture.readout() == Readout.CORE) {
      input = core(input, embedding, at);
    }
    if (file.tensors().containsKey(BASE)) {
      input = graph.apply("MatMul", input, turned(BASE));
    }
    graph.add("Concat", List.of("next_state"), Map.of("axis", 1), nextState.toArray(String[]::new));
    String biases = graph.weights("By", new int[] {items}, tensor("By.weight").data());
    graph.add("Gemm", List.of("scores"), Map.of("transB", 1), input, weights(OUTPUT), biases);
    graph.add("TopK", List.of("top_scores", "top_items"), NONE, "scores", graph.numbers(top));
    graph.output("top_items", Elements.INT64, top);
    graph.output("top_scores", Elements.FLOAT, top);
    graph.output("scores", Elements.FLOAT, items);
    graph.output("next_state", Elements.FLOAT, stateSize());
    Map<String, String> metadata = metadata();
    if (OnnxPurchases.fits(file)) {
      OnnxPurchases.add(graph, file, "item", metadata);
    }
    return graph.model("gru4rec", Build.version(), metadata);
  }

  /// Returns what the first layer takes of the clicked items.
  private String row() {
    String table =
        switch (architecture.embedding()) {
          case CONSTRAINED -> OUTPUT;
          case SEPARATE -> "E.weight";
          case NONE -> "GE.Wx0.weight";
        };
    String row = graph.apply("Gather", weights(table), "item");
    String base = Architecture.base(table);
    return file.tensors().containsKey(base) ? graph.apply("MatMul", row, weights(base)) : row;
  }

  /// Returns a matrix with rows for columns.
  private String turned(String name) {
    Tensor matrix = tensor(name);
    int rows = matrix.shape()[0];
    int columns = matrix.shape()[1];
    float[] data = new float[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        data[j * rows + i] = matrix.data()[i * columns + j];
      }
    }
    return graph.weights(name + ".turned", new int[] {columns, rows}, data);
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("items", Json.MAPPER.writeValueAsString(file.catalogue().ids()));
    metadata.put("architecture", Json.MAPPER.writeValueAsString(architecture));
    return metadata;
  }

  private int stateSize() {
    int units = architecture.layers().stream().mapToInt(Integer::intValue).sum();
    int readout = architecture.readout() == Readout.CORE ? architecture.outputSize() + 1 : 0;
    return (architecture.cell() == Cell.LSTM ? 2 * units : units) + readout;
  }

  private Tensor tensor(String name) {
    Tensor tensor = file.tensors().get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("tensor " + name + " is missing");
    }
    return tensor;
  }

  private String weights(String name) {
    Tensor tensor = tensor(name);
    return graph.weights(name, tensor.shape(), tensor.data());
  }

  private String product(int layer, String side, String x) {
    String prefix = architecture.prefix(layer);
    return graph.linear(x, weights(prefix + "weight_" + side), weights(prefix + "bias_" + side));
  }

  /// `io.kaseb.model.CoreReadout`; adds its mean, and that there is one, to the state.
  private String core(String hidden, String embedding, int at) {
    int units = architecture.outputSize();
    String mean = graph.columns("state", at, at + units);
    String known = graph.columns("state", at + units, at + units + 1);
    String one = graph.weights("one", new int[] {1, 1}, new float[] {1});
    String gate =
        graph.apply(
            "Sigmoid", graph.linear(hidden, weights("R.gate.weight"), weights("R.gate.bias")));
    String first = graph.apply("Sub", one, known);
    String share = graph.apply("Add", first, graph.apply("Mul", known, gate));
    String step = graph.apply("Mul", share, graph.apply("Sub", embedding, mean));
    String next = graph.apply("Add", mean, step);
    nextState.add(next);
    nextState.add(graph.apply("Add", known, first));
    return graph.apply("Add", hidden, graph.apply("Mul", weights("R.scale"), next));
  }

  private String gru(int layer, String x, String h) {
    return layer == 0 && architecture.oneHot()
        ? oneHot(x, h)
        : graph.gru(
            product(layer, "ih", x), product(layer, "hh", h), h, architecture.layers().get(layer));
  }

  /// `io.kaseb.model.MguStep`.
  private String mgu(int layer, String x, String h) {
    int n = architecture.layers().get(layer);
    String sums = layer == 0 && architecture.oneHot() ? x : product(layer, "ih", x);
    String gate =
        graph.apply("Sigmoid", graph.apply("Add", graph.columns(sums, 0, n), half(layer, 0, h)));
    String reset = half(layer, 1, graph.apply("Mul", gate, h));
    String content = graph.apply("Tanh", graph.apply("Add", graph.columns(sums, n, 2 * n), reset));
    return graph.mixed(gate, h, content);
  }

  /// The product with the first or the second half of a minimal gated unit's hidden weights.
  private String half(int layer, int half, String x) {
    String prefix = architecture.prefix(layer);
    int n = architecture.layers().get(layer);
    float[] rows = tensor(prefix + "weight_hh").data();
    float[] biases = tensor(prefix + "bias_hh").data();
    int from = half * n;
    return graph.linear(
        x,
        graph.weights(
            prefix + "weight_hh." + half,
            new int[] {n, n},
            Arrays.copyOfRange(rows, from * n, (from + n) * n)),
        graph.weights(
            prefix + "bias_hh." + half, new int[] {n}, Arrays.copyOfRange(biases, from, from + n)));
  }

  /// `io.kaseb.model.OneHotGruStep`: here z keeps the candidate.
  private String oneHot(String row, String h) {
    int n = architecture.layers().getFirst();
    String v = graph.apply("Add", row, weights("GE.Bh0"));
    String rz =
        graph.apply(
            "Sigmoid",
            graph.apply(
                "Add", graph.columns(v, n, 3 * n), graph.apply("MatMul", h, weights("GE.Wrz0"))));
    String reset = graph.apply("Mul", graph.columns(rz, 0, n), h);
    String candidate =
        graph.apply(
            "Tanh",
            graph.apply(
                "Add", graph.columns(v, 0, n), graph.apply("MatMul", reset, weights("GE.Wh0"))));
    return graph.mixed(graph.columns(rz, n, 2 * n), h, candidate);
  }

  /// `io.kaseb.model.LstmStep`; adds its hidden and its cell values to the state.
  private String lstm(int layer, String x, String h, String c) {
    int n = architecture.layers().get(layer);
    boolean ready = layer == 0 && architecture.embedding() == Embedding.NONE;
    String sums = graph.apply("Add", ready ? x : product(layer, "ih", x), product(layer, "hh", h));
    String in = graph.apply("Sigmoid", graph.columns(sums, 0, n));
    String forget = graph.apply("Sigmoid", graph.columns(sums, n, 2 * n));
    String content = graph.apply("Tanh", graph.columns(sums, 2 * n, 3 * n));
    String out = graph.apply("Sigmoid", graph.columns(sums, 3 * n, 4 * n));
    String cell =
        graph.apply("Add", graph.apply("Mul", forget, c), graph.apply("Mul", in, content));
    String hidden = graph.apply("Mul", out, graph.apply("Tanh", cell));
    nextState.add(hidden);
    nextState.add(cell);
    return hidden;
  }
}
