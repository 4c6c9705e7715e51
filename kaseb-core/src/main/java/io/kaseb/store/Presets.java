package io.kaseb.store;

import io.kaseb.base.KasebException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The configurations that come with Kaseb: what a search found on a public log, for others that
/// are like it.
public final class Presets {
  /// Their names.
  public static final List<String> NAMES = List.of("retailrocket-2026", "diginetica-2026");

  private Presets() {}

  /// Returns a configuration as the YAML that its file has.
  ///
  /// @throws KasebException if there is none of that name
  public static String yaml(String name) throws IOException {
    if (!NAMES.contains(name)) {
      throw KasebException.ofUnknown("preset", name, NAMES);
    }
    try (InputStream file = Presets.class.getResourceAsStream("presets/" + name + ".yaml")) {
      if (file == null) {
        throw new IllegalStateException("without its file: " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
