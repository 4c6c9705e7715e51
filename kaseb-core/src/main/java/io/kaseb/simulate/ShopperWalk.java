package io.kaseb.simulate;

import io.kaseb.event.Actions;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Makes one session after another with everything that a shopper does: a [SessionWalk]'s clicks,
/// and among them carts, removals and searches, on a device, by a [Visitor].
///
/// As there, the label comes first, and all that follows is drawn given it, so that the true
/// probability follows by Bayes' rule. When something happens between two clicks says nothing.
final class ShopperWalk {
  private static final int MOST_EVENTS = 5 * SessionShapes.LONGEST;

  /// Log odds of a session by an average visitor on an average day.
  private static final double PRIOR = -2.842;

  /// How often an item goes into the cart after a click: [whether the session buys][whether the
  /// item was seen before in it].
  private static final double[][] CARTS = {{.0268, .044}, {.23, .325}};

  /// How often something is taken out of a cart that is not empty, after a click.
  private static final double[] REMOVALS = {.18, .085};

  /// How often a new item is searched for.
  private static final double[] SEARCHES = {.0615, .0705};

  /// How much likelier an item is bought that is in the cart, and that was taken out.
  private static final double IN_CART = 60;

  private static final double TAKEN_OUT = .2;

  /// How often a purchase has as many items as the cart.
  private static final double WHOLE_CART = .96;

  private static final double[][] DEVICES = devices();
  private static final GuideTable[] DEVICE_TABLES = {
    GuideTable.of(DEVICES[0]), GuideTable.of(DEVICES[1])
  };

  private final SimulatedWorld world;
  private final SessionShapes shapes;
  private final SimulatedCalendar calendar;
  private final Queries queries = new Queries();
  private final PickChances pickChances = new PickChances();

  /// The clicks of the last session.
  final SessionWalk walk;

  /// The events of the last session: action, item or -1, milliseconds, text of a search.
  final int[] actions = new int[MOST_EVENTS];

  final int[] items = new int[MOST_EVENTS];
  final long[] times = new long[MOST_EVENTS];
  final String[] texts = new String[MOST_EVENTS];
  int events;

  /// The device, whether it bought, the true probability that it would.
  int device;

  boolean buys;
  double probability;

  /// Of the distinct items: how often in the cart, less removals; whether ever taken out.
  private final boolean[] inCart = new boolean[SessionShapes.LONGEST];

  private final boolean[] takenOut = new boolean[SessionShapes.LONGEST];
  private int cart;

  ShopperWalk(
      SimulatedWorld world, SessionShapes shapes, SimulatedCalendar calendar, Launches launches) {
    this.world = world;
    this.shapes = shapes;
    this.calendar = calendar;
    walk = new SessionWalk(world, shapes, calendar, launches);
  }

  private static double[][] devices() {
    double[] shares = ShopperFacts.deviceShares();
    double[] rates = ShopperFacts.deviceRates();
    double[][] given = new double[2][shares.length];
    for (int d = 0; d < shares.length; d++) {
      double rate = YoochooseFacts.BUY_RATE * rates[d];
      given[0][d] = shares[d] * (1 - rate);
      given[1][d] = shares[d] * rate;
    }
    for (double[] row : given) {
      double sum = Arrays.stream(row).sum();
      Arrays.setAll(row, d -> row[d] / sum);
    }
    return given;
  }

  /// Makes a visitor's next session.
  void next(Visitor visitor, SplittableRandom random) {
    double odds = PRIOR + visitor.evidence() + calendar.dayEvidence(visitor.day);
    buys = random.nextDouble() < chance(odds);
    odds = click(visitor, odds, random);
    device = DEVICE_TABLES[buys ? 1 : 0].draw(random.nextDouble());
    odds += StrictMath.log(DEVICES[1][device] / DEVICES[0][device]);
    odds += act(random);
    probability = chance(odds);
    if (buys) {
      buy(random);
    }
  }

  /// Returns when the last session ended.
  long end() {
    return times[events - 1];
  }

  /// Works out the true probability that the last session bought each of its distinct items, given
  /// that it bought.
  double[] chances() {
    wishes();
    double[] chances = new double[walk.distinct];
    double[] more = shapes.boughtMore(walk.distinct).clone();
    if (cart > 0) {
      for (int m = 0; m < more.length; m++) {
        more[m] = (m < cart ? WHOLE_CART : 0) + (1 - WHOLE_CART) * more[m];
      }
    }
    pickChances.write(walk.wish, walk.distinct, more, chances);
    return chances;
  }

  private static double chance(double odds) {
    return 1 / (1 + StrictMath.exp(-odds));
  }

