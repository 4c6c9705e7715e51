package io.kaseb.simulate;

import io.kaseb.tune.math.SeededRandom;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// All sessions of one simulated log, made chunk by chunk; any chunk can be made alone, on any
/// thread, with the same result.
final class Simulation {
  /// Sessions of one chunk, both files together.
  static final int CHUNK = 8_192;

  private final SimulatorConfig config;
  private final SimulatedWorld world;
  private final SessionShapes shapes = new SessionShapes();
  private final SimulatedCalendar calendar = new SimulatedCalendar(true);
  private final Launches launches;
  private final Strata train;
  private final Strata test;

  Simulation(SimulatorConfig config) {
    this.config = config;
    world = new SimulatedWorld(config.items(), config.seed());
    launches = Launches.none(world);
    train = new Strata(config.sessions(), SeededRandom.scramble(config.seed() + 1));
    test = new Strata(config.testSessions(), SeededRandom.scramble(config.seed() + 2));
  }

  /// Returns the number of sessions of both files.
  long total() {
    return config.sessions() + config.testSessions();
  }

  /// Returns the number of chunks.
  int chunks() {
    return (int) ((total() + CHUNK - 1) / CHUNK);
  }

  /// Makes a chunk. Session ids run through both files from 1; which file gets a session is random.
  Chunk chunk(int number) {
    SplittableRandom random =
        new SplittableRandom(SeededRandom.scramble(config.seed() + SeededRandom.scramble(number)));
    SessionWalk walk = new SessionWalk(world, shapes, calendar, launches);
    YoochooseText clicks = new YoochooseText();
    YoochooseText testClicks = new YoochooseText();
    YoochooseText buys = new YoochooseText();
    YoochooseText testBuys = new YoochooseText();
    long first = (long) number * CHUNK;
    int count = (int) Math.min(CHUNK, total() - first);
    long tested = testedBefore(first);
    int testLeft = (int) (testedBefore(first + count) - tested);
    double[] truth = new double[count];
    Chances chances = new Chances();
    for (int s = 0; s < count; s++) {
      boolean isTest = random.nextInt(count - s) < testLeft;
      long index = isTest ? tested : first + s - tested;
      walk.next((isTest ? test : train).of(index), random);
      if (isTest) {
        tested++;
        testLeft--;
      }
      long id = first + s + 1;
      writeClicks(id, walk, isTest ? testClicks : clicks);
      writeBuys(id, walk, isTest ? testBuys : buys);
      truth[s] = walk.probability;
      if (isTest) {
        walk.chances();
        for (int i = 0; i < walk.distinct; i++) {
          chances.add(id, world.id(walk.seen[i]), walk.chances[i]);
        }
      }
    }
    List<byte[]> logs =
        List.of(clicks.toBytes(), buys.toBytes(), testClicks.toBytes(), testBuys.toBytes());
    return new Chunk(first, logs, truth, chances);
  }

  private long testedBefore(long session) {
    return Math.round((double) config.testSessions() * session / total());
  }

  private void writeClicks(long id, SessionWalk walk, YoochooseText out) {
    for (int t = 0; t < walk.clicks; t++) {
      int item = walk.items[t];
      out.click(id, walk.times[t], world.id(item), world.category(item, walk.day));
    }
  }

  private void writeBuys(long id, SessionWalk walk, YoochooseText out) {
    for (int r = 0; r < walk.rows; r++) {
      int item = walk.bought[r];
      int price = walk.free ? 0 : world.price(item);
      out.buy(id, walk.boughtAt + r, world.id(item), price, walk.free ? 0 : walk.quantities[r]);
    }
  }

  /// One chunk.
  ///
  /// @param logs bytes of clicks, buys, the test's clicks and its buys
  /// @param chances of the clicked items of the test sessions
  record Chunk(long first, List<byte[]> logs, double[] truth, Chances chances)
      implements SimulatedFolder.Chunk {}

  /// Rows of session, item and the true probability that the session bought it, given that it
  /// bought.
  static final class Chances {
    long[] sessions = new long[4_096];
    int[] items = new int[4_096];
    double[] values = new double[4_096];
    int size;

    void add(long session, int item, double chance) {
      if (size == items.length) {
        sessions = Arrays.copyOf(sessions, 2 * size);
        items = Arrays.copyOf(items, 2 * size);
        values = Arrays.copyOf(values, 2 * size);
      }
      sessions[size] = session;
      items[size] = item;
      values[size++] = chance;
    }
  }

  /// Deals the sessions of one file over the strata, in an order that looks random.
  private static final class Strata {
    private final long buyers;
    private final long others;
    private final Shuffle order;
    private final Shuffle[] days;
    private final Shuffle[] hours;

    Strata(long sessions, long key) {
      buyers = Math.round(sessions * YoochooseFacts.BUY_RATE);
      others = sessions - buyers;
      order = new Shuffle(sessions, key);
      days = new Shuffle[] {new Shuffle(others, key + 1), new Shuffle(buyers, key + 2)};
      hours = new Shuffle[] {new Shuffle(others, key + 3), new Shuffle(buyers, key + 4)};
    }

    SessionWalk.Stratum of(long index) {
      long at = order.at(index);
      boolean buys = at < buyers;
      int b = buys ? 1 : 0;
      long rank = buys ? at : at - buyers;
      double size = buys ? buyers : others;
      return new SessionWalk.Stratum(
          buys,
          (rank + .5) / size,
          (days[b].at(rank) + .5) / size,
          (hours[b].at(rank) + .5) / size);
    }
  }
}
