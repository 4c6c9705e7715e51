package io.kaseb.tune.trial;

import io.kaseb.tune.space.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Trials of equal parameters, taken together. Where results are noisy, the best of many single
/// ones is mostly luck; the mean of several results of one configuration is less so.
final class Repeats {
  /// Trials of one configuration that succeeded, by ascending id.
  ///
  /// @param loss their mean
  private record Group(List<Trial> trials, double loss) {}

  private Repeats() {}

  /// Returns trials in their order, where none that succeeded has the parameters of another. Else
  /// each configuration that succeeded stands there once, as its first trial with the mean of the
  /// results: first those that were measured at least half as often as the one that was measured
  /// most often, so that a single lucky result does not beat a mean.
  ///
  /// @param ranked best first
  static List<Trial> together(Goal goal, List<Trial> ranked) {
    Map<Parameters, List<Trial>> same = new LinkedHashMap<>();
    for (Trial trial : ranked) {
      if (trial.state() == TrialState.SUCCEEDED) {
        same.computeIfAbsent(trial.parameters(), p -> new ArrayList<>()).add(trial);
      }
    }
    int most = same.values().stream().mapToInt(List::size).max().orElse(0);
    if (most < 2) {
      return ranked;
    }
    List<Group> groups = new ArrayList<>();
    same.values().forEach(trials -> groups.add(group(goal, trials)));
    groups.sort(
        Comparator.comparing((Group group) -> 2 * group.trials().size() < most)
            .thenComparingDouble(Group::loss));
    List<Trial> together = new ArrayList<>();
    groups.forEach(group -> together.add(mean(group.trials())));
    Set<Parameters> known = new HashSet<>(same.keySet());
    ranked.stream().filter(t -> !known.contains(t.parameters())).forEach(together::add);
    return together;
  }

  private static Group group(Goal goal, List<Trial> trials) {
    trials.sort(Comparator.comparingInt(Trial::id));
    double loss = trials.stream().mapToDouble(t -> goal.loss(t.values().getFirst())).sum();
    return new Group(trials, loss / trials.size());
  }

  private static Trial mean(List<Trial> trials) {
    Trial first = trials.getFirst();
    Outcome outcome = first.outcome();
    if (trials.size() == 1 || outcome == null) {
      return first;
    }
    List<Double> means = new ArrayList<>();
    List<Double> errors = new ArrayList<>();
    for (int i = 0; i < first.values().size(); i++) {
      int goal = i;
      double[] values = trials.stream().mapToDouble(t -> t.values().get(goal)).toArray();
      double mean = Arrays.stream(values).average().orElseThrow();
      double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
      means.add(mean);
      errors.add(Math.sqrt(squares / (values.length - 1) / values.length));
    }
    String ids =
        trials.stream().map(t -> Integer.toString(t.id())).collect(Collectors.joining(", "));
    Outcome together =
        new Outcome(means, outcome.constraints(), errors, outcome.constraintErrors());
    return first.ended(first.state(), together, "mean of trials " + ids, first.seconds());
  }
}
