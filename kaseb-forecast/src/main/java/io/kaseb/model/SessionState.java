package io.kaseb.model;

import java.util.Arrays;

/// What a model remembers of one session: small, mutable, owned by one thread at a time.
public final class SessionState {
  private static final int[] NONE = {};

  private final float[] hidden;
  private final int[] recent;
  private int clicks;
  private int[] own = NONE;

  /// Creates the state of a session without clicks.
  ///
  /// @param hidden number of floats of recurrent state, all 0 at the start
  /// @param memory how many of the last items are remembered, at least 1
  public SessionState(int hidden, int memory) {
    this.hidden = new float[hidden];
    this.recent = new int[memory];
  }

  private SessionState(SessionState other) {
    this.hidden = other.hidden.clone();
    this.recent = other.recent.clone();
    this.clicks = other.clicks;
    this.own = other.own;
  }

  /// Returns the recurrent state, all layers one after another; the model alone writes it.
  public float[] hidden() {
    return hidden;
  }

  /// Returns how many clicks the session has had.
  public int clicks() {
    return clicks;
  }

  /// Says that this is one of the sessions that a model was made of: where the model remembers
  /// sessions it leaves one of these very items out, so that what comes next is not found in the
  /// session itself.
  ///
  /// @param items the items of the whole session, each once
  public void ownSession(int[] items) {
    own = items;
  }

  /// Returns the items of the whole session where it is one that the model was made of, each once;
  /// none for any other session.
  public int[] ownSession() {
    return own;
  }

  /// Notes a click.
  public void add(int item) {
    recent[clicks % recent.length] = item;
    clicks++;
  }

  /// Returns how many items are remembered.
  public int remembered() {
    return Math.min(clicks, recent.length);
  }

  /// Returns the item clicked `back` clicks before the last one (0: the last), `back <
  /// remembered()`.
  public int recent(int back) {
    return recent[(clicks - 1 - back) % recent.length];
  }

  /// Forgets everything: the state of a session without clicks.
  public void reset() {
    Arrays.fill(hidden, 0);
    clicks = 0;
    own = NONE;
  }

  /// Returns an independent copy.
  public SessionState copy() {
    return new SessionState(this);
  }
}
