package io.kaseb.store;

import io.kaseb.base.JsonFault;
import io.kaseb.base.KasebException;
import io.kaseb.base.TextFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads YAML and JSON that people write. A key that stands twice in one place is an error: one of
/// its values would be lost without a word.
public final class Yaml {
  private static final YAMLMapper YAML =
      new YAMLMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final Pattern TWICE = Pattern.compile("Duplicate .*?[\"'](.*?)[\"']");

  private Yaml() {}

  /// Reads a file.
  ///
  /// @throws KasebException naming the file, the line and what is wrong
  public static JsonNode read(Path file) throws IOException {
    return read(file.toString(), TextFiles.read(file));
  }

  /// Reads a text; what begins like JSON is read as such.
  ///
  /// @param place where it comes from, for messages
  public static JsonNode read(String place, String text) {
    boolean json = text.stripLeading().startsWith("{") || text.stripLeading().startsWith("[");
    try {
      return json ? JSON.readTree(text) : YAML.readTree(text);
    } catch (JacksonException e) {
      if (json && !TWICE.matcher(e.getOriginalMessage()).find()) {
        // YAML has such lists and mappings too.
        return yaml(place, text, e);
      }
      throw invalid(place, json ? "JSON" : "YAML", e);
    }
  }

  private static JsonNode yaml(String place, String text, JacksonException before) {
    try {
      return YAML.readTree(text);
    } catch (JacksonException e) {
      throw invalid(place, "JSON", TWICE.matcher(e.getOriginalMessage()).find() ? e : before);
    }
  }

  /// Returns what is wrong with a text, with its line.
  ///
  /// @param form what it should be
  public static KasebException invalid(String place, String form, JacksonException e) {
    int line = JsonFault.line(e);
    String where = line > 0 ? place + ":" + line : place;
    Matcher twice = TWICE.matcher(e.getOriginalMessage());
    return twice.find()
        ? new KasebException(
            new KasebException.Problem(
                where, twice.group(1) + " stands twice", null, "leave one of them out"),
            e)
        : new KasebException(
            new KasebException.Problem(
                where, "not valid " + form + ": " + JsonFault.of(e), null, null),
            e);
  }
}
