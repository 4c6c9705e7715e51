package io.kaseb.eval;

/// The score of the RecSys Challenge 2015, from sums that can be added up over sessions: for each
/// session named, +|Sb| / |S| if it bought and -|Sb| / |S| if not, plus the Jaccard overlap of the
/// answered and the bought items where it bought. |Sb| / |S| is the share of buying sessions.
///
/// @param sessions all sessions, |S|
/// @param buyers sessions that bought, |Sb|
/// @param submitted sessions named
/// @param hit sessions named that bought
/// @param overlap sum of the Jaccard overlaps over those
public record ChallengeScore(
    double sessions, double buyers, double submitted, double hit, double overlap) {
  /// Adds up the answers to sessions whose outcome is known.
  public static ChallengeScore of(Outcomes outcomes, PurchaseForecasts forecasts) {
    int submitted = 0;
    int hit = 0;
    double overlap = 0;
    for (int s = 0; s < outcomes.sessions(); s++) {
      if (forecasts.submitted()[s]) {
        submitted++;
        if (outcomes.buys()[s]) {
          hit++;
          overlap += outcomes.jaccard(s, forecasts.chosen());
        }
      }
    }
    return new ChallengeScore(outcomes.sessions(), outcomes.buyers(), submitted, hit, overlap);
  }

  /// Returns the share of buying sessions; 0 without sessions.
  public double buyerShare() {
    return sessions == 0 ? 0 : buyers / sessions;
  }

  /// Returns the score.
  public double score() {
    return buyerShare() * (hit - (submitted - hit)) + overlap;
  }

  /// Returns the highest score that any answers can have: all buyers named, with all their items.
  public double max() {
    return buyers * (buyerShare() + 1);
  }

  /// Returns the mean Jaccard overlap of the sessions hit; 0 without any.
  public double meanJaccard() {
    return hit == 0 ? 0 : overlap / hit;
  }
}
