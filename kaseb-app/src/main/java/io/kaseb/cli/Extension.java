package io.kaseb.cli;

/// A command that another jar adds to `kaseb`, found by [java.util.ServiceLoader].
public interface Extension {
  /// Returns the command, annotated for picocli.
  Object command();
}
