package io.kaseb.tune.trial;

import java.util.Arrays;
import java.util.List;

/// What an objective returns.
///
/// @param values one for each goal of the study
/// @param constraints each is kept where it is 0 or less, as in `p99 - 2.0` for "p99 under 2 ms"
public record Outcome(List<Double> values, List<Double> constraints) {
  /// Copies the lists.
  public Outcome {
    values = List.copyOf(values);
    constraints = List.copyOf(constraints);
  }

  /// Creates an outcome without constraints.
  ///
  /// @param values one for each goal of the study, in the goals' own units
  /// @return an outcome that every constraint allows
  public static Outcome of(double... values) {
    return new Outcome(Arrays.stream(values).boxed().toList(), List.of());
  }

  /// {@return the same with constraints; each is kept where it is 0 or less}
  ///
  /// @param excesses by how much each constraint is broken, in its own unit
  public Outcome within(double... excesses) {
    return new Outcome(values, Arrays.stream(excesses).boxed().toList());
  }

  /// {@return by how much constraints are broken in all, 0 where all are kept}
  public double violation() {
    double sum = 0;
    for (double excess : constraints) {
      sum += Math.max(0, excess);
    }
    return sum;
  }
}
