package io.kaseb.model;

import io.kaseb.base.Json;
import io.kaseb.config.Cell;
import io.kaseb.config.Readout;
import io.kaseb.config.TrainConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The shape of a GRU4Rec network: everything that decides which tensors it has.
///
/// Tensor names are those of GRU4Rec's PyTorch version: `Wy.weight` [items, last layer],
/// `By.weight` [items, 1], `E.weight` [items, embedding], `G.k.weight_ih` [gates * units, input],
/// `G.k.weight_hh` [gates * units, units] and their biases. Without embedding the first layer is
/// `GE.Wx0.weight` [items, gates * units] with `GE.Wrz0`, `GE.Wh0`, `GE.Bh0` for a GRU (blocks
/// candidate, r, z), or `GE.weight_hh`, `GE.bias_hh` for another cell.
///
/// @param cell the recurrent cell of all layers
/// @param embedding how items enter
/// @param embeddingSize floats of an input embedding; the last layer's size where constrained, 0
///   where there is none
/// @param layers units of each layer, first to last
public record Architecture(
    Cell cell, Embedding embedding, int embeddingSize, List<Integer> layers, Readout readout) {
  /// Checks the sizes.
  public Architecture {
    layers = List.copyOf(layers);
    if (layers.isEmpty() || layers.stream().anyMatch(n -> n < 1)) {
      throw new IllegalArgumentException("layers=" + layers + "; each must be 1 or more");
    }
    int expected =
        switch (embedding) {
          case NONE -> 0;
          case CONSTRAINED -> layers.getLast();
          case SEPARATE -> embeddingSize;
        };
    if (embeddingSize != expected || (embedding == Embedding.SEPARATE && embeddingSize < 1)) {
      throw new IllegalArgumentException("embedding size " + embeddingSize + " with " + embedding);
    }
    if (readout == Readout.CORE && embedding != Embedding.CONSTRAINED) {
      throw new IllegalArgumentException(
          "a readout of the items' embeddings with embeddings of another kind: " + embedding);
    }
  }

  /// Describes a network whose item scores are made from its last state.
  ///
  /// @param embeddingSize floats of an item's input embedding, 0 without one
  /// @param layers units of each layer
  public Architecture(Cell cell, Embedding embedding, int embeddingSize, List<Integer> layers) {
    this(cell, embedding, embeddingSize, layers, Readout.LAST);
  }

  /// Returns the shape that a configuration asks for.
  public static Architecture of(TrainConfig config) {
    List<Integer> layers = config.layers();
    if (config.constrainedEmbedding()) {
      return new Architecture(
          config.cell(), Embedding.CONSTRAINED, layers.getLast(), layers, config.readout());
    }
    Embedding mode = config.embedding() > 0 ? Embedding.SEPARATE : Embedding.NONE;
    return new Architecture(config.cell(), mode, config.embedding(), layers);
  }

  /// Returns it as files have it, the usual readout unsaid.
  ObjectNode json() {
    ObjectNode json = Json.MAPPER.valueToTree(this);
    if (readout == Readout.LAST) {
      json.remove("readout");
    }
    return json;
  }

  /// Reads what [#json] wrote.
  static Architecture of(JsonNode json) {
    if (json instanceof ObjectNode object && !object.has("readout")) {
      object.put("readout", Readout.LAST.name());
    }
    return Json.MAPPER.treeToValue(json, Architecture.class);
  }

  /// Returns the units of the last layer, which item scores are made from.
  public int outputSize() {
    return layers.getLast();
  }

  /// Returns whether the first layer takes the item's row of gate weights as it is.
  public boolean oneHot() {
    return embedding == Embedding.NONE;
  }

  /// Returns how many inputs a layer has.
  public int inputSize(int layer) {
    if (layer > 0) {
      return layers.get(layer - 1);
    }
    return oneHot() ? cell.gates() * layers.getFirst() : embeddingSize;
  }

  /// Returns the name prefix of a layer's tensors, as in `G.0.`.
  public String prefix(int layer) {
    if (oneHot()) {
      return layer == 0 ? "GE." : "G." + (layer - 1) + ".";
    }
    return "G." + layer + ".";
  }

  /// Returns all tensor names with their shapes.
  public Map<String, int[]> shapes(int items) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    if (embedding == Embedding.SEPARATE) {
      shapes.put("E.weight", new int[] {items, embeddingSize});
    }
    for (int l = 0; l < layers.size(); l++) {
      int units = layers.get(l);
      int rows = cell.gates() * units;
      String name = prefix(l);
      if (l == 0 && oneHot()) {
        shapes.put("GE.Wx0.weight", new int[] {items, rows});
        if (cell == Cell.GRU) {
          shapes.put("GE.Wrz0", new int[] {units, 2 * units});
          shapes.put("GE.Wh0", new int[] {units, units});
          shapes.put("GE.Bh0", new int[] {rows});
          continue;
        }
      } else {
        shapes.put(name + "weight_ih", new int[] {rows, inputSize(l)});
        shapes.put(name + "bias_ih", new int[] {rows});
      }
      shapes.put(name + "weight_hh", new int[] {rows, units});
      shapes.put(name + "bias_hh", new int[] {rows});
    }
    if (readout == Readout.CORE) {
      shapes.put(CoreReadout.GATE, new int[] {1, outputSize()});
      shapes.put(CoreReadout.GATE_BIAS, new int[] {1});
      shapes.put(CoreReadout.SCALE, new int[] {outputSize()});
    }
    shapes.put("Wy.weight", new int[] {items, outputSize()});
    shapes.put("By.weight", new int[] {items, 1});
    return shapes;
  }
}
