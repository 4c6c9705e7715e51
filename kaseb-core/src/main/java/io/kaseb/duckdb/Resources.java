package io.kaseb.duckdb;

import io.kaseb.base.KasebException;

/// What preparing may use of the machine.
///
/// @param memory DuckDB's memory limit such as `4GB`; above it, work overflows to disk
/// @param threads threads, at least 1
public record Resources(String memory, int threads) {
  /// 4 GB and all cores.
  public static final Resources DEFAULT =
      new Resources("4GB", Runtime.getRuntime().availableProcessors());

  /// Checks both.
  public Resources {
    if (!memory.matches("[1-9][0-9]*(MB|GB|MiB|GiB)")) {
      throw KasebException.ofSetting("memory", memory, "a size such as 4GB or 800MB");
    }
    if (threads < 1) {
      throw KasebException.ofSetting("threads", threads, "at least 1");
    }
  }
}
