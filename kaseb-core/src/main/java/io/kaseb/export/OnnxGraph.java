package io.kaseb.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A graph of ONNX operators, put together value by value. Field numbers are those of `onnx.proto3`
/// (ONNX 1.12, IR version 8).
final class OnnxGraph {
  /// The version of the operators that graphs are made of.
  static final int OPSET = 17;

  /// The domain of trees and its version.
  private static final String TREES = "ai.onnx.ml";

  private static final int TREES_OPSET = 3;

  /// The version of the file form.
  static final int IR_VERSION = 8;

  /// The name of the first dimension, which any number of sessions may fill.
  static final String BATCH = "batch";

  /// A type of elements, as `TensorProto.DataType` numbers them.
  enum Elements {
    /// 32-bit floats.
    FLOAT(1),
    /// 64-bit whole numbers.
    INT64(7);

    private final int number;

    Elements(int number) {
      this.number = number;
    }
  }

  private final List<ProtoMessage> nodes = new ArrayList<>();
  private final Map<String, ProtoMessage> constants = new LinkedHashMap<>();
  private final List<ProtoMessage> inputs = new ArrayList<>();
  private final List<ProtoMessage> outputs = new ArrayList<>();
  private int values;
  private boolean hasTrees;

  /// Adds an input.
  ///
  /// @param shape the dimensions after the batch's
  void input(String name, Elements type, int... shape) {
    inputs.add(value(name, type, shape));
  }

  /// Adds an input of floats of the shape (batch, many, width).
  ///
  /// @param many the name of the middle dimension
  void input(String name, String many, int width) {
    inputs.add(named(name, many, width));
  }

  /// Adds an input of floats of the shape (rows, width).
  ///
  /// @param rows the name of the first dimension, which any number may fill
  void rows(String name, String rows, int width) {
    inputs.add(typed(name, Elements.FLOAT, dimensions(List.of(rows)), width));
  }

  /// Adds an output of floats of the shape (rows), which an operator has made.
  void outputOfRows(String name, String rows) {
    outputs.add(typed(name, Elements.FLOAT, dimensions(List.of(rows))));
  }

  /// Adds an output of floats of the shape (batch, many).
  ///
  /// @param many the name of the last dimension
  void output(String name, String many) {
    outputs.add(named(name, many));
  }

  private static ProtoMessage named(String name, String many, int... shape) {
    return typed(name, Elements.FLOAT, dimensions(List.of(BATCH, many)), shape);
  }

  private static ProtoMessage dimensions(List<String> names) {
    ProtoMessage dimensions = new ProtoMessage();
    for (String name : names) {
      dimensions.message(1, new ProtoMessage().text(2, name));
    }
    return dimensions;
  }

  /// Adds an output, which an operator has made.
  ///
  /// @param shape the dimensions after the batch's
  void output(String name, Elements type, int... shape) {
    outputs.add(value(name, type, shape));
  }

  private static ProtoMessage value(String name, Elements type, int... shape) {
    return typed(name, type, dimensions(List.of(BATCH)), shape);
  }

