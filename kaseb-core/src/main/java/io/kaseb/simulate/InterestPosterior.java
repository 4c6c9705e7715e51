package io.kaseb.simulate;

import java.util.Arrays;

/// What a session's items say about whether it buys, the hidden interests summed over: the forward
/// algorithm of a hidden Markov model (Rabiner 1989) over the interests that hold the items, run
/// for buyers and for others at once. The two differ in how likely the first interest is, in
/// nothing else.
///
/// Exact but for one thing: an interest whose items a session has nearly used up gives way to
/// another after twelve tries, which is left out here.
final class InterestPosterior {
  private final double[] ifBuys;
  private final double[] ifNot;
  private final double change;
  private final int[] offsets;
  private final int[] interests;
  private final double[] shares;

  private final int[] step;
  private final double[] buyer;
  private final double[] other;
  private final double[] seen;
  private int now;

  /// How likely the first item of the last evidence was, of buyers and of others.
  double firstIfBuys;

  double firstIfNot;

  /// @param members the items of each interest; one that is there twice has both weights together
  /// @param weights how likely each is in its interest, in any unit
  /// @param ifBuys probability of each interest at a buyer's first click
  /// @param ifNot the same of others, and of any interest that a session changes to
  /// @param change probability that a new item brings a new interest
  InterestPosterior(
      int items,
      int[][] members,
      double[][] weights,
      double[] ifBuys,
      double[] ifNot,
      double change) {
    this.ifBuys = ifBuys;
    this.ifNot = ifNot;
    this.change = change;
    offsets = new int[items + 1];
    for (int[] group : members) {
      for (int m = 0; m < group.length; m++) {
        offsets[group[m] + 1] += m > 0 && group[m] == group[m - 1] ? 0 : 1;
      }
    }
    for (int i = 0; i < items; i++) {
      offsets[i + 1] += offsets[i];
    }
    interests = new int[offsets[items]];
    shares = new double[interests.length];
    int[] at = offsets.clone();
    for (int g = 0; g < members.length; g++) {
      double sum = Arrays.stream(weights[g]).sum();
      for (int m = 0; m < members[g].length; m++) {
        int item = members[g][m];
        if (m == 0 || item != members[g][m - 1]) {
          interests[at[item]++] = g;
        }
        shares[at[item] - 1] += weights[g][m] / sum;
      }
    }
    step = new int[members.length];
    buyer = new double[members.length];
    other = new double[members.length];
    seen = new double[members.length];
  }

  /// Returns an independent copy for another thread.
  InterestPosterior copy() {
    return new InterestPosterior(this);
  }

  private InterestPosterior(InterestPosterior same) {
    ifBuys = same.ifBuys;
    ifNot = same.ifNot;
    change = same.change;
    offsets = same.offsets;
    interests = same.interests;
    shares = same.shares;
    step = new int[same.step.length];
    buyer = new double[step.length];
    other = new double[step.length];
    seen = new double[step.length];
  }

  /// Returns how many interests there are.
  int interests() {
    return step.length;
  }

  /// Returns the interests that hold an item.
  int[] interestsOf(int item) {
    return Arrays.copyOfRange(interests, offsets[item], offsets[item + 1]);
  }

  /// Returns an item's share of each of its [#interestsOf].
  double[] sharesOf(int item) {
    return Arrays.copyOfRange(shares, offsets[item], offsets[item + 1]);
  }

  /// Draws the interest of a session that begins with an item.
  ///
  /// @param hidden as in [#evidence]
  int interest(boolean buys, int item, double[] hidden, double u) {
    int from = offsets[item];
    double[] weights = new double[offsets[item + 1] - from];
    for (int e = 0; e < weights.length; e++) {
      int g = interests[from + e];
      weights[e] = shares[from + e] / (1 - hidden[g]) * (buys ? ifBuys[g] : ifNot[g]);
    }
    return interests[from + GuideTable.of(weights).draw(u)];
  }

  /// Returns `log P(items | buys) - log P(items | does not buy)`.
  ///
  /// @param items distinct items in order of their first click, the first `n` of the array
  /// @param hidden the share of each interest that is not sold yet
  double evidence(int[] items, int n, double[] hidden) {
    double buyers = 1;
    double others = 1;
    for (int k = 0; k < n; k++) {
      double sumBuyers = 0;
      double sumOthers = 0;
      int before = now++;
      for (int e = offsets[items[k]]; e < offsets[items[k] + 1]; e++) {
        int g = interests[e];
        boolean stays = k > 0 && step[g] == before;
        double left = Math.max(1e-9, 1 - seen[g] - hidden[g]);
        double chance = shares[e] / left;
        double fromBuyers = stays ? (1 - change) * buyer[g] : 0;
        double fromOthers = stays ? (1 - change) * other[g] : 0;
        buyer[g] = chance * (k == 0 ? ifBuys[g] : fromBuyers + change * buyers * ifNot[g]);
        other[g] = chance * (k == 0 ? ifNot[g] : fromOthers + change * others * ifNot[g]);
        step[g] = now;
        sumBuyers += buyer[g];
        sumOthers += other[g];
      }
      if (k == 0) {
        firstIfBuys = sumBuyers;
        firstIfNot = sumOthers;
      }
      double scale = 1 / (sumBuyers + sumOthers);
      for (int e = offsets[items[k]]; e < offsets[items[k] + 1]; e++) {
        buyer[interests[e]] *= scale;
        other[interests[e]] *= scale;
        seen[interests[e]] += shares[e];
      }
      buyers = sumBuyers * scale;
      others = sumOthers * scale;
    }
    for (int k = 0; k < n; k++) {
      for (int e = offsets[items[k]]; e < offsets[items[k] + 1]; e++) {
        seen[interests[e]] = 0;
      }
    }
    return StrictMath.log(buyers / others);
  }
}
