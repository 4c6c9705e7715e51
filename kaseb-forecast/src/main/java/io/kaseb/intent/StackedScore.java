package io.kaseb.intent;

import java.util.Arrays;

/// Turns hand features and the networks' log odds into the log odds of a session to buy, or of an
/// item to be bought (stacking, Wolpert 1992).
///
/// @param boosted trees over hand features and the networks' log odds
/// @param trees trees over hand features alone
/// @param logistic regression on hand features alone
/// @param mix what blends networks, boosted trees and regression
public record StackedScore(
    TreeEnsemble boosted, TreeEnsemble trees, Logistic logistic, LogOddsBlend mix) {

  /// Returns the same with another regression and another blend.
  public StackedScore with(Logistic other, LogOddsBlend blend) {
    return new StackedScore(boosted, trees, other, blend);
  }

  /// Returns the log odds by a kind of forecast that hand features have a part in.
  ///
  /// @param row hand features, then the networks' log odds; further ones may follow
  double of(PurchaseKind kind, float[] row) {
    int hand = logistic.features();
    return switch (kind) {
      case BOOSTED -> boosted.score(row);
      case BLEND -> mix.of(row[hand], boosted.score(row), logistic.score(row));
      case TREES -> trees.score(Arrays.copyOf(row, hand));
      case LOGISTIC -> logistic.score(row);
      case GRU, CLICKS, EVERY_ITEM ->
          throw new IllegalArgumentException("a forecast by " + kind.key() + " stacks nothing");
    };
  }
}
