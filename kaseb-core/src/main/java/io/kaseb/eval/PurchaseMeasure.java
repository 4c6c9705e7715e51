package io.kaseb.eval;

import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.TrueChances;
import io.kaseb.intent.BestSet;
import io.kaseb.intent.IntentForecast;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentState;
import io.kaseb.intent.Payoff;
import io.kaseb.intent.PurchaseKind;
import io.kaseb.intentfit.Examples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Measures an intent model and its baselines on labelled sessions, in both views: `challenge`
/// (whole sessions) and `live` (what follows the first purchase cut).
public final class PurchaseMeasure {
  private static final int[] AFTER = {1, 2, 3, 5, 10};
  private static final int[] CUTS = {1, 2, 3, 5};
  private static final int CHUNK = 500;

  private final IntentModel model;
  private final Examples examples;
  private final int[] used;
  private final int[] offsets;
  private final boolean[] buys;
  private final boolean[] bought;
  private final int[] purchased;
  private final int[] before;
  private final Tables[] tables;

  /// One kind's forecasts.
  private static final class Tables {
    final double[] ranks;
    final double[] probability;
    final double[] itemRanks;
    final double[] items;
    final boolean[] submitted;
    final boolean[] chosen;
    final double[][] after = new double[AFTER.length][];
    final double[][] cuts = new double[CUTS.length][];
    final double[] highest;
    final double[][] rising;

    Tables(int sessions, int items) {
      ranks = new double[sessions];
      probability = new double[sessions];
      itemRanks = new double[items];
      this.items = new double[items];
      submitted = new boolean[sessions];
      chosen = new boolean[items];
      for (int k = 0; k < AFTER.length; k++) {
        after[k] = new double[sessions];
      }
      for (int k = 0; k < CUTS.length; k++) {
        cuts[k] = new double[sessions];
      }
      highest = new double[sessions];
      Arrays.fill(highest, Double.NEGATIVE_INFINITY);
      rising = new double[sessions][];
    }
  }

  /// Prepares to measure.
  ///
  /// @param live how many events of each session came before its first purchase
  private PurchaseMeasure(IntentModel model, Examples examples, int[] live) {
    this.model = model;
    this.examples = examples;
    LabelledSessions labelled = examples.labelled();
    // A session without an event in this view can be told nothing about.
    used =
        IntStream.range(0, labelled.count())
            .filter(s -> labelled.sessions().length(s) > 0)
            .toArray();
    offsets = new int[used.length + 1];
    buys = new boolean[used.length];
    purchased = new int[used.length];
    for (int i = 0; i < used.length; i++) {
      buys[i] = labelled.purchases().any(used[i]);
      purchased[i] = labelled.purchases().distinct(used[i]);
      int from = labelled.sessions().start(used[i]);
      int to = labelled.sessions().end(used[i]);
      int distinct =
          (int)
              Arrays.stream(labelled.sessions().items(), from, to)
                  .filter(item -> item != LabelledSessions.NO_ITEM)
                  .distinct()
                  .count();
      offsets[i + 1] = offsets[i] + distinct;
    }
    bought = new boolean[offsets[used.length]];
    before = Arrays.stream(used).map(s -> live[s]).toArray();
    tables = new Tables[PurchaseKind.values().length];
    for (PurchaseKind kind : model.kinds()) {
      tables[kind.ordinal()] = new Tables(used.length, bought.length);
    }
  }

  /// Measures a goal's forecast: purchases on both views, any other action on the live view alone,
  /// as whole sessions show their own label. The model's own forecast comes first in each view,
  /// baselines last.
  ///
  /// @param goal the action that `model` forecasts
  /// @param labelled test sessions in their log's numbers, labelled by purchases
  /// @param numbers the model's number of each item of that log
  /// @param truth the true probabilities of a purchase, where they are known: the last row of the
  ///   challenge view, `ceiling`
  /// @return nothing where no test session has the goal
  public static List<PurchaseEvaluation> measure(
      String goal,
      IntentModel model,
      LabelledSessions labelled,
      int[] numbers,
      @Nullable TrueChances truth,
      EvalConfig config,
      Progress progress) {
    boolean isPurchase = goal.equals(PurchaseEvaluation.PURCHASE);
    int action = labelled.signals().names().number(goal);
    if (!isPurchase && action < 0) {
      return List.of();
    }
    LabelledSessions sessions = isPurchase ? labelled : labelled.forGoal(action);
    if (sessions.purchases().buyers() == 0) {
      return List.of();
    }
    Examples cut = Examples.of(model, sessions.live(), numbers);
    int[] live = IntStream.range(0, cut.count()).map(cut.labelled().sessions()::length).toArray();
    List<PurchaseEvaluation> all = new ArrayList<>();
    if (isPurchase) {
      Examples whole = Examples.of(model, sessions, numbers);
      all.addAll(view(goal, "challenge", model, whole, live, truth, config, progress));
    }
    all.addAll(view(goal, "live", model, cut, live, null, config, progress));
    return all;
  }

  private static List<PurchaseEvaluation> view(
      String goal,
      String view,
      IntentModel model,
      Examples examples,
      int[] live,
      @Nullable TrueChances truth,
      EvalConfig config,
      Progress progress) {
    PurchaseMeasure measure = new PurchaseMeasure(model, examples, live);
    measure.run(config.workers(), progress);
    Outcomes outcomes =
        new Outcomes(measure.buys, measure.offsets, measure.bought, measure.purchased);
    List<PurchaseForecasts> forecasts = new ArrayList<>();
    for (PurchaseKind kind : model.kinds()) {
      forecasts.add(measure.forecasts(kind));
    }
    if (truth != null) {
      forecasts.add(measure.ceiling(truth));
    }
    List<PurchaseEvaluation> found = new ArrayList<>();
    for (PurchaseForecasts one : forecasts) {
      found.add(
          PurchaseMetrics.of(
              goal,
              view,
              outcomes,
              one,
              config.bootstrapSamples(),
              config.seed(),
              config.workers()));
    }
    return found;
  }

