package io.kaseb.cli.terminal;

import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/// Shows progress as one line: the share, a bar where there is room for one, what is done, the rate
/// and the time that is left.
final class ProgressLine implements ProgressBarRenderer {
  private static final int LEAST_BAR = 10;
  private static final int MOST_BAR = 40;

  private final String unit;

  ProgressLine(String unit) {
    this.unit = unit;
  }

  @Override
  public String render(ProgressState state, int width) {
    return line(
        state.getTaskName(),
        state.getCurrent(),
        state.getMax(),
        state.getElapsedAfterStart(),
        width);
  }

  String line(String task, long done, long total, Duration elapsed, int width) {
    double share = total <= 0 ? 0 : Math.min(1, (double) done / total);
    double seconds = elapsed.toNanos() / 1e9;
    String before = "%s %3d %%".formatted(task, (int) (100 * share));
    String after = "";
    if (!unit.equals("%")) {
      after = String.format(Locale.ROOT, " %,d of %,d %s", done, total, unit);
      if (seconds > 0) {
        after += String.format(Locale.ROOT, ", %,.0f/s", done / seconds);
      }
    }
    if (share > 0) {
      long left = Math.round(seconds * (1 - share) / share);
      after += ", %d:%02d left".formatted(left / 60, left % 60);
    }
    int bar = Math.min(MOST_BAR, width - before.length() - after.length() - 3);
    if (bar >= LEAST_BAR) {
      int full = (int) (bar * share);
      before += " [" + "#".repeat(full) + ".".repeat(bar - full) + "]";
    }
    String line = before + after;
    return line.length() <= width ? line : line.substring(0, Math.max(0, width));
  }
}
