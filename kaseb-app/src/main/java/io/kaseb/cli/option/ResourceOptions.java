package io.kaseb.cli.option;

import io.kaseb.duckdb.Resources;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options `--memory` and `--threads` of commands that prepare click logs.
public final class ResourceOptions {
  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      defaultValue = "4GB",
      description = "Memory limit; work above it goes to disk. Default: ${DEFAULT-VALUE}.")
  private String memory;

  @Mixin private ThreadsOption threads;

  /// Returns what the user allows.
  public Resources resources() {
    return new Resources(memory, threads.count());
  }
}
