package io.kaseb.intent;

import io.kaseb.base.Json;
import io.kaseb.model.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Boosted decision trees as plain arrays: their sum of leaves plus a base is a log odds. Trained
/// by XGBoost (`TreeTraining` in kaseb-core), evaluated here, so that forecasting loads no native
/// code.
public final class TreeEnsemble {
  private static final int WIDTH = 4;

  private final float base;
  private final int features;
  private final int[] roots;
  private final int[] feature;
  private final float[] value;
  private final int[] yes;
  private final int[] no;

  /// The same nodes for many rows at once, made when they are first asked for: a purchase forecast
  /// scores one row at a time and needs none.
  private volatile @Nullable TreeSteps steps;

  /// @param base added to the leaves
  /// @param nodes [nodes x 4]: feature (-1 for a leaf), threshold or leaf value, and the nodes for
  ///   below the threshold and for the rest
  private TreeEnsemble(float base, int features, int[] roots, float[] nodes) {
    int n = nodes.length / WIDTH;
    this.base = base;
    this.features = features;
    this.roots = roots;
    feature = new int[n];
    value = new float[n];
    yes = new int[n];
    no = new int[n];
    for (int i = 0; i < n; i++) {
      feature[i] = whole(nodes[i * WIDTH]);
      value[i] = nodes[i * WIDTH + 1];
      yes[i] = whole(nodes[i * WIDTH + 2]);
      no[i] = whole(nodes[i * WIDTH + 3]);
      // Children stand behind their parent: what goes down a tree comes to its end.
      boolean leads = yes[i] > i && yes[i] < n && no[i] > i && no[i] < n;
      if (feature[i] < -1 || feature[i] >= features || (feature[i] >= 0 && !leads)) {
        throw new IllegalArgumentException("tree node " + i + " is damaged");
      }
    }
    for (int root : roots) {
      if (root < 0 || root >= n) {
        throw new IllegalArgumentException("a tree begins at node " + root + " of " + n);
      }
    }
  }

  private static int whole(float x) {
    int whole = (int) x;
    if (whole != x) {
      throw new IllegalArgumentException("a tree node holds " + x + "; must be a whole number");
    }
    return whole;
  }

  /// Reads XGBoost's JSON dump of each tree.
  ///
  /// @param features number of features of a row
  public static TreeEnsemble parse(float base, int features, String[] dumps) {
    List<float[]> nodes = new ArrayList<>();
    int[] roots = new int[dumps.length];
    for (int t = 0; t < dumps.length; t++) {
      roots[t] = node(Json.MAPPER.readTree(dumps[t]), nodes);
    }
    float[] all = new float[nodes.size() * WIDTH];
    for (int i = 0; i < nodes.size(); i++) {
      System.arraycopy(nodes.get(i), 0, all, i * WIDTH, WIDTH);
    }
    return new TreeEnsemble(base, features, roots, all);
  }

  private static int node(JsonNode json, List<float[]> nodes) {
    int at = nodes.size();
    float[] node = {-1, 0, 0, 0};
    nodes.add(node);
    if (json.has("leaf")) {
      node[1] = (float) json.path("leaf").asDouble();
      return at;
    }
    node[0] = Integer.parseInt(json.path("split").asString().substring(1));
    node[1] = (float) json.path("split_condition").asDouble();
    for (JsonNode child : json.path("children")) {
      int index = node(child, nodes);
      node[child.path("nodeid").asInt() == json.path("yes").asInt() ? 2 : 3] = index;
    }
    return at;
  }

  /// A node of a tree.
  ///
  /// @param feature which of a row's features it looks at; -1 for a leaf
  /// @param value the threshold; of a leaf what it adds to the log odds
  /// @param yes the node for a feature below the threshold
  /// @param no the node for others
  public record Node(int feature, float value, int yes, int no) {
    /// Returns whether it ends a tree.
    public boolean isLeaf() {
      return feature < 0;
    }
  }

  /// Returns an ensemble without a tree: every row's log odds are 0.
  ///
  /// @param features number of features of a row
  public static TreeEnsemble none(int features) {
    return new TreeEnsemble(0, features, new int[0], new float[0]);
  }

  /// Returns whether it has no tree.
  public boolean isEmpty() {
    return roots.length == 0;
  }

  /// Returns what is added to the leaves, log odds.
  public float base() {
    return base;
  }

  /// Returns how many features a row has.
  public int features() {
    return features;
  }

  /// Returns the node that each tree begins with.
  public int[] roots() {
    return roots.clone();
  }

  /// Returns a node; those below it have higher numbers.
  public Node node(int at) {
    return new Node(feature[at], value[at], yes[at], no[at]);
  }

  /// Returns the log odds of a row.
  public float score(float[] row) {
    if (row.length != features) {
      throw new IllegalArgumentException(row.length + " features; the trees have " + features);
    }
    float sum = base;
    for (int root : roots) {
      int at = root;
      while (feature[at] >= 0) {
        at = row[feature[at]] < value[at] ? yes[at] : no[at];
      }
      sum += value[at];
    }
    return sum;
  }

  /// Returns the log odds of many rows.
  public float[] scores(float[][] rows) {
    float[] sums = new float[rows.length];
    Arrays.fill(sums, base);
    steps().add(rows, sums);
    return sums;
  }

  private TreeSteps steps() {
    TreeSteps made = steps;
    if (made == null) {
      made = new TreeSteps(this);
      steps = made;
    }
    return made;
  }

  /// Adds the trees to a model file's tensors.
  public void write(String prefix, Map<String, Tensor> tensors) {
    float[] nodes = new float[feature.length * WIDTH];
    for (int i = 0; i < feature.length; i++) {
      nodes[i * WIDTH] = feature[i];
      nodes[i * WIDTH + 1] = value[i];
      nodes[i * WIDTH + 2] = yes[i];
      nodes[i * WIDTH + 3] = no[i];
    }
    float[] starts = new float[roots.length + 2];
    starts[0] = base;
    starts[1] = features;
    for (int t = 0; t < roots.length; t++) {
      starts[t + 2] = roots[t];
    }
    tensors.put(prefix + ".nodes", Tensor.matrix(feature.length, WIDTH, nodes));
    tensors.put(prefix + ".roots", Tensor.vector(starts));
  }

  /// Reads what [#write] wrote.
  public static TreeEnsemble read(String prefix, Map<String, Tensor> tensors) {
    float[] starts = IntentFile.data(tensors, prefix + ".roots");
    int[] roots = new int[starts.length - 2];
    for (int t = 0; t < roots.length; t++) {
      roots[t] = whole(starts[t + 2]);
    }
    float[] nodes = IntentFile.data(tensors, prefix + ".nodes");
    return new TreeEnsemble(starts[0], whole(starts[1]), roots, nodes);
  }
}
