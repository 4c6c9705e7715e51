package io.kaseb.tune.pruner;

/// What a free worker does next.
public sealed interface Decision {
  /// A new trial.
  ///
  /// @param from steps that its parent's state already has, 0 for a start from nothing
  /// @param until steps to do before the pruner decides again
  /// @param bracket the pruner's own mark, or -1
  record Start(int from, int until, int bracket) implements Decision {}

  /// A paused trial goes on.
  ///
  /// @param trial its id
  /// @param until steps to have done before the pruner decides again
  record Continue(int trial, int until) implements Decision {}

  /// Nothing, until a running trial ends; where none runs, the study is over.
  record Nothing() implements Decision {}
}
