package io.kaseb.trial;

import io.kaseb.eval.SessionSums;
import java.util.Arrays;

/// What one training came to on the test part, as kept in a file.
///
/// @param config what was trained
/// @param events events of each test session
/// @param mrr sum of mrr@20 over each session's events
/// @param recall sum of recall@20
public record TestResult(String config, int[] events, double[] mrr, double[] recall) {
  /// Returns the result of a configuration from its evaluation.
  public static TestResult of(String config, SessionSums sums) {
    int n = sums.sessions();
    TestResult result = new TestResult(config, new int[n], new double[n], new double[n]);
    int mrr = sums.names().indexOf("mrr@20");
    int recall = sums.names().indexOf("recall@20");
    for (int s = 0; s < n; s++) {
      result.events[s] = sums.events(s);
      result.mrr[s] = sums.sum(s, mrr);
      result.recall[s] = sums.sum(s, recall);
    }
    return result;
  }

  /// Returns how many events there are in all.
  public long allEvents() {
    return Arrays.stream(events).asLongStream().sum();
  }

  /// Returns the mean over all events of sums of a metric over each session's.
  public double mean(double[] sums) {
    return Arrays.stream(sums).sum() / Math.max(1, allEvents());
  }
}
