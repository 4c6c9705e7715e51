package io.kaseb.pipeline;

import io.kaseb.base.NewFolder;
import io.kaseb.base.Progress;
import io.kaseb.simulate.ShopperLog;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The use case behind `kaseb simulate`: writes a simulated log.
public final class Simulate {
  private Simulate() {}

  /// Writes the log into a folder and returns what was written.
  public static Simulator.Summary run(SimulatorConfig config, Path folder, Progress progress)
      throws IOException {
    NewFolder made = NewFolder.make(folder);
    try {
      return Simulator.write(config, folder, progress);
    } finally {
      made.discard();
    }
  }

  /// Writes a log with everything that shoppers do into a folder and returns what was written.
  public static ShopperLog.Summary everything(
      SimulatorConfig config, Path folder, Progress progress) throws IOException {
    NewFolder made = NewFolder.make(folder);
    try {
      return ShopperLog.write(config, folder, progress);
    } finally {
      made.discard();
    }
  }

  /// Returns the lines that the terminal shows.
  public static String describe(ShopperLog.Summary summary, Path folder) {
    String events =
        summary.events().entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .map(e -> String.format(Locale.ROOT, "%s %,d", e.getKey(), e.getValue()))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "SIMULATED data, no real shoppers: %,d sessions of %,d visitors over %,d items in %s%n"
            + "%s%n%.1f s, seed %d",
        summary.sessions(),
        summary.visitors(),
        summary.items(),
        folder,
        events,
        summary.seconds(),
        summary.seed());
  }

  /// Returns the lines that the terminal shows.
  public static String describe(Simulator.Summary summary, Path folder) {
    return String.format(
        Locale.ROOT,
        "SIMULATED data, no real shoppers: %,d sessions and %,d for testing over %,d items"
            + " in %s%n%.1f s, %,.0f sessions/s, seed %d",
        summary.sessions(),
        summary.testSessions(),
        summary.items(),
        folder,
        summary.seconds(),
        summary.sessionsPerSecond(),
        summary.seed());
  }
}
