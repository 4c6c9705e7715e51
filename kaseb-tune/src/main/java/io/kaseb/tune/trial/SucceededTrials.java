package io.kaseb.tune.trial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The trials that succeeded, and for each step that was asked for their losses in order: a trial
/// is entered once, so that asking again costs the same however many there are.
public final class SucceededTrials {
  private final List<Goal> goals;
  private final List<Trial> trials = new ArrayList<>();
  private final BitSet ids = new BitSet();

  /// Running averages of each trial's losses: `[goal][report]`.
  private final List<double[][]> averages = new ArrayList<>();

  private final Map<Key, Column> columns = new HashMap<>();

  /// What a column holds: losses of a goal at a step itself, or averaged up to it.
  private record Key(boolean raw, int goal, int step) {}

  /// Ascending losses of the first `entered` trials.
  private static final class Column {
    double[] sorted = new double[16];
    int size;
    int entered;

    void add(double loss) {
      int found = Arrays.binarySearch(sorted, 0, size, loss);
      int place = found < 0 ? -found - 1 : found;
      if (size == sorted.length) {
        sorted = Arrays.copyOf(sorted, 2 * size);
      }
      System.arraycopy(sorted, place, sorted, place + 1, size - place);
      sorted[place] = loss;
      size++;
    }
  }

  SucceededTrials(List<Goal> goals) {
    this.goals = goals;
  }

  /// Enters those of some trials that succeeded.
  ///
  /// @param goals whose losses are kept
  /// @param trials in any state, by the order in which they came
  /// @return those that succeeded, ready for quantiles
  public static SucceededTrials of(List<Goal> goals, List<Trial> trials) {
    SucceededTrials all = new SucceededTrials(goals);
    trials.stream().filter(t -> t.state() == TrialState.SUCCEEDED).forEach(all::add);
    return all;
  }

  /// Enters a trial that succeeded.
  ///
  /// @param trial in the state SUCCEEDED, entered once
  public void add(Trial trial) {
    trials.add(trial);
    ids.set(trial.id());
    double[][] means = new double[goals.size()][trial.measurements().size()];
    for (int goal = 0; goal < means.length; goal++) {
      double sum = 0;
      for (int i = 0; i < means[goal].length; i++) {
        sum += goals.get(goal).loss(trial.measurements().get(i).values().get(goal));
        means[goal][i] = sum / (i + 1);
      }
    }
    averages.add(means);
  }

  /// {@return the same without a trial}
  ///
  /// @param id of a trial, from 0; one that is not among them changes nothing
  public SucceededTrials without(int id) {
    return ids.get(id) ? of(goals, trials.stream().filter(t -> t.id() != id).toList()) : this;
  }

  /// {@return how many trials have been entered}
  public int count() {
    return trials.size();
  }

  /// {@return the median loss at a step over the trials that came so far; NaN where none did}
  ///
  /// @param raw whether losses are those of the step itself, else running averages up to it
  /// @param upper of an even number, whether the upper of the two in the middle, else their mean
  /// @param goal its place among the goals, from 0
  /// @param step 1 or more
  public double median(boolean raw, boolean upper, int goal, int step) {
    Column column = column(raw, goal, step);
    int n = column.size;
    if (n == 0) {
      return Double.NaN;
    }
    double above = column.sorted[n / 2];
    return upper ? above : (column.sorted[(n - 1) / 2] + above) / 2;
  }

  /// {@return the loss at a step that a share of the trials that came so far stay below, linear
  /// between neighbours; NaN where none came so far}
  ///
  /// @param share 0..1, .25 for the best quarter
  /// @param goal its place among the goals, from 0
  /// @param step 1 or more
  public double quantile(double share, int goal, int step) {
    Column column = column(true, goal, step);
    if (column.size == 0) {
      return Double.NaN;
    }
    double place = share * (column.size - 1);
    int below = (int) place;
    int above = Math.min(below + 1, column.size - 1);
    return column.sorted[below] + (place - below) * (column.sorted[above] - column.sorted[below]);
  }

  private Column column(boolean raw, int goal, int step) {
    Column column = columns.computeIfAbsent(new Key(raw, goal, step), key -> new Column());
    for (; column.entered < trials.size(); column.entered++) {
      double loss = loss(raw, column.entered, goal, step);
      if (!Double.isNaN(loss)) {
        column.add(loss);
      }
    }
    return column;
  }

  private double loss(boolean raw, int place, int goal, int step) {
    Trial trial = trials.get(place);
    if (trial.lastStep() < step) {
      return Double.NaN;
    }
    if (raw) {
      Measurement report = trial.at(step);
      return report == null ? Double.NaN : goals.get(goal).loss(report.values().get(goal));
    }
    // Reports mostly come at every step: the one wanted is then found at once.
    int at = Math.min(trial.measurements().size(), step);
    while (at > 0 && trial.measurements().get(at - 1).step() > step) {
      at--;
    }
    return at == 0 ? Double.NaN : averages.get(place)[goal][at - 1];
  }
}
