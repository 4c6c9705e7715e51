package io.kaseb.signal;

import io.kaseb.event.Actions;
import java.util.Arrays;

/// What a session has shown so far beyond clicks, event by event, in constant work for each. Small
/// and mutable, one thread's at a time.
public final class SignalState {
  private static final int START = 8;

  final Schema schema;

  /// The number of actions.
  final int slots;

  private final int cart;
  private final int remove;
  private final int price;

  /// Events so far, and the time of the latest.
  int events;

  long now;

  /// Of each action: how many, the place of the last and its time, -1 where there is none.
  final int[] counts;

  final int[] lastAt;
  final long[] lastTime;

  /// How often one action followed another, `[slots x slots]`.
  final int[] followed;

  /// The first and the last action and the one before it; -1 for none or one that is not told.
  int first;

  int last;
  int before;

  /// Distinct items: in the cart now, ever put there; what those in it cost.
  int inCart;

  int everCarted;
  double cartValue;

  /// Distinct items that the visitor saw, or bought, in earlier sessions.
  int seenBefore;

  int boughtBefore;

  /// The last event's floats.
  final float[] latest;

  /// Of each attribute: how many values, their sum (of rates, for categories and words), the most
  /// and the least; how often a category changed.
  final int[] known;

  final double[] sum;
  final float[] most;
  final float[] least;
  final int[] changes;
  private final int[] lastCode;

  /// Of each distinct item, in the order of its first event: events of each action, `[items x
  /// slots]`; whether it is in the cart, was taken out; the place of the event that put it there;
  /// the logarithm of its price, NaN where it is not known; what the visitor did with it before.
  int[] itemCounts;

  boolean[] isInCart = new boolean[START];
  boolean[] isRemoved = new boolean[START];
  int[] cartedAt = new int[START];
  float[] prices = new float[START];
  Past[] pasts = new Past[START];
  private float[] cost = new float[START];

  /// Distinct items with a price, and the sum of their logarithms.
  private int priced;

  private double logPrices;

  private VisitorPast visitor = VisitorPast.UNKNOWN;

  /// Creates the state of a session without events.
  public SignalState(Schema schema) {
    this.schema = schema;
    slots = schema.actions().size();
    cart = schema.place(Actions.CART);
    remove = schema.place(Actions.REMOVE);
    price = schema.price();
    counts = new int[slots];
    lastAt = new int[slots];
    lastTime = new long[slots];
    followed = new int[slots * slots];
    latest = new float[schema.width()];
    int n = schema.attributes().size();
    known = new int[n];
    sum = new double[n];
    most = new float[n];
    least = new float[n];
    changes = new int[n];
    lastCode = new int[n];
    itemCounts = new int[START * slots];
    reset();
  }

  /// Forgets everything.
  public void reset() {
    events = 0;
    now = 0;
    Arrays.fill(counts, 0);
    Arrays.fill(lastAt, -1);
    Arrays.fill(lastTime, -1);
    Arrays.fill(followed, 0);
    first = -1;
    last = -1;
    before = -1;
    inCart = 0;
    everCarted = 0;
    cartValue = 0;
    seenBefore = 0;
    boughtBefore = 0;
    if (schema.width() > 0) {
      schema.begin(-1, latest, 0);
    }
    Arrays.fill(known, 0);
    Arrays.fill(sum, 0);
    Arrays.fill(most, 0);
    Arrays.fill(least, 0);
    Arrays.fill(changes, 0);
    Arrays.fill(lastCode, -1);
    priced = 0;
    logPrices = 0;
    visitor = VisitorPast.UNKNOWN;
  }

  /// Says what is known of the visitor, before the first event.
  public void visitor(VisitorPast past) {
    visitor = past;
  }

  /// Returns what is known of the visitor.
  public VisitorPast visitor() {
    return visitor;
  }

  /// Takes an event.
  ///
  /// @param place of its item among the session's distinct ones, -1 for none
  /// @param isNew whether the item is new to the session
  /// @param past what the visitor did with the item in earlier sessions
  /// @param time milliseconds since 1970, of the session's latest event where it has none
  public void event(int place, boolean isNew, Past past, long time, float[] event, int at) {
    if (place >= 0 && isNew) {
      begin(place, past);
    }
    now = time;
    int action = schema.action(event, at);
    if (action >= 0) {
      if (last >= 0) {
        followed[last * slots + action]++;
      }
      first = events == 0 ? action : first;
      before = last;
      counts[action]++;
      lastAt[action] = events;
      lastTime[action] = time;
    }
    last = action;
    for (int a = 0; a < known.length; a++) {
      attribute(a, event, at + schema.at(a));
    }
    System.arraycopy(event, at, latest, 0, latest.length);
    if (place >= 0) {
      item(place, action, event, at);
    }
    events++;
  }

  private void begin(int place, Past past) {
    if (place == isInCart.length) {
      int size = 2 * place;
      itemCounts = Arrays.copyOf(itemCounts, size * slots);
      isInCart = Arrays.copyOf(isInCart, size);
      isRemoved = Arrays.copyOf(isRemoved, size);
      cartedAt = Arrays.copyOf(cartedAt, size);
      prices = Arrays.copyOf(prices, size);
      pasts = Arrays.copyOf(pasts, size);
      cost = Arrays.copyOf(cost, size);
    }
    Arrays.fill(itemCounts, place * slots, (place + 1) * slots, 0);
    isInCart[place] = false;
    isRemoved[place] = false;
    cartedAt[place] = -1;
    prices[place] = Float.NaN;
    cost[place] = 0;
    pasts[place] = past;
    seenBefore += past == Past.NONE ? 0 : 1;
    boughtBefore += past == Past.BOUGHT ? 1 : 0;
  }

