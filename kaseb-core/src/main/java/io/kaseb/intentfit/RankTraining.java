package io.kaseb.intentfit;

import io.kaseb.intent.TreeEnsemble;
import java.util.List;

/// Trains trees that put candidates in order (LambdaMART; Burges 2010).
public final class RankTraining {
  private RankTraining() {}

  /// Candidates of one choice.
  ///
  /// @param rows [candidates x features]
  /// @param targets those that were chosen
  public record Choice(float[][] rows, int... targets) {}

  /// Trains trees; keeps as many of them as rank the held choices best.
  ///
  /// @param held later choices; empty for all trees
  /// @param features numbers of a row
  public static TreeEnsemble train(
      List<Choice> learnt, List<Choice> held, int features, int threads, long seed) {
    return TreeTraining.rank(learnt, held, features, threads, seed);
  }
}
