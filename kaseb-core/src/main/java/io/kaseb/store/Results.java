package io.kaseb.store;

import io.kaseb.base.KasebException;
import io.kaseb.base.TextFiles;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// NNI's files of trial results, as JSON; [ResultsCsv] has CSV.
public final class Results {
  /// NNI writes what no JSON number can be, such as NaN.
  private static final JsonMapper IMPORT =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /// A result that was measured elsewhere.
  ///
  /// @param place where it stands, for messages
  /// @param parameters what was run
  /// @param outcome what came out
  public record Imported(String place, Parameters parameters, Outcome outcome) {}

  /// What a file holds.
  ///
  /// @param results those that have a finite value for each goal
  /// @param skipped why others were left out, one text each
  public record Read(List<Imported> results, List<String> skipped) {
    /// Copies the lists.
    public Read {
      results = List.copyOf(results);
      skipped = List.copyOf(skipped);
    }
  }

  private Results() {}

  /// Returns the trials that have a result as JSON: a list of `{"parameter", "value", "id"}`, with
  /// several goals the value being an object whose `default` is the first one.
  ///
  /// @param intermediate whether to add each trial's reports
  public static String json(List<Goal> goals, List<Trial> trials, boolean intermediate) {
    List<Object> rows = new ArrayList<>();
    for (Trial trial : trials) {
      if (!trial.values().isEmpty()) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("parameter", trial.parameters().values());
        row.put("value", value(goals, trial.values()));
        row.put("id", Integer.toString(trial.id()));
        if (intermediate) {
          row.put(
              "intermediate",
              trial.measurements().stream().map(r -> value(goals, r.values())).toList());
        }
        rows.add(row);
      }
    }
    return ValueJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(rows) + "\n";
  }

  private static Object value(List<Goal> goals, List<Double> values) {
    if (goals.size() == 1) {
      return values.getFirst();
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("default", values.getFirst());
    for (int i = 1; i < goals.size(); i++) {
      all.put(goals.get(i).name(), values.get(i));
    }
    return all;
  }

  /// Reads results from a file that [#json] or [ResultsCsv] or NNI wrote; which of the two, its
  /// content says. Those without a finite value for each goal are left out, and named.
  ///
  /// @param space gives CSV's texts their types
  public static Read read(Path file, Space space, List<Goal> goals) throws IOException {
    String text = TextFiles.read(file);
    return text.stripLeading().startsWith("[") || text.stripLeading().startsWith("{")
        ? json(file, text, goals)
        : ResultsCsv.read(file, text, space, goals);
  }

  private static Read json(Path file, String text, List<Goal> goals) {
    JsonNode root;
    try {
      root = IMPORT.readTree(text);
    } catch (JacksonException e) {
      throw Yaml.invalid(file.toString(), "JSON", e);
    }
    if (!root.isArray()) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(), null, "a list of {\"parameter\": {...}, \"value\": number}", null));
    }
    List<Imported> results = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    int row = 0;
    for (JsonNode entry : root) {
      String place = "entry " + ++row;
      if (!entry.path("parameter").isObject() || !entry.has("value")) {
        throw new KasebException(
            new KasebException.Problem(
                file + ": " + place, null, null, "it has no parameter or no value; give both"));
      }
      try {
        results.add(
            new Imported(
                place,
                ValueJson.parameters(entry.get("parameter")),
                new Outcome(values(entry.get("value"), goals), List.of())));
      } catch (IllegalArgumentException e) {
        skipped.add(place + ": " + e.getMessage());
      }
    }
    return new Read(results, skipped);
  }

  /// @throws IllegalArgumentException where one is missing or not finite
  private static List<Double> values(JsonNode value, List<Goal> goals) {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < goals.size(); i++) {
      String key = i == 0 ? "default" : goals.get(i).name();
      boolean alone = !value.isObject() && goals.size() == 1;
      JsonNode one = value.isObject() ? value.path(key) : value;
      if (one.isMissingNode() || (!value.isObject() && !alone)) {
        throw new IllegalArgumentException("no value of " + goals.get(i).name());
      }
      values.add(finite(goals.get(i), one.isContainer() ? one.toString() : one.asString()));
    }
    return values;
  }

  /// Returns a goal's value.
  ///
  /// @throws IllegalArgumentException where it is no finite number
  static double finite(Goal goal, String text) {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below, as for what is not finite.
    }
    throw new IllegalArgumentException(
        goal.name() + "=" + (text.isEmpty() ? "nothing" : text) + "; must be a finite number");
  }
}
