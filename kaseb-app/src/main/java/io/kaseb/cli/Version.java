package io.kaseb.cli;

import io.kaseb.base.Build;
import picocli.CommandLine.IVersionProvider;

/// Prints Kaseb's version, commit and JDK.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "kaseb " + Build.version() + " (" + Build.commit() + "), JDK " + Runtime.version()
    };
  }
}
