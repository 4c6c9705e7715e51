package io.kaseb.search;

import io.kaseb.base.KasebException;
import io.kaseb.intent.IntentFile;
import io.kaseb.tune.trial.Goal;
import java.util.Arrays;
import java.util.List;

/// What `tune` can optimise or hold within a bound; all are measured on sessions held back from
/// train.
///
/// @param measure what is measured
/// @param action the action that is forecast; `purchase` where the measure knows no other, empty
///   where it is no forecast of an action
public record TuneGoal(Measure measure, String action) {
  /// Mean reciprocal rank of the next item among the first 20.
  public static final TuneGoal MRR = new TuneGoal(Measure.MRR, "");

  /// Share of next items among the first 20.
  public static final TuneGoal RECALL = new TuneGoal(Measure.RECALL, "");

  /// See [Measure#P99].
  public static final TuneGoal P99 = new TuneGoal(Measure.P99, "");

  /// See [Measure#TRAIN_SECONDS].
  public static final TuneGoal TRAIN_SECONDS = new TuneGoal(Measure.TRAIN_SECONDS, "");

  /// See [Measure#MODEL_BYTES].
  public static final TuneGoal MODEL_BYTES = new TuneGoal(Measure.MODEL_BYTES, "");

  private static final String ACTION = "ACTION";

  /// Something that can be measured of a trial.
  public enum Measure {
    /// Mean reciprocal rank of the next item among the first 20.
    MRR("mrr@20", true, false),
    /// Share of next items among the first 20.
    RECALL("recall@20", true, false),
    /// Area under the ROC curve of the purchase forecast for whole sessions.
    PURCHASE_AUC("purchase_auc", true, true),
    /// Score of the RecSys Challenge 2015.
    CHALLENGE_SCORE("challenge_score", true, true),
    /// Area under the ROC curve of an action's forecast, sessions cut at its first occurrence.
    LIVE_AUC(ACTION + "_live_auc", true, true),
    /// Average precision of an action's forecast, sessions cut at its first occurrence.
    LIVE_PRECISION(ACTION + "_live_average_precision", true, true),
    /// 99th percentile of the time for a click and its 20 next items on one thread, in
    /// milliseconds; the median of rounds, beside which no other trial works.
    P99("p99_ms", false, false),
    /// Time that the network's epochs take, in seconds: their events times the median of rounds,
    /// beside which no other trial works.
    TRAIN_SECONDS("train_seconds", false, false),
    /// Size of the model's file in bytes, its tables as the trial's parameters say.
    MODEL_BYTES("model_bytes", false, false);

    private final String pattern;
    private final boolean maximize;
    private final boolean intent;

    Measure(String pattern, boolean maximize, boolean intent) {
      this.pattern = pattern;
      this.maximize = maximize;
      this.intent = intent;
    }

    private String ending() {
      return pattern.substring(ACTION.length());
    }

    private boolean isOfAction() {
      return pattern.startsWith(ACTION);
    }
  }

  /// Returns the goal of a name such as `mrr@20` or `cart_live_auc`.
  public static TuneGoal of(String name) {
    for (Measure measure : Measure.values()) {
      if (measure.isOfAction()
          && name.endsWith(measure.ending())
          && name.length() > measure.ending().length()) {
        String action = name.substring(0, name.length() - measure.ending().length());
        if (!action.equals(ACTION)) {
          return new TuneGoal(measure, action);
        }
      } else if (measure.pattern.equals(name)) {
        return new TuneGoal(measure, measure.intent ? IntentFile.PURCHASE : "");
      }
    }
    throw KasebException.ofUnknown("goal", name, names());
  }

  private static List<String> names() {
    return Arrays.stream(Measure.values()).map(measure -> measure.pattern).toList();
  }

  /// Returns the name as users write it.
  public String key() {
    return measure.isOfAction() ? action + measure.ending() : measure.pattern;
  }

  /// Returns the goal as a study knows it.
  Goal goal() {
    return new Goal(key(), measure.maximize);
  }

  /// Returns whether the purchase forecast, or another action's, must be trained for it.
  boolean purchase() {
    return measure.intent;
  }

  /// Returns whether it comes with the evaluation of every epoch at no further cost.
  boolean everyEpoch() {
    return equals(MRR) || equals(RECALL) || equals(TRAIN_SECONDS) || equals(MODEL_BYTES);
  }

  /// A bound that a trial must keep to be worth anything.
  ///
  /// @param goal what is bounded
  /// @param below whether the bound is an upper one
  /// @param bound in the goal's unit
  public record Constraint(TuneGoal goal, boolean below, double bound) {
    /// Reads `p99_ms<2` or `purchase_auc>0.7`.
    public static Constraint parse(String text) {
      int at = Math.max(text.indexOf('<'), text.indexOf('>'));
      try {
        if (at > 0) {
          String number = text.substring(at + 1).replaceFirst("^=", "").strip();
          TuneGoal goal = goal(text, text.substring(0, at).strip());
          return new Constraint(goal, text.charAt(at) == '<', Double.parseDouble(number));
        }
      } catch (NumberFormatException e) {
        // The error below says what is allowed.
      }
      throw KasebException.ofSetting(
          "constraint", text, "a goal, < or > and a number, as in \"p99_ms<2\"");
    }

    private static TuneGoal goal(String text, String name) {
      try {
        return TuneGoal.of(name);
      } catch (KasebException e) {
        throw KasebException.ofSetting(
            "constraint",
            text,
            "one of " + String.join(", ", names()) + ", then < or > and a number");
      }
    }

    /// Returns by how much a value breaks the bound; 0 or less where it keeps it.
    double excess(double value) {
      return below ? value - bound : bound - value;
    }

    /// Returns the value that breaks the bound by so much.
    double value(double excess) {
      return below ? bound + excess : bound - excess;
    }
  }
}
