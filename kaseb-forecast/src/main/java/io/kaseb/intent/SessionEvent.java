package io.kaseb.intent;

import io.kaseb.signal.Past;

/// One event as [SessionFeatures] takes it. Small and mutable, used again and again.
public final class SessionEvent {
  /// Creates an event that nothing is known of.
  public SessionEvent() {}

  /// The log's number of the item, which tells items apart; -1 for none.
  public int key;

  /// The model's number of the item, negative where it has none.
  public int item;

  /// Index of the category, -1 for none.
  public int category;

  /// Milliseconds since 1970, -1 where the log has none.
  public long time;

  /// Whether the time of day means something.
  public boolean realTime;

  /// What the visitor did with the item in earlier sessions.
  public Past past = Past.NONE;

  /// The event's statistics from `statisticsAt`, see [Statistics].
  public float[] statistics = new float[Statistics.WIDTH];

  /// Where they begin.
  public int statisticsAt;

  /// The event's floats beyond clicks from `signalsAt`, see [io.kaseb.signal.Schema].
  public float[] signals = new float[0];

  /// Where they begin.
  public int signalsAt;
}
