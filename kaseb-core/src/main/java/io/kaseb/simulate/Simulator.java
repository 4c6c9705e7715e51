package io.kaseb.simulate;

import io.kaseb.base.Progress;
import io.kaseb.data.TrueChances;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Writes a simulated shop's log in the YOOCHOOSE format of the RecSys Challenge 2015. Everything
/// about it is made up; only its statistics follow the published ones ([YoochooseFacts]).
public final class Simulator {
  /// The clicks file: session, time, item, category.
  public static final String CLICKS = "yoochoose-clicks.dat";

  /// The purchases file: session, time, item, price, quantity.
  public static final String BUYS = "yoochoose-buys.dat";

  /// The clicks of the test sessions.
  public static final String TEST_CLICKS = "yoochoose-test.dat";

  /// The purchases of the test sessions, which the challenge kept secret.
  public static final String TEST_BUYS = "yoochoose-test-buys.dat";

  /// The true purchase probability of every session of both parts.
  public static final String TRUTH = TrueChances.SESSIONS;

  /// Of the test sessions, the true probability that each clicked item is bought, if any is.
  public static final String TRUTH_ITEMS = TrueChances.ITEMS;

  /// Says that the folder's data is simulated.
  public static final String README = SimulatedFolder.README;

  /// The first line of that note, by which a simulation's folder is known.
  public static final String TITLE = "# Simulated data";

  private Simulator() {}

  /// What was written.
  ///
  /// @param simulated always true: these are no real shoppers
  /// @param sessions sessions of the clicks file
  /// @param testSessions sessions of the test file
  /// @param items items that can be clicked
  /// @param seed the seed that gives the same bytes again
  /// @param seconds time it took
  /// @param sessionsPerSecond sessions of both files in a second
  public record Summary(
      boolean simulated,
      long sessions,
      long testSessions,
      int items,
      long seed,
      double seconds,
      double sessionsPerSecond) {}

  /// Writes all files into a folder, each atomically; the same config gives the same bytes.
  public static Summary write(SimulatorConfig config, Path folder, Progress progress)
      throws IOException {
    long start = System.nanoTime();
    Simulation simulation = new Simulation(config);
    new SimulatedFolder(folder, config, progress)
        .write(
            new SimulatedFolder.Log<>(
                List.of(CLICKS, BUYS, TEST_CLICKS, TEST_BUYS),
                simulation.total(),
                simulation.chunks(),
                simulation::chunk),
            readme(config),
            chunk -> {});
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Summary(
        true,
        config.sessions(),
        config.testSessions(),
        config.items(),
        config.seed(),
        seconds,
        simulation.total() / seconds);
  }

  private static String readme(SimulatorConfig config) {
    return """
        # Simulated data

        These files were made by Kaseb's simulator. They describe no real shop and no real person.
        Their format and their statistics follow the YOOCHOOSE log of the RecSys Challenge 2015;
        figures measured on them say how Kaseb works, not how well it forecasts real shoppers.

        Made again, byte for byte, by a simulation of %d sessions with the seed %d.

        | file | content |
        |---|---|
        | %s | %d sessions: session, time (UTC), item, category |
        | %s | their purchases: session, time, item, price, quantity |
        | %s | %d more sessions over the same period |
        | %s | the purchases of those |
        | %s | session, true purchase probability given its clicks (hidden interests summed over) |
        | %s | session, item, true probability that the item is bought if any is (test sessions) |
        """
        .formatted(
            config.sessions(),
            config.seed(),
            CLICKS,
            config.sessions(),
            BUYS,
            TEST_CLICKS,
            config.testSessions(),
            TEST_BUYS,
            TRUTH,
            TRUTH_ITEMS);
  }
}
