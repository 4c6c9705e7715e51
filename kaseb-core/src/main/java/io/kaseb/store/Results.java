package io.kaseb.store;

import io.kaseb.base.KasebException;
import io.kaseb.base.TextFiles;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// NNI's files of trial results: export as JSON or CSV, import from JSON.
public final class Results {
  /// A result that was measured elsewhere.
  ///
  /// @param parameters what was run
  /// @param outcome what came out
  public record Imported(Parameters parameters, Outcome outcome) {}

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

  /// Returns the trials that have a result as CSV: `trialJobId`, `reward`, the other goals, then
  /// one column for each parameter.
  ///
  /// @param intermediate whether to add a column of each trial's reports, apart by blanks
  public static String csv(List<Goal> goals, List<Trial> trials, boolean intermediate) {
    Set<String> names = new LinkedHashSet<>();
    trials.forEach(t -> names.addAll(t.parameters().flat().keySet()));
    List<String> header = new ArrayList<>(List.of("trialJobId", "reward"));
    goals.subList(1, goals.size()).forEach(g -> header.add(g.name()));
    if (intermediate) {
      header.add("intermediate");
    }
    header.addAll(names);
    StringBuilder csv = new StringBuilder(line(header));
    for (Trial trial : trials) {
      if (trial.values().isEmpty()) {
        continue;
      }
      List<String> row = new ArrayList<>(List.of(Integer.toString(trial.id())));
      trial.values().forEach(v -> row.add(v.toString()));
      if (intermediate) {
        List<String> reports = new ArrayList<>();
        for (Measurement report : trial.measurements()) {
          reports.add(Double.toString(report.value()));
        }
        row.add(String.join(" ", reports));
      }
      Map<String, Object> flat = trial.parameters().flat();
      names.forEach(name -> row.add(flat.containsKey(name) ? flat.get(name).toString() : ""));
      csv.append(line(row));
    }
    return csv.toString();
  }

  private static String line(List<String> fields) {
    List<String> quoted = new ArrayList<>();
    for (String field : fields) {
      boolean special = field.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
      quoted.add(special ? '"' + field.replace("\"", "\"\"") + '"' : field);
    }
    return String.join(",", quoted) + "\n";
  }

  /// Reads results from NNI's import file: a list of `{"parameter": {...}, "value": number}`, the
  /// value being an object with `default` where there are several goals.
  public static List<Imported> read(Path file, List<Goal> goals) throws IOException {
    JsonNode root;
    try {
      root = ValueJson.read(TextFiles.read(file));
    } catch (JacksonException e) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(), "not valid JSON: " + e.getOriginalMessage(), null, null),
          e);
    }
    if (!root.isArray()) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(), null, "a list of {\"parameter\": {...}, \"value\": number}", null));
    }
    List<Imported> results = new ArrayList<>();
    int row = 0;
    for (JsonNode entry : root) {
      String place = file + ": entry " + ++row;
      if (!entry.path("parameter").isObject() || !entry.has("value")) {
        throw new KasebException(
            new KasebException.Problem(
                place, null, null, "it has no parameter or no value; give both"));
      }
      results.add(
          new Imported(
              ValueJson.parameters(entry.get("parameter")),
              new Outcome(values(place, entry.get("value"), goals), List.of())));
    }
    return results;
  }

  private static List<Double> values(String place, JsonNode value, List<Goal> goals) {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < goals.size(); i++) {
      String key = i == 0 ? "default" : goals.get(i).name();
      JsonNode one = value.isObject() ? value.path(key) : value;
      if (!one.isNumber() || (!value.isObject() && goals.size() > 1)) {
        throw new KasebException(
            new KasebException.Problem(
                place,
                "value " + value,
                "a number" + (goals.size() > 1 ? " for default and each of " + goals : ""),
                null));
      }
      values.add(one.asDouble());
    }
    return values;
  }
}
