package io.kaseb.store;

import io.kaseb.base.DelimitedText;
import io.kaseb.base.KasebException;
import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// NNI's CSV of trial results: `trialJobId`, `reward`, the other goals, then one column for each
/// parameter.
public final class ResultsCsv {
  private static final String ID = "trialJobId";
  private static final String REWARD = "reward";
  private static final String INTERMEDIATE = "intermediate";

  private ResultsCsv() {}

  /// Returns the trials that have a result.
  ///
  /// @param intermediate whether to add a column of each trial's reports, apart by blanks
  public static String write(List<Goal> goals, List<Trial> trials, boolean intermediate) {
    Set<String> names = new LinkedHashSet<>();
    trials.forEach(t -> names.addAll(t.parameters().flat().keySet()));
    List<String> header = new ArrayList<>(List.of(ID, REWARD));
    goals.subList(1, goals.size()).forEach(g -> header.add(g.name()));
    if (intermediate) {
      header.add(INTERMEDIATE);
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
    return DelimitedText.line(',', fields) + "\n";
  }

  /// Reads what [#write] wrote.
  ///
  /// @param space gives the texts their types
  static Results.Read read(Path file, String text, Space space, List<Goal> goals) {
    List<List<String>> rows = rows(file, text);
    List<String> header = rows.isEmpty() ? List.of() : rows.getFirst();
    if (!header.contains(REWARD)) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(),
              "neither a list of results (JSON) nor a table with a column " + REWARD + " (CSV)",
              null,
              "give what experiment export writes"));
    }
    List<Results.Imported> results = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (int r = 1; r < rows.size(); r++) {
      String place = "row " + (r + 1);
      List<String> row = rows.get(r);
      Map<String, String> fields = new HashMap<>();
      for (int i = 0; i < Math.min(header.size(), row.size()); i++) {
        fields.put(header.get(i), row.get(i));
      }
      try {
        List<Double> values = new ArrayList<>();
        for (int g = 0; g < goals.size(); g++) {
          String column = g == 0 ? REWARD : goals.get(g).name();
          values.add(Results.finite(goals.get(g), fields.getOrDefault(column, "")));
        }
        Parameters parameters = new Parameters(level(space.parameters(), "", fields));
        results.add(new Results.Imported(place, parameters, new Outcome(values, List.of())));
      } catch (IllegalArgumentException e) {
        skipped.add(place + ": " + e.getMessage());
      }
    }
    return new Results.Read(results, skipped);
  }

  /// A parameter has its own name, or its path where the trial had several of that name.
  private static Map<String, Object> level(
      List<Parameter> level, String prefix, Map<String, String> fields) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Parameter parameter : level) {
      String path = fields.getOrDefault(prefix + parameter.name(), "");
      String text = path.isEmpty() ? fields.getOrDefault(parameter.name(), "") : path;
      if (text.isEmpty()) {
        // The space says whether it may be missing.
        continue;
      }
      Object value = ParameterText.value(parameter, text);
      values.put(parameter.name(), value);
      if (parameter.domain() instanceof Choice choice) {
        for (Choice.Option option : choice.options()) {
          if (option.named() && option.value().equals(value)) {
            Map<String, Object> nested = new LinkedHashMap<>(Map.of("_name", value));
            nested.putAll(level(option.inner(), prefix + parameter.name() + "/", fields));
            values.put(parameter.name(), nested);
          }
        }
      }
    }
    return values;
  }

  /// Splits a text into rows; those without any text are left out.
  private static List<List<String>> rows(Path file, String text) {
    DelimitedText reader = new DelimitedText(text);
    List<List<String>> rows = new ArrayList<>();
    try {
      while (reader.hasNext()) {
        List<String> row = new ArrayList<>();
        do {
          row.add(reader.field(','));
        } while (reader.skip(','));
        reader.skipLineEnd();
        if (row.stream().anyMatch(f -> !f.isEmpty())) {
          rows.add(row);
        }
      }
    } catch (KasebException e) {
      throw new KasebException(file + ": " + e.getMessage(), e);
    }
    return rows;
  }
}