  /// Makes the clicks; returns the log odds after them.
  private double click(Visitor visitor, double before, SplittableRandom random) {
    int seen = visitor.seen.length;
    double[] again = ShopperFacts.beginsAgain();
    boolean isAgain = visitor.isKnown() && random.nextDouble() < again[buys ? 1 : 0];
    int first = isAgain ? visitor.seen[random.nextInt(seen)] : -1;
    double odds = walk.next(buys, visitor.day, first, before, random);
    if (visitor.isKnown()) {
      // The posterior takes the first item as one of the interest: here it may be an old one too.
      int begun = walk.seen[0];
      double old = Arrays.stream(visitor.seen).anyMatch(i -> i == begun) ? 1.0 / seen : 0;
      double ifBuys = old * again[1] / walk.firstIf(true) + 1 - again[1];
      double ifNot = old * again[0] / walk.firstIf(false) + 1 - again[0];
      odds += StrictMath.log(ifBuys / ifNot);
    }
    return odds;
  }

  /// Puts the other events among the clicks; returns what they say.
  private double act(SplittableRandom random) {
    double evidence = 0;
    events = 0;
    cart = 0;
    Arrays.fill(inCart, 0, walk.distinct, false);
    Arrays.fill(takenOut, 0, walk.distinct, false);
    long hour = walk.times[0] - Math.floorMod(walk.times[0], 3_600_000L);
    evidence += search(0, random);
    if (events > 0) {
      times[0] = Math.max(hour, walk.times[0] - 3_000 - random.nextInt(40_000));
    }
    int visited = 0;
    for (int t = 0; t < walk.clicks; t++) {
      add(Actions.VIEW, walk.items[t]);
      times[events - 1] = walk.times[t];
      int from = events;
      visited += walk.isAgain[t] ? 0 : 1;
      int place = place(walk.items[t], visited);
      evidence += remove(visited, random);
      evidence += cart(place, walk.isAgain[t], random);
      boolean isLast = t + 1 == walk.clicks;
      if (!isLast) {
        evidence += search(t + 1, random);
      }
      long gap = isLast ? 5_000 + random.nextInt(115_000) : walk.times[t + 1] - walk.times[t];
      for (int e = from; e < events; e++) {
        double part = (e - from + random.nextDouble()) / (events - from);
        times[e] = walk.times[t] + (long) (part * gap);
      }
    }
    return evidence;
  }

  private int place(int item, int visited) {
    for (int i = 0; i < visited; i++) {
      if (walk.seen[i] == item) {
        return i;
      }
    }
    throw new IllegalStateException("item " + item + " is not among the session's");
  }

  private double cart(int place, boolean isAgain, SplittableRandom random) {
    if (inCart[place]) {
      return 0;
    }
    int again = isAgain ? 1 : 0;
    double[] rates = {CARTS[0][again], CARTS[1][again]};
    boolean isIn = happens(rates, random);
    if (isIn) {
      inCart[place] = true;
      cart++;
      add(Actions.CART, walk.seen[place]);
    }
    return evidence(rates, isIn);
  }

  private double remove(int visited, SplittableRandom random) {
    if (cart == 0) {
      return 0;
    }
    boolean isOut = happens(REMOVALS, random);
    if (isOut) {
      int left = random.nextInt(cart);
      int place = 0;
      while (place < visited && (!inCart[place] || left-- > 0)) {
        place++;
      }
      inCart[place] = false;
      takenOut[place] = true;
      cart--;
      add(Actions.REMOVE, walk.seen[place]);
    }
    return evidence(REMOVALS, isOut);
  }

  /// Searches for the item of a click, if it is a new one.
  private double search(int t, SplittableRandom random) {
    if (walk.isAgain[t]) {
      return 0;
    }
    boolean isSearched = happens(SEARCHES, random);
    double said = 0;
    if (isSearched) {
      int item = walk.items[t];
      said = queries.next(buys, world.category(item), world.brand(item), random);
      add(Actions.SEARCH, -1);
      texts[events - 1] = queries.text();
    }
    return evidence(SEARCHES, isSearched) + said;
  }

  private boolean happens(double[] rates, SplittableRandom random) {
    return random.nextDouble() < rates[buys ? 1 : 0];
  }

  private static double evidence(double[] rates, boolean happened) {
    return happened
        ? StrictMath.log(rates[1] / rates[0])
        : StrictMath.log((1 - rates[1]) / (1 - rates[0]));
  }

  private double wishes() {
    walk.wishes();
    double sum = 0;
    for (int i = 0; i < walk.distinct; i++) {
      walk.wish[i] *= inCart[i] ? IN_CART : takenOut[i] ? TAKEN_OUT : 1;
      sum += walk.wish[i];
    }
    return sum;
  }

  private void buy(SplittableRandom random) {
    boolean isWhole = random.nextDouble() < WHOLE_CART;
    int usual = shapes.bought(walk.distinct, random.nextDouble());
    int count = isWhole && cart > 0 ? cart : usual;
    long time = end() + 20_000 + random.nextInt(280_000);
    double sum = wishes();
    for (int k = 0; k < count; k++) {
      int pick = walk.pick(random.nextDouble() * sum);
      add(Actions.PURCHASE, walk.seen[pick]);
      times[events - 1] = time;
      sum -= walk.wish[pick];
      walk.wish[pick] = 0;
    }
  }

  private void add(int action, int item) {
    actions[events] = action;
    items[events] = item;
    texts[events++] = "";
  }
}
