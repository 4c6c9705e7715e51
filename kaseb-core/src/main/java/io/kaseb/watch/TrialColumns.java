package io.kaseb.watch;

import io.kaseb.tune.study.Settings;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Trials as columns, which is a third of what rows with names would be and quicker to read.
final class TrialColumns {
  private TrialColumns() {}

  /// Returns `ids`, `states` (places among the states), `seconds`, `steps`, `values` (a column of
  /// floats for each goal, NaN where a trial has none yet), `violations` (how much constraints are
  /// broken in all), `sources`, `parents`, `parameters` (by name: `floats`, NaN where a trial has
  /// none, or `options` with `indices`, -1 for none; floats are packed), and, by id for those that
  /// have one, `reasons`, `times`, `notes` and `errors` (the standard error of each goal's value, 0
  /// where it has none).
  static Map<String, Object> of(
      List<Trial> trials,
      Settings settings,
      Map<Integer, List<long[]>> times,
      Map<Integer, String> notes) {
    int n = trials.size();
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("ids", trials.stream().mapToInt(Trial::id).toArray());
    out.put("states", trials.stream().mapToInt(t -> t.state().ordinal()).toArray());
    out.put("seconds", trials.stream().mapToDouble(t -> rounded(t.seconds())).toArray());
    out.put("steps", trials.stream().mapToInt(Trial::lastStep).toArray());
    double[][] values = new double[settings.goals().size()][n];
    for (int g = 0; g < values.length; g++) {
      for (int i = 0; i < n; i++) {
        List<Double> of = trials.get(i).values();
        values[g][i] = g < of.size() ? of.get(g) : Double.NaN;
      }
    }
    out.put("values", Arrays.stream(values).map(TrialColumns::packed).toList());
    out.put(
        "violations",
        trials.stream()
            .mapToDouble(t -> t.outcome() == null ? 0 : t.outcome().violation())
            .toArray());
    out.put("sources", trials.stream().mapToInt(t -> t.origin().source().ordinal()).toArray());
    out.put("parents", trials.stream().mapToInt(t -> t.origin().parent()).toArray());
    out.put("parameters", parameters(trials));
    Map<String, Object> reasons = new LinkedHashMap<>();
    Map<String, Object> worked = new LinkedHashMap<>();
    Map<String, Object> noted = new LinkedHashMap<>();
    Map<String, Object> errors = new LinkedHashMap<>();
    for (Trial trial : trials) {
      String id = Integer.toString(trial.id());
      if (!trial.reason().isEmpty()) {
        reasons.put(id, trial.reason());
      }
      Outcome outcome = trial.outcome();
      if (outcome != null && outcome.valueErrors().stream().anyMatch(error -> error > 0)) {
        errors.put(id, outcome.valueErrors());
      }
      if (times.containsKey(trial.id())) {
        worked.put(id, times.get(trial.id()));
      }
      if (notes.containsKey(trial.id())) {
        noted.put(id, notes.get(trial.id()));
      }
    }
    out.put("reasons", reasons);
    out.put("times", worked);
    out.put("notes", noted);
    out.put("errors", errors);
    return out;
  }

  /// Returns little-endian 64-bit floats in base64, which neither side has to write or read as
  /// text.
  private static String packed(double[] numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(numbers);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static double rounded(double seconds) {
    return Math.rint(seconds * 1000) / 1000;
  }

  private static Map<String, Object> parameters(List<Trial> trials) {
    Map<String, @Nullable Object[]> columns = new LinkedHashMap<>();
    for (int i = 0; i < trials.size(); i++) {
      for (Map.Entry<String, Object> e : trials.get(i).parameters().flat().entrySet()) {
        columns.computeIfAbsent(e.getKey(), k -> new Object[trials.size()])[i] = e.getValue();
      }
    }
    Map<String, Object> out = new LinkedHashMap<>();
    columns.forEach((name, values) -> out.put(name, column(values)));
    return out;
  }

  private static Map<String, Object> column(@Nullable Object[] values) {
    boolean isNumeric = true;
    for (Object value : values) {
      isNumeric &= value == null || value instanceof Number;
    }
    if (isNumeric) {
      double[] numbers = new double[values.length];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = values[i] instanceof Number number ? number.doubleValue() : Double.NaN;
      }
      return Map.of("floats", packed(numbers));
    }
    Map<Object, Integer> options = new LinkedHashMap<>();
    int[] indices = new int[values.length];
    for (int i = 0; i < indices.length; i++) {
      Object value = values[i];
      indices[i] =
          value == null
              ? -1
              : Objects.requireNonNull(options.computeIfAbsent(value, v -> options.size()));
    }
    return Map.of("options", new ArrayList<>(options.keySet()), "indices", indices);
  }
}
