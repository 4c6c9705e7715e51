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

  /// Prints one epoch, the head of the table before the first.
  @Override
  public void ended(TrainingEpoch e) {
    boolean validated = e.validLoss() != null;
    if (!begun) {
      out.println(
          validated
              ? "epoch  train loss  valid loss  ratio  recall@20  mrr@20  seconds  events/s"
              : "epoch  train loss  seconds  events/s");
      begun = true;
    }
    String line =
        validated
            ? String.format(
                Locale.ROOT,
                "%5d  %10.4f  %10.4f  %5.3f  %9.4f  %6.4f  %7.1f  %,8.0f",
                e.epoch(),
                e.trainLoss(),
                e.validLoss(),
                e.ratio(),
                e.recall20(),
                e.mrr20(),
                e.seconds(),
                e.eventsPerSecond())
            : String.format(
                Locale.ROOT,
                "%5d  %10.4f  %7.1f  %,8.0f",
                e.epoch(),
                e.trainLoss(),
                e.seconds(),
                e.eventsPerSecond());
    out.println(line);
    out.flush();
  }
}
