package io.kaseb.data;

import java.util.SplittableRandom;

/// Makes one simulated session after another into its own buffers: the clicks, the purchases and
/// the true probability of a purchase.
///
/// The label comes first and everything that a forecaster can see is drawn given the label: clicks
/// and distinct items, day and hour, interest, dwell. So the true probability follows by Bayes'
/// rule from what is seen alone, the hidden interests summed over ([InterestPosterior]).
final class SessionWalk {
  /// How often a new item brings a new interest.
  static final double INTEREST_CHANGES = .05;

  private static final double IMMEDIATE = .25;
  private static final int TRIES = 12;

  private static final double GAP_SPREAD = 1.56;
  private static final double GAP_BUYER = StrictMath.log(32) + .70;
  private static final double GAP_OTHER = StrictMath.log(32) - .10;
  private static final double GAP_LONGEST = 5 * 3600;

  private static final double OTHER_ROWS = .198;
  private static final double PRIOR =
      StrictMath.log(YoochooseFacts.BUY_RATE / (1 - YoochooseFacts.BUY_RATE));

  private final SimulatedWorld world;
  private final InterestPosterior posterior;
  private final SessionShapes shapes;
  private final SimulatedCalendar calendar;

  /// The clicks of the last session: item, milliseconds since 1970.
  final int[] items = new int[SessionShapes.LONGEST];

  final long[] times = new long[SessionShapes.LONGEST];
  int clicks;

  /// The purchases of the last session.
  final int[] bought = new int[SessionShapes.LONGEST + 64];

  final int[] quantities = new int[bought.length];
  long boughtAt;
  boolean free;
  int rows;

  /// The first day of the last session, its interest when it began, its true purchase probability
  /// given its clicks.
  int day;

  int interest;
  double probability;

  private final int[] seen = new int[SessionShapes.LONGEST];
  private final double[] wish = new double[SessionShapes.LONGEST];
  private int distinct;

  SessionWalk(SimulatedWorld world, SessionShapes shapes, SimulatedCalendar calendar) {
    this.world = world;
    this.posterior = world.posterior();
    this.shapes = shapes;
    this.calendar = calendar;
  }

  /// Makes the session of a stratum.
  void next(Stratum stratum, SplittableRandom random) {
    boolean buys = stratum.buys();
    int shape = shapes.shape(buys, stratum.shape());
    day = calendar.day(buys, stratum.day());
    int hour = calendar.hour(buys, stratum.hour());
    interest = world.interest(buys, random.nextDouble());
    double evidence = PRIOR + shapes.evidence(shape) + calendar.evidence(day, hour);
    walk(shape, random);
    evidence += posterior.evidence(seen, distinct);
    evidence += dwell(buys, hour, random);
    probability = 1 / (1 + StrictMath.exp(-evidence));
    rows = 0;
    if (buys) {
      buy(random);
    }
  }

  private void walk(int shape, SplittableRandom random) {
    clicks = SessionShapes.clicks(shape);
    int left = SessionShapes.distinct(shape);
    distinct = 0;
    int now = interest;
    for (int t = 0; t < clicks; t++) {
      boolean isNew = t == 0 || random.nextInt(clicks - t) < left;
      if (isNew) {
        left--;
        if (t > 0 && random.nextDouble() < INTEREST_CHANGES) {
          now = world.interest(false, random.nextDouble());
        }
        now = visit(now, random);
        items[t] = seen[distinct - 1];
      } else if (distinct == 1 || random.nextDouble() < IMMEDIATE) {
        items[t] = items[t - 1];
      } else {
        items[t] = revisit(items[t - 1], random);
      }
    }
  }

  /// Adds an item that the session has not seen; an interest without one gives way to another.
  private int visit(int interest, SplittableRandom random) {
    int now = interest;
    for (int tries = 1; ; tries++) {
      int item = world.item(now, random.nextDouble());
      if (!isSeen(item)) {
        seen[distinct++] = item;
        return now;
      }
      if (tries % TRIES == 0) {
        now = world.interest(false, random.nextDouble());
      }
    }
  }

