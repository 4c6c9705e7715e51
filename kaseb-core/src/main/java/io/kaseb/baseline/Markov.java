package io.kaseb.baseline;

import io.kaseb.data.Catalogue;
import io.kaseb.data.Sessions;
import io.kaseb.model.SessionState;
import java.util.Arrays;

/// A first-order Markov chain: scores an item by how often it followed the session's last item in
/// train. Equal counts stand in the order in which the pairs first occurred there; an item that
/// never followed scores 0, there is no back-off.
public final class Markov extends LastItemModel {

  /// Row `i` of the sparse count matrix is `starts[i]` (inclusive) to `starts[i + 1]` (exclusive).
  private final int[] starts;

  private final int[] followers;

  /// Counts, plus less than one half that falls along the row: the order of first occurrence.
  private final float[] counts;

  private Markov(Catalogue catalogue, int[] starts, int[] followers, float[] counts) {
    super(catalogue);
    this.starts = starts;
    this.followers = followers;
    this.counts = counts;
  }

  /// Counts the pairs of consecutive clicks of the sessions.
  ///
  /// @param train sessions whose items all lie in the catalogue
  public static Markov of(Catalogue catalogue, Sessions train) {
    int items = catalogue.size();
    int[] starts = new int[items + 1];
    int[] followers = followers(train, starts);
    float[] counts = new float[followers.length];
    int[] cellOf = new int[items];
    Arrays.fill(cellOf, -1);
    int cells = 0;
    for (int i = 0, from = 0; i < items; i++) {
      int to = starts[i + 1];
      int row = cells;
      for (int k = from; k < to; k++) {
        int next = followers[k];
        if (cellOf[next] < row) {
          cellOf[next] = cells;
          followers[cells++] = next;
        }
        counts[cellOf[next]]++;
      }
      for (int k = row; k < cells; k++) {
        counts[k] += .5f * (cells - k) / (cells - row + 1);
      }
      starts[i] = row;
      from = to;
    }
    starts[items] = cells;
    return new Markov(
        catalogue, starts, Arrays.copyOf(followers, cells), Arrays.copyOf(counts, cells));
  }

  /// Returns what followed each item, item by item, in the order of train; fills `starts`.
  private static int[] followers(Sessions train, int[] starts) {
    int[] items = train.items();
    for (int s = 0; s < train.count(); s++) {
      for (int e = train.start(s); e + 1 < train.end(s); e++) {
        starts[items[e] + 1]++;
      }
    }
    for (int i = 1; i < starts.length; i++) {
      starts[i] += starts[i - 1];
    }
    int[] at = starts.clone();
    int[] followers = new int[starts[starts.length - 1]];
    for (int s = 0; s < train.count(); s++) {
      for (int e = train.start(s); e + 1 < train.end(s); e++) {
        followers[at[items[e]]++] = items[e + 1];
      }
    }
    return followers;
  }

  @Override
  public String name() {
    return "markov";
  }

  @Override
  public void scores(SessionState[] states, int n, float[][] out) {
    for (int i = 0; i < n; i++) {
      float[] scores = out[i];
      Arrays.fill(scores, 0);
      int last = states[i].recent(0);
      for (int k = starts[last]; k < starts[last + 1]; k++) {
        scores[followers[k]] = counts[k];
      }
    }
  }
}
