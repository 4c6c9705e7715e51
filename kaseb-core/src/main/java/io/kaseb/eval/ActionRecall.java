package io.kaseb.eval;

import io.kaseb.base.Workers;
import io.kaseb.tune.math.SeededRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// How many of the items that sessions still act on, after a random one of their events, a list
/// names: the hits of all sessions by what they could have been, as the OTTO challenge of 2022
/// counts. The next click, carts and orders are weighted .1, .3 and .6 there.
///
/// @param k length of the lists
/// @param targets by target, in order of the columns
public record ActionRecall(int k, List<Target> targets) {
  /// OTTO's weights.
  public static final Map<String, Double> WEIGHTS = Map.of("view", .1, "cart", .3, "purchase", .6);

  /// One target's figures.
  ///
  /// @param target the action, or [#WEIGHTED]
  /// @param sessions sessions that still act so
  /// @param items the items that they act on, at most k a session
  /// @param recall by list
  /// @param intervals 95 % bootstrap intervals over sessions, by list; none of too few sessions
  /// @param mrr mean over those sessions of one over the place of the first such item, 0 where the
  ///   list has none, by list; none of the weighted mean
  /// @param mrrIntervals as `intervals`
  public record Target(
      String target,
      int sessions,
      int items,
      Map<String, Double> recall,
      Map<String, double[]> intervals,
      Map<String, Double> mrr,
      Map<String, double[]> mrrIntervals) {}

  private static final double[][] NO_SAMPLES = {};

  /// The name of the weighted mean over OTTO's three targets.
  public static final String WEIGHTED = "weighted";

  /// Copies the list.
  public ActionRecall {
    targets = List.copyOf(targets);
  }

  /// Makes figures of what was counted.
  ///
  /// @param names the targets
  /// @param lists the lists' names
  /// @param possible most hits that each session allows, [sessions x targets]
  /// @param hits of each session, [sessions x targets x lists]
  /// @param reciprocals one over the place of the first hit, 0 of none, shaped likewise
  public static ActionRecall of(
      int k,
      List<String> names,
      List<String> lists,
      int[] possible,
      int[] hits,
      double[] reciprocals,
      EvalConfig config) {
    Sums sums = new Sums(names, lists, possible, hits, reciprocals);
    double[] means = sums.means(sums.total());
    double[][] samples = sums.resampled(config.bootstrapSamples(), config.seed(), config.workers());
    List<Target> targets = new ArrayList<>();
    for (int t = 0; t < sums.rows(); t++) {
      boolean isWeighted = t == names.size();
      int sessions =
          isWeighted
              ? (int) IntStream.range(0, sums.sessions()).filter(sums::acts).count()
              : sums.sessionsOf(t);
      boolean isSampled = SampleSize.suffices(sessions) && samples.length > 0;
      Map<String, Double> recall = new LinkedHashMap<>();
      Map<String, double[]> intervals = new LinkedHashMap<>();
      Map<String, Double> mrr = new LinkedHashMap<>();
      Map<String, double[]> mrrIntervals = new LinkedHashMap<>();
      for (int l = 0; l < lists.size(); l++) {
        int at = t * lists.size() + l;
        note(lists.get(l), means, isSampled ? samples : NO_SAMPLES, at, recall, intervals);
        if (!isWeighted) {
          int place = sums.rows() * lists.size() + at;
          note(lists.get(l), means, isSampled ? samples : NO_SAMPLES, place, mrr, mrrIntervals);
        }
      }
      int items = isWeighted ? 0 : sums.itemsOf(t);
      String name = isWeighted ? WEIGHTED : names.get(t);
      targets.add(new Target(name, sessions, items, recall, intervals, mrr, mrrIntervals));
    }
    return new ActionRecall(k, targets);
  }

  private static void note(
      String list,
      double[] means,
      double[][] samples,
      int at,
      Map<String, Double> values,
      Map<String, double[]> intervals) {
    values.put(list, means[at]);
    if (samples.length > 0) {
      intervals.put(list, Bootstrap.ends(column(samples, at)));
    }
  }

  private static double[] column(double[][] samples, int at) {
    double[] values = new double[samples.length];
    for (int b = 0; b < values.length; b++) {
      values[b] = samples[b][at];
    }
    return values;
  }

  /// What was counted, and sums of it.
  private record Sums(
      List<String> names, List<String> lists, int[] possible, int[] hits, double[] reciprocals) {
    int sessions() {
      return possible.length / names.size();
    }

    /// Returns the targets, and the weighted mean where all of OTTO's are there.
    int rows() {
      return names.size() + (names.containsAll(WEIGHTS.keySet()) ? 1 : 0);
    }

    boolean acts(int session) {
      return IntStream.range(0, names.size())
          .anyMatch(t -> possible[session * names.size() + t] > 0);
    }

    int sessionsOf(int target) {
      return (int)
          IntStream.range(0, sessions())
              .filter(s -> possible[s * names.size() + target] > 0)
              .count();
    }

    int itemsOf(int target) {
      return IntStream.range(0, sessions()).map(s -> possible[s * names.size() + target]).sum();
    }

    private int width() {
      return names.size() * (2 + 2 * lists.size());
    }

    private void add(int session, double[] total) {
      for (int t = 0; t < names.size(); t++) {
        int row = session * names.size() + t;
        int at = t * (2 + 2 * lists.size());
        total[at] += possible[row];
        total[at + 1] += possible[row] > 0 ? 1 : 0;
        for (int l = 0; l < lists.size(); l++) {
          total[at + 2 + l] += hits[row * lists.size() + l];
          total[at + 2 + lists.size() + l] += reciprocals[row * lists.size() + l];
        }
      }
    }

    double[] total() {
      double[] total = new double[width()];
      for (int s = 0; s < sessions(); s++) {
        add(s, total);
      }
      return total;
    }

    /// Returns recalls, [rows x lists], and behind them mrr, [targets x lists], of sums.
    double[] means(double[] total) {
      int behind = rows() * lists.size();
      double[] means = new double[behind + names.size() * lists.size()];
      for (int t = 0; t < names.size(); t++) {
        int at = t * (2 + 2 * lists.size());
        for (int l = 0; l < lists.size(); l++) {
          double recall = total[at + 2 + l] / total[at];
          means[t * lists.size() + l] = recall;
          means[behind + t * lists.size() + l] = total[at + 2 + lists.size() + l] / total[at + 1];
          if (rows() > names.size()) {
            means[names.size() * lists.size() + l] +=
                WEIGHTS.getOrDefault(names.get(t), 0.0) * recall;
          }
        }
      }
      return means;
    }

    double[][] resampled(int samples, long seed, Workers workers) {
      double[][] means = new double[sessions() == 0 ? 0 : samples][];
      workers.forEach(
          means.length,
          b -> {
            SplittableRandom random = new SplittableRandom(SeededRandom.resample(seed, b));
            double[] total = new double[width()];
            for (int i = 0; i < sessions(); i++) {
              add(random.nextInt(sessions()), total);
            }
            means[b] = means(total);
          });
      return means;
    }
  }
}
