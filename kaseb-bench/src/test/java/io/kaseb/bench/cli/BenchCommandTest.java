package io.kaseb.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Json;
import io.kaseb.cli.Extension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/// `kaseb bench` as a user runs it.
class BenchCommandTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void theCommandFindsItWhereItIsBuilt() {
    assertThat(ServiceLoader.load(Extension.class))
        .extracting(Extension::command)
        .hasOnlyElementsOfType(BenchCommand.class);
  }

  @Test
  void prepareMeasures() throws IOException {
    Path out = folder.resolve("bench.json");
    assertThat(
            new CommandLine(new BenchPrepareCommand())
                .execute("--clicks", "20000", "--json", out.toString()))
        .isZero();
    JsonNode json = Json.MAPPER.readTree(out.toFile());
    assertThat(json.at("/clicks").asLong()).isEqualTo(20_000);
    assertThat(json.at("/train_events").asLong()).isPositive();
    assertThat(json.at("/prepare_seconds").asDouble()).isPositive();
  }
}
