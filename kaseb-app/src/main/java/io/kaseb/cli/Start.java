package io.kaseb.cli;

import java.lang.reflect.InvocationTargetException;

/// Begins `java -jar` on any Java from 8 on: says which one is needed, or hands over to [Main].
/// Compiled for Java 8, and so without what came later.
public final class Start {
  private static final int NEEDED = 25;

  private Start() {}

  /// Runs [Main], or ends with 1 where this Java is too old for it.
  public static void main(String[] args) throws Exception {
    String version = System.getProperty("java.specification.version", "0");
    String major = version.startsWith("1.") ? version.substring(2) : version;
    if (Integer.parseInt(major) < NEEDED) {
      System.err.println(
          "kaseb needs Java "
              + NEEDED
              + " or newer; this is Java "
              + major
              + " ("
              + System.getProperty("java.home")
              + ").\nInstall a newer one (for instance Eclipse Temurin "
              + NEEDED
              + ") and call its java by its path, or set PATH to it.");
      System.exit(1);
    }
    try {
      Class.forName("io.kaseb.cli.Main")
          .getMethod("main", String[].class)
          .invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error) {
        throw (Error) e.getCause();
      }
      throw (Exception) e.getCause();
    }
  }
}
