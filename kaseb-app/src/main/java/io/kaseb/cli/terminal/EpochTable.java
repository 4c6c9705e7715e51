package io.kaseb.cli.terminal;

import io.kaseb.model.TrainingEpoch;
import io.kaseb.pipeline.TrainModel;
import java.io.PrintWriter;
import java.util.Locale;

/// Prints a training run's epochs as they end, one line each.
public final class EpochTable implements TrainModel.Listener {
  private final PrintWriter out;
  private boolean begun;
  private boolean titled;

  /// Creates a table.
  public EpochTable(PrintWriter out) {
    this.out = out;
  }

  /// Begins a table of its own for one of several networks.
  @Override
  public void begins(String part) {
    out.println(titled ? "\n" + part : part);
    titled = true;
    begun = false;
  }

  /// Prints one epoch, the head of the table before the first; without times where the epoch comes
  /// from a model file, which keeps none.
  @Override
  public void ended(TrainingEpoch e) {
    boolean timed = !Double.isNaN(e.seconds());
    boolean validated = e.validLoss() != null;
    if (!begun) {
      out.println(
          "epoch  train loss"
              + (validated ? "  valid loss  ratio  recall@20  mrr@20" : "")
              + (timed ? "  seconds  events/s" : ""));
      begun = true;
    }
    StringBuilder line =
        new StringBuilder(String.format(Locale.ROOT, "%5d  %10.4f", e.epoch(), e.trainLoss()));
    if (validated) {
      line.append(
          String.format(
              Locale.ROOT,
              "  %10.4f  %5.3f  %9.4f  %6.4f",
              e.validLoss(),
              e.ratio(),
              e.recall20(),
              e.mrr20()));
    }
    if (timed) {
      line.append(String.format(Locale.ROOT, "  %7.1f  %,8.0f", e.seconds(), e.eventsPerSecond()));
    }
    out.println(line);
    out.flush();
  }
}
