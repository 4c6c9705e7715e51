package io.kaseb.forecast;

import io.kaseb.baseline.Models;
import io.kaseb.data.Catalogue;
import io.kaseb.data.TopItems;
import io.kaseb.model.ModelFile;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;
import java.io.IOException;
import java.nio.file.Path;

/// The one face over any next-item model: follow sessions click by click and score what comes next.
/// Immutable and safe to share between threads; a [Session] belongs to one thread at a time.
public final class Forecaster {
  private final NextItemModel model;

  private Forecaster(NextItemModel model) {
    this.model = model;
  }

  /// Returns the face of a model.
  public static Forecaster of(NextItemModel model) {
    return new Forecaster(model);
  }

  /// Loads a model file, whatever its kind.
  ///
  /// @throws io.kaseb.KasebException where the file is broken, newer than this Kaseb, or no model
  public static Forecaster load(Path file) throws IOException {
    return new Forecaster(Models.of(ModelFile.read(file)));
  }

  /// Returns the face of a model that was read already.
  public static Forecaster of(ModelFile file) {
    return new Forecaster(Models.of(file));
  }

  /// Returns the model's kind, such as `gru4rec` or `markov`.
  public String name() {
    return model.name();
  }

  /// Returns the items that can be scored.
  public Catalogue catalogue() {
    return model.catalogue();
  }

  /// Begins a session without clicks.
  public Session newSession() {
    return new Session(model, model.newSession());
  }

  /// Scores all items for each of the first `n` sessions; higher is likelier, the scale is the
  /// model's own.
  ///
  /// @param sessions sessions of this forecaster with at least one click each
  /// @param out `n` rows of `catalogue().size()` scores, overwritten
  public void scores(Session[] sessions, int n, float[][] out) {
    SessionState[] states = new SessionState[n];
    for (int i = 0; i < n; i++) {
      states[i] = sessions[i].state;
    }
    model.scores(states, n, out);
  }

  /// Finds the likeliest next items of a session with at least one click, far quicker than all
  /// scores in a large catalogue, and the same ones: of equal scores the lower index leads. Who
  /// must leave some items out asks for as many more and skips them.
  ///
  /// @param top overwritten; its capacity says how many
  public void top(Session session, TopItems top) {
    model.top(session.state, top);
  }

  /// One session as a model remembers it.
  public static final class Session {
    private final NextItemModel model;
    private final SessionState state;

    private Session(NextItemModel model, SessionState state) {
      this.model = model;
      this.state = state;
    }

    /// Takes a click.
    ///
    /// @param item index in the forecaster's catalogue
    public void click(int item) {
      model.click(state, item);
    }

    /// Returns an independent copy.
    public Session copy() {
      return new Session(model, state.copy());
    }
  }
}
