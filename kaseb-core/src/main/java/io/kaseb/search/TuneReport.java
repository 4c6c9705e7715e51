package io.kaseb.search;

import io.kaseb.tune.study.Study;
import io.kaseb.tune.study.StudyStatus;
import io.kaseb.tune.trial.Fidelity;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Importance;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Ranking;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes a study's figures, and text of them.
final class TuneReport {
  private static final int LEAST_FOR_IMPORTANCE = 8;
  private static final int CURVE_ROWS = 12;
  private static final double LEAST_SHARE = .005;

  private TuneReport() {}

  /// Returns a study's figures.
  ///
  /// @param constraints as the plan has them
  static TuneFigures figures(
      Study study,
      List<String> constraints,
      StudyStatus status,
      @Nullable TuneConfirmation confirmation,
      @Nullable WarmStartCheck warm) {
    List<Trial> trials = study.trials();
    Map<String, Integer> states = new TreeMap<>();
    trials.forEach(t -> states.merge(t.state().name(), 1, Integer::sum));
    History history = study.history();
    List<Goal> goals = study.settings().goals();
    Optional<TuneFigures.Best> best =
        usable(history, constraints).stream().findFirst().map(t -> best(t, goals, constraints));
    TuneFigures.Best base =
        trials.stream()
            .filter(t -> t.origin().equals(Trial.Origin.USER) && !t.values().isEmpty())
            .findFirst()
            .map(t -> best(t, goals, constraints))
            .orElse(null);
    return new TuneFigures(
        best.orElse(null),
        trials.size(),
        status.seconds(),
        goals.getFirst().name(),
        base,
        states,
        cost(trials, study.settings().budget()),
        curve(trials, goals.getFirst()),
        Fidelity.of(trials),
        importance(history, trials),
        goals.size() == 1 ? List.of() : front(study, constraints),
        trials.stream()
            .filter(t -> t.state() == TrialState.FAILED)
            .map(t -> "trial " + t.id() + ": " + t.reason())
            .toList(),
        confirmation,
        warm,
        status.reason(),
        best.isPresent() ? null : nearest(trials, goals, constraints));
  }

  private static List<TuneFigures.Best> front(Study study, List<String> constraints) {
    List<Goal> goals = study.settings().goals();
    return Ranking.front(goals, usable(study.history(), constraints)).stream()
        .map(t -> best(t, goals, constraints))
        .toList();
  }

  /// Returns the trials with a result that are known to keep all constraints, best first. One whose
  /// noise alone can have made it look so is not among them.
  static List<Trial> usable(History history, List<String> constraints) {
    return history.best().stream()
        .filter(t -> constraints.isEmpty() || excesses(t, constraints).isEmpty())
        .toList();
  }

  /// Returns by how much a trial breaks constraints, its noise counted; NaN where that was not
  /// measured.
  private static Map<String, Double> excesses(Trial trial, List<String> constraints) {
    Outcome outcome = trial.outcome();
    Map<String, Double> broken = new LinkedHashMap<>();
    for (int i = 0; i < constraints.size(); i++) {
      if (outcome == null || i >= outcome.constraints().size()) {
        broken.put(constraints.get(i), Double.NaN);
      } else if (!outcome.surelyKept(i)) {
        double margin = Outcome.MARGIN * outcome.constraintError(i);
        broken.put(constraints.get(i), outcome.excess(i) + margin);
      }
    }
    return broken;
  }

  private static TuneFigures.@Nullable NearMiss nearest(
      List<Trial> trials, List<Goal> goals, List<String> constraints) {
    TuneFigures.NearMiss nearest = null;
    double least = Double.POSITIVE_INFINITY;
    for (Trial trial : trials) {
      Map<String, Double> broken = excesses(trial, constraints);
      double sum = broken.values().stream().mapToDouble(Double::doubleValue).sum();
      boolean judged = !trial.values().isEmpty() && trial.state() != TrialState.FAILED;
      if (judged && !broken.isEmpty() && sum < least) {
        least = sum;
        nearest = new TuneFigures.NearMiss(best(trial, goals, constraints), broken);
      }
    }
    return nearest;
  }