  private void attribute(int a, float[] event, int at) {
    Coding coding = schema.attributes().get(a);
    boolean isKnown = coding.isNumber() ? event[at + 1] == 0 : event[at + coding.codesAt()] >= 0;
    float value = event[at];
    if (!isKnown && coding.isNumber()) {
      return;
    }
    sum[a] += value;
    most[a] = known[a] == 0 ? value : Math.max(most[a], value);
    least[a] = known[a] == 0 ? value : Math.min(least[a], value);
    if (coding.codes() == 1) {
      int code = (int) event[at + coding.codesAt()];
      changes[a] += known[a] > 0 && code != lastCode[a] ? 1 : 0;
      lastCode[a] = code;
    }
    known[a]++;
  }

  private void item(int place, int action, float[] event, int at) {
    if (price >= 0) {
      price(place, event, at + schema.at(price));
    }
    if (action < 0) {
      return;
    }
    itemCounts[place * slots + action]++;
    if (action == cart && !isInCart[place]) {
      everCarted += cartedAt[place] < 0 ? 1 : 0;
      isInCart[place] = true;
      isRemoved[place] = false;
      cartedAt[place] = events;
      inCart++;
      cartValue += cost[place];
    } else if (action == remove && isInCart[place]) {
      isInCart[place] = false;
      isRemoved[place] = true;
      inCart--;
      cartValue = inCart == 0 ? 0 : cartValue - cost[place];
    }
  }

  private void price(int place, float[] event, int at) {
    if (event[at + 1] != 0) {
      return;
    }
    Coding coding = schema.attributes().get(price);
    float log = event[at] * coding.spread();
    boolean isFirst = Float.isNaN(prices[place]);
    priced += isFirst ? 1 : 0;
    logPrices += log - (isFirst ? 0 : prices[place]);
    prices[place] = log;
    float now = (float) Math.max(0, coding.unscaled(event[at]));
    cartValue += isInCart[place] ? now - cost[place] : 0;
    cost[place] = now;
  }

  /// Returns how many events of an action there were.
  public int count(int action) {
    return counts[action];
  }

  /// Returns how often the second action followed the first at once.
  public int followed(int one, int other) {
    return followed[one * slots + other];
  }

  /// Returns the first action, the last or the one before it; -1 for none or one that is not told.
  public int action(Place place) {
    return switch (place) {
      case FIRST -> first;
      case LAST -> last;
      case PREVIOUS -> before;
    };
  }

  /// A place of an action in a session.
  public enum Place {
    /// The session's first event.
    FIRST,
    /// Its last one so far.
    LAST,
    /// The one before the last.
    PREVIOUS
  }

  /// Returns a float of the last event; see [Schema].
  public float latest(int at) {
    return latest[at];
  }

  /// Returns the most of an attribute's values, or rates, so far; 0 where there are none.
  public float most(int attribute) {
    return most[attribute];
  }

  /// Returns the least of an attribute's values, or rates, so far; 0 where there are none.
  public float least(int attribute) {
    return least[attribute];
  }

  /// Returns how often a category changed.
  public int changes(int attribute) {
    return changes[attribute];
  }

  /// Returns how many distinct items lie in the cart.
  public int inCart() {
    return inCart;
  }

  /// Returns how many distinct items were ever put into the cart.
  public int everCarted() {
    return everCarted;
  }

  /// Returns what the items in the cart cost, in the log's unit.
  public double cartValue() {
    return Math.max(0, cartValue);
  }

  /// Returns how many of the session's items the visitor saw in earlier sessions.
  public int seenBefore() {
    return seenBefore;
  }

  /// Returns how many of the session's items the visitor bought in earlier sessions.
  public int boughtBefore() {
    return boughtBefore;
  }

  /// Returns 1 / (1 + hours since the visitor's latest earlier session); 0 where there is none.
  public float freshness() {
    return SignalFeatures.freshness(this);
  }

  /// Writes the rows of the table of embeddings that the last event's value of an attribute has,
  /// one for each of its words; returns how many, 1 or more.
  public int embeddings(int attribute, int[] out, int at) {
    Coding coding = schema.attributes().get(attribute);
    int from = schema.at(attribute) + coding.codesAt();
    int n = 0;
    while (n < coding.codes() && latest[from + n] >= 0) {
      out[at + n] = coding.embedding((int) latest[from + n]);
      n++;
    }
    if (n == 0) {
      out[at + n++] = coding.embedding(-1);
    }
    return n;
  }

  /// Returns the logarithm of an item's price over the mean of the session's items; 0 where it is
  /// not known.
  float price(int place) {
    return Float.isNaN(prices[place]) ? 0 : (float) (prices[place] - logPrices / priced);
  }

  /// Returns the mean of an attribute's values, or rates, so far; 0 where there are none.
  public float mean(int a) {
    return known[a] == 0 ? 0 : (float) (sum[a] / known[a]);
  }

  /// Returns 1 / (1 + events since the last of an action); 0 where there is none.
  public float recent(int action) {
    return lastAt[action] < 0 ? 0 : 1f / (events - lastAt[action]);
  }

  /// Returns 1 / (1 + minutes since the last of an action); 0 where there is none.
  public float fresh(int action) {
    if (lastAt[action] < 0) {
      return 0;
    }
    double minutes = Math.max(0, now - lastTime[action]) / 60_000.0;
    return (float) (1 / (1 + minutes));
  }
}
