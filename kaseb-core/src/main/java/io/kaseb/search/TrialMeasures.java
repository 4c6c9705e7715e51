package io.kaseb.search;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.data.LabelledSessions;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.PurchaseEvaluation;
import io.kaseb.eval.PurchaseMeasure;
import io.kaseb.eval.Ties;
import io.kaseb.forecast.Forecaster;
import io.kaseb.intent.IntentModel;
import io.kaseb.intentfit.IntentFit;
import io.kaseb.model.Architecture;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import io.kaseb.model.TopItems;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.train.Training;
import io.kaseb.trial.Reading;
import io.kaseb.trial.Turns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Measures a trial's network where that does not come with every epoch: how long a forecast takes,
/// and the purchase forecast on top of it.
final class TrialMeasures {
  /// Clicks of a round.
  private static final int LATENCY_CLICKS = 1_000;

  private static final int LATENCY_WARMUP = 300;

  private final TuneObjective objective;
  private final TunePlan plan;
  private final TrialWork trial;
  private final ConfigFile.Resolved resolved;
  private final Training training;
  private final TrialModel model;

  TrialMeasures(
      TuneObjective objective,
      TrialWork trial,
      ConfigFile.Resolved resolved,
      Training training,
      TrialModel model) {
    this.objective = objective;
    this.plan = objective.plan();
    this.trial = trial;
    this.resolved = resolved;
    this.training = training;
    this.model = model;
  }

  /// Measures what does not come with every epoch.
  Map<TuneGoal, Reading> all() {
    Map<TuneGoal, Reading> measured = new HashMap<>();
    List<TuneGoal> wanted = new ArrayList<>(plan.goalList());
    plan.constraintList().forEach(c -> wanted.add(c.goal()));
    if (wanted.contains(TuneGoal.P99)) {
      try (Turns.Turn alone = objective.turns().alone()) {
        measured.put(TuneGoal.P99, latency());
      }
    }
    Map<String, IntentModel> intents = new LinkedHashMap<>();
    for (String action : plan.actions()) {
      List<PurchaseEvaluation> views;
      try (Turns.Turn beside = objective.turns().beside()) {
        views = purchases(action, intents);
      }
      for (TuneGoal goal : wanted) {
        if (goal.purchase() && goal.action().equals(action)) {
          measured.put(goal, Reading.exact(value(goal, views)));
        }
      }
    }
    if (wanted.contains(TuneGoal.MODEL_BYTES)) {
      measured.put(TuneGoal.MODEL_BYTES, Reading.exact(model.bytes(intents)));
    }
    return measured;
  }

  /// Returns a goal's value; NaN where no session held back has the action.
  private static double value(TuneGoal goal, List<PurchaseEvaluation> views) {
    boolean isWhole =
        goal.measure() == TuneGoal.Measure.PURCHASE_AUC
            || goal.measure() == TuneGoal.Measure.CHALLENGE_SCORE;
    String metric =
        switch (goal.measure()) {
          case CHALLENGE_SCORE -> "score";
          case LIVE_PRECISION -> "average_precision";
          default -> "auc";
        };
    return views.stream()
        .filter(view -> view.view().equals(isWhole ? "challenge" : "live"))
        .mapToDouble(view -> view.metric(metric))
        .findFirst()
        .orElse(Double.NaN);
  }

  /// Measures several times how long a click and its next items take at most, of a hundred all but
  /// one. The first clicks are not counted.
  private Reading latency() {
    Forecaster forecaster = model.forecaster();
    clicks(objective, forecaster, new double[LATENCY_WARMUP]);
    double[] millis = new double[LATENCY_CLICKS];
    return Reading.median(
        () -> {
          clicks(objective, forecaster, millis);
          Arrays.sort(millis);
          return millis[(int) Math.ceil(.99 * millis.length) - 1];
        });
  }

  /// Follows sessions held back from their first click on, and notes how long each click and its
  /// next items took.
  ///
  /// @param millis of as many clicks as it has room for
  static void clicks(TuneObjective objective, Forecaster forecaster, double[] millis) {
    Sessions valid = objective.data().valid();
    TopItems top = TopItems.of(20);
    int n = 0;
    while (n < millis.length) {
      for (int s = 0; s < valid.count() && n < millis.length; s++) {
        Forecaster.State session = forecaster.newState();
        for (int e = valid.start(s); e < valid.end(s) && n < millis.length; e++, n++) {
          long started = System.nanoTime();
          session.click(valid.items()[e]);
          forecaster.top(session, top);
          millis[n] = (System.nanoTime() - started) / 1e6;
        }
      }
    }
  }

  private List<PurchaseEvaluation> purchases(String action, Map<String, IntentModel> intents) {
    LabelledSessions fitting = objective.fitting(action);
    LabelledSessions judging = objective.judging();
    if (fitting == null || judging == null) {
      throw new IllegalStateException("purchase goal without purchases");
    }
    Tensor table = training.forecasting().get("Wy.weight");
    IntentFit.Options needs =
        new IntentFit.Options(
            table == null ? new float[0] : table.data(),
            Architecture.of(resolved.config()).outputSize(),
            resolved.intent().intentValid(),
            plan.threads(),
            resolved.config().seed());
    IntentModel fitted =
        IntentFit.fit(
            resolved.intent(),
            fitting,
            needs,
            e -> {},
            Progress.NONE,
            () -> objective.stopped(trial));
    if (fitted == null) {
      throw new KasebException("stopped while the purchase forecast was trained");
    }
    intents.put(action, fitted);
    EvalConfig how = new EvalConfig(List.of(20), Ties.CONSERVATIVE, plan.threads(), 0, 1);
    return PurchaseMeasure.measure(
        action, fitted, judging, objective.data().index(), null, how, Progress.NONE);
  }
}
