package io.kaseb.intent;

import java.util.Arrays;

/// The trees of a [TreeEnsemble] once more, for going down them with many rows at once: tree by
/// tree, so that its nodes are at hand for all rows, and as many steps for each row as the tree is
/// deep, so that no branch hangs on a value. Eight rows go down side by side, as each step waits
/// for the one before.
final class TreeSteps {
  private static final int SIDE_BY_SIDE = 8;
  private static final int MOST_NODES = Short.MAX_VALUE;
  private static final int MOST_FEATURES = 1 << 16;

  private final int features;

  /// Where each tree begins, and one more: the number of nodes.
  private final int[] starts;

  /// Steps to each tree's deepest leaf.
  private final int[] depths;

  /// Each node in one number: from the highest bit on 32 of the threshold's key, 16 of the feature
  /// and 16 of the place, in its tree, of the node for values that are not below the threshold;
  /// that for values below it stands just before. A leaf leads to itself, as nothing is below the
  /// least key.
  private final long[] nodes;

  /// What leaves add.
  private final float[] leaves;

  /// Copies the nodes of an ensemble.
  ///
  /// @throws IllegalArgumentException where a tree has more than 32,767 nodes, or a node's feature
  ///   is beyond 65,535
  TreeSteps(TreeEnsemble trees) {
    features = trees.features();
    if (features > MOST_FEATURES) {
      throw new IllegalArgumentException(features + " features; at most " + MOST_FEATURES);
    }
    int[] roots = trees.roots();
    starts = new int[roots.length + 1];
    depths = new int[roots.length];
    int[][] order = new int[roots.length][];
    for (int t = 0; t < roots.length; t++) {
      order[t] = levels(trees, roots[t], t);
      starts[t + 1] = starts[t] + order[t].length;
    }
    nodes = new long[starts[roots.length]];
    leaves = new float[nodes.length];
    for (int t = 0; t < roots.length; t++) {
      int next = 1;
      for (int i = 0; i < order[t].length; i++) {
        TreeEnsemble.Node node = trees.node(order[t][i]);
        boolean isLeaf = node.isLeaf();
        next += isLeaf ? 0 : 2;
        // Nothing lies below a threshold that is no number either.
        boolean isNever = isLeaf || Float.isNaN(node.value());
        long threshold = isNever ? Integer.MIN_VALUE : key(node.value());
        long low = (isLeaf ? 0L : node.feature()) << 16 | (isLeaf ? i : next - 1);
        nodes[starts[t] + i] = threshold << 32 | low;
        leaves[starts[t] + i] = isLeaf ? node.value() : 0;
      }
    }
  }

  /// Returns a tree's nodes level by level, children side by side, and notes its depth.
  private int[] levels(TreeEnsemble trees, int root, int tree) {
    int[] order = new int[64];
    order[0] = root;
    int size = 1;
    int levelEnd = 1;
    for (int i = 0; i < size; i++) {
      if (i == levelEnd) {
        depths[tree]++;
        levelEnd = size;
      }
      TreeEnsemble.Node node = trees.node(order[i]);
      if (!node.isLeaf()) {
        if (size + 2 > MOST_NODES) {
          throw new IllegalArgumentException("tree " + tree + " has more nodes than " + MOST_NODES);
        }
        order = size + 2 > order.length ? Arrays.copyOf(order, 2 * size) : order;
        order[size++] = node.yes();
        order[size++] = node.no();
      }
    }
    return Arrays.copyOf(order, size);
  }

  /// Adds what the trees say to each row's sum.
  void add(float[][] rows, float[] sums) {
    int padded = (rows.length + SIDE_BY_SIDE - 1) / SIDE_BY_SIDE * SIDE_BY_SIDE;
    int[] keys = new int[padded * features];
    for (int r = 0; r < rows.length; r++) {
      for (int f = 0; f < features; f++) {
        keys[r * features + f] = key(rows[r][f]);
      }
    }
    float[] all = Arrays.copyOf(sums, padded);
    for (int t = 0; t < depths.length; t++) {
      for (int r = 0; r < padded; r += SIDE_BY_SIDE) {
        eight(starts[t], depths[t], keys, r, all);
      }
    }
    System.arraycopy(all, 0, sums, 0, sums.length);
  }

  private void eight(int root, int depth, int[] keys, int row, float[] sums) {
    long[] all = nodes;
    int ofA = row * features;
    int ofB = ofA + features;
    int ofC = ofB + features;
    int ofD = ofC + features;
    int ofE = ofD + features;
    int ofF = ofE + features;
    int ofG = ofF + features;
    int ofH = ofG + features;
    int a = root;
    int b = root;
    int c = root;
    int d = root;
    int e = root;
    int f = root;
    int g = root;
    int h = root;
    for (int step = 0; step < depth; step++) {
      long nodeA = all[a];
      long nodeB = all[b];
      long nodeC = all[c];
      long nodeD = all[d];
      long nodeE = all[e];
      long nodeF = all[f];
      long nodeG = all[g];
      long nodeH = all[h];
      a = root + (short) nodeA - below(keys[ofA + ((int) nodeA >>> 16)], nodeA);
      b = root + (short) nodeB - below(keys[ofB + ((int) nodeB >>> 16)], nodeB);
      c = root + (short) nodeC - below(keys[ofC + ((int) nodeC >>> 16)], nodeC);
      d = root + (short) nodeD - below(keys[ofD + ((int) nodeD >>> 16)], nodeD);
      e = root + (short) nodeE - below(keys[ofE + ((int) nodeE >>> 16)], nodeE);
      f = root + (short) nodeF - below(keys[ofF + ((int) nodeF >>> 16)], nodeF);
      g = root + (short) nodeG - below(keys[ofG + ((int) nodeG >>> 16)], nodeG);
      h = root + (short) nodeH - below(keys[ofH + ((int) nodeH >>> 16)], nodeH);
    }
    sums[row] += leaves[a];
    sums[row + 1] += leaves[b];
    sums[row + 2] += leaves[c];
    sums[row + 3] += leaves[d];
    sums[row + 4] += leaves[e];
    sums[row + 5] += leaves[f];
    sums[row + 6] += leaves[g];
    sums[row + 7] += leaves[h];
  }

  /// Returns 1 for a key below the node's threshold, else 0.
  private static int below(int key, long node) {
    return (int) ((key - (node >> 32)) >>> 63);
  }

  /// Returns a whole number for a float, in the order of floats: no float is below NaN, and both
  /// zeros are one.
  private static int key(float x) {
    int bits = Float.floatToIntBits(x + 0f);
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }
}
