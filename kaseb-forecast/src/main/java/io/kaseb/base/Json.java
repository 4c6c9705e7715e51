package io.kaseb.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
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

  /// Reads a JSON file that [#write] wrote.
  ///
  /// @throws KasebException naming the file where its content is not that of the type
  public static <T> T read(Path file, Class<T> type) throws IOException {
    String text = TextFiles.read(file);
    try {
      T value = MAPPER.readValue(text, type);
      if (value != null) {
        return value;
      }
    } catch (JacksonException e) {
      throw damaged(file, JsonFault.of(e), e);
    }
    throw damaged(file, "holds nothing", null);
  }

  private static KasebException damaged(Path file, String what, @Nullable Throwable cause) {
    return new KasebException(
        new KasebException.Problem(
            file.toString(), "is damaged (" + what + ")", null, "copy it again or make it anew"),
        cause);
  }

  /// Writes a value as a JSON file, atomically.
  public static void write(Path file, Object value) throws IOException {
    AtomicFiles.write(
        file, path -> Files.writeString(path, MAPPER.writeValueAsString(value) + "\n"));
  }
}
