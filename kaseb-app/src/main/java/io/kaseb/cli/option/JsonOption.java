package io.kaseb.cli.option;

import io.kaseb.base.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option `--json FILE` of every command that has figures.
public final class JsonOption {
  @OutputFile(OutputFile.Kind.JSON)
  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
  private @Nullable Path file;

  /// Writes the figures where the user asked for them.
  public void write(Object figures) throws IOException {
    if (file != null) {
      Json.write(file, figures);
    }
  }
}
