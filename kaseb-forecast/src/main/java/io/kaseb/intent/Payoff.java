package io.kaseb.intent;

/// What it is worth to name a session as a buyer: a session is answered where its expected worth is
/// positive.
public sealed interface Payoff {
  /// Returns the expected worth of naming a session.
  ///
  /// @param buys probability that the session buys
  /// @param jaccard expected overlap of the named items with the bought ones, if it buys
  double expected(double buys, double jaccard);

  /// Returns whether naming the session pays.
  default boolean pays(double buys, double jaccard) {
    return expected(buys, jaccard) > 0;
  }

  /// The RecSys Challenge 2015: +share for a buyer, -share for another, plus the overlap.
  ///
  /// @param buyerShare share of buying sessions, |Sb| / |S|
  record Challenge(double buyerShare) implements Payoff {
    /// Checks the share.
    public Challenge {
      if (!(buyerShare >= 0 && buyerShare <= 1)) {
        throw new IllegalArgumentException("buyer share " + buyerShare + "; must be 0..1");
      }
    }

    @Override
    public double expected(double buys, double jaccard) {
      return buys * (buyerShare + jaccard) - (1 - buys) * buyerShare;
    }
  }

  /// A shop's own costs, in any one currency.
  ///
  /// @param caughtBuyer what naming a buyer is worth
  /// @param wrongNudge what naming another costs
  record Costs(double caughtBuyer, double wrongNudge) implements Payoff {
    /// Checks the amounts.
    public Costs {
      if (!(caughtBuyer >= 0 && wrongNudge >= 0)) {
        throw new IllegalArgumentException(
            "a caught buyer is worth "
                + caughtBuyer
                + ", a wrong nudge costs "
                + wrongNudge
                + "; both must be 0 or more");
      }
    }

    @Override
    public double expected(double buys, double jaccard) {
      return buys * caughtBuyer - (1 - buys) * wrongNudge;
    }
  }
}
