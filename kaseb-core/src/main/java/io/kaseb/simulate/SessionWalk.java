package io.kaseb.simulate;

import io.kaseb.tune.math.StandardNormal;
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

  /// How often a click that is no new item is the last one again, of sessions that do not buy and
  /// that do: who buys goes back to compare.
  private static final double[] SAME = {.295, .12};

  private static final int TRIES = 12;

  /// Log seconds of a glance and of a long look, their common spread, and the cut.
  private static final double GLANCE = 2.8;

  private static final double LOOK = 4.5;
  private static final double SPREAD = .9;
  private static final double AWAY_SHARE = .08;
  private static final double AWAY = 6;
  private static final double AWAY_SPREAD = 1.3;
  private static final double GAP_LONGEST = 5 * 3600;

  /// How often a click brings a long look: [whether the session buys][whether the item was seen
  /// before]. Who buys looks longer at what it comes back to, who does not only checks.
  private static final double[][] LOOKS = {{.35, .10}, {.58, .97}};

  private static final double OTHER_ROWS = .198;
  private static final double PRIOR =
      StrictMath.log(YoochooseFacts.BUY_RATE / (1 - YoochooseFacts.BUY_RATE));

  private final SimulatedWorld world;
  private final InterestPosterior posterior;
  private final SessionShapes shapes;
  private final SimulatedCalendar calendar;
  private final Launches launches;

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

  /// The distinct items of the last session in order of their first click, and how many; after
  /// [#chances], the true probability that the session bought each, given that it bought.
  final int[] seen = new int[SessionShapes.LONGEST];

  final double[] chances = new double[SessionShapes.LONGEST];
  int distinct;

  /// Whether the click's item was seen before in the session.
  final boolean[] isAgain = new boolean[SessionShapes.LONGEST];

  /// After [#wishes], how much the session wants each distinct item.
  final double[] wish = new double[SessionShapes.LONGEST];

  private final PickChances pickChances = new PickChances();

  SessionWalk(
      SimulatedWorld world, SessionShapes shapes, SimulatedCalendar calendar, Launches launches) {
    this.world = world;
    this.posterior = world.posterior();
    this.shapes = shapes;
    this.calendar = calendar;
    this.launches = launches;
  }

  /// Makes the session of a stratum.
  void next(Stratum stratum, SplittableRandom random) {
    boolean buys = stratum.buys();
    int shape = shapes.shape(buys, stratum.shape());
    day = calendar.day(buys, stratum.day());
    int hour = calendar.hour(buys, stratum.hour());
    interest = world.interest(buys, random.nextDouble());
    double odds = PRIOR + shapes.evidence(shape) + calendar.evidence(day, hour);
    odds = click(buys, shape, hour, -1, odds, random);
    probability = 1 / (1 + StrictMath.exp(-odds));
    rows = 0;
    if (buys) {
      buy(random);
    }
  }

  /// Makes the clicks of a session on a given day, and no purchases; returns the log odds that it
  /// buys.
  ///
  /// @param onDay its first day
  /// @param first the item that it begins with, -1 for one of its interest
  /// @param odds the log odds before the session begins
  double next(boolean buys, int onDay, int first, double odds, SplittableRandom random) {
    int shape = shapes.shape(buys, random.nextDouble());
    day = onDay;
    int hour = calendar.hour(buys, random.nextDouble());
    double u = random.nextDouble();
    interest =
        first < 0
            ? world.interest(buys, u)
            : posterior.interest(buys, first, launches.hidden(day), u);
    double known = odds + shapes.evidence(shape) + calendar.hourEvidence(hour);
    return click(buys, shape, hour, first, known, random);
  }

  /// Returns how likely the last session's first item was for an interest's beginning.
  double firstIf(boolean buys) {
    return buys ? posterior.firstIfBuys : posterior.firstIfNot;
  }

  private double click(
      boolean buys, int shape, int hour, int first, double odds, SplittableRandom random) {
    double evidence = odds;
    evidence += walk(buys, shape, first, random);
    evidence += posterior.evidence(seen, distinct, launches.hidden(day));
    return evidence + dwell(buys, hour, random);
  }

  /// Clicks; returns the evidence of the ways back.
  private double walk(boolean buys, int shape, int first, SplittableRandom random) {
    double evidence = 0;
    clicks = SessionShapes.clicks(shape);
    int left = SessionShapes.distinct(shape);
    distinct = 0;
    int now = interest;
    for (int t = 0; t < clicks; t++) {
      boolean isNew = t == 0 || random.nextInt(clicks - t) < left;
      isAgain[t] = !isNew;
      if (isNew) {
        left--;
        if (t > 0 && random.nextDouble() < INTEREST_CHANGES) {
          now = world.interest(false, random.nextDouble());
        }
        if (t == 0 && first >= 0) {
          seen[distinct++] = first;
        } else {
          now = visit(now, random);
        }
        items[t] = seen[distinct - 1];
      } else if (distinct == 1) {
        items[t] = items[t - 1];
      } else {
        boolean isSame = random.nextDouble() < SAME[buys ? 1 : 0];
        items[t] = isSame ? items[t - 1] : revisit(items[t - 1], random);
        evidence +=
            isSame
                ? StrictMath.log(SAME[1] / SAME[0])
                : StrictMath.log((1 - SAME[1]) / (1 - SAME[0]));
      }
    }
    return evidence;
  }

  /// Adds an item that the session has not seen; an interest without one gives way to another.
  private int visit(int interest, SplittableRandom random) {
    int now = interest;
    for (int tries = 1; ; tries++) {
      int item = world.item(now, random.nextDouble());
      if (!isSeen(item) && launches.isSold(item, day)) {
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
      int again = isAgain[t] ? 1 : 0;
      double x = gap(LOOKS[buys ? 1 : 0][again], random);
      time += 1 + (long) (1000 * Math.min(StrictMath.exp(x), GAP_LONGEST));
      if (t + 1 < clicks) {
        evidence += StrictMath.log(density(x, LOOKS[1][again]) / density(x, LOOKS[0][again]));
      }
    }
    return evidence;
  }

  /// Draws a gap's logarithm: of a glance, of a long look, of an absence.
  private static double gap(double looks, SplittableRandom random) {
    double z = StandardNormal.quickQuantile(random.nextDouble());
    double u = random.nextDouble();
    if (u < AWAY_SHARE) {
      return AWAY + AWAY_SPREAD * z;
    }
    return (random.nextDouble() < looks ? LOOK : GLANCE) + SPREAD * z;
  }

  /// Returns the density of a gap's logarithm but for a constant.
  private static double density(double x, double looks) {
    double present = (1 - looks) * bell(x, GLANCE, SPREAD) + looks * bell(x, LOOK, SPREAD);
    return (1 - AWAY_SHARE) * present + AWAY_SHARE * bell(x, AWAY, AWAY_SPREAD);
  }

  private static double bell(double x, double mean, double spread) {
    double z = (x - mean) / spread;
    return StrictMath.exp(-z * z / 2) / spread;
  }

  private void buy(SplittableRandom random) {
    int count = shapes.bought(distinct, random.nextDouble());
    double sum = wishes();
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

  /// Works out [#wish]; returns its sum.
  double wishes() {
    double sum = 0;
    for (int i = 0; i < distinct; i++) {
      wish[i] = world.appeal(seen[i]) * interestIn(seen[i]);
      sum += wish[i];
    }
    return sum;
  }

  /// Works out the last session's [#chances].
  void chances() {
    wishes();
    pickChances.write(wish, distinct, shapes.boughtMore(distinct), chances);
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

  /// Returns the place of the item at a point of the summed wishes.
  int pick(double at) {
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

  /// Draws how many of an item are bought.
  static int quantity(SplittableRandom random) {
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
