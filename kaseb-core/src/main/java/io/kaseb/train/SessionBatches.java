package io.kaseb.train;

import io.kaseb.model.Sessions;

/// Session-parallel mini-batches (Hidasi et al. 2016, section 3.1.1): `size` sessions walk side by
/// side, one event a step; a slot whose session ends takes the next session. When none is left the
/// slot closes and those behind it move up, so that every event of every session is used.
final class SessionBatches {
  private final Sessions sessions;
  private final int[] at;
  private final int[] end;
  private final int[] input;
  private final int[] target;
  private final int[] movedFrom;
  private final boolean[] fresh;
  private int active;
  private int next;

  SessionBatches(Sessions sessions, int size) {
    this.sessions = sessions;
    at = new int[size];
    end = new int[size];
    input = new int[size];
    target = new int[size];
    movedFrom = new int[size];
    fresh = new boolean[size];
  }

  /// Starts an epoch.
  void start() {
    next = 0;
    active = 0;
    for (int slot = 0; slot < at.length; slot++) {
      if (takeSession(active)) {
        active++;
      }
    }
    for (int slot = 0; slot < active; slot++) {
      movedFrom[slot] = slot;
      fresh[slot] = true;
    }
    read();
  }

  /// Moves every slot to its next event. After that, [#movedFrom] and [#fresh] tell what became of
  /// the hidden states.
  void advance() {
    int kept = 0;
    for (int slot = 0; slot < active; slot++) {
      int event = at[slot] + 1;
      int last = end[slot];
      boolean ended = event + 1 >= last;
      if (ended && !takeSession(kept)) {
        continue;
      }
      if (!ended) {
        at[kept] = event;
        end[kept] = last;
      }
      movedFrom[kept] = slot;
      fresh[kept] = ended;
      kept++;
    }
    active = kept;
    read();
  }

  private boolean takeSession(int slot) {
    while (next < sessions.count() && sessions.length(next) < 2) {
      next++;
    }
    if (next == sessions.count()) {
      return false;
    }
    at[slot] = sessions.start(next);
    end[slot] = sessions.end(next);
    next++;
    return true;
  }

  private void read() {
    int[] items = sessions.items();
    for (int slot = 0; slot < active; slot++) {
      input[slot] = items[at[slot]];
      target[slot] = items[at[slot] + 1];
    }
  }

  /// Returns how many slots are open; 0 ends the epoch.
  int active() {
    return active;
  }

  /// Returns the place of each open slot's event among all.
  int[] event() {
    return at;
  }

  /// Returns the clicked item of each open slot.
  int[] input() {
    return input;
  }

  /// Returns the item that follows in each open slot.
  int[] target() {
    return target;
  }

  /// Returns, for each open slot, where its hidden state stood before.
  int[] movedFrom() {
    return movedFrom;
  }

  /// Returns, for each open slot, whether a session starts there.
  boolean[] fresh() {
    return fresh;
  }

  /// Returns how many predictions one epoch makes: each click of a session but its last.
  static long predictions(Sessions sessions) {
    long sum = 0;
    for (int s = 0; s < sessions.count(); s++) {
      sum += Math.max(0, sessions.length(s) - 1);
    }
    return sum;
  }
}
