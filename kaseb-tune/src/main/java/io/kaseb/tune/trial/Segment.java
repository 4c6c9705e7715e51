package io.kaseb.tune.trial;

/// A part of a trial between two decisions of the pruner.
///
/// @param number its place in the study's order of work, from 0
/// @param knownEnded how many segments, in that order, had ended before this one was decided; what
///   makes deterministic studies repeatable
/// @param from steps done before
/// @param until steps that will be done after
public record Segment(int number, int knownEnded, int from, int until) {
  /// Checks the steps.
  public Segment {
    if (from < 0 || until <= from) {
      throw new IllegalArgumentException("segment from step " + from + " until " + until);
    }
  }
}
