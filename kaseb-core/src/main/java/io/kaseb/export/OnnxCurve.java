package io.kaseb.export;

import io.kaseb.intent.Calibration;

/// A calibration as a part of a graph: log odds in, probabilities out.
final class OnnxCurve {
  private OnnxCurve() {}

  /// Adds a curve over log odds whose last dimension, `axis`, is 1; returns the probabilities'
  /// name, of the same shape.
  ///
  /// @param name what the names of its weights begin with
  static String add(OnnxGraph graph, String x, String name, Calibration curve, int axis) {
    return switch (curve) {
      case Calibration.Platt platt ->
          graph.apply(
              "Sigmoid",
              graph.apply(
                  "Add",
                  graph.apply("Mul", x, numbers(graph, name + "slope", platt.a())),
                  numbers(graph, name + "offset", platt.b())));
      case Calibration.Isotonic isotonic -> rising(graph, x, name, isotonic, axis);
    };
  }

  /// Adds floats; returns their name.
  static String numbers(OnnxGraph graph, String name, double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return graph.weights(name, new int[] {values.length}, floats);
  }

  /// A curve of straight pieces: each adds its slope times how far the score lies within it.
  private static String rising(
      OnnxGraph graph, String x, String name, Calibration.Isotonic curve, int axis) {
    double[] at = curve.x();
    double[] p = curve.y();
    String first = numbers(graph, name + "first", p[0]);
    String zero = numbers(graph, name + "zero", 0);
    if (at.length == 1) {
      return graph.apply("Add", graph.apply("Mul", x, zero), first);
    }
    double[] from = new double[at.length - 1];
    double[] length = new double[from.length];
    double[] slope = new double[from.length];
    for (int k = 0; k < from.length; k++) {
      from[k] = at[k];
      length[k] = Math.max(at[k + 1] - at[k], 1e-6);
      slope[k] = (p[k + 1] - p[k]) / length[k];
    }
    String within =
        graph.apply(
            "Min",
            graph.apply("Max", graph.apply("Sub", x, numbers(graph, name + "from", from)), zero),
            numbers(graph, name + "length", length));
    String risen = graph.apply("Mul", within, numbers(graph, name + "slope", slope));
    // The sum's last dimension stays, so that a curve's probabilities have its log odds' shape.
    return graph.apply("Add", graph.apply("ReduceSum", risen, graph.numbers(axis)), first);
  }
}
