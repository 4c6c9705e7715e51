package io.kaseb.export;

import io.kaseb.base.Json;
import io.kaseb.config.IntentConfig;
import io.kaseb.export.OnnxGraph.Elements;
import io.kaseb.intent.Calibration;
import io.kaseb.intent.ClickInputs;
import io.kaseb.intent.IntentFile;
import io.kaseb.intent.IntentShape;
import io.kaseb.intent.PurchaseKind;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Tensor;
import io.kaseb.signal.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The recurrent networks of a purchase forecast as a part of a graph: they follow a session beside
/// the next-item network and tell at each click whether it buys.
///
/// Inputs are `purchase_state` of the shape (batch, m), zeros at a session's begin; `numbers` of
/// (batch, n), what [ClickInputs] names; and, where the networks read categories, `category` of
/// (batch), its place in the metadata `categories`, -1 for none. Outputs are `next_purchase_state`,
/// and of (batch, 2) `purchase_log_odds` and the calibrated `purchase_probability`: where no more
/// clicks come, and while that is not known.
///
/// Which of its items a session buys is a graph of its own, to be run behind a click: from
/// `purchase_state`, the click's `next_purchase_state`; `clicked_states` of (batch, clicked, m),
/// the `next_purchase_state` of each item's last click; and `clicked_numbers` of (batch, clicked,
/// n), what [io.kaseb.intent.ItemInputs] has. Outputs of (batch, clicked) are `bought_log_odds` and
/// the calibrated `bought_probability`, given that the session buys.
final class OnnxPurchases {
  private static final Map<String, Integer> NONE = Map.of();
  private static final String CLICKED = "clicked";

  private final OnnxGraph graph;
  private final JsonNode json;
  private final Map<String, Tensor> tensors;
  private final IntentConfig config;
  private final List<IntentShape> shapes = new ArrayList<>();

  private OnnxPurchases(OnnxGraph graph, ModelFile file, JsonNode json, IntentConfig config) {
    this.graph = graph;
    this.json = json;
    this.tensors = file.tensors();
    this.config = config;
    for (JsonNode net : json.path("nets")) {
      shapes.add(Json.MAPPER.convertValue(net.path("shape"), IntentShape.class));
    }
  }

  /// Returns whether a model has such networks, which read clicks alone.
  static boolean fits(ModelFile file) {
    JsonNode json = file.intent();
    if (json == null || file.config().intent() == null || json.path("nets").isEmpty()) {
      return false;
    }
    for (JsonNode net : json.path("nets")) {
      IntentShape shape = Json.MAPPER.convertValue(net.path("shape"), IntentShape.class);
      boolean alike = shape.embedding() == 0 || shape.items() == file.catalogue().size();
      if (shape.signals() != null || !alike) {
        return false;
      }
    }
    return true;
  }

  /// Adds the networks of a model that has them, and says in the metadata what they read.
  ///
  /// @param item the clicked items' name in the graph
  static void add(OnnxGraph graph, ModelFile file, String item, Map<String, String> metadata) {
    JsonNode json = file.intent();
    IntentConfig config = file.config().intent();
    if (json != null && config != null) {
      new OnnxPurchases(graph, file, json, config).add(item, metadata);
    }
  }

  private void add(String item, Map<String, String> metadata) {
    int numbers = shapes.getFirst().numbers();
    int categories = shapes.getFirst().categories();
    int units = shapes.stream().mapToInt(IntentShape::units).sum();
    graph.input("purchase_state", Elements.FLOAT, units);
    graph.input("numbers", Elements.FLOAT, numbers);
    if (categories > 0) {
      graph.input("category", Elements.INT64);
    }
    List<String> states = new ArrayList<>();
    List<String> odds = new ArrayList<>();
    int at = 0;
    for (int n = 0; n < shapes.size(); n++) {
      IntentShape shape = shapes.get(n);
      String before = graph.columns("purchase_state", at, at + shape.units());
      at += shape.units();
      String state = step(n, shape, item, before);
      states.add(state);
      odds.add(heads(n, shape, state));
    }
    graph.add("Concat", List.of("next_purchase_state"), Map.of("axis", 1), array(states));
    graph.add("Mean", List.of("purchase_log_odds"), NONE, array(odds));
    JsonNode curve = json.path("calibration").path(PurchaseKind.GRU.name());
    String over = probability(Calibration.of(curve.path("over")), 0);
    String soFar = probability(Calibration.of(curve.path("so_far")), 1);
    graph.add("Concat", List.of("purchase_probability"), Map.of("axis", 1), over, soFar);
    graph.output("purchase_log_odds", Elements.FLOAT, 2);
    graph.output("purchase_probability", Elements.FLOAT, 2);
    graph.output("next_purchase_state", Elements.FLOAT, units);
    metadata.put(
        "numbers",
        Json.MAPPER.writeValueAsString(new ClickInputs(config.features(), Schema.NONE).names()));
    if (categories > 0) {
      metadata.put("categories", json.path("categories").toString());
    }
  }