  private boolean isSeen(int item) {
    for (int i = 0; i < distinct; i++) {
      if (seen[i] == item) {
        return true;
      }
    }
    return false;
  }

  /// Returns an item seen before the last one, recent ones likelier.
  private int revisit(int last, SplittableRandom random) {
    while (true) {
      int back = 1 + (int) (random.nextDouble() * random.nextDouble() * distinct);
      int item = seen[distinct - Math.min(back, distinct)];
      if (item != last) {
        return item;
      }
    }
  }

  /// Sets the times; returns the evidence of the gaps. The gap after a click is also its dwell.
  private double dwell(boolean buys, int hour, SplittableRandom random) {
    double evidence = 0;
    long time = SimulatedCalendar.millis(day) + hour * 3_600_000L + random.nextInt(3_600_000);
    for (int t = 0; t < clicks; t++) {
      times[t] = time;
      double x = (buys ? GAP_BUYER : GAP_OTHER) + GAP_SPREAD * Normal.quantile(random.nextDouble());
      double seconds = Math.min(StrictMath.exp(x), GAP_LONGEST);
      time += 1 + (long) (1000 * seconds);
      if (t + 1 < clicks) {
        double other = x - GAP_OTHER;
        double buyer = x - GAP_BUYER;
        evidence += (other * other - buyer * buyer) / (2 * GAP_SPREAD * GAP_SPREAD);
      }
    }
    return evidence;
  }

  private void buy(SplittableRandom random) {
    int count = shapes.bought(distinct, random.nextDouble());
    double sum = 0;
    for (int i = 0; i < distinct; i++) {
      wish[i] = world.appeal(seen[i]) * interestIn(seen[i]);
      sum += wish[i];
    }
    for (int k = 0; k < count; k++) {
      int pick = pick(random.nextDouble() * sum);
      bought[rows] = seen[pick];
      quantities[rows++] = quantity(random);
      sum -= wish[pick];
      wish[pick] = 0;
    }
    while (rows < bought.length && random.nextDouble() < OTHER_ROWS / (1 + OTHER_ROWS)) {
      int item = world.item(interest, random.nextDouble());
      // Half are a second row of the same item; the others were never clicked.
      bought[rows] = random.nextBoolean() || isSeen(item) ? bought[0] : item;
      quantities[rows++] = quantity(random);
    }
    free = random.nextDouble() < YoochooseFacts.FREE_ROWS;
    boughtAt = times[clicks - 1] + 20_000 + random.nextInt(280_000);
  }

  /// Returns how much the session's clicks on an item speak for buying it: each click counts, more
  /// so after a long look.
  private double interestIn(int item) {
    double sum = 0;
    for (int t = 0; t < clicks; t++) {
      if (items[t] == item) {
        boolean isLong = t + 1 < clicks && times[t + 1] - times[t] > 60_000;
        sum += isLong ? 1.5 : 1;
      }
    }
    return sum;
  }

  private int pick(double at) {
    double left = at;
    int last = 0;
    for (int i = 0; i < distinct; i++) {
      if (wish[i] > 0) {
        last = i;
        left -= wish[i];
        if (left < 0) {
          return i;
        }
      }
    }
    return last;
  }

  private static int quantity(SplittableRandom random) {
    double u = random.nextDouble();
    return u < .8 ? 1 : (int) Math.min(30, 2 + .2 / (1 - u) - 1);
  }

  /// Where a session stands in the distributions that hold exactly over the whole log.
  ///
  /// @param buys whether it ends in a purchase
  /// @param shape quantile of clicks and distinct items
  /// @param day quantile of the day
  /// @param hour quantile of the hour
  record Stratum(boolean buys, double shape, double day, double hour) {}
}
