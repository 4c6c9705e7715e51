package io.kaseb.eval;

import io.kaseb.base.KasebException;
import io.kaseb.base.Workers;
import java.util.List;

/// How to evaluate.
///
/// @param cutoffs the `k` of recall@k and so on, ascending, each 1 to 1000
/// @param ties how equal scores count
/// @param threads threads, 1 to 256; the figures do not depend on it
/// @param bootstrapSamples resamples behind each interval, 0 for none
/// @param seed fixes the resamples
public record EvalConfig(
    List<Integer> cutoffs, Ties ties, int threads, int bootstrapSamples, long seed) {
  /// Checks the ranges.
  public EvalConfig {
    cutoffs = List.copyOf(cutoffs);
    if (cutoffs.isEmpty()) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("at"), null, "at least one cut-off, as in 20", null));
    }
    int before = 0;
    for (int k : cutoffs) {
      if (k <= before || k > 1000) {
        throw KasebException.ofSetting("at", cutoffs, "cut-offs that ascend within 1..1000");
      }
      before = k;
    }
    Workers.of(threads);
    if (bootstrapSamples < 0 || bootstrapSamples > 100_000) {
      throw new KasebException(
          new KasebException.Problem(
              "bootstrap samples", Integer.toString(bootstrapSamples), "0..100000", null));
    }
  }

  /// Returns cut-offs 1, 5, 10, 20, conservative ties, all cores and 1,000 resamples.
  public static EvalConfig defaults() {
    int threads = Workers.ofAllCores().threads();
    return new EvalConfig(List.of(1, 5, 10, 20), Ties.CONSERVATIVE, threads, 1_000, 1);
  }

  /// Returns the same with another number of threads.
  public EvalConfig withThreads(int n) {
    return new EvalConfig(cutoffs, ties, n, bootstrapSamples, seed);
  }

  /// Returns the threads.
  public Workers workers() {
    return Workers.of(threads);
  }

  /// Returns the largest cut-off.
  public int deepest() {
    return cutoffs.getLast();
  }
}
