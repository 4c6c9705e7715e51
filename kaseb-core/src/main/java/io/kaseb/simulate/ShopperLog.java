package io.kaseb.simulate;

import io.kaseb.base.Progress;
import io.kaseb.event.Actions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes a simulated shop's log with everything that shoppers do: clicks, carts, removals,
/// searches, purchases, on devices, by visitors who come back, of items some of which are new.
/// Clicks follow [YoochooseFacts], the rest [ShopperFacts].
public final class ShopperLog {
  /// The log.
  public static final String EVENTS = "events.csv";

  /// The columns as `kaseb prepare` takes them.
  public static final String COLUMNS =
      "session=session,time=time,user=user,type=type,item=item,category=category";

  /// The attributes as `kaseb prepare` takes them.
  public static final String ATTRIBUTES =
      "device:category@session,brand:category@item,price:number@item,query:words@event";

  private ShopperLog() {}

  /// What was written.
  ///
  /// @param simulated always true: these are no real shoppers
  /// @param sessions sessions of the log
  /// @param visitors visitors who made them
  /// @param events events by action
  /// @param items items that can be clicked
  /// @param seed the seed that gives the same bytes again
  /// @param seconds time it took
  public record Summary(
      boolean simulated,
      long sessions,
      long visitors,
      Map<String, Long> events,
      int items,
      long seed,
      double seconds) {}

  /// Writes all files into a folder, each atomically; the same config gives the same bytes.
  public static Summary write(SimulatorConfig config, Path folder, Progress progress)
      throws IOException {
    long start = System.nanoTime();
    ShopperSimulation simulation = new ShopperSimulation(config);
    Counts counts = new Counts();
    new SimulatedFolder(folder, config, progress)
        .write(
            new SimulatedFolder.Log<>(
                List.of(EVENTS), config.sessions(), simulation.chunks(), simulation::chunk),
            readme(config),
            counts::add);
    Map<String, Long> events = new LinkedHashMap<>();
    for (int a = 0; a < counts.events.length; a++) {
      if (counts.events[a] > 0) {
        events.put(Actions.STANDARD.get(a), counts.events[a]);
      }
    }
    return new Summary(
        true,
        config.sessions(),
        counts.visitors,
        events,
        config.items(),
        config.seed(),
        (System.nanoTime() - start) / 1e9);
  }

  private static String readme(SimulatorConfig config) {
    return """
        # Simulated data

        These files were made by Kaseb's simulator. They describe no real shop and no real person.
        Their statistics follow published ones; figures measured on them say how Kaseb works, not
        how well it forecasts real shoppers.

        Made again, byte for byte, by a simulation of %d sessions with everything that shoppers do
        and the seed %d.

        | file | content |
        |---|---|
        | %s | %d sessions: views, carts, removals, searches, purchases; times in UTC |
        | %s | session, true purchase probability given everything before the purchase |
        | %s | session, item, true probability that the item is bought if any is |
        """
        .formatted(
            config.sessions(),
            config.seed(),
            EVENTS,
            config.sessions(),
            Simulator.TRUTH,
            Simulator.TRUTH_ITEMS);
  }

  /// Visitors and events so far.
  private static final class Counts {
    long visitors;
    final long[] events = new long[Actions.STANDARD.size()];

    void add(ShopperSimulation.Chunk chunk) {
      visitors += chunk.visitors();
      for (int a = 0; a < events.length; a++) {
        events[a] += chunk.counts()[a];
      }
    }
  }
}
