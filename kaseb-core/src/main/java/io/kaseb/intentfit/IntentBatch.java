package io.kaseb.intentfit;

import io.kaseb.config.Feature;
import io.kaseb.intent.ClickInputs;
import io.kaseb.intent.IntentNet;
import io.kaseb.intent.ItemInputs;
import io.kaseb.intent.SessionFeatures;
import io.kaseb.kernel.Kernels;
import io.kaseb.model.Sessions;
import io.kaseb.signal.Coding;
import io.kaseb.signal.Schema;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;

/// Some sessions side by side, longest first, as one thread's [IntentPass] takes them. Buffers grow
/// and are used again.
///
/// Of a session longer than [#MOST_CLICKS] the last clicks are trained on; their numbers still
/// count from the session's start.
final class IntentBatch {
  /// Clicks that back-propagation goes through at most.
  static final int MOST_CLICKS = 500;

  private final IntentNet net;
  private final ItemInputs itemInputs;
  private final ClickInputs inputs;
  private final float[] logPopularity;
  private final SessionFeatures state;
  private float share;
  private SplittableRandom random = new SplittableRandom(0);
  private int width;

  int size;
  int stride;
  int steps;
  int[] lengths = new int[0];
  private int[] activeAt = new int[0];
  boolean[] buys = new boolean[0];

  /// Each click's input row, [steps x stride x inputs]; item (-1 for unknown), category, and
  /// whether its embedding was left out, [steps x stride].
  float[] rows = new float[0];

  int[] items = new int[0];

  /// The item of each click, -1 of other events: what the next-item loss is to find.
  int[] targets = new int[0];

  /// Rows of each attribute's table of embeddings, [steps x stride x tables x words], -1 where
  /// there is none.
  int[] signals = new int[0];

  int[] categories = new int[0];
  boolean[] dropped = new boolean[0];

  /// The clicked items of buyers: session, step of the item's last click, numbers, label.
  int pairs;

  int[] pairColumn = new int[16];
  int[] pairStep = new int[16];
  float[] pairNumbers = new float[0];
  boolean[] pairBought = new boolean[16];
  int[] pairsOf = new int[0];

  /// @param logPopularity logarithm of each item's share of clicks, for the next-item loss
  IntentBatch(IntentNet net, Set<Feature> features, Schema schema, float[] logPopularity) {
    this.net = net;
    this.state = new SessionFeatures(schema);
    this.itemInputs = new ItemInputs(features, schema);
    this.inputs = new ClickInputs(features, schema);
    this.logPopularity = logPopularity;
    this.width = net.shape.inputs();
  }

  /// Returns the clicks of a session that are trained on.
  static int length(Sessions sessions, int session) {
    return Math.min(MOST_CLICKS, sessions.length(session));
  }

  /// Takes sessions.
  ///
  /// @param chosen sessions in descending order of [#length]
  /// @param total sessions of the step over all threads
  /// @param itemDropout share of clicks whose item's embedding is left out, so that the network
  ///   learns to do without, as it must for new items
  void load(
      Examples examples,
      int[] chosen,
      int from,
      int to,
      int total,
      float itemDropout,
      SplittableRandom chance) {
    Sessions sessions = examples.labelled().sessions();
    random = chance;
    size = to - from;
    share = 1f / total;
    stride = Kernels.pad(Math.max(1, size));
    steps = size == 0 ? 0 : length(sessions, chosen[from]);
    allot();
    Arrays.fill(pairsOf, 0);
    pairs = 0;
    for (int j = 0; j < size; j++) {
      int column = j;
      int session = chosen[from + j];
      lengths[j] = length(sessions, session);
      buys[j] = examples.labelled().purchases().any(session);
      int skipped = sessions.length(session) - lengths[j];
      examples.walk(
          session,
          state,
          (s, event) -> {
            int step = s.events - 1 - skipped;
            if (step >= 0) {
              event(s, step * stride + column, itemDropout);
            }
          });
      if (buys[j]) {
        pairs(examples, session, j, skipped);
      }
    }
    int n = size;
    for (int t = 0; t < steps; t++) {
      while (n > 0 && lengths[n - 1] <= t) {
        n--;
      }
      activeAt[t] = n;
    }
  }

