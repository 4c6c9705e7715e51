package io.kaseb.pipeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The protocols `rsc15` and `gru4rec` in plain Java, written apart from the SQL and only for
/// comparing with it.
final class NaiveProtocol {
  private static final long DAY = 86_400;

  /// A click; `row` is its place in the log, `second` its time.
  record Click(int session, long second, int item, int row) {}

  /// Sessions as item ids apart by blanks, ordered by start and then by place in the log.
  record Parts(List<String> train, List<String> test) {}

  private NaiveProtocol() {}

  static Parts rsc15(List<Click> log) {
    Map<Integer, List<Click>> sessions = sessions(log);
    sessions.values().removeIf(clicks -> clicks.size() < 2);
    Set<Integer> rare = rare(sessions);
    sessions.values().forEach(clicks -> clicks.removeIf(click -> rare.contains(click.item)));
    sessions.values().removeIf(clicks -> clicks.size() < 2);
    long last = last(sessions);
    Map<Integer, List<Click>> test = new LinkedHashMap<>(sessions);
    test.values().removeIf(clicks -> clicks.getLast().second < last - DAY);
    sessions.keySet().removeAll(test.keySet());
    Set<Integer> known =
        sessions.values().stream()
            .flatMap(List::stream)
            .map(Click::item)
            .collect(Collectors.toSet());
    test.values().forEach(clicks -> clicks.removeIf(click -> !known.contains(click.item)));
    test.values().removeIf(clicks -> clicks.size() < 2);
    return new Parts(words(sessions), words(test));
  }

  static Parts gru4rec(List<Click> log, int days) {
    Map<Integer, List<Click>> sessions = sessions(log);
    sessions.replaceAll((session, clicks) -> withoutRepeats(clicks));
    int before;
    do {
      before = sessions.values().stream().mapToInt(List::size).sum() + sessions.size();
      sessions.values().removeIf(clicks -> clicks.size() < 2);
      Set<Integer> rare = rare(sessions);
      sessions.values().forEach(clicks -> clicks.removeIf(click -> rare.contains(click.item)));
      sessions.values().removeIf(List::isEmpty);
    } while (before != sessions.values().stream().mapToInt(List::size).sum() + sessions.size());
    long border = last(sessions) - days * DAY;
    Map<Integer, List<Click>> test = new LinkedHashMap<>(sessions);
    test.values().removeIf(clicks -> clicks.getFirst().second < border);
    sessions.keySet().removeAll(test.keySet());
    sessions.values().forEach(clicks -> clicks.removeIf(click -> click.second >= border));
    sessions.values().removeIf(clicks -> clicks.size() < 2);
    test.values().removeIf(clicks -> clicks.size() < 2);
    return new Parts(words(sessions), words(test));
  }

  private static Map<Integer, List<Click>> sessions(List<Click> log) {
    Map<Integer, List<Click>> sessions = new LinkedHashMap<>();
    for (Click click : log) {
      sessions.computeIfAbsent(click.session, none -> new ArrayList<>()).add(click);
    }
    sessions
        .values()
        .forEach(
            clicks ->
                clicks.sort(Comparator.comparingLong(Click::second).thenComparingInt(Click::row)));
    return sessions;
  }

  private static List<Click> withoutRepeats(List<Click> clicks) {
    List<Click> kept = new ArrayList<>();
    for (Click click : clicks) {
      if (kept.isEmpty() || kept.getLast().item != click.item) {
        kept.add(click);
      }
    }
    return kept;
  }

  private static Set<Integer> rare(Map<Integer, List<Click>> sessions) {
    Map<Integer, Integer> support = new HashMap<>();
    sessions
        .values()
        .forEach(clicks -> clicks.forEach(c -> support.merge(c.item, 1, Integer::sum)));
    support.values().removeIf(count -> count >= 5);
    return support.keySet();
  }

  private static long last(Map<Integer, List<Click>> sessions) {
    return sessions.values().stream()
        .flatMap(List::stream)
        .mapToLong(Click::second)
        .max()
        .orElse(0);
  }

  private static List<String> words(Map<Integer, List<Click>> sessions) {
    return sessions.values().stream()
        .filter(clicks -> !clicks.isEmpty())
        .sorted(
            Comparator.<List<Click>>comparingLong(clicks -> clicks.getFirst().second)
                .thenComparingInt(
                    clicks -> clicks.stream().mapToInt(Click::row).min().orElseThrow()))
        .map(
            clicks ->
                clicks.stream()
                    .map(click -> Integer.toString(click.item))
                    .collect(Collectors.joining(" ")))
        .toList();
  }
}
