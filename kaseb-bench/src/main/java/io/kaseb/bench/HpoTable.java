package io.kaseb.bench;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Domain;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.trial.Goal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/// A tabular benchmark: every configuration of a space with its result for several seeds, so that a
/// trial costs a look into the table.
///
/// A folder of them has `spaces.json` (for each family its `direction`, `minimize` or `maximize`,
/// and `parameters`, the values of each) and files `FAMILY-NAME.tsv` or `.tsv.gz`: a line for each
/// configuration, first one digit for each parameter, the place of its value in the list, then the
/// results.
public final class HpoTable {
  private static final String SPACES = "spaces.json";
  private static final int MOST_VALUES = 10;

  private final String name;
  private final Map<String, List<Object>> parameters;
  private final boolean minimised;
  private final Map<String, double[]> losses;

  /// The mean losses of all configurations, ascending.
  private final double[] means;

  private HpoTable(
      String name,
      Map<String, List<Object>> parameters,
      boolean minimised,
      Map<String, double[]> losses) {
    this.name = name;
    this.parameters = parameters;
    this.minimised = minimised;
    this.losses = losses;
    this.means = losses.values().stream().mapToDouble(HpoTable::mean).sorted().toArray();
  }

  /// Reads all tables of a folder, in order of their names.
  ///
  /// @throws KasebException naming the file and what is wrong with it
  public static List<HpoTable> all(Path folder) throws IOException {
    Path file = folder.resolve(SPACES);
    if (!Files.isRegularFile(file)) {
      throw refused(folder, "has no " + SPACES, "name a folder of tables");
    }
    JsonNode families = Json.read(file, JsonNode.class);
    List<Path> files;
    try (Stream<Path> inside = Files.list(folder)) {
      files =
          inside
              .filter(path -> path.getFileName().toString().matches(".+\\.tsv(\\.gz)?"))
              .sorted()
              .toList();
    }
    List<HpoTable> tables = new ArrayList<>();
    for (Path path : files) {
      tables.add(read(path, families));
    }
    if (tables.isEmpty()) {
      throw refused(folder, "has no table FAMILY-NAME.tsv or .tsv.gz", "name a folder of tables");
    }
    return tables;
  }

