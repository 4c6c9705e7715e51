package io.kaseb.simulate;

import io.kaseb.event.Actions;
import io.kaseb.tune.math.SeededRandom;
import java.util.List;
import java.util.SplittableRandom;

/// All sessions of one simulated log with everything that shoppers do, made chunk by chunk; a
/// visitor's sessions lie in one chunk. Any chunk can be made alone, on any thread, with the same
/// result.
final class ShopperSimulation {
  /// The columns of the log.
  private static final String HEADER =
      "session,time,user,type,item,category,brand,price,device,query\n";

  private final SimulatorConfig config;
  private final SimulatedWorld world;
  private final Launches launches;
  private final SessionShapes shapes = new SessionShapes();
  private final SimulatedCalendar calendar = new SimulatedCalendar(false);

  ShopperSimulation(SimulatorConfig config) {
    this.config = config;
    world = new SimulatedWorld(config.items(), config.seed());
    launches = Launches.of(world, config.seed());
  }

  /// Returns the number of chunks.
  int chunks() {
    return (int) ((config.sessions() + Simulation.CHUNK - 1) / Simulation.CHUNK);
  }

  /// Makes a chunk. Session ids run from 1, as visitors' do.
  Chunk chunk(int number) {
    SplittableRandom random =
        new SplittableRandom(
            SeededRandom.scramble(config.seed() + 4 + SeededRandom.scramble(number)));
    ShopperWalk walk = new ShopperWalk(world, shapes, calendar, launches);
    LogText log = new LogText();
    if (number == 0) {
      log.text(HEADER);
    }
    long first = (long) number * Simulation.CHUNK;
    double[] truth = new double[(int) Math.min(Simulation.CHUNK, config.sessions() - first)];
    Simulation.Chances chances = new Simulation.Chances();
    long[] counts = new long[Actions.STANDARD.size()];
    int visitors = 0;
    int s = 0;
    while (s < truth.length) {
      boolean buys = random.nextDouble() < YoochooseFacts.BUY_RATE;
      Visitor visitor = new Visitor(first + ++visitors, calendar.day(buys, random.nextDouble()));
      boolean goesOn = true;
      while (goesOn && s < truth.length) {
        walk.next(visitor, random);
        write(first + s + 1, visitor, walk, log);
        truth[s] = walk.probability;
        addChances(first + s + 1, walk, chances);
        for (int e = 0; e < walk.events; e++) {
          counts[walk.actions[e]]++;
        }
        s++;
        goesOn = visitor.returns(walk.walk, walk.end(), walk.buys, random);
      }
    }
    return new Chunk(first, List.of(log.toBytes()), truth, chances, visitors, counts);
  }

  private void addChances(long session, ShopperWalk walk, Simulation.Chances chances) {
    double[] values = walk.chances();
    for (int i = 0; i < values.length; i++) {
      chances.add(session, world.id(walk.walk.seen[i]), values[i]);
    }
  }

  private void write(long session, Visitor visitor, ShopperWalk walk, LogText log) {
    for (int e = 0; e < walk.events; e++) {
      log.row().number(session).sign(',').time(walk.times[e]).sign(',').number(visitor.id);
      log.sign(',').text(Actions.STANDARD.get(walk.actions[e])).sign(',');
      int item = walk.items[e];
      if (item >= 0) {
        log.number(world.id(item)).sign(',').text(Queries.kind(world.category(item))).sign(',');
        log.text(Queries.brand(world.brand(item))).sign(',').number(world.price(item)).sign(',');
      } else {
        log.text(",,,,");
      }
      log.text(ShopperFacts.DEVICES.get(walk.device)).sign(',').text(walk.texts[e]).sign('\n');
    }
  }

  /// One chunk.
  ///
  /// @param logs bytes of the log, with its header where this is the first chunk
  /// @param chances of the clicked items
  /// @param counts events of each action
  record Chunk(
      long first,
      List<byte[]> logs,
      double[] truth,
      Simulation.Chances chances,
      int visitors,
      long[] counts)
      implements SimulatedFolder.Chunk {}
}