  /// Returns a value's name and type, with further dimensions behind those named.
  private static ProtoMessage typed(
      String name, Elements type, ProtoMessage dimensions, int... shape) {
    for (int n : shape) {
      dimensions.message(1, new ProtoMessage().number(1, n));
    }
    ProtoMessage tensor = new ProtoMessage().number(1, type.number).message(2, dimensions);
    return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensor));
  }

  /// Adds weights, once for each name; returns the name.
  String weights(String name, int[] shape, float[] data) {
    constants.computeIfAbsent(name, key -> constant(key, Elements.FLOAT, shape).raw(9, data));
    return name;
  }

  /// Adds whole numbers, once for each content; returns their name.
  String numbers(long... data) {
    StringBuilder name = new StringBuilder("numbers");
    for (long n : data) {
      name.append('_').append(n);
    }
    constants.computeIfAbsent(
        name.toString(), key -> constant(key, Elements.INT64, data.length).raw(9, data));
    return name.toString();
  }

  private static ProtoMessage constant(String name, Elements type, int... shape) {
    ProtoMessage tensor = new ProtoMessage();
    for (int n : shape) {
      tensor.number(1, n);
    }
    return tensor.number(2, type.number).text(8, name);
  }

  /// Adds an operator of one output; returns the output's name.
  String apply(String operator, String... from) {
    String out = "value_" + values++;
    add(operator, List.of(out), Map.of(), from);
    return out;
  }

  /// Adds an operator with attributes, whole numbers all; returns the output's name.
  String apply(String operator, Map<String, Integer> attributes, String... from) {
    String out = "value_" + values++;
    add(operator, List.of(out), attributes, from);
    return out;
  }

  /// Adds an operator.
  ///
  /// @param out the names of its outputs
  void add(String operator, List<String> out, Map<String, Integer> attributes, String... from) {
    ProtoMessage node = node(operator, out, from);
    attributes.forEach((name, value) -> node.message(5, attribute(name, 2).number(3, value)));
    nodes.add(node);
  }

  private ProtoMessage node(String operator, List<String> out, String... from) {
    ProtoMessage node = new ProtoMessage();
    for (String name : from) {
      node.text(1, name);
    }
    out.forEach(name -> node.text(2, name));
    return node.text(3, operator + "_" + nodes.size()).text(4, operator);
  }

  /// Begins an attribute of an operator.
  ///
  /// @param type as `AttributeProto.AttributeType` numbers it
  private static ProtoMessage attribute(String name, int type) {
    return new ProtoMessage().text(1, name).number(20, type);
  }

  /// Adds boosted trees, whose leaves are added up; returns the name of the sums, of the shape
  /// (rows, 1).
  ///
  /// @param rows the name of rows of the shape (rows, features)
  /// @param wholes the operator's attributes of whole numbers, by name
  /// @param floats those of floats, `[nodes]` or `[leaves]`
  /// @param modes what each node is: `BRANCH_LT` or `LEAF`
  String trees(
      String rows, Map<String, long[]> wholes, Map<String, float[]> floats, List<String> modes) {
    hasTrees = true;
    String out = "value_" + values++;
    ProtoMessage node = node("TreeEnsembleRegressor", List.of(out), rows);
    wholes.forEach((name, value) -> node.message(5, attribute(name, 7).packed(8, value)));
    floats.forEach((name, value) -> node.message(5, attribute(name, 6).raw(7, value)));
    ProtoMessage kinds = attribute("nodes_modes", 8);
    modes.forEach(mode -> kinds.text(9, mode));
    nodes.add(
        node.message(5, kinds)
            .message(5, attribute("aggregate_function", 3).text(4, "SUM"))
            .message(5, attribute("n_targets", 2).number(3, 1))
            .text(7, TREES));
    return out;
  }

  /// Cuts columns out of a matrix of the shape (batch, n).
  String columns(String from, int begin, int end) {
    return apply("Slice", from, numbers(begin), numbers(end), numbers(1));
  }

  /// Cuts a part out of each row of a value of the shape (batch, many, n).
  String part(String from, int begin, int end) {
    return apply("Slice", from, numbers(begin), numbers(end), numbers(2));
  }

  /// Returns `a w^T + b`, of the shapes (batch, inputs), (n, inputs) and (n).
  String linear(String a, String w, String b) {
    return apply("Gemm", Map.of("transB", 1), a, w, b);
  }

  /// Returns a GRU's next state, as `io.kaseb.model.GruStep` has it, gate by gate.
  ///
  /// @param gi the input's products, of the shape (batch, 3 n): r, z, candidate
  /// @param gh the state's products, alike
  String gru(String gi, String gh, String h, int n) {
    String gates = apply("Sigmoid", apply("Add", columns(gi, 0, 2 * n), columns(gh, 0, 2 * n)));
    String reset = apply("Mul", columns(gates, 0, n), columns(gh, 2 * n, 3 * n));
    String candidate = apply("Tanh", apply("Add", columns(gi, 2 * n, 3 * n), reset));
    return mixed(columns(gates, n, 2 * n), candidate, h);
  }

  /// Returns `from + z (to - from)`, which is `(1 - z) from + z to`.
  String mixed(String z, String from, String to) {
    return apply("Add", from, apply("Mul", z, apply("Sub", to, from)));
  }

  /// Returns the whole model.
  ///
  /// @param metadata what a reader is told besides the graph
  ProtoMessage model(String name, String producer, Map<String, String> metadata) {
    ProtoMessage graph = new ProtoMessage();
    nodes.forEach(node -> graph.message(1, node));
    graph.text(2, name);
    constants.values().forEach(tensor -> graph.message(5, tensor));
    inputs.forEach(value -> graph.message(11, value));
    outputs.forEach(value -> graph.message(12, value));
    ProtoMessage model =
        new ProtoMessage()
            .number(1, IR_VERSION)
            .text(2, "kaseb")
            .text(3, producer)
            .message(7, graph)
            .message(8, new ProtoMessage().text(1, "").number(2, OPSET));
    if (hasTrees) {
      model.message(8, new ProtoMessage().text(1, TREES).number(2, TREES_OPSET));
    }
    metadata.forEach(
        (key, value) -> model.message(14, new ProtoMessage().text(1, key).text(2, value)));
    return model;
  }
}
