package io.kaseb.cli.terminal;

import io.kaseb.base.Progress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/// Shows a bar with rate and remaining time on the terminal for anything longer than two seconds;
/// shows nothing where the output is not a terminal.
public final class TerminalProgress implements Progress, AutoCloseable {
  private static final long PATIENCE_NANOS = 2_000_000_000L;

  private String task = "";
  private long started;
  private @Nullable ProgressBar bar;

  @Override
  public synchronized void at(String task, long done, long total, String unit) {
    if (!Terminal.isOne()) {
      return;
    }
    if (!task.equals(this.task)) {
      close();
      this.task = task;
      started = System.nanoTime();
    }
    if (bar == null && done != total && System.nanoTime() - started > PATIENCE_NANOS) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setRenderer(new ProgressLine(unit))
              .setMaxRenderedLength(Terminal.columns() - 1)
              .setUpdateIntervalMillis(200)
              .clearDisplayOnFinish()
              .build();
    }
    if (bar != null) {
      bar.stepTo(done);
    }
    if (done == total) {
      close();
    }
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
    task = "";
  }
}
