package io.kaseb.base;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// What this build of Kaseb is: its version and git commit, as recorded in every model file.
public final class Build {
  private static final Properties PROPERTIES = load();

  private Build() {}

  /// Returns the version, as in `0.1.0`.
  public static String version() {
    return PROPERTIES.getProperty("version", "unknown");
  }

  /// Returns the git commit it was built from, or `unknown` outside a checkout.
  public static String commit() {
    return PROPERTIES.getProperty("commit", "unknown");
  }

  private static Properties load() {
    Properties properties = new Properties();
    try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
