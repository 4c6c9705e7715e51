package io.kaseb.serve;

import io.kaseb.base.KasebException;
import io.kaseb.serve.http.HttpLimits;
import io.kaseb.serve.http.ListenConfig;
import io.kaseb.serve.pages.Replay;
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
/// @param log where each request is noted
/// @param pages what people see in a browser
public record ServeConfig(
    ListenConfig listen,
    ModelFiles models,
    SessionConfig sessions,
    HttpLimits limits,
    Log log,
    Pages pages) {
  /// Notes no requests.
  public ServeConfig(
      ListenConfig listen, ModelFiles models, SessionConfig sessions, HttpLimits limits) {
    this(listen, models, sessions, limits, new Log(null, false), Pages.DEFAULT);
  }

  /// What people see in a browser.
  ///
  /// @param isShown whether there are pages at all
  /// @param itemTable CSV of items, whose column `name` or `title` is what the pages call them;
  ///   null for none
  /// @param report JSON file of a comparison or an evaluation; null for none
  /// @param replay sessions to play again
  public record Pages(
      boolean isShown, @Nullable Path itemTable, @Nullable Path report, Replay replay) {
    /// The pages, with nothing but what the model knows.
    public static final Pages DEFAULT = new Pages(true, null, null, Replay.NONE);
  }

  /// Where each request is noted.
  ///
  /// @param access a file that gets a line for each; null for none
  /// @param isJson whether its lines are JSON
  public record Log(@Nullable Path access, boolean isJson) {}

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
  /// @param shadows models by name that are asked and not answered
  /// @param state file that keeps what is changed while the server runs; null for none
  /// @param newItems file of items that came after the training, with their attributes; null for
  ///   none
  public record ModelFiles(
      Path file,
      Map<String, Path> more,
      Map<String, Integer> shares,
      @Nullable Path hidden,
      @Nullable Path categories,
      int k,
      boolean isFollowingUnknown,
      Map<String, Path> shadows,
      @Nullable Path state,
      @Nullable Path newItems) {
    /// The name of the first model.
    public static final String DEFAULT = "default";

    /// Without new items.
    public ModelFiles(
        Path file,
        Map<String, Path> more,
        Map<String, Integer> shares,
        @Nullable Path hidden,
        @Nullable Path categories,
        int k,
        boolean isFollowingUnknown,
        Map<String, Path> shadows,
        @Nullable Path state) {
      this(file, more, shares, hidden, categories, k, isFollowingUnknown, shadows, state, null);
    }

    /// Without shadows, state and new items.
    public ModelFiles(
        Path file,
        Map<String, Path> more,
        Map<String, Integer> shares,
        @Nullable Path hidden,
        @Nullable Path categories,
        int k,
        boolean isFollowingUnknown) {
      this(file, more, shares, hidden, categories, k, isFollowingUnknown, Map.of(), null);
    }

    /// Checks names and k.
    public ModelFiles {
      more = Map.copyOf(more);
      shadows = Map.copyOf(shadows);
      more.keySet().forEach(ModelFiles::checkName);
      shadows.keySet().forEach(ModelFiles::checkName);
      for (String name : shadows.keySet()) {
        if (more.containsKey(name)) {
          throw KasebException.ofSetting("shadow", name, "a name that no other model has");
        }
      }
      if (more.containsKey(DEFAULT) || shadows.containsKey(DEFAULT)) {
        throw new KasebException(
            new KasebException.Problem(
                KasebException.setting(more.containsKey(DEFAULT) ? "model" : "shadow"),
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
