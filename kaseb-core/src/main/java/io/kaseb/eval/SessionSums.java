package io.kaseb.eval;

import java.util.ArrayList;
import java.util.List;

/// The sums of recall, mrr and ndcg over the events of each test session. Sessions without a
/// prediction stand there with 0 events, so that two models' sums stay paired.
public final class SessionSums {
  private final List<String> names;
  private final int[] events;
  private final double[] sums;

  /// Creates sums of 0.
  ///
  /// @param sessions number of test sessions
  public SessionSums(List<Integer> cutoffs, int sessions) {
    List<String> names = new ArrayList<>();
    for (String metric : List.of("recall", "mrr", "ndcg")) {
      for (int k : cutoffs) {
        names.add(metric + "@" + k);
      }
    }
    this.names = List.copyOf(names);
    events = new int[sessions];
    sums = new double[sessions * names.size()];
  }

  /// Returns the metrics' names in column order.
  public List<String> names() {
    return names;
  }

  /// Returns the number of test sessions.
  public int sessions() {
    return events.length;
  }

  /// Returns the predictions made in a session.
  public int events(int session) {
    return events[session];
  }

  /// Returns a session's sum of a metric.
  ///
  /// @param column index in [#names()]
  public double sum(int session, int column) {
    return sums[session * names.size() + column];
  }

  /// Adds one event of a session; each session is one thread's.
  public void add(int session, double rank, List<Integer> cutoffs) {
    events[session]++;
    int at = session * names.size();
    int width = cutoffs.size();
    for (int c = 0; c < width; c++) {
      if (rank <= cutoffs.get(c)) {
        sums[at + c] += 1;
        sums[at + width + c] += 1 / rank;
        sums[at + 2 * width + c] += Math.log(2) / Math.log(1 + rank);
      }
    }
  }
}