  private static String[] array(List<String> names) {
    return names.toArray(String[]::new);
  }

  private float[] weights(int net) {
    return data("net." + net + ".weights");
  }

  private float[] data(String name) {
    Tensor tensor = tensors.get(IntentFile.PREFIX + name);
    if (tensor == null) {
      throw new IllegalArgumentException("tensor " + IntentFile.PREFIX + name + " is missing");
    }
    return tensor.data();
  }

  /// Adds one click of `io.kaseb.intent.IntentScorer`.
  private String step(int net, IntentShape shape, String item, String before) {
    float[] w = weights(net);
    int h = shape.units();
    List<String> inputs = new ArrayList<>();
    if (shape.categories() > 0) {
      inputs.add(category(net, shape, w));
    }
    if (shape.embedding() > 0) {
      inputs.add(embedding(net, shape, item));
    }
    inputs.add("numbers");
    String x =
        inputs.size() == 1
            ? inputs.getFirst()
            : graph.apply("Concat", Map.of("axis", 1), array(inputs));
    // The bias is the weight of an input that is always 1, behind the numbers.
    int width = shape.numbersAt() + shape.numbers();
    float[] ih = new float[3 * h * width];
    float[] biasIh = new float[3 * h];
    for (int r = 0; r < 3 * h; r++) {
      System.arraycopy(w, shape.wx() + r * shape.inputs(), ih, r * width, width);
      biasIh[r] = w[shape.wx() + r * shape.inputs() + width];
    }
    float[] biasHh = new float[3 * h];
    System.arraycopy(w, shape.bh(), biasHh, 2 * h, h);
    String name = "purchase." + net + ".";
    String gi =
        graph.linear(
            x,
            graph.weights(name + "weight_ih", new int[] {3 * h, width}, ih),
            graph.weights(name + "bias_ih", new int[] {3 * h}, biasIh));
    String gh =
        graph.linear(
            before,
            graph.weights(name + "weight_hh", new int[] {3 * h, h}, part(w, shape.wh(), 3 * h * h)),
            graph.weights(name + "bias_hh", new int[] {3 * h}, biasHh));
    return graph.gru(gi, gh, before, h);
  }

  /// A row of zeros stands before the categories', for none; those beyond the last are the last.
  private String category(int net, IntentShape shape, float[] w) {
    int floats = IntentShape.CATEGORY_FLOATS;
    int count = shape.categories();
    float[] table = new float[(count + 1) * floats];
    System.arraycopy(w, shape.category(), table, floats, count * floats);
    String row =
        graph.apply(
            "Add", graph.apply("Min", "category", graph.numbers(count - 1)), graph.numbers(1));
    String rows =
        graph.weights("purchase." + net + ".category", new int[] {count + 1, floats}, table);
    return graph.apply("Gather", rows, row);
  }

  private String embedding(int net, IntentShape shape, String item) {
    JsonNode node = json.path("nets").path(net);
    int[] size = {shape.items(), shape.embedding()};
    String table;
    if (node.path("shared").asBoolean()) {
      Tensor shared = tensors.get("Wy.weight");
      if (shared == null) {
        throw new IllegalArgumentException("tensor Wy.weight is missing");
      }
      table = graph.weights("Wy.weight", size, shared.data());
    } else {
      table = graph.weights("purchase." + net + ".items", size, data("net." + net + ".embeddings"));
    }
    float[] scale = {(float) node.path("scale").asDouble()};
    return graph.apply(
        "Mul",
        graph.apply("Gather", table, item),
        graph.weights("purchase." + net + ".scale", new int[] {1}, scale));
  }

  /// Adds the session heads: no more clicks come; not known whether more come.
  private String heads(int net, IntentShape shape, String state) {
    float[] w = weights(net);
    int h = shape.units();
    float[] rows = new float[2 * h];
    float[] biases = new float[2];
    for (int head = 0; head < 2; head++) {
      int from = shape.session() + head * (h + 1);
      System.arraycopy(w, from, rows, head * h, h);
      biases[head] = w[from + h];
    }
    String name = "purchase." + net + ".";
    return graph.linear(
        state,
        graph.weights(name + "session", new int[] {2, h}, rows),
        graph.weights(name + "session_bias", new int[] {2}, biases));
  }

