package io.kaseb.cli.terminal;

import io.kaseb.search.Experiments;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/// Prints what trials come to, one line for each job that ended. On a terminal parameters end with
/// the line; elsewhere all are printed.
public final class TrialTable {
  /// Characters of a line before its last column.
  private static final int BEFORE = 53;

  private final PrintWriter out;
  private final String goal;
  private boolean begun;

  /// Creates a table.
  ///
  /// @param goal what the column of the metric is named
  public TrialTable(PrintWriter out, String goal) {
    this.out = out;
    this.goal = goal;
  }

  /// Takes a trial that began or ended a job; what began is not shown.
  public void ended(Trial trial) {
    if (trial.state() != TrialState.RUNNING) {
      print(Experiments.TrialRow.of(trial));
    }
  }

  /// Prints a trial as one line.
  public void print(Experiments.TrialRow trial) {
    if (!begun) {
      out.printf("%5s  %-13s  %4s  %13s  %8s  parameters%n", "trial", "state", "step", goal, "sec");
      begun = true;
    }
    out.printf(
        Locale.ROOT,
        "%5d  %-13s  %4d  %13s  %8.1f  %s%n",
        trial.id(),
        // What waits has paused at a rung.
        trial.state().equals(TrialState.WAITING.name()) ? "paused" : trial.state(),
        trial.step(),
        trial.metric() == null ? "" : String.format(Locale.ROOT, "%.5f", trial.metric()),
        trial.seconds(),
        trial.state().equals(TrialState.FAILED.name())
            ? trial.reason()
            : shortened(trial.parameters()));
    out.flush();
  }

  private static String shortened(Map<String, Object> parameters) {
    StringBuilder text = new StringBuilder();
    parameters.forEach(
        (name, value) -> {
          Object shown = value instanceof Double d ? Float.toString((float) (double) d) : value;
          text.append(text.isEmpty() ? "" : " ").append(name).append('=').append(shown);
        });
    int width = Terminal.columns() - BEFORE;
    return text.length() <= width ? text.toString() : text.substring(0, width - 3) + "...";
  }
}
