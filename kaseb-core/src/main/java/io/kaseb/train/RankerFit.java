package io.kaseb.train;

import io.kaseb.base.Workers;
import io.kaseb.baseline.RankSources;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import java.util.ArrayList;
import java.util.List;

/// Makes a ranker's training rows of sessions that its sources have not seen, and measures trees on
/// the later part of them.
public final class RankerFit {
  private static final int MOST_EVENTS = 20_000;
  private static final double LEARNT = .75;
  private static final int CUTOFF = 20;

  private final List<Group> learnt;
  private final List<Group> held;

  private RankerFit(List<Group> learnt, List<Group> held) {
    this.learnt = learnt;
    this.held = held;
  }

  /// The candidates of one click.
  ///
  /// @param rows [candidates x features]
  /// @param target which of them was clicked, -1 for none
  public record Group(float[][] rows, int target) {}

  /// Figures on the held part.
  ///
  /// @param recall share of clicks whose item was a candidate
  /// @param hybrid mrr@20 of the hybrid inside
  /// @param ranker mrr@20 of the trees
  public record Figures(int events, double recall, double hybrid, double ranker) {
    /// Says it in one line.
    public String describe() {
      return "candidates hold %.4f of the next items; mrr@20 %.4f, of the hybrid inside %.4f, on %d held-back clicks"
          .formatted(recall, ranker, hybrid, events);
    }
  }

  /// Finds candidates for clicks of some sessions: the latest, 20,000 clicks at most.
  ///
  /// @param sources counted and trained on earlier sessions alone
  /// @param later sessions in the order of time, in the sources' numbers
  public static RankerFit of(RankSources sources, Sessions later, Workers workers) {
    int from = later.count();
    int events = 0;
    while (from > 0 && events < MOST_EVENTS) {
      from--;
      events += Math.max(0, later.length(from) - 1);
    }
    int first = from;
    List<List<Group>> sessions =
        workers.<List<Group>>map(later.count() - first, s -> session(sources, later, first + s));
    List<Group> learnt = new ArrayList<>();
    List<Group> held = new ArrayList<>();
    int border = (int) Math.ceil(LEARNT * sessions.size());
    for (int s = 0; s < sessions.size(); s++) {
      (s < border ? learnt : held).addAll(sessions.get(s));
    }
    return new RankerFit(learnt, held);
  }

  private static List<Group> session(RankSources sources, Sessions later, int s) {
    List<Group> groups = new ArrayList<>();
    SessionState state = sources.newSession();
    for (int e = later.start(s); e + 1 < later.end(s); e++) {
      sources.click(state, later.items()[e]);
      RankSources.Found found = sources.find(state);
      int target = -1;
      for (int c = 0; c < found.items().length; c++) {
        target = found.items()[c] == later.items()[e + 1] ? c : target;
      }
      groups.add(new Group(found.rows(), target));
    }
    return groups;
  }

  /// Returns the clicks to learn from whose item is a candidate.
  public List<Group> learnt() {
    return learnt.stream().filter(g -> g.target >= 0).toList();
  }

  /// Returns later clicks to stop by.
  public List<Group> held() {
    return held.stream().filter(g -> g.target >= 0).toList();
  }

  /// Measures a score on the held part; of equal scores the target is the last.
  public Figures figures(Score trees) {
    int found = 0;
    double hybrid = 0;
    double ranker = 0;
    for (Group group : held) {
      if (group.target >= 0) {
        found++;
        hybrid += reciprocal(group, row -> row[RankSources.HYBRID]);
        ranker += reciprocal(group, trees);
      }
    }
    int n = Math.max(1, held.size());
    return new Figures(held.size(), (double) found / n, hybrid / n, ranker / n);
  }

  /// Scores a candidate's row; higher is likelier.
  @FunctionalInterface
  public interface Score {
    /// Returns the score.
    float of(float[] row);
  }

  private static double reciprocal(Group group, Score score) {
    float own = score.of(group.rows[group.target]);
    int rank = 0;
    for (float[] row : group.rows) {
      rank += score.of(row) >= own ? 1 : 0;
    }
    return rank <= CUTOFF ? 1.0 / rank : 0;
  }
}
