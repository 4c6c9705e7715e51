package io.kaseb.simulate;

import io.kaseb.tune.math.SeededRandom;
import io.kaseb.tune.math.StandardNormal;
import java.util.Arrays;
import java.util.SplittableRandom;

/// The shop that simulated sessions walk in: items with a Zipf-like popularity, and the interests
/// that hold them; each interest lies in one of twelve categories.
///
/// A session follows one interest. An item belongs to several interests, the more popular the more,
/// so that the last click alone leaves the interest open and the earlier clicks tell it: that is
/// what a recurrent network can learn and a first-order Markov chain cannot.
final class SimulatedWorld {
  /// The category that the log writes as `S`.
  static final int SPECIAL = -1;

  /// Categories, numbered from 1.
  static final int CATEGORIES = 12;

  /// Brands, numbered from 0.
  static final int BRANDS = 333;

  /// Popularity of rank r: `(r + SHIFT)^-EXPONENT (1 + BEND / r)^LIFT`; the lift makes the first
  /// hundred steeper than a Zipf-Mandelbrot curve.
  private static final double SHIFT = 790;

  private static final double EXPONENT = 1.72;
  private static final double BEND = 100;
  private static final double LIFT = .4;
  private static final int HEAD = 5_000;
  private static final double TAIL_SHARE = .10;

  /// Catalogues with fewer items compress the ranks of the curve.
  private static final int FULL_CURVE = 9_000;

  /// Items for each interest in a catalogue of `USUAL_ITEMS`; interests grow with the catalogue, so
  /// that a Markov chain, which gains from more data, stays about as good.
  private static final double ITEMS_PER_INTEREST = 8;

  private static final double USUAL_ITEMS = 12_622;
  private static final double INTEREST_GROWTH = .6;
  private static final double INTEREST_SPREAD = .5;

  /// No item takes more than this part of a usual interest, as far as `MOST_INTERESTS` allow. The
  /// part is larger in small catalogues, whose short logs teach a Markov chain less.
  private static final double PART_OF_INTEREST = .125;

  private static final double PART_GROWTH = .2;
  private static final int FEWEST_INTERESTS = 2;
  private static final int MOST_INTERESTS = 64;
  private static final double CONVERSION_SPREAD = .9;
  private static final double APPEAL_SPREAD = .8;
  private static final double APPEAL_OF_POPULAR = .32;
  private static final double PRICE_MEDIAN = 1_130;
  private static final double PRICE_SPREAD = 1.2;
  private static final int DEAREST = 334_980;

  private final int[] ids;
  private final int[] prices;
  private final double[] appeal;
  private final int[] categories;
  private final int[][] members;
  private final GuideTable[] choices;
  private final double[] shares;
  private final GuideTable buyers;
  private final GuideTable others;
  private final InterestPosterior posterior;
  private final long seed;

  SimulatedWorld(int items, long seed) {
    this.seed = seed;
    SplittableRandom random = new SplittableRandom(SeededRandom.scramble(seed));
    double[] popularity = popularity(items);
    int interests = (int) Math.max(CATEGORIES, Math.round(items / itemsPerInterest(items)));
    double[] room = new double[interests];
    for (int g = 0; g < interests; g++) {
      room[g] = StrictMath.exp(INTEREST_SPREAD * StandardNormal.quickQuantile(random.nextDouble()));
    }
    double sum = Arrays.stream(room).sum();
    for (int g = 0; g < interests; g++) {
      room[g] /= sum;
    }
    members = new int[interests][0];
    double[][] weights = new double[interests][0];
    fill(popularity, room, weights, random);
    choices = new GuideTable[interests];
    shares = new double[interests];
    for (int g = 0; g < interests; g++) {
      choices[g] = GuideTable.of(weights[g]);
      shares[g] = Arrays.stream(weights[g]).sum();
    }
    ids = new int[items];
    prices = new int[items];
    appeal = new double[items];
    categories = new int[items];
    Shuffle shuffle = new Shuffle(items, seed);
    for (int i = 0; i < items; i++) {
      ids[i] = 214_507_000 + 7 * (int) shuffle.at(i) + random.nextInt(7);
      double price =
          PRICE_MEDIAN
              * StrictMath.exp(PRICE_SPREAD * StandardNormal.quickQuantile(random.nextDouble()));
      prices[i] = (int) Math.clamp(price, 10, DEAREST);
      appeal[i] =
          StrictMath.exp(APPEAL_SPREAD * StandardNormal.quickQuantile(random.nextDouble()))
              * StrictMath.pow(popularity[i] * items, APPEAL_OF_POPULAR);
    }
    for (int g = 0; g < interests; g++) {
      int category = 1 + random.nextInt(CATEGORIES);
      for (int item : members[g]) {
        categories[item] = category;
      }
    }
    double[] bought = new double[interests];
    double[] passed = new double[interests];
    convert(bought, passed, random);
    buyers = GuideTable.of(bought);
    others = GuideTable.of(passed);
    posterior =
        new InterestPosterior(
            items, members, weights, bought, passed, SessionWalk.INTEREST_CHANGES);
  }

  private static double itemsPerInterest(int items) {
    return ITEMS_PER_INTEREST * StrictMath.pow(items / USUAL_ITEMS, INTEREST_GROWTH);
  }

