package io.kaseb.export;

import io.kaseb.base.Json;
import io.kaseb.config.IntentConfig;
import io.kaseb.intent.Calibration;
import io.kaseb.intent.IntentFile;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.LogOddsBlend;
import io.kaseb.intent.PurchaseKind;
import io.kaseb.intent.StackedScore;
import io.kaseb.model.ModelFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A purchase forecast of trees, regression and networks as a graph of rows of features: what
/// [io.kaseb.intent.StackedScore] and the calibrations do. The networks' log odds are among the
/// features.
///
/// Inputs are `session_features` of the shape (sessions, n) and `item_features` of (items, m), each
/// of any number of rows, none too. Outputs are, of (sessions), `purchase_log_odds` and the
/// calibrated `purchase_probability`; of (items), `bought_log_odds` and `bought_probability`, given
/// that the session buys. The metadata `session_features` and `item_features` have the names in
/// their order, each with how it is made.
final class OnnxStack {
  private static final Map<String, Integer> NONE = Map.of();
  private static final String SESSIONS = "sessions";
  private static final String ITEMS = "items";
  private static final String OF_SESSIONS = "session_features";
  private static final String OF_ITEMS = "item_features";

  /// Where a session's row says whether it is known that no more events come, 1 or 0.
  private static final int OVER = 0;

  private final OnnxGraph graph = new OnnxGraph();
  private final IntentModel model;

  private OnnxStack(IntentModel model) {
    this.model = model;
  }

  /// Returns the purchase forecast of a model, null where it has none with trees.
  static @Nullable IntentModel of(ModelFile file) {
    IntentConfig config = file.config().intent();
    if (file.intent() == null || config == null || config.intent() == IntentConfig.Kind.GRU) {
      return null;
    }
    return new IntentFile(file.tensors(), file.intent()).model(config, file.outputTable());
  }

  /// Returns the graph.
  ///
  /// @param producer the version that writes it
  static ProtoMessage message(IntentModel model, String producer) {
    OnnxStack stack = new OnnxStack(model);
    stack.sessions();
    stack.items();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(OF_SESSIONS, Json.MAPPER.writeValueAsString(model.sessionFeatures()));
    metadata.put(OF_ITEMS, Json.MAPPER.writeValueAsString(model.itemFeatures()));
    metadata.put("forecast", model.kind().key());
    return stack.graph.model("purchases", producer, metadata);
  }

  private void sessions() {
    IntentModel.Parts parts = model.parts();
    IntentModel.Curves curves = model.curve(model.kind());
    graph.rows(OF_SESSIONS, SESSIONS, model.sessionFeatures().size());
    // The trees are the same for running and finished sessions.
    String boosted = OnnxTrees.add(graph, OF_SESSIONS, "session.trees.", parts.over().boosted());
    String isOver =
        graph.apply(
            "Greater",
            graph.columns(OF_SESSIONS, OVER, OVER + 1),
            OnnxCurve.numbers(graph, "half", .5));
    String over = logOdds(parts.over(), OF_SESSIONS, boosted, "over.");
    String soFar = logOdds(parts.soFar(), OF_SESSIONS, boosted, "so_far.");
    put("purchase_log_odds", SESSIONS, graph.apply("Where", isOver, over, soFar));
    put(
        "purchase_probability",
        SESSIONS,
        graph.apply(
            "Where",
            isOver,
            curve(over, "over.", curves.over()),
            curve(soFar, "so_far.", curves.soFar())));
  }

  private void items() {
    StackedScore item = model.parts().item();
    graph.rows(OF_ITEMS, ITEMS, model.itemFeatures().size());
    String boosted = OnnxTrees.add(graph, OF_ITEMS, "item.trees.", item.boosted());
    String odds = logOdds(item, OF_ITEMS, boosted, "item.");
    put("bought_log_odds", ITEMS, odds);
    put("bought_probability", ITEMS, curve(odds, "item.", model.curve(model.kind()).item()));
  }

  private String curve(String odds, String name, Calibration curve) {
    return OnnxCurve.add(graph, odds, name + "curve.", curve, 1);
  }

  /// Adds [StackedScore#of] of the model's kind, of the shape (rows, 1).
  ///
  /// @param rows the rows' name
  /// @param boosted the name of the trees' log odds, of the shape (rows, 1)
  private String logOdds(StackedScore score, String rows, String boosted, String name) {
    if (model.kind() == PurchaseKind.BOOSTED) {
      return boosted;
    }
    int hand = score.logistic().features();
    float[] weights = score.logistic().weights();
    float[] slopes = new float[hand];
    System.arraycopy(weights, 0, slopes, 0, hand);
    String logistic =
        graph.linear(
            graph.columns(rows, 0, hand),
            graph.weights(name + "logistic", new int[] {1, hand}, slopes),
            OnnxCurve.numbers(graph, name + "intercept", weights[hand]));
    LogOddsBlend mix = score.mix();
    String networks = graph.columns(rows, hand, hand + 1);
    return graph.apply(
        "Add",
        graph.apply(
            "Add",
            share(networks, name + "share_of_networks", mix.net()),
            share(boosted, name + "share_of_trees", mix.boosted())),
        share(logistic, name + "share_of_logistic", mix.logistic()));
  }

  private String share(String odds, String name, float share) {
    return graph.apply("Mul", odds, OnnxCurve.numbers(graph, name, share));
  }

  /// Adds an output of a value of the shape (rows, 1).
  private void put(String name, String rows, String value) {
    graph.add("Squeeze", List.of(name), NONE, value, graph.numbers(1));
    graph.outputOfRows(name, rows);
  }
}
