package io.kaseb.baseline;

import io.kaseb.config.KnnSettings;
import io.kaseb.model.Sessions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// V-SkNN, STAN and VSTAN as their descriptions read, without any index: every session is looked
/// at.
final class NaiveSessionKnn {
  private record Neighbour(int session, double similarity) {}

  private NaiveSessionKnn() {}

  /// Scores all items after some clicks.
  static double[] scores(int items, Sessions train, KnnSettings settings, int... clicks) {
    return scores(items, train, (session, item) -> 1, settings, clicks);
  }

  /// What a neighbour's item counts.
  interface Weight {
    double of(int session, int item);
  }

  /// Scores all items after some clicks.
  static double[] scores(
      int items, Sessions train, Weight weight, KnnSettings settings, int... clicks) {
    int from = Math.max(0, clicks.length - settings.clicks());
    int[] seen = Arrays.copyOfRange(clicks, from, clicks.length);
    List<Set<Integer>> sessions = new ArrayList<>();
    for (int s = 0; s < train.count(); s++) {
      sessions.add(
          Arrays.stream(train.items(), train.start(s), train.end(s))
              .boxed()
              .collect(Collectors.toSet()));
    }
    Map<Integer, Double> weights = new LinkedHashMap<>();
    for (int i = 0; i < seen.length; i++) {
      double fall = Math.exp((i + 1 - seen.length) / settings.lambdaSpw());
      weights.put(
          seen[i],
          settings.lambdaSpw() > 0 ? fall : settings.weighting().place(i + 1, seen.length));
    }
    List<Neighbour> sample = new ArrayList<>();
    for (int s = sessions.size() - 1; s >= 0 && sample.size() < settings.sample(); s--) {
      Set<Integer> shared = new HashSet<>(sessions.get(s));
      shared.retainAll(weights.keySet());
      if (!shared.isEmpty()) {
        double sum = shared.stream().mapToDouble(weights::get).sum();
        double similarity =
            sum / weights.size() / Math.pow(sessions.get(s).size(), settings.norm());
        long[] times = train.times();
        if (settings.lambdaSnh() > 0 && times != null) {
          long latest = Arrays.stream(times).max().orElseThrow();
          double days = (latest - times[train.end(s) - 1]) / 86_400_000.0;
          similarity *= Math.exp(-days / settings.lambdaSnh());
        }
        sample.add(new Neighbour(s, similarity));
      }
    }
    // Newest first already, and the sort keeps that order among equals.
    sample.sort((a, b) -> Float.compare((float) b.similarity, (float) a.similarity));
    double[] scores = new double[items];
    for (Neighbour n : sample.subList(0, Math.min(settings.k(), sample.size()))) {
      int ago = 1;
      while (!sessions.get(n.session).contains(seen[seen.length - ago])) {
        ago++;
      }
      List<Integer> order = byLastClick(train, n.session);
      int shared = order.indexOf(seen[seen.length - ago]);
      for (int item : sessions.get(n.session)) {
        long holders = sessions.stream().filter(set -> set.contains(item)).count();
        double idf = Math.log((double) sessions.size() / holders);
        scores[item] +=
            weight.of(n.session, item)
                * n.similarity
                * (settings.lambdaIpw() > 0
                    ? Math.exp(-(ago - 1) / settings.lambdaIpw())
                    : settings.decay().ago(ago))
                * (settings.lambdaInh() > 0
                    ? Math.exp(-Math.abs(order.indexOf(item) - shared) / settings.lambdaInh())
                    : 1)
                * (1 + settings.idf() * idf);
      }
    }
    return scores;
  }

  /// Returns a session's items, each once, in order of their last clicks.
  private static List<Integer> byLastClick(Sessions train, int session) {
    List<Integer> order = new ArrayList<>();
    for (int e = train.start(session); e < train.end(session); e++) {
      int item = train.items()[e];
      order.removeIf(earlier -> earlier == item);
      order.add(item);
    }
    return order;
  }
}
