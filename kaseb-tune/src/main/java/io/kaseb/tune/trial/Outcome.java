package io.kaseb.tune.trial;

import java.util.Arrays;
import java.util.List;

/// What an objective returns.
///
/// @param values one for each goal of the study
/// @param constraints each is kept where it is 0 or less, as in `p99 - 2.0` for "p99 under 2 ms"
/// @param valueErrors the standard error of each value, 0 where it has none; empty where none has
/// @param constraintErrors the standard error of what each constraint is about; empty likewise
public record Outcome(
    List<Double> values,
    List<Double> constraints,
    List<Double> valueErrors,
    List<Double> constraintErrors) {
  /// How many standard errors a noisy value is given to either side: of those that are measured
  /// anew, 95 % are no further off.
  public static final double MARGIN = 2;

  /// Copies the lists.
  public Outcome {
    values = List.copyOf(values);
    constraints = List.copyOf(constraints);
    valueErrors = checked("values", values, valueErrors);
    constraintErrors = checked("constraints", constraints, constraintErrors);
  }

  /// Creates an outcome that has no noise.
  ///
  /// @param values one for each goal of the study, in the goals' own units
  /// @param constraints by how much each constraint is broken, in its own unit; 0 or less where it
  ///   is kept
  public Outcome(List<Double> values, List<Double> constraints) {
    this(values, constraints, List.of(), List.of());
  }

  private static List<Double> checked(String what, List<Double> of, List<Double> errors) {
    if (!errors.isEmpty() && errors.size() != of.size()) {
      throw new IllegalArgumentException(
          errors.size() + " standard errors of " + of.size() + " " + what);
    }
    return List.copyOf(errors);
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
    return new Outcome(values, Arrays.stream(excesses).boxed().toList(), valueErrors, List.of());
  }

  /// {@return the same with constraints on noisy values: one is broken where its value is over the
  /// bound by more than [#MARGIN] standard errors, so that noise alone throws no trial away}
  ///
  /// @param excesses by how much each value, as measured, is over its bound
  /// @param errors the standard error of each
  public Outcome within(double[] excesses, double[] errors) {
    double[] sure = new double[excesses.length];
    Arrays.setAll(sure, i -> excesses[i] - MARGIN * errors[i]);
    return new Outcome(
        values,
        Arrays.stream(sure).boxed().toList(),
        valueErrors,
        Arrays.stream(errors).boxed().toList());
  }

  /// {@return the same with the standard error of each value}
  ///
  /// @param errors one for each goal, in the goals' own units, 0 for a value without noise
  public Outcome withErrors(double... errors) {
    return new Outcome(
        values, constraints, Arrays.stream(errors).boxed().toList(), constraintErrors);
  }

  /// {@return the standard error of a value, 0 where it has none}
  ///
  /// @param goal its place among the goals, from 0
  public double valueError(int goal) {
    return valueErrors.isEmpty() ? 0 : valueErrors.get(goal);
  }

  /// {@return the standard error of what a constraint is about, 0 where it has none}
  ///
  /// @param constraint its place among the constraints, from 0
  public double constraintError(int constraint) {
    return constraintErrors.isEmpty() ? 0 : constraintErrors.get(constraint);
  }

  /// {@return by how much a value, as measured, is over its bound; below 0 where it is under it}
  ///
  /// @param constraint its place among the constraints, from 0
  public double excess(int constraint) {
    return constraints.get(constraint) + MARGIN * constraintError(constraint);
  }

  /// {@return whether a constraint is kept by [#MARGIN] standard errors, so that noise alone cannot
  /// have made it look kept}
  ///
  /// @param constraint its place among the constraints, from 0
  public boolean surelyKept(int constraint) {
    return excess(constraint) + MARGIN * constraintError(constraint) <= 0;
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
