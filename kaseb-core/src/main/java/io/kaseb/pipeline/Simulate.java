package io.kaseb.pipeline;

import io.kaseb.base.KasebException;
import io.kaseb.base.NewFolder;
import io.kaseb.base.Progress;
import io.kaseb.simulate.ShopperLog;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The use case behind `kaseb simulate`: writes a simulated log.
public final class Simulate {
  private Simulate() {}

  /// Writes the log into a folder and returns what was written.
  public static Simulator.Summary run(SimulatorConfig config, Path folder, Progress progress)
      throws IOException {
    refuseOthers(
        folder,
        List.of(
            Simulator.CLICKS,
            Simulator.BUYS,
            Simulator.TEST_CLICKS,
            Simulator.TEST_BUYS,
            Simulator.TRUTH,
            Simulator.TRUTH_ITEMS,
            Simulator.README));
    NewFolder made = NewFolder.make(folder);
    try {
      return Simulator.write(config, folder, progress);
    } finally {
      made.discard();
    }
  }

  /// Refuses to write over files of a folder that no simulation has filled: they are the user's.
  private static void refuseOthers(Path folder, List<String> names) throws IOException {
    Path readme = folder.resolve(Simulator.README);
    boolean isOwn =
        Files.isRegularFile(readme)
            && new String(head(readme), StandardCharsets.UTF_8).startsWith(Simulator.TITLE);
    for (String name : names) {
      Path file = folder.resolve(name);
      if (!isOwn && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new KasebException(
            new KasebException.Problem(
                file.toString(),
                "is there already, and no simulation's",
                null,
                "give another " + KasebException.setting("out")));
      }
    }
  }

  private static byte[] head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(Simulator.TITLE.length());
    }
  }

  /// Writes a log with everything that shoppers do into a folder and returns what was written.
  public static ShopperLog.Summary everything(
      SimulatorConfig config, Path folder, Progress progress) throws IOException {
    refuseOthers(
        folder,
        List.of(ShopperLog.EVENTS, Simulator.TRUTH, Simulator.TRUTH_ITEMS, Simulator.README));
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
