package io.kaseb.intentfit;

import io.kaseb.base.Workers;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentState;
import io.kaseb.intent.PurchaseKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Every kind's scores of the sessions held back.
final class HeldScores {
  final double[][] over;
  final double[][] soFar;
  final boolean[] buys;
  private final List<List<double[]>> items = new ArrayList<>();

  HeldScores(IntentModel model, Examples examples, long seed, Workers workers) {
    int[] used =
        IntStream.range(0, examples.count())
            .filter(s -> examples.labelled().sessions().length(s) > 0)
            .toArray();
    int n = used.length;
    int kinds = PurchaseKind.values().length;
    over = new double[kinds][n];
    soFar = new double[kinds][n];
    buys = new boolean[n];
    for (int i = 0; i < n; i++) {
      items.add(List.of());
    }
    workers.forRanges(
        n, SessionRanges.SIZE, (from, to) -> range(model, examples, used, from, to, seed));
  }

  private void range(
      IntentModel model, Examples examples, int[] used, int from, int to, long seed) {
    IntentState session = model.newSession();
    for (int i = from; i < to; i++) {
      int s = used[i];
      int at = i;
      buys[i] = examples.labelled().purchases().any(s);
      int prefix = SessionRanges.prefix(seed, s, examples.labelled().sessions().length(s));
      examples.follow(
          s,
          session,
          () -> {
            if (session.events() == prefix) {
              for (PurchaseKind kind : model.kinds()) {
                soFar[kind.ordinal()][at] = model.sessionScore(session, kind, false);
              }
            }
          });
      List<double[]> rows = new ArrayList<>();
      for (int j = 0; buys[i] && j < session.distinct(); j++) {
        double[] row = new double[PurchaseKind.values().length + 1];
        for (PurchaseKind kind : model.kinds()) {
          row[kind.ordinal()] = model.itemScore(session, kind, j);
        }
        boolean bought = examples.labelled().purchases().bought(s, session.key(j));
        row[row.length - 1] = bought ? 1 : 0;
        rows.add(row);
      }
      items.set(i, rows);
      for (PurchaseKind kind : model.kinds()) {
        over[kind.ordinal()][i] = model.sessionScore(session, kind, true);
      }
    }
  }

  double[] items(int kind) {
    return items.stream().flatMap(List::stream).mapToDouble(row -> row[kind]).toArray();
  }

  boolean[] bought() {
    double[] labels = items(PurchaseKind.values().length);
    boolean[] bought = new boolean[labels.length];
    for (int i = 0; i < bought.length; i++) {
      bought[i] = labels[i] > .5;
    }
    return bought;
  }
}
