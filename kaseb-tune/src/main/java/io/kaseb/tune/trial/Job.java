package io.kaseb.tune.trial;

/// A stretch of a trial's work between two decisions of the pruner.
///
/// @param number its place in the study's order of work, from 0
/// @param told how many jobs, in that order, had ended before this one was decided; what makes
///   deterministic studies repeatable
/// @param from steps done before
/// @param until steps that will be done after
public record Job(int number, int told, int from, int until) {
  /// Checks the steps.
  public Job {
    if (from < 0 || until <= from) {
      throw new IllegalArgumentException("job from step " + from + " until " + until);
    }
  }
}