  private void allot() {
    int all = steps * stride;
    if (rows.length < all * width) {
      rows = new float[all * width];
    }
    if (items.length < all) {
      items = new int[all];
      targets = new int[all];
      signals = new int[signal(all, 0)];
      categories = new int[all];
      dropped = new boolean[all];
    }
    if (activeAt.length < steps) {
      activeAt = new int[steps];
    }
    if (lengths.length < stride) {
      lengths = new int[stride];
      buys = new boolean[stride];
      pairsOf = new int[stride];
    }
  }

  private void event(SessionFeatures s, int at, float itemDropout) {
    int item = s.current < 0 ? -1 : s.items[s.current];
    boolean drop = itemDropout > 0 && random.nextDouble() < itemDropout;
    items[at] = item;
    targets[at] = s.isClick ? item : -1;
    categories[at] = s.category;
    dropped[at] = drop || item < 0;
    net.input(inputs, s, drop ? -1 : item, rows, at * width);
    for (int t = 0; t < net.shape.tables(); t++) {
      int from = signal(at, t);
      Arrays.fill(signals, from, from + Coding.MOST_WORDS, -1);
      s.signals.embeddings(inputs.embedded(t), signals, from);
    }
  }

  private void pairs(Examples examples, int session, int column, int skipped) {
    int c = net.shape.itemNumbers();
    for (int i = 0; i < state.distinct; i++) {
      if (state.last[i] < skipped) {
        continue;
      }
      if (pairs == pairColumn.length) {
        pairColumn = Arrays.copyOf(pairColumn, 2 * pairs);
        pairStep = Arrays.copyOf(pairStep, 2 * pairs);
        pairBought = Arrays.copyOf(pairBought, 2 * pairs);
      }
      if (pairNumbers.length < (pairs + 1) * c) {
        pairNumbers = Arrays.copyOf(pairNumbers, 2 * (pairs + 1) * c);
      }
      pairColumn[pairs] = column;
      pairStep[pairs] = state.last[i] - skipped;
      pairBought[pairs] = examples.labelled().purchases().bought(session, state.keys[i]);
      itemInputs.write(state, i, pairNumbers, pairs * c);
      pairNumbers[pairs * c + c - 1] = 1;
      pairsOf[column]++;
      pairs++;
    }
  }

  /// Returns how many sessions have more than `step` clicks: the first columns.
  int active(int step) {
    return activeAt[step];
  }

  /// Returns how much a session counts in the mean over the step.
  float weight(int column) {
    return column < size ? share : 0;
  }

  /// Returns where the rows of a table of embeddings start of an event.
  int signal(int event, int table) {
    return (event * net.shape.tables() + table) * Coding.MOST_WORDS;
  }

  /// Returns where an event's input row starts.
  int row(int step, int column) {
    return (step * stride + column) * width;
  }

  /// Writes a step's input rows as [inputs x stride].
  void transpose(int step, int n, float[] out) {
    int active = active(step);
    for (int j = 0; j < active; j++) {
      int at = row(step, j);
      for (int i = 0; i < n; i++) {
        out[i * stride + j] = rows[at + i];
      }
    }
  }

  /// Returns the logarithm of an item's share of clicks.
  float logPopularity(int item) {
    return item < logPopularity.length ? logPopularity[item] : 0;
  }

  /// Draws which units of each session's states the heads see.
  void dropout(float[] keep, int units, float p) {
    if (p == 0) {
      Arrays.fill(keep, 1);
      return;
    }
    for (int u = 0; u < units; u++) {
      for (int j = 0; j < size; j++) {
        keep[u * stride + j] = random.nextDouble() < p ? 0 : 1 / (1 - p);
      }
    }
  }
}