  private static float[] part(float[] all, int from, int size) {
    float[] part = new float[size];
    System.arraycopy(all, from, part, 0, size);
    return part;
  }

  /// Makes the graph of the items that are bought, of a model that has such networks.
  static void addItems(OnnxGraph graph, ModelFile file) {
    JsonNode json = file.intent();
    IntentConfig config = file.config().intent();
    if (json != null && config != null) {
      new OnnxPurchases(graph, file, json, config).items();
    }
  }

  private void items() {
    int units = shapes.stream().mapToInt(IntentShape::units).sum();
    graph.input("purchase_state", Elements.FLOAT, units);
    graph.input("clicked_states", CLICKED, units);
    graph.input("clicked_numbers", CLICKED, shapes.getFirst().itemNumbers() - 1);
    List<String> odds = new ArrayList<>();
    int at = 0;
    for (int n = 0; n < shapes.size(); n++) {
      odds.add(itemHead(n, shapes.get(n), at));
      at += shapes.get(n).units();
    }
    String mean = graph.apply("Mean", array(odds));
    JsonNode curve = json.path("calibration").path(PurchaseKind.GRU.name());
    Calibration item = Calibration.of(curve.path("item"));
    graph.add("Squeeze", List.of("bought_log_odds"), NONE, mean, graph.numbers(2));
    graph.add(
        "Squeeze",
        List.of("bought_probability"),
        NONE,
        OnnxCurve.add(graph, mean, "purchase.item.", item, 2),
        graph.numbers(2));
    graph.output("bought_log_odds", CLICKED);
    graph.output("bought_probability", CLICKED);
  }

  /// Adds `io.kaseb.intent.IntentScorer.item` of all clicked items, of the shape (batch, clicked,
  /// 1).
  ///
  /// @param at where the network's units begin among those of all networks
  private String itemHead(int net, IntentShape shape, int at) {
    float[] w = weights(net);
    int h = shape.units();
    int k = shape.itemUnits();
    // The last number is 1: its weights are the bias.
    int numbers = shape.itemNumbers() - 1;
    float[] bias = new float[k];
    for (int r = 0; r < k; r++) {
      bias[r] = w[shape.itemNumber() + r * (numbers + 1) + numbers];
    }
    String name = "purchase." + net + ".item_";
    String ofSession =
        graph.apply(
            "MatMul",
            graph.columns("purchase_state", at, at + h),
            columnwise(name + "state", w, shape.itemState(), k, h, h));
    String ofClicks =
        graph.apply(
            "MatMul",
            graph.part("clicked_states", at, at + h),
            columnwise(name + "click", w, shape.itemClick(), k, h, h));
    String ofNumbers =
        graph.apply(
            "Add",
            graph.apply(
                "MatMul",
                "clicked_numbers",
                columnwise(name + "numbers", w, shape.itemNumber(), k, numbers + 1, numbers)),
            graph.weights(name + "bias", new int[] {k}, bias));
    String hidden =
        graph.apply(
            "Tanh",
            graph.apply(
                "Add",
                graph.apply("Unsqueeze", ofSession, graph.numbers(1)),
                graph.apply("Add", ofClicks, ofNumbers)));
    return graph.apply(
        "Add",
        graph.apply(
            "MatMul",
            hidden,
            graph.weights(name + "out", new int[] {k, 1}, part(w, shape.itemOut(), k))),
        graph.weights(name + "out_bias", new int[] {1}, part(w, shape.itemOut() + k, 1)));
  }

  /// Adds weights that lie as rows of `stride` floats as a matrix of the shape (taken, rows).
  private String columnwise(String name, float[] w, int from, int rows, int stride, int taken) {
    float[] columns = new float[taken * rows];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < taken; c++) {
        columns[c * rows + r] = w[from + r * stride + c];
      }
    }
    return graph.weights(name, new int[] {taken, rows}, columns);
  }

  /// Adds a curve over one of the heads' log odds.
  private String probability(Calibration curve, int head) {
    String x = graph.columns("purchase_log_odds", head, head + 1);
    return OnnxCurve.add(graph, x, "purchase." + (head == 0 ? "over." : "so_far."), curve, 1);
  }
}
