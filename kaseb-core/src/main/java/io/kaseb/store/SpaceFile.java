package io.kaseb.store;

import io.kaseb.base.KasebException;
import io.kaseb.base.TextFiles;
import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Domain;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Reads a search space from a file: NNI's JSON or YAML, or GRU4Rec's JSON lines.
public final class SpaceFile {
  private SpaceFile() {}

  /// Reads a file. Lines that are JSON objects with `name` and `dtype` are GRU4Rec's; anything else
  /// is NNI's.
  public static Space read(Path file) throws IOException {
    return of(file.toString(), TextFiles.read(file));
  }

  /// Reads the text of a file that has been read already.
  ///
  /// @param file its name, for messages
  public static Space of(String file, String text) {
    List<String> lines = text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    boolean jsonLines = !lines.isEmpty() && lines.getFirst().contains("\"dtype\"");
    if (jsonLines) {
      return gru4rec(file, text);
    }
    return SpaceJson.read(file, Yaml.read(file, text));
  }

  private static Space gru4rec(String file, String text) {
    List<Parameter> parameters = new ArrayList<>();
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      String place = file + ":" + number;
      try {
        parameters.add(parameter(place, Yaml.read(place, line)));
      } catch (IllegalArgumentException e) {
        throw KasebException.at(place, e);
      }
    }
    return Space.of(parameters);
  }

  private static Parameter parameter(String place, JsonNode line) {
    String name = text(place, line, "name");
    String type = text(place, line, "dtype");
    Domain domain =
        switch (type) {
          case "categorical", "category", "str", "bool" -> options(place, line);
          case "int", "float" ->
              line.has("min") ? range(place, line, type.equals("int")) : listed(place, line, type);
          default ->
              throw new KasebException(
                  new KasebException.Problem(
                      place, "dtype " + type, "int, float or categorical", null));
        };
    return new Parameter(name, domain);
  }

  private static String text(String place, JsonNode line, String key) {
    if (!line.has(key)) {
      throw new KasebException(
          new KasebException.Problem(
              place, "no " + key, null, "a line has name, dtype and values or min, max"));
    }
    return new StoredJson(key, line.get(key)).text();
  }

  private static Choice options(String place, JsonNode line) {
    if (!line.path("values").isArray()) {
      throw new KasebException(
          new KasebException.Problem(place, "values is missing", "a list of options", null));
    }
    List<Choice.Option> options = new ArrayList<>();
    line.get("values")
        .forEach(v -> options.add(new Choice.Option(ValueJson.value(v), false, List.of())));
    return new Choice(options);
  }

  /// Numbers given by `values`: two are bounds as GRU4Rec's tuner reads them, others are options.
  private static Domain listed(String place, JsonNode line, String type) {
    Choice options = options(place, line);
    if (options.options().size() != 2) {
      return options;
    }
    List<Double> bounds = new StoredJson("values", line.get("values")).numbers();
    return range(bounds.get(0), bounds.get(1), line, type.equals("int"));
  }

  private static Range range(String place, JsonNode line, boolean whole) {
    if (!line.path("min").isNumber() || !line.path("max").isNumber()) {
      throw new KasebException(new KasebException.Problem(place, "min and max", "numbers", null));
    }
    return range(line.get("min").asDouble(), line.get("max").asDouble(), line, whole);
  }

  private static Range range(double low, double high, JsonNode line, boolean whole) {
    boolean log = line.has("log") && new StoredJson("log", line.get("log")).flag();
    double step = line.has("step") ? new StoredJson("step", line.get("step")).number() : 0;
    if (whole) {
      return new Range(low, high, log ? 1 : Math.max(1, step), log, true);
    }
    return new Range(low, high, log ? 0 : step, log, false);
  }
}
