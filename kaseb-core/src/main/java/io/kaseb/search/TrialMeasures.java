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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Measures a trial's network where that does not come with every epoch: how long a forecast takes,
/// and the purchase forecast on top of it.
final class TrialMeasures {
  private static final int LATENCY_CLICKS = 2_000;
  private static final int LATENCY_WARMUP = 300;

  private final TuneObjective objective;
  private final TunePlan plan;
  private final TrialWork trial;
  private final ConfigFile.Resolved resolved;
  private final Training training;

  TrialMeasures(
      TuneObjective objective, TrialWork trial, ConfigFile.Resolved resolved, Training training) {
    this.objective = objective;
    this.plan = objective.plan();
    this.trial = trial;
    this.resolved = resolved;
    this.training = training;
  }

  /// Measures what does not come with every epoch.
  Map<TuneGoal, Double> all() {
    Map<TuneGoal, Double> measured = new HashMap<>();
    List<TuneGoal> wanted = new ArrayList<>(plan.goalList());
    plan.constraintList().forEach(c -> wanted.add(c.goal()));
    if (wanted.contains(TuneGoal.P99)) {
      measured.put(TuneGoal.P99, p99(objective, training));
    }
    for (String action : plan.actions()) {
      List<PurchaseEvaluation> views = purchases(action);
      for (TuneGoal goal : wanted) {
        if (goal.purchase() && goal.action().equals(action)) {
          measured.put(goal, value(goal, views));
        }
      }
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

  /// Measures how long a click and its next items take at most, of a hundred all but one.
  static double p99(TuneObjective objective, Training training) {
    Forecaster forecaster = Forecaster.of(training.model());
    Sessions valid = objective.data().valid();
    TopItems top = TopItems.of(20);
    double[] millis = new double[LATENCY_CLICKS];
    int n = -LATENCY_WARMUP;
    while (n < LATENCY_CLICKS) {
      for (int s = 0; s < valid.count() && n < LATENCY_CLICKS; s++) {
        Forecaster.State session = forecaster.newState();
        for (int e = valid.start(s); e < valid.end(s) && n < LATENCY_CLICKS; e++, n++) {
          long started = System.nanoTime();
          session.click(valid.items()[e]);
          forecaster.top(session, top);
          if (n >= 0) {
            millis[n] = (System.nanoTime() - started) / 1e6;
          }
        }
      }
    }
    Arrays.sort(millis);
    return millis[(int) Math.ceil(.99 * millis.length) - 1];
  }

  private List<PurchaseEvaluation> purchases(String action) {
    LabelledSessions fitting = objective.fitting(action);
    LabelledSessions judging = objective.judging();
    if (fitting == null || judging == null) {
      throw new IllegalStateException("purchase goal without purchases");
    }
    Tensor table = training.weights().get("Wy.weight");
    IntentFit.Options needs =
        new IntentFit.Options(
            table == null ? new float[0] : table.data(),
            Architecture.of(resolved.config()).outputSize(),
            resolved.intent().intentValid(),
            plan.threads(),
            resolved.config().seed());
    IntentModel model =
        IntentFit.fit(resolved.intent(), fitting, needs, e -> {}, Progress.NONE, trial::stopped);
    if (model == null) {
      throw new KasebException("stopped while the purchase forecast was trained");
    }
    EvalConfig how = new EvalConfig(List.of(20), Ties.CONSERVATIVE, plan.threads(), 0, 1);
    return PurchaseMeasure.measure(
        action, model, judging, objective.data().index(), null, how, Progress.NONE);
  }
}
