package io.kaseb.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON as Kaseb writes it everywhere: records become objects with snake_case keys.
public final class Json {
  /// The shared mapper: snake_case keys, indented, unknown keys are errors.
  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private Json() {}

  /// Writes a value as a JSON file, atomically.
  public static void write(Path file, Object value) throws IOException {
    AtomicFiles.write(
        file, path -> Files.writeString(path, MAPPER.writeValueAsString(value) + "\n"));
  }
}
