package io.kaseb.serve;

import io.kaseb.base.KasebException;
import io.kaseb.serve.http.HttpLimits;
import io.kaseb.serve.http.ListenConfig;
import io.kaseb.serve.session.SessionConfig;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that `kaseb serve` is told.
///
/// @param listen where and for whom
/// @param models what is served
/// @param sessions what is remembered
/// @param limits what is too much
public record ServeConfig(
    ListenConfig listen, ModelFiles models, SessionConfig sessions, HttpLimits limits) {
  /// What is served.
  ///
  /// @param file the first model, named `default`
  /// @param more further models by name
  /// @param shares percent of sessions for each of two models; empty where all take `default`
  /// @param hidden file of item ids, one a line, that no answer may hold; null for none
  /// @param categories file of lines item, tab, category, that the query `category` reads; null for
  ///   none
  /// @param k how many next items an answer has where the request does not say
  /// @param isFollowingUnknown whether a click on an item that the model does not know is taken
  public record ModelFiles(
      Path file,
      Map<String, Path> more,
      Map<String, Integer> shares,
      @Nullable Path hidden,
      @Nullable Path categories,
      int k,
      boolean isFollowingUnknown) {
    /// The name of the first model.
    public static final String DEFAULT = "default";

    /// Checks names and k.
    public ModelFiles {
      more = Map.copyOf(more);
      more.keySet().forEach(ModelFiles::checkName);
      if (more.containsKey(DEFAULT)) {
        throw new KasebException(
            new KasebException.Problem(
                KasebException.setting("model"),
                DEFAULT,
                null,
                "the first model has that name already; take another"));
      }
      if (k < 1 || k > ForecastQuery.MOST_ITEMS) {
        throw KasebException.ofSetting("items", k, "1.." + ForecastQuery.MOST_ITEMS);
      }
    }

    /// Checks a model's name.
    static void checkName(String name) {
      if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
        throw new KasebException(
            new KasebException.Problem(
                "a model's name",
                null,
                "1..64 letters, digits, '.', '_', '-', the first a letter or digit",
                null));
      }
    }

    /// Returns the only folder that models are loaded from while the server runs.
    Path folder() {
      Path parent = file.toAbsolutePath().normalize().getParent();
      return parent == null ? Path.of(".") : parent;
    }
  }
}
