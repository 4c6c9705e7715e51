package io.kaseb.serve;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Keeps what was changed while the server ran in a file.
final class StateFile {
  private static final int MOST_BYTES = 1 << 20;

  private final Path file;

  StateFile(Path file) {
    this.file = file;
  }

  /// Reads the file; nothing was changed where there is none.
  ///
  /// @throws KasebException where it is not such a file
  ServeState read() throws IOException {
    if (Files.notExists(file)) {
      return ServeState.NONE;
    }
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw foreign(null);
      }
      JsonNode node = Json.MAPPER.readTree(Files.readAllBytes(file));
      if (node.path("kaseb_state").asInt(0) != 1) {
        throw foreign(null);
      }
      ServeState state = Json.MAPPER.treeToValue(node, ServeState.class);
      state.models().keySet().forEach(ServeConfig.ModelFiles::checkName);
      return state;
    } catch (JacksonException | NullPointerException e) {
      throw foreign(e);
    }
  }

  /// Writes the file, whole or not at all.
  void write(ServeState state) throws IOException {
    Json.write(file, state);
  }

  private KasebException foreign(@org.jspecify.annotations.Nullable Exception e) {
    return new KasebException(
        new KasebException.Problem(
            file.toString(),
            null,
            "a file that the server keeps its changes in, or one that is not there yet",
            "it stays as it is; name another with " + KasebException.setting("state")),
        e == null ? new IllegalArgumentException("no state") : e);
  }
}
