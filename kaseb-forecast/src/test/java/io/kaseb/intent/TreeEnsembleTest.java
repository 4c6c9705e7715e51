package io.kaseb.intent;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.model.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TreeEnsembleTest {
  private static final int FEATURES = 5;
  private static final float[] VALUES = {
    0f, -0f, 1f, -1f, 1e-40f, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY
  };

  private final SplittableRandom random = new SplittableRandom(7);

  @Test
  void scoresOfManyRowsAreThoseOfEach() {
    TreeEnsemble trees = trees(40, 7);
    for (int n : new int[] {0, 1, 3, 75}) {
      float[][] rows = new float[n][FEATURES];
      for (float[] row : rows) {
        for (int f = 0; f < FEATURES; f++) {
          row[f] = random.nextInt(8) == 0 ? Float.NaN : number();
        }
      }
      float[] scores = trees.scores(rows);
      for (int r = 0; r < n; r++) {
        assertThat(scores[r]).isEqualTo(trees.score(rows[r]));
      }
    }
  }

  @Test
  void leavesAloneAndNoTreesAreScoredToo() {
    float[][] rows = new float[3][FEATURES];
    TreeEnsemble leaves = trees(3, 0);
    assertThat(leaves.scores(rows)[2]).isEqualTo(leaves.score(rows[2]));
    assertThat(TreeEnsemble.none(FEATURES).scores(rows)).containsExactly(0, 0, 0);
  }

  /// Values at and beside thresholds, which are drawn the same way.
  private float number() {
    return random.nextInt(3) == 0
        ? VALUES[random.nextInt(VALUES.length)]
        : random.nextInt(20) / 10f - 1;
  }

  private TreeEnsemble trees(int count, int depth) {
    List<float[]> nodes = new ArrayList<>();
    float[] starts = new float[count + 2];
    starts[0] = .5f;
    starts[1] = FEATURES;
    for (int t = 0; t < count; t++) {
      starts[t + 2] = grow(nodes, depth);
    }
    float[] all = new float[4 * nodes.size()];
    for (int i = 0; i < nodes.size(); i++) {
      System.arraycopy(nodes.get(i), 0, all, 4 * i, 4);
    }
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("t.roots", Tensor.vector(starts));
    tensors.put("t.nodes", Tensor.matrix(nodes.size(), 4, all));
    return TreeEnsemble.read("t", tensors);
  }

  private int grow(List<float[]> nodes, int depth) {
    float[] node = {-1, (float) random.nextGaussian(), 0, 0};
    int at = nodes.size();
    nodes.add(node);
    if (depth > 0 && random.nextInt(6) > 0) {
      node[0] = random.nextInt(FEATURES);
      node[1] = number();
      boolean yesFirst = random.nextBoolean();
      int first = grow(nodes, depth - 1);
      int second = grow(nodes, depth - 1);
      node[2] = yesFirst ? first : second;
      node[3] = yesFirst ? second : first;
    }
    return at;
  }
}
