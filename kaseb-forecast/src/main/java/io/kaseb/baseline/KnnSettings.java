package io.kaseb.baseline;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.base.Nearest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How session-kNN finds and weighs neighbours.
///
/// @param k neighbours that score items, 1 to 100,000
/// @param sample most recent sessions among which they are sought, k to 1,000,000
/// @param weighting weight of a click of the session so far, the newest weighing 1
/// @param decay weight of a neighbour by how many clicks ago the newest shared item was clicked
/// @param idf how much rare items are lifted: score x (1 + idf x ln(sessions / sessions with the
///   item)), 0 for not at all
/// @param clicks how many of the session's last clicks are looked at, 1 to 100
public record KnnSettings(
    @JsonProperty("knn_k") int k,
    @JsonProperty("knn_sample") int sample,
    @JsonProperty("knn_weighting") Weight weighting,
    @JsonProperty("knn_decay") Weight decay,
    @JsonProperty("knn_idf") double idf,
    @JsonProperty("knn_clicks") int clicks) {
  /// The most clicks that a session is remembered by.
  public static final int MOST_CLICKS = 100;

  /// V-SkNN's as session-rec tuned them on RetailRocket (Ludewig et al. 2021): k 500, sample 5,000,
  /// quadratic, div, idf 5.
  public static final KnnSettings VS_KNN =
      new KnnSettings(500, 5_000, Weight.QUADRATIC, Weight.DIV, 5, MOST_CLICKS);

  /// VMIS-kNN's as Serenade ships them (Kersbergen et al., SIGMOD 2022): k 500 of the 500 most
  /// recent sessions, position / length, a linear decay over ten clicks, idf 1.
  public static final KnnSettings VMIS_KNN =
      new KnnSettings(500, 500, Weight.DIV, Weight.LINEAR, 1, 9);

  /// A falling weight.
  public enum Weight {
    /// 1 whatever the place.
    SAME,
    /// place / length, or 1 / clicks ago.
    DIV,
    /// The square of [#DIV].
    QUADRATIC,
    /// 1 - clicks before the newest / 10, none beyond ten.
    LINEAR;

    /// Returns the weight of the click at `place` (from 1) of `length`.
    double place(int place, int length) {
      return switch (this) {
        case SAME -> 1;
        case DIV -> (double) place / length;
        case QUADRATIC -> (double) place * place / ((double) length * length);
        case LINEAR -> Math.max(0, 1 - .1 * (length - place));
      };
    }

    /// Returns the weight of a click made `ago` clicks ago, 1 the newest.
    double ago(int ago) {
      return switch (this) {
        case SAME -> 1;
        case DIV -> 1.0 / ago;
        case QUADRATIC -> 1.0 / ((double) ago * ago);
        case LINEAR -> Math.max(0, 1 - .1 * (ago - 1));
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Checks the ranges.
  public KnnSettings {
    check("knn_k", k, 1, 100_000);
    check("knn_sample", sample, k, 1_000_000);
    check("knn_clicks", clicks, 1, MOST_CLICKS);
    if (!(idf >= 0 && idf <= 1000)) {
      throw new KasebException("knn_idf=" + idf + "; must be 0..1000");
    }
  }

  /// Returns the settings changed by key-value pairs as users write them.
  ///
  /// @param pairs keys that begin with `knn_`
  public KnnSettings with(Map<String, String> pairs) {
    ObjectNode values = Json.MAPPER.valueToTree(this);
    pairs.forEach(
        (key, value) -> {
          JsonNode current = values.get(key);
          if (current == null) {
            throw new KasebException(
                key
                    + "="
                    + value
                    + ": no such key; the nearest is "
                    + Nearest.of(key, values.propertyNames()));
          }
          values.set(key, parsed(key, value, current));
        });
    return of(values);
  }

  /// Reads settings from the object that they are in a model file's configuration.
  static KnnSettings of(ObjectNode values) {
    try {
      return Json.MAPPER.convertValue(values, KnnSettings.class);
    } catch (JacksonException | IllegalArgumentException e) {
      Throwable cause = e;
      while (cause.getCause() != null && !(cause instanceof KasebException)) {
        cause = cause.getCause();
      }
      throw new KasebException(String.valueOf(cause.getMessage()), e);
    }
  }

  private static JsonNode parsed(String key, String value, JsonNode current) {
    if (!current.isNumber()) {
      String name = value.strip().toLowerCase(Locale.ROOT);
      if (Arrays.stream(Weight.values()).noneMatch(w -> w.toString().equals(name))) {
        throw new KasebException(
            key + "=" + value + "; must be one of " + Arrays.toString(Weight.values()));
      }
      return Json.MAPPER.valueToTree(name);
    }
    try {
      return current.isIntegralNumber()
          ? Json.MAPPER.valueToTree(Integer.parseInt(value))
          : Json.MAPPER.valueToTree(Double.parseDouble(value));
    } catch (NumberFormatException e) {
      throw new KasebException(
          key
              + "="
              + value
              + "; must be a"
              + (current.isIntegralNumber() ? " whole" : "")
              + " number",
          e);
    }
  }

  private static void check(String key, int value, int low, int high) {
    if (value < low || value > high) {
      throw new KasebException(key + "=" + value + "; must be " + low + ".." + high);
    }
  }
}
