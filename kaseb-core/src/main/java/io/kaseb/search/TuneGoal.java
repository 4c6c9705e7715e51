package io.kaseb.search;

import io.kaseb.base.KasebException;
import io.kaseb.tune.trial.Goal;
import java.util.Arrays;
import java.util.List;

/// What `tune` can optimise or hold within a bound; all are measured on sessions held back from
/// train.
public enum TuneGoal {
  /// Mean reciprocal rank of the next item among the first 20.
  MRR("mrr@20", true),
  /// Share of next items among the first 20.
  RECALL("recall@20", true),
  /// Area under the ROC curve of the purchase forecast for whole sessions.
  PURCHASE_AUC("purchase_auc", true),
  /// Score of the RecSys Challenge 2015.
  CHALLENGE_SCORE("challenge_score", true),
  /// 99th percentile of the time for a click and its 20 next items on one thread, in milliseconds;
  /// other trials at work make it longer.
  P99("p99_ms", false),
  /// Time spent in the network's epochs, in seconds.
  TRAIN_SECONDS("train_seconds", false);

  private final String key;
  private final boolean maximize;

  TuneGoal(String key, boolean maximize) {
    this.key = key;
    this.maximize = maximize;
  }

  /// Returns the goal of a name such as `mrr@20`.
  public static TuneGoal of(String name) {
    for (TuneGoal goal : values()) {
      if (goal.key.equals(name)) {
        return goal;
      }
    }
    throw KasebException.ofUnknown("goal", name, names());
  }

  private static List<String> names() {
    return Arrays.stream(values()).map(TuneGoal::key).toList();
  }

  /// Returns the name as users write it.
  public String key() {
    return key;
  }

  /// Returns the goal as a study knows it.
  Goal goal() {
    return new Goal(key, maximize);
  }

  /// Returns whether the purchase forecast must be trained for it.
  boolean purchase() {
    return this == PURCHASE_AUC || this == CHALLENGE_SCORE;
  }

  /// Returns whether it comes with the evaluation of every epoch at no further cost.
  boolean everyEpoch() {
    return this == MRR || this == RECALL || this == TRAIN_SECONDS;
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
  }
}
