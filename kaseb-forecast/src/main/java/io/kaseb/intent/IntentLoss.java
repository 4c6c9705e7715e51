package io.kaseb.intent;

import io.kaseb.config.IntentConfig;

/// How much each part of the intent network's loss counts.
///
/// @param session the two session heads together
/// @param soFar share of that for the head of running sessions, a mean over all steps; the rest is
///   for the head of finished sessions
/// @param item the item head, over the items of buyers, a mean for each buyer
/// @param nextItem the next-item loss, a mean over a session's steps; 0 for none
/// @param positive weight of buyers among sessions; their log odds then come out higher by its
///   logarithm, which calibration takes back
/// @param dropout share of a state's units that the heads do not see
public record IntentLoss(
    float session, float soFar, float item, float nextItem, float positive, float dropout) {
  /// Returns what a configuration says.
  public static IntentLoss of(IntentConfig config) {
    return new IntentLoss(
        1,
        config.intentSoFar(),
        config.intentItemLoss(),
        config.intentNextItem(),
        config.intentPositiveWeight(),
        config.intentDropout());
  }
}
