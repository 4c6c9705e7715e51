package io.kaseb.cli.option;

import io.kaseb.base.Workers;
import picocli.CommandLine.Option;

/// The option `--threads` of every command that works in parallel.
public final class ThreadsOption {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to work with, 1 to 256. Default: all cores.")
  private int threads = Workers.ofAllCores().threads();

  /// Returns the threads.
  ///
  /// @throws io.kaseb.base.KasebException where the user asked for too many or none
  public Workers workers() {
    return Workers.of(threads);
  }

  /// Returns the number of threads, as [#workers] checks it.
  public int count() {
    return workers().threads();
  }
}
