package io.kaseb.search;

import io.kaseb.tune.trial.History;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// An experiment's live view as lines for a terminal: how it stands, trials at work, the best ones.
final class ExperimentView {
  private static final int BEST = 10;
  private static final int BAR = 10;

  private ExperimentView() {}

  /// Returns the lines.
  ///
  /// @param row the experiment at a glance
  /// @param history all its trials
  static String of(Experiments.Row row, History history) {
    List<Trial> trials = history.trials();
    Map<String, Integer> states = new TreeMap<>();
    trials.forEach(t -> states.merge(t.state().name(), 1, Integer::sum));
    StringBuilder out = new StringBuilder();
    TuneReport.line(
        out,
        "%s  %s%s  trials: %s  %.0f s  %s",
        row.name(),
        row.standing().status(),
        row.standing().reason().isEmpty() ? "" : " (" + row.standing().reason() + ")",
        row.progress(),
        row.standing().seconds(),
        TuneReport.pairs(states));
    TuneReport.line(out, "");
    TuneReport.line(out, "at work");
    history.in(TrialState.RUNNING).forEach(t -> line(out, t, history.budget()));
    TuneReport.line(out, "");
    TuneReport.line(out, "best by %s", row.goal());
    history.best().stream().limit(BEST).forEach(t -> line(out, t, history.budget()));
    return out.toString();
  }

  private static void line(StringBuilder out, Trial trial, int budget) {
    String value =
        trial.values().isEmpty()
            ? ""
            : String.format(Locale.ROOT, "%.5f", trial.values().getFirst());
    int done = trial.lastStep();
    int bar = Math.min(BAR, Math.round((float) BAR * done / budget));
    TuneReport.line(
        out,
        "  %5d  %-13s  [%s%s] %4d/%d  %10s",
        trial.id(),
        trial.state(),
        "#".repeat(bar),
        ".".repeat(BAR - bar),
        done,
        budget,
        value);
  }
}
