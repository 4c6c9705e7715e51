package io.kaseb.store;

import io.kaseb.base.KasebException;
import io.kaseb.base.Nearest;
import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Domain;
import io.kaseb.tune.space.NormalRange;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.space.Steps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// NNI's search-space JSON: `{"name": {"_type": T, "_value": V}}` with all its types and nested
/// choices; three keys of our own for GRU4Rec's ranges that NNI cannot say (`_type` `int`).
final class SpaceJson {
  private static final List<String> TYPES =
      List.of(
          "choice",
          "randint",
          "uniform",
          "quniform",
          "loguniform",
          "qloguniform",
          "normal",
          "qnormal",
          "lognormal",
          "qlognormal",
          "int");

  private SpaceJson() {}

  /// Reads a space.
  ///
  /// @param place where it comes from, for messages
  static Space read(String place, JsonNode root) {
    if (!root.isObject() || root.isEmpty()) {
      throw new KasebException(
          new KasebException.Problem(
              place, null, "names with {\"_type\": ..., \"_value\": ...} each", null));
    }
    try {
      return Space.of(level(place, root));
    } catch (IllegalArgumentException e) {
      throw KasebException.at(place, e);
    }
  }

  private static List<Parameter> level(String place, JsonNode level) {
    List<Parameter> parameters = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : level.properties()) {
      if (!entry.getKey().equals("_name")) {
        String here = place + ": " + entry.getKey();
        try {
          parameters.add(new Parameter(entry.getKey(), domain(here, entry.getValue())));
        } catch (IllegalArgumentException e) {
          throw KasebException.at(here, e);
        }
      }
    }
    return parameters;
  }

  private static Domain domain(String place, JsonNode node) {
    JsonNode type = node.get("_type");
    JsonNode value = node.get("_value");
    if (type == null || value == null || !value.isArray()) {
      throw new KasebException(
          new KasebException.Problem(
              place, shortened(node), "{\"_type\": ..., \"_value\": [...]}", null));
    }
    String name = new StoredJson("_type", type).text();
    if (name.equals("choice")) {
      return choice(place, value);
    }
    return switch (name) {
      case "randint" -> {
        double[] v = numbers(place, name, value, 2);
        if (v[1] <= v[0]) {
          throw new KasebException(
              new KasebException.Problem(
                  place,
                  "randint [" + (long) v[0] + ", " + (long) v[1] + ")",
                  null,
                  "the second bound is exclusive and must be above the first"));
        }
        yield new Range(v[0], v[1] - 1, 1, false, true);
      }
      case "uniform", "loguniform" -> {
        double[] v = numbers(place, name, value, 2);
        yield new Range(v[0], v[1], 0, name.startsWith("log"), false);
      }
      case "quniform", "qloguniform" -> {
        double[] v = numbers(place, name, value, 3);
        yield new Range(v[0], v[1], positive(place, v[2]), name.startsWith("qlog"), false);
      }
      case "normal", "lognormal" -> {
        double[] v = numbers(place, name, value, 2);
        yield new NormalRange(v[0], v[1], 0, name.startsWith("log"));
      }
      case "qnormal", "qlognormal" -> {
        double[] v = numbers(place, name, value, 3);
        yield new NormalRange(v[0], v[1], positive(place, v[2]), name.startsWith("qlog"));
      }
      case "int" -> {
        double[] v = numbers(place, name, value, 3);
        boolean log = node.has("_log") && new StoredJson("_log", node.get("_log")).flag();
        yield new Range(v[0], v[1], v[2], log, true);
      }
      default ->
          throw new KasebException(
              new KasebException.Problem(
                  place,
                  "_type " + name,
                  "one of " + TYPES,
                  "did you mean " + Nearest.of(name, TYPES) + "?"));
    };
  }

  private static double positive(String place, double step) {
    if (!(step > 0)) {
      throw new KasebException(new KasebException.Problem(place, "step " + step, "above 0", null));
    }
    return step;
  }

  private static double[] numbers(String place, String type, JsonNode value, int count) {
    boolean fits = value.size() == count;
    double[] numbers = new double[count];
    for (int i = 0; i < count && fits; i++) {
      fits = value.get(i).isNumber();
      numbers[i] = fits ? value.get(i).asDouble() : 0;
    }
    if (!fits) {
      throw new KasebException(
          new KasebException.Problem(
              place, type + " " + shortened(value), count + " numbers", null));
    }
    return numbers;
  }

  private static Choice choice(String place, JsonNode options) {
    List<Choice.Option> list = new ArrayList<>();
    for (JsonNode option : options) {
      if (option.isNull()) {
        throw new KasebException(
            new KasebException.Problem(place, "an option is null", null, "give it a name instead"));
      }
      if (option.isObject() && option.has("_name")) {
        String name = new StoredJson("_name", option.get("_name")).text();
        list.add(new Choice.Option(name, true, level(place + "/" + name, option)));
      } else {
        list.add(new Choice.Option(ValueJson.value(option), false, List.of()));
      }
    }
    return new Choice(list);
  }

  private static String shortened(JsonNode node) {
    String text = node.toString();
    return text.length() > 80 ? text.substring(0, 77) + "..." : text;
  }

  /// Writes a space so that [#read] gives an equal one.
  static Map<String, Object> write(Space space) {
    return write(space.parameters());
  }

  private static Map<String, Object> write(List<Parameter> level) {
    Map<String, Object> out = new LinkedHashMap<>();
    for (Parameter parameter : level) {
      out.put(parameter.name(), write(parameter.domain()));
    }
    return out;
  }

  private static Map<String, Object> write(Domain domain) {
    return switch (domain) {
      case Choice choice ->
          typed("choice", choice.options().stream().map(SpaceJson::write).toList());
      case Steps steps -> typed("choice", steps.values());
      case NormalRange bell -> {
        String name = (bell.step() > 0 ? "q" : "") + (bell.log() ? "lognormal" : "normal");
        yield typed(name, withStep(bell.mean(), bell.deviation(), bell.step()));
      }
      case Range range when range.whole() && range.step() == 1 && !range.log() ->
          typed("randint", List.of((long) range.low(), (long) range.high() + 1));
      case Range range when range.whole() -> {
        Map<String, Object> out =
            typed("int", List.of((long) range.low(), (long) range.high(), (long) range.step()));
        out.put("_log", range.log());
        yield out;
      }
      case Range range -> {
        String name = (range.step() > 0 ? "q" : "") + (range.log() ? "loguniform" : "uniform");
        yield typed(name, withStep(range.low(), range.high(), range.step()));
      }
    };
  }

  private static Object write(Choice.Option option) {
    if (!option.named()) {
      return option.value();
    }
    Map<String, Object> out = new LinkedHashMap<>(Map.of("_name", option.value()));
    out.putAll(write(option.inner()));
    return out;
  }

  private static List<Double> withStep(double a, double b, double step) {
    return step > 0 ? List.of(a, b, step) : List.of(a, b);
  }

  private static Map<String, Object> typed(String type, List<?> value) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("_type", type);
    out.put("_value", value);
    return out;
  }
}