  /// Returns a trial with a result as figures.
  static TuneFigures.Best best(Trial trial, List<Goal> goals, List<String> constraints) {
    Map<String, Double> values = new LinkedHashMap<>();
    Map<String, Double> errors = new LinkedHashMap<>();
    Outcome outcome = trial.outcome();
    for (int i = 0; i < goals.size(); i++) {
      values.put(goals.get(i).name(), trial.values().get(i));
      if (outcome != null && outcome.valueError(i) > 0) {
        errors.put(goals.get(i).name(), outcome.valueError(i));
      }
    }
    Map<String, TuneFigures.Bounded> bounded = new LinkedHashMap<>();
    for (int i = 0; i < constraints.size(); i++) {
      if (outcome != null
          && i < outcome.constraints().size()
          && Double.isFinite(outcome.excess(i))) {
        double value = TuneGoal.Constraint.parse(constraints.get(i)).value(outcome.excess(i));
        bounded.put(constraints.get(i), new TuneFigures.Bounded(value, outcome.constraintError(i)));
      }
    }
    return new TuneFigures.Best(
        trial.id(),
        trial.values().getFirst(),
        trial.state() == TrialState.SUCCEEDED ? trial.reason() : "",
        trial.parameters().flat(),
        bestStep(trial, goals),
        values,
        errors,
        bounded);
  }

  /// Returns the step of a trial whose values are its result: that at which the goal was best, or,
  /// where several count together, the last.
  static int bestStep(Trial trial, List<Goal> goals) {
    if (goals.size() > 1) {
      return trial.lastStep();
    }
    Goal goal = goals.getFirst();
    Measurement best = null;
    for (Measurement report : trial.measurements()) {
      boolean better =
          best == null
              || (goal.maximize() ? report.value() > best.value() : report.value() < best.value());
      best = better ? report : best;
    }
    return best == null ? 0 : best.step();
  }

  private static TuneFigures.Cost cost(List<Trial> trials, int budget) {
    long steps = 0;
    double seconds = 0;
    double full = 0;
    for (Trial trial : trials) {
      steps += trial.lastStep();
      seconds += trial.seconds();
      full += trial.lastStep() == 0 ? 0 : trial.seconds() / trial.lastStep() * budget;
    }
    return new TuneFigures.Cost(steps, (long) trials.size() * budget, seconds, full);
  }

  private static List<TuneFigures.Point> curve(List<Trial> trials, Goal goal) {
    List<TuneFigures.Point> curve = new ArrayList<>();
    double best = Double.NaN;
    for (Trial trial : trials) {
      if (!trial.values().isEmpty()) {
        double value = trial.values().getFirst();
        boolean better = goal.maximize() ? value > best : value < best;
        best = Double.isNaN(best) || better ? value : best;
        curve.add(new TuneFigures.Point(curve.size() + 1, best));
      }
    }
    return curve;
  }

  private static Map<String, Double> importance(History history, List<Trial> trials) {
    long measured = trials.stream().filter(t -> !t.values().isEmpty()).count();
    return measured < LEAST_FOR_IMPORTANCE ? Map.of() : Importance.of(history, 0);
  }

  /// Returns the figures as lines for a terminal.
  static String text(String title, TuneFigures figures) {
    StringBuilder out = new StringBuilder();
    line(
        out,
        "%s: %d trials in %s (%s)",
        title,
        figures.trials(),
        duration(figures.seconds()),
        pairs(figures.states()));
    if (!figures.reason().isEmpty()) {
      line(out, "%s", figures.reason());
    }
    TuneFigures.Best best = figures.best();
    if (best == null) {
      nearest(out, figures.nearest());
      figures.failures().forEach(f -> line(out, "  %s", f));
      return out.toString();
    }
    line(out, "");
    line(out, "best: trial %d, %s at step %d", best.trial(), values(best), best.step());
    if (!best.mean().isEmpty()) {
      line(out, "  %s", best.mean());
    }
    bounds(out, best);
    best.parameters().forEach((name, value) -> line(out, "  %-22s %s", name, value));
    TuneFigures.Best base = figures.base();
    if (base != null) {
      line(
          out,
          "your configuration: trial %d, %s at step %d",
          base.trial(),
          values(base),
          base.step());
    }
    front(out, figures);
    curve(out, figures);
    rungs(out, figures.rungs());
    WarmStartCheck warm = figures.warm();
    if (warm != null) {
      line(out, "");
      out.append(warm.text());
    }
    importance(out, figures.importance());
    cost(out, figures.cost());
    figures.failures().forEach(f -> line(out, "failed: %s", f));
    TuneConfirmation confirmation = figures.confirmation();
    if (confirmation != null) {
      line(out, "");
      out.append(confirmation.text());
    }
    return out.toString();
  }