  /// Deals each item, popular ones first, to interests that still have room.
  private void fill(
      double[] popularity, double[] room, double[][] weights, SplittableRandom random) {
    int interests = room.length;
    double mean = 1.0 / interests;
    double small = Math.max(1, (double) FULL_CURVE / popularity.length);
    double part = PART_OF_INTEREST * StrictMath.pow(small, PART_GROWTH);
    int[] sizes = new int[interests];
    GuideTable deal = GuideTable.of(room);
    for (int i = 0; i < popularity.length; i++) {
      if (i % Math.max(16, interests / 16) == 0) {
        deal = GuideTable.of(Arrays.stream(room).map(r -> Math.max(r, 1e-9)).toArray());
      }
      int parts = (int) Math.clamp(popularity[i] / (part * mean), FEWEST_INTERESTS, MOST_INTERESTS);
      for (int k = 0; k < parts; k++) {
        int g = deal.draw(random.nextDouble());
        if (sizes[g] == members[g].length) {
          members[g] = Arrays.copyOf(members[g], 2 * sizes[g] + 8);
          weights[g] = Arrays.copyOf(weights[g], 2 * sizes[g] + 8);
        }
        members[g][sizes[g]] = i;
        weights[g][sizes[g]] += popularity[i] / parts;
        sizes[g]++;
        room[g] -= popularity[i] / parts;
      }
    }
    for (int g = 0; g < interests; g++) {
      if (sizes[g] == 0) { // a shop without this corner: it shares the most popular item's
        members[g] = new int[] {0};
        weights[g] = new double[] {1e-12};
        sizes[g] = 1;
      }
      members[g] = Arrays.copyOf(members[g], sizes[g]);
      weights[g] = Arrays.copyOf(weights[g], sizes[g]);
    }
  }

  private void convert(double[] bought, double[] passed, SplittableRandom random) {
    double rate = YoochooseFacts.BUY_RATE;
    double sum = 0;
    for (int g = 0; g < shares.length; g++) {
      double z = Math.clamp(StandardNormal.quickQuantile(random.nextDouble()), -2, 2);
      bought[g] = shares[g] * StrictMath.exp(CONVERSION_SPREAD * z);
      sum += bought[g];
    }
    for (int g = 0; g < shares.length; g++) {
      bought[g] /= sum;
      passed[g] = (shares[g] - rate * bought[g]) / (1 - rate);
    }
  }

  /// Returns each rank's share of the draws: `(rank + shift)^-exponent` for the first 5,000 ranks
  /// of the full curve, then a power law that ends with the catalogue. Small catalogues compress
  /// the ranks.
  private static double[] popularity(int items) {
    double squeeze = Math.max(1, (double) FULL_CURVE / items);
    int head = (int) Math.min(items, HEAD / squeeze);
    double[] p = new double[items];
    double sum = 0;
    for (int r = 0; r < head; r++) {
      double rank = (r + 1) * squeeze;
      p[r] = StrictMath.pow(rank + SHIFT, -EXPONENT) * StrictMath.pow(1 + BEND / rank, LIFT);
      sum += p[r];
    }
    for (int r = 0; r < head; r++) {
      p[r] *= (1 - TAIL_SHARE) / sum;
    }
    double low = 0;
    double high = 20;
    for (int step = 0; step < 60; step++) {
      double exponent = (low + high) / 2;
      double tail = 0;
      for (int r = head; r < items; r++) {
        p[r] = p[head - 1] * StrictMath.pow((double) (r + 1) / head, -exponent);
        tail += p[r];
      }
      if (tail > TAIL_SHARE) {
        low = exponent;
      } else {
        high = exponent;
      }
    }
    return p;
  }

  /// Returns the number of items.
  int items() {
    return ids.length;
  }

  /// Returns the id of an item in the files.
  int id(int item) {
    return ids[item];
  }

  /// Returns an item's price in the log's unit.
  int price(int item) {
    return prices[item];
  }

  /// Returns how readily an item is bought once it is clicked, about 1.
  double appeal(int item) {
    return appeal[item];
  }

  /// Draws an interest.
  int interest(boolean buys, double u) {
    return (buys ? buyers : others).draw(u);
  }

  /// Returns what a session's items say about whether it buys, for one thread.
  InterestPosterior posterior() {
    return posterior.copy();
  }

  /// Draws an item of an interest.
  int item(int interest, double u) {
    return members[interest][choices[interest].draw(u)];
  }

  /// Returns what the log calls the category of an item on a day: 0 (missing), S (special offer), a
  /// category of 1 to 12 or, as a number over 12, a brand. It changes with the week.
  int category(int item, int day) {
    long hash = SeededRandom.scramble(seed ^ ((long) item << 20 | day / 7));
    int percent = (int) Math.floorMod(hash, 1000L);
    if (percent < 495) {
      return 0;
    }
    if (percent < 825) {
      return SPECIAL;
    }
    return percent < 975 ? categories[item] : 1_090_000_000 + 97_003 * brand(item);
  }

  /// Returns the category that an item truly has.
  int category(int item) {
    return categories[item];
  }

  /// Returns an item's brand.
  int brand(int item) {
    return (int) Math.floorMod(SeededRandom.scramble(seed - item), (long) BRANDS);
  }
}
