package io.kaseb.intentfit;

import io.kaseb.base.Workers;
import io.kaseb.intent.HandFeatures;
import io.kaseb.intent.IntentFollower;
import io.kaseb.intent.IntentState;
import io.kaseb.tune.math.SeededRandom;
import java.util.SplittableRandom;

/// Feature rows of sessions and of buyers' items, for boosted trees and logistic regression.
final class TreeRows {
  private static final int MOST_OTHERS = 600_000;

  private final HandFeatures hand;
  private final long seed;
  final FeatureRows sessions;
  final FeatureRows items;

  TreeRows(HandFeatures hand, long seed) {
    this.hand = hand;
    this.seed = seed;
    sessions = new FeatureRows(hand.session + 1, 1024);
    items = new FeatureRows(hand.item + 2, 1024);
  }

  /// Adds the rows of sessions `s` with `s % folds == fold`: each finished, and after one of its
  /// events at half the weight; of very many sessions that do not buy a random part, which then
  /// counts for all.
  void collect(IntentFollower probe, Examples examples, int folds, int fold, Workers workers) {
    double most = Math.max(1, examples.count() - examples.labelled().purchases().buyers());
    double keep = Math.min(1, MOST_OTHERS / most);
    int chunks = (examples.count() + 9_999) / 10_000;
    workers
        .<TreeRows>map(chunks, c -> chunk(probe, examples, c, folds, fold, keep))
        .forEach(
            part -> {
              sessions.addAll(part.sessions);
              items.addAll(part.items);
            });
  }

  private TreeRows chunk(
      IntentFollower probe, Examples examples, int c, int folds, int fold, double keep) {
    TreeRows out = new TreeRows(hand, seed);
    IntentState session = probe.newSession();
    int to = Math.min(examples.count(), (c + 1) * 10_000);
    for (int s = c * 10_000; s < to; s++) {
      int events = examples.labelled().sessions().length(s);
      boolean buys = examples.labelled().purchases().any(s);
      SplittableRandom random = new SplittableRandom(SeededRandom.join(s, seed));
      boolean isOut = !buys && random.nextDouble() >= keep;
      if (events == 0 || s % folds != fold || isOut) {
        continue;
      }
      float weight = (float) (buys ? 1 : 1 / keep);
      int prefix = SessionRanges.prefix(seed, s, events);
      examples.follow(
          s,
          session,
          () -> {
            if (session.events() == prefix) {
              out.sessions.add(session.sessionRow(false), buys, weight / 2);
            }
          });
      out.sessions.add(session.sessionRow(true), buys, weight);
      for (int i = 0; buys && i < session.distinct(); i++) {
        boolean bought = examples.labelled().purchases().bought(s, session.key(i));
        out.items.add(session.itemRow(i), bought, 1f / session.distinct());
      }
    }
    return out;
  }
}
