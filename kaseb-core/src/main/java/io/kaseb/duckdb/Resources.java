package io.kaseb.duckdb;

import io.kaseb.base.KasebException;
import io.kaseb.base.Workers;

/// What preparing may use of the machine.
///
/// @param memory DuckDB's memory limit such as `4GB`; above it, work overflows to disk
/// @param threads threads, 1 to 256
public record Resources(String memory, int threads) {
  /// 4 GB and all cores.
  public static final Resources DEFAULT = new Resources("4GB", Workers.ofAllCores().threads());

  /// Checks both.
  public Resources {
    if (!memory.matches("[1-9][0-9]*(MB|GB|MiB|GiB)")) {
      throw KasebException.ofSetting("memory", memory, "a size such as 4GB or 800MB");
    }
    Workers.of(threads);
  }

  /// Returns the threads.
  public Workers workers() {
    return Workers.of(threads);
  }

  /// Returns the same memory with other threads.
  public Resources with(Workers workers) {
    return new Resources(memory, workers.threads());
  }
}
