package io.kaseb.base;

import java.io.IOException;
import java.util.Locale;

/// Looks after libraries that bring native code: at their first use they unpack it into Java's
/// folder for temporary files, and fail in words of their own where that is full, missing, or
/// allows no programs.
public final class NativePart {
  private NativePart() {}

  /// Something that uses a library for the first time.
  @FunctionalInterface
  public interface Use<T, E extends Exception> {
    /// Uses it.
    T first() throws E;
  }

  /// Does what may be a library's first use.
  ///
  /// @param library its name
  /// @throws KasebException naming the folder, where the native code could not be loaded
  public static <T, E extends Exception> T of(String library, Use<T, E> use) throws E {
    try {
      return use.first();
    } catch (LinkageError e) {
      throw missing(library, e);
    }
  }

  /// Says that a library's native code could not be loaded.
  public static KasebException missing(String library, Throwable failure) {
    Throwable first = failure;
    while (first.getCause() != null && first.getCause() != first) {
      first = first.getCause();
    }
    // What is neither of these speaks of the library's own search.
    boolean isPlain = first instanceof IOException || first instanceof LinkageError;
    String said =
        isPlain && first.getMessage() != null
            ? " (" + first.getMessage().lines().findFirst().orElse("") + ")"
            : "";
    return new KasebException(
        new KasebException.Problem(
            System.getProperty("java.io.tmpdir"),
            String.format(
                Locale.ROOT, "the native code of %s cannot be unpacked there%s", library, said),
            null,
            "make room there, or give Java another folder for temporary files that may hold programs:"
                + " -Djava.io.tmpdir=FOLDER"),
        failure);
  }
}
