package io.kaseb.network;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Learning from a teacher's ranking (Tang and Wang, "Ranking Distillation", KDD 2018; Hinton et
/// al., "Distilling the Knowledge in a Neural Network", 2015, equations 1 and 2): beside the
/// ranking loss each session has
///
/// `weight x -sum over i of p_i log q_i`, `q = softmax(s / temperature)`
///
/// over its [Lesson]'s items and some of the step's negatives, with p the teacher's probabilities
/// (0 for a negative) and s the raw scores. Like the other loss it is summed over the sessions by
/// the configured batch size.
///
/// Each thread scores its share of the sessions; row gradients are made by the threads that own the
/// items, in slots of [RowUpdates].
final class Distillation {
  private final Team team;
  private final ItemTable table;
  private final int top;

  /// Items of a session: the lesson's, then negatives.
  private final int width;

  private final int units;
  private final int row;
  private final int batch;
  private final float weight;
  private final float temperature;

  /// Scores, then gradients by them, [batch x width].
  private final float[] gradient;

  /// Gradient of the hidden states, [batch x the table's width].
  private final float[] hidden;

  private final Share[] shares;
  private @Nullable Lesson lesson;

  /// What one thread works with.
  private static final class Share {
    /// All sessions' items, [batch x width], -1 for none.
    final int[] items;

    /// Those of them whose rows it owns, where they stand, and their slots.
    final int[] item;

    final int[] place;
    final int[] slot;
    int count;
    double loss;

    Share(int most) {
      items = new int[most];
      item = new int[most];
      place = new int[most];
      slot = new int[most];
    }
  }

  Distillation(Team team, ItemTable table, Network.Teaching teaching, int batch) {
    this.team = team;
    this.table = table;
    this.top = teaching.top();
    this.width = teaching.width();
    this.weight = teaching.weight();
    this.temperature = teaching.temperature();
    this.batch = batch;
    units = table.columns() - 1;
    row = table.width();
    gradient = new float[batch * width];
    hidden = new float[batch * row];
    shares = new Share[team.size()];
    Arrays.setAll(shares, t -> new Share(batch * width));
  }

  /// Lays out the sessions' items, picks those whose rows thread `t` owns, and returns how many
  /// these are.
  ///
  /// @param negatives the step's, `n` of them, dealt out to the sessions in turn
  int prepare(int t, @Nullable Lesson given, int active, int[] negatives, int n) {
    if (t == 0) {
      lesson = given;
    }
    Share share = shares[t];
    share.count = 0;
    if (given == null) {
      return 0;
    }
    int next = 0;
    for (int j = 0; j < active; j++) {
      System.arraycopy(given.items(), j * top, share.items, j * width, top);
      for (int i = j * width + top; i < (j + 1) * width; i++) {
        share.items[i] = without(given, j, negatives[next]);
        next = next + 1 == n ? 0 : next + 1;
      }
    }
    for (int i = 0; i < active * width; i++) {
      int item = share.items[i];
      if (item >= 0 && Owners.of(item, shares.length) == t) {
        share.item[share.count] = item;
        share.place[share.count++] = i;
      }
    }
    return share.count;
  }

  /// Returns a negative, or -1 where the lesson of session `j` has the item.
  private static int without(Lesson given, int j, int negative) {
    int first = j * given.width();
    for (int i = first; i < first + given.width(); i++) {
      if (given.items()[i] == negative) {
        return -1;
      }
    }
    return negative;
  }

  /// Returns the items that [#prepare] has picked.
  int[] items(int t) {
    return shares[t].item;
  }

  /// Takes a slot for each gradient of thread `t`'s rows.
  void assignSlots(int t, RowUpdates rows) {
    Share share = shares[t];
    for (int i = 0; i < share.count; i++) {
      share.slot[i] = rows.add(t, share.item[i]);
    }
  }

  /// Scores the lessons of thread `t`'s share of the sessions, and computes the loss and its
  /// gradients by scores and hidden states.
  void score(int t, Activations top, int active) {
    Share share = shares[t];
    share.loss = 0;
    Lesson now = lesson;
    if (now == null) {
      return;
    }
    int to = team.from(t + 1, active, 1);
    for (int j = team.from(t, active, 1); j < to; j++) {
      Arrays.fill(hidden, j * row, (j + 1) * row, 0);
      share.loss += learn(now.shares(), share.items, top.bySample, j);
    }
  }

  private double learn(float[] taught, int[] items, float[] samples, int j) {
    int first = j * width;
    double mass = 0;
    double dot = 0;
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < width; k++) {
      int item = items[first + k];
      if (item >= 0) {
        float score = dot(samples, j * row, table.row(item)) / temperature;
        float share = k < top ? taught[j * top + k] : 0;
        gradient[first + k] = score;
        max = Math.max(max, score);
        mass += share;
        dot += (double) share * score;
      }
    }
    if (mass == 0) {
      Arrays.fill(gradient, first, first + width, 0);
      return 0;
    }
    double sum = 0;
    for (int i = first; i < first + width; i++) {
      gradient[i] = items[i] < 0 ? 0 : (float) Math.exp(gradient[i] - max);
      sum += gradient[i];
    }
    double scale = weight / ((double) temperature * batch);
    for (int k = 0; k < width; k++) {
      int item = items[first + k];
      if (item >= 0) {
        float share = k < top ? taught[j * top + k] : 0;
        float g = (float) (scale * (mass / sum * gradient[first + k] - share));
        gradient[first + k] = g;
        addRow(j * row, g, table.row(item));
      }
    }
    return weight * (mass * (max + Math.log(sum)) - dot);
  }

  private float dot(float[] x, int x0, int y0) {
    float[] y = table.data();
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int f = 0; f < row; f += 4) {
      s0 = Math.fma(x[x0 + f], y[y0 + f], s0);
      s1 = Math.fma(x[x0 + f + 1], y[y0 + f + 1], s1);
      s2 = Math.fma(x[x0 + f + 2], y[y0 + f + 2], s2);
      s3 = Math.fma(x[x0 + f + 3], y[y0 + f + 3], s3);
    }
    return (s0 + s1) + (s2 + s3);
  }

  private void addRow(int h0, float scale, int y0) {
    float[] y = table.data();
    for (int f = 0; f < units; f++) {
      hidden[h0 + f] += scale * y[y0 + f];
    }
  }

  /// Adds features `from..to` of the hidden states' gradient to `to` [units x stride].
  void addHiddenGradient(int from, int to, float[] sum, int stride, int active) {
    if (lesson == null) {
      return;
    }
    for (int j = 0; j < active; j++) {
      for (int f = from; f < to; f++) {
        sum[f * stride + j] += hidden[j * row + f];
      }
    }
  }

  /// Writes the gradients of thread `t`'s rows to their slots.
  void rowGradients(int t, Activations top, float[] slots) {
    Share share = shares[t];
    for (int i = 0; i < share.count; i++) {
      float scale = gradient[share.place[i]];
      int sample = share.place[i] / width * row;
      int slot = share.slot[i];
      for (int f = 0; f < row; f++) {
        slots[slot + f] = scale * top.bySample[sample + f];
      }
    }
  }

  /// Returns what the last step's loss comes to.
  double loss() {
    double sum = 0;
    for (Share share : shares) {
      sum += share.loss;
    }
    return sum / batch;
  }
}
