package io.kaseb.cli.option;

import io.kaseb.simulate.SimulatorConfig;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of every command that simulates a log.
public final class SimulatorOptions {
  @Option(
      names = "--out",
      converter = NamedPath.class,
      required = true,
      paramLabel = "FOLDER",
      description = "Folder to fill.")
  private Path out = Path.of("");

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Same seed, same bytes. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private ThreadsOption threads = new ThreadsOption();

  /// Returns the folder to fill.
  public Path out() {
    return out;
  }

  /// Returns what to simulate.
  public SimulatorConfig config(long sessions) {
    return new SimulatorConfig(sessions, seed, threads.count());
  }
}