  private static void nearest(StringBuilder out, TuneFigures.@Nullable NearMiss nearest) {
    if (nearest == null) {
      return;
    }
    TuneFigures.Best trial = nearest.trial();
    line(out, "");
    line(out, "No trial keeps the constraints; there is no best one, and no configuration of it.");
    line(out, "nearest: trial %d, %s", trial.trial(), values(trial));
    nearest
        .excess()
        .forEach(
            (bound, by) -> {
              TuneFigures.Bounded measured = trial.bounded().get(bound);
              line(
                  out,
                  measured == null || measured.error() == 0
                      ? "  breaks %s by %.4g"
                      : "  breaks %s by %.4g, twice its standard error counted",
                  bound,
                  by);
            });
    bounds(out, trial);
    trial.parameters().forEach((name, value) -> line(out, "  %-22s %s", name, value));
  }

  /// Returns a trial's values as words, measured times with their standard error.
  private static String values(TuneFigures.Best trial) {
    return trial.values().entrySet().stream()
        .map(
            e -> {
              String value = e.getKey() + " " + number(e.getValue());
              Double error = trial.errors().get(e.getKey());
              return error == null ? value : value + noise(error);
            })
        .collect(Collectors.joining(", "));
  }

  /// Returns a value as a float has it; one of many digits, such as of bytes, whole.
  private static String number(double value) {
    return Math.abs(value) < 1e4
        ? Float.toString((float) value)
        : String.format(Locale.ROOT, "%,.0f", value);
  }

  private static void bounds(StringBuilder out, TuneFigures.Best trial) {
    trial
        .bounded()
        .forEach(
            (bound, measured) ->
                line(
                    out,
                    "  %-22s %s%s",
                    bound,
                    number(measured.value()),
                    measured.error() == 0 ? "" : noise(measured.error())));
  }

  private static String noise(double error) {
    return String.format(Locale.ROOT, " +- %.2g", error);
  }

  /// Returns names and values as words: `succeeded 3, failed 1`.
  static String pairs(Map<String, ? extends Number> values) {
    return values.entrySet().stream()
        .map(
            e ->
                e.getKey().toLowerCase(Locale.ROOT)
                    + " "
                    + (e.getValue() instanceof Double d
                        ? Float.toString((float) (double) d)
                        : e.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static void front(StringBuilder out, TuneFigures figures) {
    if (!figures.front().isEmpty()) {
      line(out, "");
      line(out, "Pareto front (no other trial is better in everything)");
      figures.front().forEach(b -> line(out, "  trial %-5d %s", b.trial(), values(b)));
    }
  }

  private static void curve(StringBuilder out, TuneFigures figures) {
    List<TuneFigures.Point> curve = figures.curve();
    if (curve.isEmpty()) {
      return;
    }
    double low = curve.getFirst().best();
    double span = Math.max(1e-12, Math.abs(curve.getLast().best() - low));
    line(out, "");
    line(out, "best %s after so many trials (in the order of their start)", figures.goal());
    int rows = Math.min(CURVE_ROWS, curve.size());
    for (int r = 1; r <= rows; r++) {
      TuneFigures.Point point = curve.get(Math.round((float) r * curve.size() / rows) - 1);
      int bar = (int) Math.round(30 * Math.abs(point.best() - low) / span);
      line(out, "  %5d  %.4f  %s", point.trials(), point.best(), "#".repeat(bar));
    }
  }

  private static void rungs(StringBuilder out, List<Fidelity> rungs) {
    if (!rungs.isEmpty()) {
      line(out, "");
      line(out, "rank correlation of rungs (promoted trials only, so it reads low)");
      rungs.forEach(
          f ->
              line(
                  out,
                  "  step %d to %d: %.2f over %d trials",
                  f.from(),
                  f.to(),
                  f.correlation(),
                  f.trials()));
    }
  }

  private static void importance(StringBuilder out, Map<String, Double> importance) {
    if (!importance.isEmpty()) {
      line(out, "");
      line(out, "importance (share of the variance explained by a parameter alone)");
      importance.forEach(
          (path, share) -> {
            if (share >= LEAST_SHARE) {
              line(out, "  %5.1f %%  %s", 100 * share, path);
            }
          });
    }
  }

  private static void cost(StringBuilder out, TuneFigures.Cost cost) {
    line(out, "");
    line(
        out,
        "cost: %,d steps where full trials have %,d; %s of work where they would take %s"
            + " (estimated from each trial's own step time)",
        cost.steps(),
        cost.fullSteps(),
        duration(cost.trialSeconds()),
        duration(cost.fullTrialSeconds()));
  }

  private static String duration(double seconds) {
    return seconds < 120
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : String.format(Locale.ROOT, "%.1f min", seconds / 60);
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation is a library of its own
  static void line(StringBuilder out, String format, Object... args) {
    out.append(args.length == 0 ? format : String.format(Locale.ROOT, format, args)).append('\n');
  }
}
