package io.kaseb.eval;

import java.util.stream.IntStream;

/// Scores with their labels in descending order, for metrics of a ranking. Each row belongs to a
/// session, whose weight is how often the session was drawn: 1 for the plain figure, any whole
/// number in a bootstrap resample.
final class RankedScores {
  private final int[] session;
  private final boolean[] positive;
  private final boolean[] endsTie;

  /// Sorts rows.
  ///
  /// @param session the session of each row
  RankedScores(double[] scores, boolean[] positive, int[] session) {
    int n = scores.length;
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted((a, b) -> Double.compare(scores[b], scores[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    this.session = new int[n];
    this.positive = new boolean[n];
    this.endsTie = new boolean[n];
    for (int i = 0; i < n; i++) {
      this.session[i] = session[order[i]];
      this.positive[i] = positive[order[i]];
      endsTie[i] = i + 1 == n || scores[order[i]] != scores[order[i + 1]];
    }
  }

  /// Returns whether all scores are the same: nothing is ranked.
  boolean isConstant() {
    int ties = 0;
    for (boolean ends : endsTie) {
      ties += ends ? 1 : 0;
    }
    return ties < 2;
  }

  /// Returns the area under the ROC curve: the probability that a positive scores above a negative,
  /// ties counting half (Hanley and McNeil 1982). NaN with one class only.
  double auc(int[] weights) {
    double above = 0;
    double positives = 0;
    double area = 0;
    double tiedPositives = 0;
    double tiedNegatives = 0;
    for (int i = 0; i < session.length; i++) {
      double w = weights[session[i]];
      if (positive[i]) {
        tiedPositives += w;
      } else {
        tiedNegatives += w;
      }
      if (endsTie[i]) {
        area += tiedNegatives * (above + tiedPositives / 2);
        above += tiedPositives;
        positives += tiedPositives;
        tiedPositives = 0;
        tiedNegatives = 0;
      }
    }
    double negatives = total(weights) - positives;
    return positives == 0 || negatives == 0 ? Double.NaN : area / (positives * negatives);
  }

  /// Returns the average precision: the mean, over positives, of the precision at their rank; tied
  /// rows share the precision of the whole tie. NaN without positives.
  double averagePrecision(int[] weights) {
    double seen = 0;
    double hits = 0;
    double sum = 0;
    double tiedHits = 0;
    for (int i = 0; i < session.length; i++) {
      double w = weights[session[i]];
      seen += w;
      tiedHits += positive[i] ? w : 0;
      if (endsTie[i]) {
        hits += tiedHits;
        sum += tiedHits == 0 ? 0 : tiedHits * hits / seen;
        tiedHits = 0;
      }
    }
    return hits == 0 ? Double.NaN : sum / hits;
  }

  private double total(int[] weights) {
    double sum = 0;
    for (int s : session) {
      sum += weights[s];
    }
    return sum;
  }
}
