package io.kaseb.model;

import io.kaseb.base.Json;
import io.kaseb.config.Cell;
import io.kaseb.config.Readout;
import io.kaseb.config.TrainConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

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
/// @param readout what item scores are made from
/// @param rank floats of an item's row in a table that is stored as a product, 0 where tables are
///   stored as they are. A table NAME.weight of more columns then is [items, rank], and NAME.base
///   [rank, columns] what its rows are multiplied by
public record Architecture(
    Cell cell,
    Embedding embedding,
    int embeddingSize,
    List<Integer> layers,
    Readout readout,
    int rank) {
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
    if (rank < 0) {
      throw new IllegalArgumentException("rank=" + rank + "; must be 0 or more");
    }
  }

  /// Describes a network whose item tables are stored as they are.
  ///
  /// @param embeddingSize floats of an item's input embedding, 0 without one
  /// @param layers units of each layer
  public Architecture(
      Cell cell, Embedding embedding, int embeddingSize, List<Integer> layers, Readout readout) {
    this(cell, embedding, embeddingSize, layers, readout, 0);
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

  /// Returns the same network with its item tables stored as products.
  ///
  /// @param floats of an item's row, 0 for tables as they are
  public Architecture withRank(int floats) {
    return new Architecture(cell, embedding, embeddingSize, layers, readout, floats);
  }

  /// Returns whether a table of so many columns is stored as a product.
  boolean factored(int columns) {
    return rank > 0 && columns > rank;
  }

  /// Returns the name of what a table's rows are multiplied by.
  ///
  /// @param table its tensor's name, as in `Wy.weight`
  public static String base(String table) {
    return table.replaceFirst("weight$", "base");
  }

  /// Returns it as files have it, the usual readout and rank unsaid.
  ObjectNode json() {
    ObjectNode json = Json.MAPPER.valueToTree(this);
    if (readout == Readout.LAST) {
      json.remove("readout");
    }
    if (rank == 0) {
      json.remove("rank");
    }
    return json;
  }

  /// Reads what [#json] wrote.
  static Architecture of(JsonNode json) {
    if (json instanceof ObjectNode object) {
      object.putIfAbsent("readout", StringNode.valueOf(Readout.LAST.name()));
      object.putIfAbsent("rank", IntNode.valueOf(0));
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
      put(shapes, "E.weight", items, embeddingSize);
    }
    for (int l = 0; l < layers.size(); l++) {
      int units = layers.get(l);
      int rows = cell.gates() * units;
      String name = prefix(l);
      if (l == 0 && oneHot()) {
        put(shapes, "GE.Wx0.weight", items, rows);
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
    put(shapes, "Wy.weight", items, outputSize());
    shapes.put("By.weight", new int[] {items, 1});
    return shapes;
  }

  private void put(Map<String, int[]> shapes, String table, int items, int columns) {
    shapes.put(table, new int[] {items, factored(columns) ? rank : columns});
    if (factored(columns)) {
      shapes.put(base(table), new int[] {rank, columns});
    }
  }
}
