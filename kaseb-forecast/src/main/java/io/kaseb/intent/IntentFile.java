package io.kaseb.intent;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.config.Feature;
import io.kaseb.config.IntentConfig;
import io.kaseb.model.Tensor;
import io.kaseb.signal.LearnedSignals;
import io.kaseb.signal.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The intent model's part of a model file: tensors whose names begin with `intent.`, and a JSON
/// object in the metadata. docs/file-formats.md lists both.
///
/// @param tensors by name
/// @param json what is not numbers by the thousand
/// @param prefix what the names of its tensors begin with
public record IntentFile(Map<String, Tensor> tensors, JsonNode json, String prefix) {
  /// What the names of the tensors of a file's first purchase forecast begin with.
  public static final String PREFIX = "intent.";

  /// The goal that is forecast where nothing else is said.
  public static final String PURCHASE = "purchase";

  private static final String GOAL = "goal.";
  private static final String GOALS = "goals";
  private static final String GOAL_OF_FIRST = "goal";
  private static final String ELSEWHERE = "elsewhere";
  private static final String FEATURES = "features";
  private static final String SHARED = "shared";
  private static final String SO_FAR_MIX = "so_far_mix";
  private static final String SIGNALS = "signals";

  /// Creates the part of a file's first purchase forecast.
  public IntentFile(Map<String, Tensor> tensors, JsonNode json) {
    this(tensors, json, PREFIX);
  }

  /// Takes a model apart.
  ///
  /// @param table the next-item network's item embeddings, which the file has already: networks
  ///   that share them do not store them again
  public static IntentFile of(IntentModel model, float[] table) {
    return of(model, table, PREFIX);
  }

