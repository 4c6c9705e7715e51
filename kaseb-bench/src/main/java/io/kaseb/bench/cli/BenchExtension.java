package io.kaseb.bench.cli;

import io.kaseb.cli.Extension;

/// Adds `kaseb bench` where the measurements are built.
public final class BenchExtension implements Extension {
  @Override
  public Object command() {
    return new BenchCommand();
  }
}