  private static HpoTable read(Path path, JsonNode families) throws IOException {
    String name = path.getFileName().toString().replaceFirst("\\.tsv(\\.gz)?$", "");
    String family =
        families.propertyNames().stream()
            .filter(f -> name.equals(f) || name.startsWith(f + "-"))
            .max((a, b) -> Integer.compare(a.length(), b.length()))
            .orElseThrow(
                () ->
                    refused(
                        path,
                        "is of no family of " + SPACES,
                        "one of " + families.propertyNames() + ", a dash and a name"));
    JsonNode space = families.path(family);
    String direction = space.path("direction").asString("");
    if (!direction.equals("minimize") && !direction.equals("maximize")) {
      throw refused(
          path.resolveSibling(SPACES), family + ": direction=" + direction, "minimize or maximize");
    }
    Map<String, List<Object>> parameters = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> one : space.path("parameters").properties()) {
      List<Object> values = new ArrayList<>();
      one.getValue().forEach(value -> values.add(value(value)));
      if (values.isEmpty() || values.size() > MOST_VALUES) {
        throw refused(
            path.resolveSibling(SPACES),
            "%s: %s has %d values".formatted(family, one.getKey(), values.size()),
            "a list of 1 to " + MOST_VALUES);
      }
      parameters.put(one.getKey(), values);
    }
    boolean minimised = direction.equals("minimize");
    return new HpoTable(name, parameters, minimised, losses(path, parameters, minimised));
  }

  private static Object value(JsonNode node) {
    return node.isIntegralNumber()
        ? (Object) node.asLong()
        : node.isNumber()
            ? (Object) node.asDouble()
            : node.isBoolean() ? (Object) node.asBoolean() : node.asString();
  }

  private static Map<String, double[]> losses(
      Path path, Map<String, List<Object>> parameters, boolean minimised) throws IOException {
    Map<String, double[]> losses = new HashMap<>();
    boolean zipped = path.toString().endsWith(".gz");
    try (InputStream raw = Files.newInputStream(path);
        InputStream in = zipped ? new GZIPInputStream(raw) : raw;
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        String place = path + ":" + number;
        String[] fields = line.split("\t", -1);
        checkKey(place, fields[0], parameters);
        double[] results = new double[fields.length - 1];
        for (int i = 0; i < results.length; i++) {
          results[i] = (minimised ? 1 : -1) * number(place, fields[i + 1]);
        }
        if (results.length == 0 || losses.put(fields[0], results) != null) {
          throw refused(
              Path.of(place),
              results.length == 0 ? "no result" : "configuration " + fields[0] + " stands twice",
              "each configuration once, with one result or more");
        }
      }
    }
    if (losses.size() < 2) {
      throw refused(path, "has %d configurations".formatted(losses.size()), "2 or more");
    }
    return losses;
  }

  private static double number(String place, String text) {
    try {
      double value = Double.parseDouble(text.strip());
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Refused below.
    }
    throw refused(Path.of(place), "result " + text, "a finite number");
  }

  private static void checkKey(String place, String key, Map<String, List<Object>> parameters) {
    boolean isFit = key.length() == parameters.size();
    int p = 0;
    for (List<Object> values : parameters.values()) {
      int digit = isFit ? Character.digit(key.charAt(p++), 10) : -1;
      isFit &= digit >= 0 && digit < values.size();
    }
    if (!isFit) {
      throw refused(
          Path.of(place),
          "configuration " + key,
          "a digit for each of the %d parameters, the place of its value from 0"
              .formatted(parameters.size()));
    }
  }

  private static KasebException refused(Path place, String why, String allowed) {
    return new KasebException(new KasebException.Problem(place.toString(), why, allowed, null));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  /// Returns the file's name without its ending.
  public String name() {
    return name;
  }

  /// Returns the space: a choice among the listed values for each parameter.
  public Space space() {
    Map<String, Domain> domains = new LinkedHashMap<>();
    parameters.forEach((key, values) -> domains.put(key, Choice.of(values.toArray())));
    return Space.of(domains);
  }

  /// Returns what is optimised.
  public Goal goal() {
    return minimised ? Goal.minimize("result") : Goal.maximize("result");
  }

  /// Returns a configuration's key.
  public String key(Parameters given) {
    StringBuilder key = new StringBuilder();
    parameters.forEach(
        (parameter, values) -> {
          Object value = given.values().get(parameter);
          for (int i = 0; i < values.size(); i++) {
            if (Choice.plain(values.get(i)).equals(value)) {
              key.append(i);
            }
          }
        });
    return key.toString();
  }

  /// Returns the loss of a configuration with a seed that is drawn.
  ///
  /// @throws IllegalArgumentException where the table lacks the configuration
  public double drawn(String key, SplittableRandom random) {
    double[] all = losses.get(key);
    if (all == null) {
      throw new IllegalArgumentException("the table has no configuration " + key);
    }
    return all[random.nextInt(all.length)];
  }

  /// Returns a loss as the table's own value.
  public double value(double loss) {
    return minimised ? loss : -loss;
  }

  /// Returns a configuration's mean loss over seeds.
  public double meanLoss(String key) {
    return mean(losses.getOrDefault(key, new double[0]));
  }

  /// Returns how far a mean loss lies above the best one.
  public double regret(double meanLoss) {
    return meanLoss - means[0];
  }

  /// Returns the share of all configurations that are better than a mean loss.
  public double shareBetter(double meanLoss) {
    int low = 0;
    int high = means.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (means[middle] < meanLoss) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return (double) low / means.length;
  }
}