  /// Returns the forecasts and decisions of someone who knows the true probabilities.
  private PurchaseForecasts ceiling(TrueChances truth) {
    Payoff payoff = new Payoff.Challenge(model.buyerShare());
    Tables table = new Tables(used.length, bought.length);
    for (int i = 0; i < used.length; i++) {
      double[] items = Arrays.copyOfRange(truth.items(), offsets[i], offsets[i + 1]);
      BestSet set = model.bestSet(items);
      table.probability[i] = truth.sessions()[used[i]];
      System.arraycopy(items, 0, table.items, offsets[i], items.length);
      for (int j : set.items()) {
        table.chosen[offsets[i] + j] = true;
      }
      table.submitted[i] = payoff.pays(table.probability[i], set.expectedJaccard());
    }
    return new PurchaseForecasts(
        "ceiling", table.probability, table.items, table.submitted, table.chosen, List.of());
  }

  private void run(Workers workers, Progress progress) {
    Payoff payoff = new Payoff.Challenge(model.buyerShare());
    AtomicInteger done = new AtomicInteger();
    workers.forRanges(
        used.length,
        CHUNK,
        (from, to) -> {
          IntentState session = model.newSession();
          for (int i = from; i < to; i++) {
            one(i, session, payoff);
          }
          progress.at("forecasting purchases", done.addAndGet(to - from), used.length, "sessions");
        });
  }

  /// What stands beside the model's own forecast is ranked by its raw scores: a poor calibration is
  /// no part of what it knows.
  private boolean isRaw(PurchaseKind kind) {
    return kind != model.kind();
  }

  private void one(int i, IntentState session, Payoff payoff) {
    int length = examples.labelled().sessions().length(used[i]);
    for (PurchaseKind kind : model.kinds()) {
      tables[kind.ordinal()].rising[i] = new double[buys[i] ? before[i] : 0];
    }
    examples.follow(used[i], session, () -> running(i, session, length));
    for (int j = 0; j < session.distinct(); j++) {
      bought[offsets[i] + j] = examples.labelled().purchases().bought(used[i], session.key(j));
    }
    for (PurchaseKind kind : model.kinds()) {
      IntentForecast forecast = model.forecast(session, kind, true);
      Tables table = tables[kind.ordinal()];
      table.probability[i] = forecast.buys();
      System.arraycopy(forecast.items(), 0, table.items, offsets[i], forecast.items().length);
      table.ranks[i] = isRaw(kind) ? model.sessionScore(session, kind, true) : forecast.buys();
      for (int j = 0; j < forecast.items().length; j++) {
        table.itemRanks[offsets[i] + j] =
            isRaw(kind) ? model.itemScore(session, kind, j) : forecast.items()[j];
      }
      for (int j : forecast.set().items()) {
        table.chosen[offsets[i] + j] = true;
      }
      table.submitted[i] = payoff.pays(forecast.buys(), forecast.set().expectedJaccard());
    }
  }

  /// Takes the scores after an event, made without knowing whether more will come.
  private void running(int i, IntentState session, int length) {
    int seen = session.events();
    int after = Arrays.binarySearch(AFTER, seen);
    int cut = Arrays.binarySearch(CUTS, length - seen);
    for (PurchaseKind kind : model.kinds()) {
      double score =
          isRaw(kind) ? model.sessionScore(session, kind, false) : model.buys(session, kind, false);
      Tables table = tables[kind.ordinal()];
      if (after >= 0) {
        table.after[after][i] = score;
      }
      if (cut >= 0) {
        table.cuts[cut][i] = score;
      }
      if (seen <= before[i]) {
        table.highest[i] = Math.max(table.highest[i], score);
        if (buys[i]) {
          table.rising[i][seen - 1] = table.highest[i];
        }
      }
    }
  }

  private PurchaseForecasts forecasts(PurchaseKind kind) {
    Tables table = tables[kind.ordinal()];
    List<PurchaseForecasts.After> after = new ArrayList<>();
    for (int k = 0; k < AFTER.length; k++) {
      int[] sessions = longerThan(AFTER[k] - 1);
      after.add(new PurchaseForecasts.After(AFTER[k], sessions, of(sessions, table.after[k])));
    }
    List<PurchaseForecasts.Cut> cuts = new ArrayList<>();
    for (int k = 0; k < CUTS.length; k++) {
      int[] sessions = longerThan(CUTS[k]);
      cuts.add(new PurchaseForecasts.Cut(CUTS[k], sessions, of(sessions, table.cuts[k])));
    }
    return new PurchaseForecasts(
        kind.key(),
        table.ranks,
        table.probability,
        table.itemRanks,
        table.items,
        table.submitted,
        table.chosen,
        after,
        model.withoutSlope(kind),
        cuts,
        new PurchaseForecasts.Running(table.highest, table.rising));
  }

  private int[] longerThan(int events) {
    return IntStream.range(0, used.length)
        .filter(i -> examples.labelled().sessions().length(used[i]) > events)
        .toArray();
  }

  private static double[] of(int[] sessions, double[] scores) {
    return Arrays.stream(sessions).mapToDouble(i -> scores[i]).toArray();
  }
}
