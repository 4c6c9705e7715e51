package io.kaseb.export;

import io.kaseb.intent.TreeEnsemble;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Boosted trees as a part of a graph: ONNX's `TreeEnsembleRegressor`, whose branch `BRANCH_LT`
/// asks what ours ask, a feature below a threshold, and takes the other way for what is no number.
final class OnnxTrees {
  private final List<long[]> nodes = new ArrayList<>();
  private final List<Float> values = new ArrayList<>();
  private final List<String> modes = new ArrayList<>();
  private final List<long[]> leaves = new ArrayList<>();
  private final List<Float> weights = new ArrayList<>();

  private OnnxTrees() {}

  /// Adds trees; returns the name of their log odds, of the shape (rows, 1).
  ///
  /// @param rows the name of rows of the shape (rows, features)
  /// @param name what the names of its weights begin with
  static String add(OnnxGraph graph, String rows, String name, TreeEnsemble trees) {
    OnnxTrees all = new OnnxTrees();
    float base = trees.base();
    long tree = 0;
    for (int root : trees.roots()) {
      if (trees.node(root).isLeaf()) {
        // A tree of one leaf asks nothing: not every runtime takes it.
        base += trees.node(root).value();
      } else {
        all.tree(trees, root, tree++);
      }
    }
    String offset = OnnxCurve.numbers(graph, name + "base", base);
    String sums =
        tree == 0
            ? graph.apply(
                "Mul", graph.columns(rows, 0, 1), OnnxCurve.numbers(graph, name + "none", 0))
            : all.into(graph, rows);
    return graph.apply("Add", sums, offset);
  }

  /// Adds a tree, its nodes numbered from 0 in the order of ours.
  private void tree(TreeEnsemble trees, int root, long tree) {
    Map<Integer, Long> numbers = new HashMap<>();
    List<Integer> order = new ArrayList<>(List.of(root));
    numbers.put(root, 0L);
    for (int i = 0; i < order.size(); i++) {
      TreeEnsemble.Node node = trees.node(order.get(i));
      for (int child : node.isLeaf() ? new int[0] : new int[] {node.yes(), node.no()}) {
        if (numbers.putIfAbsent(child, (long) order.size()) == null) {
          order.add(child);
        }
      }
    }
    for (int i = 0; i < order.size(); i++) {
      TreeEnsemble.Node node = trees.node(order.get(i));
      boolean isLeaf = node.isLeaf();
      long yes = isLeaf ? 0 : numbers.getOrDefault(node.yes(), 0L);
      long no = isLeaf ? 0 : numbers.getOrDefault(node.no(), 0L);
      nodes.add(new long[] {tree, i, Math.max(0, node.feature()), yes, no});
      values.add(isLeaf ? 0 : node.value());
      modes.add(isLeaf ? "LEAF" : "BRANCH_LT");
      if (isLeaf) {
        leaves.add(new long[] {tree, i, 0});
        weights.add(node.value());
      }
    }
  }

  private String into(OnnxGraph graph, String rows) {
    // In this order, so that equal models give equal bytes.
    Map<String, long[]> wholes = new LinkedHashMap<>();
    wholes.put("nodes_treeids", column(nodes, 0));
    wholes.put("nodes_nodeids", column(nodes, 1));
    wholes.put("nodes_featureids", column(nodes, 2));
    wholes.put("nodes_truenodeids", column(nodes, 3));
    wholes.put("nodes_falsenodeids", column(nodes, 4));
    wholes.put("target_treeids", column(leaves, 0));
    wholes.put("target_nodeids", column(leaves, 1));
    wholes.put("target_ids", column(leaves, 2));
    Map<String, float[]> floats = new LinkedHashMap<>();
    floats.put("nodes_values", array(values));
    floats.put("target_weights", array(weights));
    return graph.trees(rows, wholes, floats, modes);
  }

  private static long[] column(List<long[]> rows, int column) {
    return rows.stream().mapToLong(row -> row[column]).toArray();
  }

  private static float[] array(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }
}
