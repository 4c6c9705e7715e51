package io.kaseb.watch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The scripts that draw experiments, for pages that are served and for pages in one file.
public final class ChartFiles {
  /// The modules, each after those that it imports.
  public static final List<String> MODULES =
      List.of(
          "trials",
          "theme",
          "layer",
          "panel",
          "history",
          "curves",
          "parameters",
          "relations",
          "charts");

  private ChartFiles() {}

  /// Returns a module's script, as browsers import it.
  public static String module(String name) throws IOException {
    return read(name + ".js");
  }

  /// Returns the library that draws.
  public static String library() throws IOException {
    return read("echarts.min.js");
  }

  /// Returns all modules as one script, in which every name is known to all: a page in a file can
  /// import nothing.
  public static String joined() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String name : MODULES) {
      for (String line : module(name).split("\n", -1)) {
        if (!line.startsWith("import ")) {
          all.append(line.replaceFirst("^export ", "")).append('\n');
        }
      }
    }
    return all.toString();
  }

  private static String read(String name) throws IOException {
    try (InputStream in = ChartFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is missing from this build of Kaseb");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
