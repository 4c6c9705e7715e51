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

  /// Adds an output of floats of the shape (batch, many).
  ///
  /// @param many the name of the last dimension
  void output(String name, String many) {
    outputs.add(named(name, many));
  }

  private static ProtoMessage named(String name, String many, int... shape) {
    ProtoMessage dimensions = new ProtoMessage();
    for (String dimension : List.of(BATCH, many)) {
      dimensions.message(1, new ProtoMessage().text(2, dimension));
    }
    return typed(name, Elements.FLOAT, dimensions, shape);
  }

  /// Adds an output, which an operator has made.
  ///
  /// @param shape the dimensions after the batch's
  void output(String name, Elements type, int... shape) {
    outputs.add(value(name, type, shape));
  }

  private static ProtoMessage value(String name, Elements type, int... shape) {
    return typed(
        name, type, new ProtoMessage().message(1, new ProtoMessage().text(2, BATCH)), shape);
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
    ProtoMessage node = new ProtoMessage();
    for (String name : from) {
      node.text(1, name);
    }
    out.forEach(name -> node.text(2, name));
    node.text(3, operator + "_" + nodes.size()).text(4, operator);
    attributes.forEach(
        (name, value) ->
            node.message(5, new ProtoMessage().text(1, name).number(3, value).number(20, 2)));
    nodes.add(node);
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
    metadata.forEach(
        (key, value) -> model.message(14, new ProtoMessage().text(1, key).text(2, value)));
    return model;
  }
}