  /// Takes the models of several goals apart: the first is stored as a model of its own is, the
  /// others beside it.
  ///
  /// @param models by goal, the first one's being [#PURCHASE] or another action
  public static IntentFile ofGoals(Map<String, IntentModel> models, float[] table) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    ObjectNode first = Json.MAPPER.createObjectNode();
    models.forEach(
        (goal, model) -> {
          boolean isFirst = first.isEmpty();
          IntentFile one = of(model, table, isFirst ? PREFIX : PREFIX + GOAL + goal + ".");
          tensors.putAll(one.tensors());
          if (isFirst) {
            first.setAll((ObjectNode) one.json());
            if (!goal.equals(PURCHASE)) {
              first.put(GOAL_OF_FIRST, goal);
            }
          } else {
            ObjectNode others =
                first.has(GOALS) ? (ObjectNode) first.path(GOALS) : first.putObject(GOALS);
            ObjectNode own = (ObjectNode) one.json();
            own.set(FEATURES, Json.MAPPER.valueToTree(model.config().features()));
            others.set(goal, own);
          }
        });
    return new IntentFile(tensors, first);
  }

  /// Returns the same with how often each goal's items were ones that the session had not touched.
  ///
  /// @param elsewhere by goal; see [#elsewhere()]
  public IntentFile with(Map<String, Double> elsewhere) {
    ObjectNode more = ((ObjectNode) json).deepCopy();
    more.set(ELSEWHERE, Json.MAPPER.valueToTree(elsewhere));
    return new IntentFile(tensors, more, prefix);
  }

  /// Returns by goal how many of the items that a session still acts on are, on average, among the
  /// 20 likeliest next items that it has not touched yet; nothing in files that do not say so.
  public Map<String, Double> elsewhere() {
    Map<String, Double> found = new LinkedHashMap<>();
    json.path(ELSEWHERE).properties().forEach(e -> found.put(e.getKey(), e.getValue().asDouble()));
    return found;
  }

  /// Puts the models of all goals together again, by goal, the first one first.
  public Map<String, IntentModel> goals(IntentConfig config, float[] table) {
    Map<String, IntentModel> models = new LinkedHashMap<>();
    models.put(json.path(GOAL_OF_FIRST).asString(PURCHASE), model(config, table));
    json.path(GOALS)
        .properties()
        .forEach(
            goal -> {
              Set<Feature> features = Feature.copy(Set.of());
              goal.getValue()
                  .path(FEATURES)
                  .forEach(name -> features.add(Feature.valueOf(name.asString())));
              IntentFile one =
                  new IntentFile(tensors, goal.getValue(), PREFIX + GOAL + goal.getKey() + ".");
              models.put(goal.getKey(), one.model(config.withFeatures(features), table));
            });
    return models;
  }

  private static IntentFile of(IntentModel model, float[] table, String prefix) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.set("categories", Json.MAPPER.valueToTree(model.categories()));
    model
        .statistics()
        .counts()
        .tensors()
        .forEach((name, t) -> tensors.put(prefix + "statistics." + name, t));
    if (!model.signals().schema().equals(Schema.NONE)) {
      model.signals().schema().write(json.putObject(SIGNALS));
      model.signals().tensors().forEach((name, t) -> tensors.put(prefix + SIGNALS + "." + name, t));
    }
    var nets = json.putArray("nets");
    for (int n = 0; n < model.nets().size(); n++) {
      IntentNet net = model.nets().get(n).net();
      ObjectNode node = nets.addObject();
      node.set("shape", Json.MAPPER.valueToTree(net.shape));
      node.put("scale", net.scale);
      node.put(SHARED, net.embeddings == table);
      tensors.put(prefix + "net." + n + ".weights", Tensor.vector(net.weights));
      if (net.embeddings != table && net.embeddings.length > 0) {
        tensors.put(
            prefix + "net." + n + ".embeddings",
            Tensor.matrix(net.shape.items(), net.shape.embedding(), net.embeddings));
      }
    }
    IntentModel.Parts parts = model.parts();
    StackedScore session = parts.over();
    StackedScore item = parts.item();
    session.boosted().write(prefix + "trees.session", tensors);
    item.boosted().write(prefix + "trees.item", tensors);
    session.trees().write(prefix + "hand.session", tensors);
    item.trees().write(prefix + "hand.item", tensors);
    session.logistic().write(prefix + "logistic.session", tensors);
    parts.soFar().logistic().write(prefix + "logistic.so_far", tensors);
    item.logistic().write(prefix + "logistic.item", tensors);
    json.set("session_mix", Json.MAPPER.valueToTree(session.mix()));
    if (!parts.soFar().mix().equals(session.mix())) {
      json.set(SO_FAR_MIX, Json.MAPPER.valueToTree(parts.soFar().mix()));
    }
    json.set("item_mix", Json.MAPPER.valueToTree(item.mix()));
    json.set("unseen", Json.MAPPER.valueToTree(parts.unseen()));
    json.put("buyer_share", parts.buyerShare());
    json.put("real_times", parts.realTimes());
    ObjectNode curves = json.putObject("calibration");
    model
        .curves()
        .forEach(
            (kind, curve) -> {
              ObjectNode node = curves.putObject(kind.name());
              node.set("over", curve.over().json());
              node.set("so_far", curve.soFar().json());
              node.set("item", curve.item().json());
            });
    return new IntentFile(tensors, json, prefix);
  }

  /// Puts a model together again.
  ///
  /// @param config the configuration stored beside it
  /// @param table the next-item network's item embeddings
  public IntentModel model(IntentConfig config, float[] table) {
    List<String> categories =
        Json.MAPPER.convertValue(json.path("categories"), new TypeReference<List<String>>() {});
    List<IntentScorer> nets = new ArrayList<>();
    for (JsonNode node : json.path("nets")) {
      nets.add(new IntentScorer(net(nets.size(), node, table)));
    }
    StackedScore over = stack("session");
    // The first files have one regression for running and finished sessions.
    String soFar = prefix + "logistic.so_far";
    IntentModel.Parts parts =
        new IntentModel.Parts(
            over,
            tensors.containsKey(soFar)
                ? over.with(
                    Logistic.read(soFar, tensors),
                    json.has(SO_FAR_MIX) ? mix(json.path(SO_FAR_MIX)) : over.mix())
                : over,
            stack("item"),
            Json.MAPPER.convertValue(json.path("unseen"), double[].class),
            json.path("buyer_share").asDouble(),
            json.path("real_times").asBoolean());
    Map<PurchaseKind, IntentModel.Curves> curves = new EnumMap<>(PurchaseKind.class);
    json.path("calibration")
        .properties()
        .forEach(
            e ->
                curves.put(
                    PurchaseKind.valueOf(e.getKey()),
                    new IntentModel.Curves(
                        Calibration.of(e.getValue().path("over")),
                        Calibration.of(e.getValue().path("so_far")),
                        Calibration.of(e.getValue().path("item")))));
    return new IntentModel(
        config,
        categories,
        new Statistics(StatisticsCounts.of(under(prefix + "statistics."))),
        LearnedSignals.of(json.path(SIGNALS), under(prefix + SIGNALS + ".")),
        nets,
        parts,
        curves);
  }

  /// Returns the tensors whose names begin so, by the rest of their names.
  private Map<String, Tensor> under(String start) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(start)) {
            found.put(name.substring(start.length()), tensor);
          }
        });
    return found;
  }

  private StackedScore stack(String of) {
    return new StackedScore(
        TreeEnsemble.read(prefix + "trees." + of, tensors),
        TreeEnsemble.read(prefix + "hand." + of, tensors),
        Logistic.read(prefix + "logistic." + of, tensors),
        mix(json.path(of + "_mix")));
  }

  /// Reads a blend; the first files hold the network's share alone, the rest being the trees'.
  private static LogOddsBlend mix(JsonNode node) {
    return node.isNumber()
        ? new LogOddsBlend((float) node.asDouble(), 1 - (float) node.asDouble(), 0)
        : Json.MAPPER.convertValue(node, LogOddsBlend.class);
  }

  private IntentNet net(int n, JsonNode node, float[] table) {
    IntentShape shape = Json.MAPPER.convertValue(node.path("shape"), IntentShape.class);
    // Items that came after training stand behind those that it knew, and have no part in this.
    int shared = shape.items() * shape.embedding();
    float[] own =
        node.path(SHARED).asBoolean()
            ? table.length > shared ? Arrays.copyOf(table, shared) : table
            : shape.embedding() == 0
                ? new float[0]
                : data(tensors, prefix + "net." + n + ".embeddings");
    return new IntentNet(
        shape,
        data(tensors, prefix + "net." + n + ".weights"),
        own,
        (float) node.path("scale").asDouble());
  }

  /// Returns a tensor's values.
  static float[] data(Map<String, Tensor> tensors, String name) {
    @Nullable Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new KasebException(
          new KasebException.Problem(
              null, "the model file lacks the tensor " + name, null, "train it again"));
    }
    return tensor.data();
  }
}
