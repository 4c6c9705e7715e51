package io.kaseb.watch;

import io.kaseb.store.Curve;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/// Which reports a chart of all trials gets where there are more than anybody can tell apart: those
/// of the best trials, of the latest, of those that are at work, and of some of the others, evenly
/// over the search; of each trial no more points than a chart has places for.
///
/// @param trials ids, ascending
/// @param of how many trials have reports
record ReportSample(List<Integer> trials, int of) {
  /// Trials whose reports a chart gets.
  static final int MOST = 1_000;

  /// The best and the latest of them.
  static final int BEST = 300;

  static final int LATEST = 200;

  /// Points of one trial.
  static final int MOST_POINTS = 200;

  /// Chooses among trials.
  ///
  /// @param all with their last reports at least
  /// @param maximize whether more of the first goal is better
  static ReportSample of(List<Trial> all, boolean maximize) {
    List<Trial> reported = all.stream().filter(trial -> trial.lastStep() > 0).toList();
    if (reported.size() <= MOST) {
      return new ReportSample(reported.stream().map(Trial::id).toList(), reported.size());
    }
    TreeSet<Integer> ids = new TreeSet<>();
    reported.stream().sorted(bestFirst(maximize)).limit(BEST).forEach(t -> ids.add(t.id()));
    List<Trial> latest = reported.subList(reported.size() - LATEST, reported.size());
    latest.forEach(trial -> ids.add(trial.id()));
    for (Trial trial : reported) {
      // As many as are at work at once are few; those that wait to go on may be most of a search.
      if (trial.state() == TrialState.RUNNING) {
        ids.add(trial.id());
      }
    }
    List<Trial> others = reported.stream().filter(trial -> !ids.contains(trial.id())).toList();
    int wanted = Math.min(others.size(), Math.max(0, MOST - ids.size()));
    for (int i = 0; i < wanted; i++) {
      ids.add(others.get((int) ((long) i * others.size() / wanted)).id());
    }
    return new ReportSample(List.copyOf(ids), reported.size());
  }

  /// The order in which the pages rank trials: whole ones by value, then the others by how far they
  /// came, and at last those that do not count.
  private static Comparator<Trial> bestFirst(boolean maximize) {
    Comparator<Trial> byValue = Comparator.comparingDouble(ReportSample::value);
    return Comparator.<Trial>comparingInt(ReportSample::kind)
        .thenComparingInt(trial -> kind(trial) == 0 ? 0 : -trial.lastStep())
        .thenComparing(maximize ? byValue.reversed() : byValue)
        .thenComparingInt(Trial::id);
  }

  private static int kind(Trial trial) {
    boolean counts =
        !Double.isNaN(value(trial))
            && trial.state() != TrialState.FAILED
            && trial.state() != TrialState.RUNNING
            && !(trial.outcome() != null && trial.outcome().violation() > 0);
    return !counts ? 2 : trial.state() == TrialState.SUCCEEDED ? 0 : 1;
  }

  private static double value(Trial trial) {
    return trial.values().isEmpty() ? Double.NaN : trial.values().getFirst();
  }

  /// Returns a curve of [#MOST_POINTS] points or fewer: the first, the last, and of each stretch
  /// between them the lowest and the highest, so that no peak is lost.
  static Curve thinned(Curve curve) {
    float[] values = curve.values();
    int n = values.length;
    if (n <= MOST_POINTS) {
      return curve;
    }
    int stretches = (MOST_POINTS - 2) / 2;
    int[] kept = new int[MOST_POINTS];
    int size = 0;
    kept[size++] = 0;
    for (int s = 0; s < stretches; s++) {
      int from = 1 + (int) ((long) s * (n - 2) / stretches);
      int until = 1 + (int) ((long) (s + 1) * (n - 2) / stretches);
      int low = from;
      int high = from;
      for (int i = from + 1; i < until; i++) {
        low = values[i] < values[low] ? i : low;
        high = values[i] > values[high] ? i : high;
      }
      kept[size++] = Math.min(low, high);
      if (low != high) {
        kept[size++] = Math.max(low, high);
      }
    }
    kept[size++] = n - 1;
    int[] places = Arrays.copyOf(kept, size);
    int[] steps = Arrays.stream(places).map(i -> curve.steps()[i]).toArray();
    float[] some = new float[size];
    for (int i = 0; i < size; i++) {
      some[i] = values[places[i]];
    }
    return new Curve(steps, some);
  }
}
