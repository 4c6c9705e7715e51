package io.kaseb.train;

import io.kaseb.base.Workers;
import io.kaseb.baseline.RankSources;
import io.kaseb.data.LabelledSessions;
import io.kaseb.event.Actions;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Makes a ranker's training rows of sessions that its sources have not seen, and measures trees on
/// the later part of them.
public final class RankerFit {
  private static final int MOST_EVENTS = 20_000;
  private static final double LEARNT = .75;
  private static final int CUTOFF = 20;

  private final List<List<Group>> learnt;
  private final List<List<Group>> held;

  private RankerFit(List<List<Group>> sessions) {
    int border = (int) Math.ceil(LEARNT * sessions.size());
    learnt = List.copyOf(sessions.subList(0, border));
    held = List.copyOf(sessions.subList(border, sessions.size()));
  }

  /// The candidates of one click.
  ///
  /// @param rows [candidates x features]
  /// @param wanted how many items there are to be found, candidates or not
  /// @param targets which of the candidates they are
  public record Group(float[][] rows, int wanted, int... targets) {}

  /// Says which items a session still acts on.
  @FunctionalInterface
  public interface Acted {
    /// Returns them, in the log's numbers; a negative one is an item that nobody clicked.
    ///
    /// @param session of the later sessions
    /// @param shown how many of its events came before, 1 or more
    Set<Integer> items(int session, int shown);
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
    return new RankerFit(
        workers.<List<Group>>map(later.count() - first, s -> session(sources, later, first + s)));
  }

  /// Finds candidates for clicks after which a session still acts on an item: the latest, of
  /// sessions with 20,000 events at most.
  ///
  /// @param sources counted and trained on earlier sessions alone
  /// @param later sessions in the order of time, all their events, labelled with the sources' items
  public static RankerFit of(
      RankSources sources, LabelledSessions later, Acted acted, Workers workers) {
    List<Integer> acting = new ArrayList<>();
    int events = 0;
    for (int s = later.count() - 1; s >= 0 && events < MOST_EVENTS; s--) {
      if (later.sessions().length(s) > 0 && !acted.items(s, 1).isEmpty()) {
        acting.addFirst(s);
        events += later.sessions().length(s);
      }
    }
    return new RankerFit(
        workers.<List<Group>>map(
            acting.size(), i -> session(sources, later, acted, acting.get(i))));
  }

  private static List<Group> session(RankSources sources, Sessions later, int s) {
    List<Group> groups = new ArrayList<>();
    SessionState state = sources.newSession();
    for (int e = later.start(s); e + 1 < later.end(s); e++) {
      sources.click(state, later.items()[e]);
      groups.add(group(sources, state, 1, Set.of(later.items()[e + 1])));
    }
    return groups;
  }

  private static List<Group> session(
      RankSources sources, LabelledSessions later, Acted acted, int s) {
    List<Group> groups = new ArrayList<>();
    SessionState state = sources.newSession();
    int from = later.sessions().start(s);
    for (int e = from; e < later.sessions().end(s); e++) {
      if (later.signals().action(e) != Actions.VIEW || later.item(e) < 0) {
        continue;
      }
      sources.click(state, later.item(e));
      Set<Integer> items = acted.items(s, e - from + 1);
      if (items.isEmpty()) {
        break;
      }
      Set<Integer> own = new HashSet<>();
      items.forEach(item -> own.add(later.index(item)));
      groups.add(group(sources, state, items.size(), own));
    }
    return groups;
  }

  private static Group group(
      RankSources sources, SessionState state, int wanted, Set<Integer> items) {
    RankSources.Found found = sources.find(state);
    int[] targets =
        IntStream.range(0, found.items().length)
            .filter(c -> items.contains(found.items()[c]))
            .toArray();
    return new Group(found.rows(), wanted, targets);
  }

  /// Returns the clicks to learn from, of whose items one or more are candidates.
  public List<Group> learnt() {
    return known(learnt);
  }

  /// Returns later clicks to stop by.
  public List<Group> held() {
    return known(held);
  }

  private static List<Group> known(Collection<List<Group>> sessions) {
    return sessions.stream().flatMap(List::stream).filter(g -> g.targets.length > 0).toList();
  }

  /// Returns the number of sessions to learn from with a candidate among the items to be found.
  public int sessions() {
    return (int)
        learnt.stream().filter(s -> s.stream().anyMatch(g -> g.targets.length > 0)).count();
  }

  /// How far trees are ahead of others on the held part, in mrr@20 of the first item found.
  ///
  /// @param sessions that act
  /// @param clicks before they do
  /// @param recall share of the items that were candidates
  /// @param others mrr@20 of the others
  /// @param own mrr@20 of the trees
  /// @param error standard error of the difference, over sessions
  public record Gain(
      int sessions, int clicks, double recall, double others, double own, double error) {
    /// Returns whether the trees are ahead by more than their standard error.
    public boolean isEarned() {
      return own - others > error;
    }
  }

  /// Compares trees with others on the held part; of equal scores the targets are the last.
  public Gain gain(Score others, Score trees) {
    int clicks = 0;
    double wanted = 0;
    double found = 0;
    double[] sums = new double[2];
    double[] ahead = new double[held.size()];
    for (int s = 0; s < ahead.length; s++) {
      for (Group group : held.get(s)) {
        clicks++;
        wanted += group.wanted;
        found += group.targets.length;
        double other = group.targets.length == 0 ? 0 : reciprocal(group, others);
        double own = group.targets.length == 0 ? 0 : reciprocal(group, trees);
        sums[0] += other;
        sums[1] += own;
        ahead[s] += own - other;
      }
    }
    int n = Math.max(1, clicks);
    double mean = (sums[1] - sums[0]) / n;
    double squares = 0;
    for (int s = 0; s < ahead.length; s++) {
      double apart = ahead[s] - mean * held.get(s).size();
      squares += apart * apart;
    }
    return new Gain(
        held.size(),
        clicks,
        found / Math.max(1, wanted),
        sums[0] / n,
        sums[1] / n,
        Math.sqrt(squares) / n);
  }

  /// Scores a candidate's row; higher is likelier.
  @FunctionalInterface
  public interface Score {
    /// The hybrid's own.
    Score HYBRID = row -> row[RankSources.HYBRID];

    /// Returns the score.
    float of(float[] row);
  }

  /// Returns one over the place of the first target.
  private static double reciprocal(Group group, Score score) {
    float best = Float.NEGATIVE_INFINITY;
    for (int target : group.targets) {
      best = Math.max(best, score.of(group.rows[target]));
    }
    // Other targets of the same score do not push it down, whatever else does.
    int rank = 1;
    for (int c = 0; c < group.rows.length; c++) {
      int at = c;
      boolean isTarget = IntStream.of(group.targets).anyMatch(target -> target == at);
      rank += !isTarget && score.of(group.rows[c]) >= best ? 1 : 0;
    }
    return rank <= CUTOFF ? 1.0 / rank : 0;
  }
}
