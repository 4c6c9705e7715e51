package io.kaseb.simulate;

import java.util.List;

/// What is published about what shoppers do besides clicking: the figures that [ShopperLog]
/// follows. Shares and rates are fractions of 1; docs/simulator.md names the source of each.
public final class ShopperFacts {
  /// Share of the sessions with a cart event that do not buy.
  public static final double ABANDONED = .7019;

  /// Share of the sessions with a cart event.
  public static final double WITH_CART = .13;

  /// Removals from the cart for each addition; assumed.
  public static final double REMOVED = .25;

  /// Share of the sessions whose visitor was there before.
  public static final double RETURNING = .48;

  /// Buy rate of returning visitors over that of new ones.
  public static final double RETURNING_RATE = 1.83;

  /// Share of the sessions with a search.
  public static final double WITH_SEARCH = .15;

  /// Buy rate of sessions with a search over that of others.
  public static final double SEARCH_RATE = 1.8;

  /// The devices.
  public static final List<String> DEVICES = List.of("phone", "desktop", "tablet");

  private ShopperFacts() {}

  /// Returns each device's share of the sessions.
  public static double[] deviceShares() {
    return new double[] {.67, .31, .02};
  }

  /// Returns each device's buy rate over that of all sessions.
  public static double[] deviceRates() {
    double[] rates = {.023, .038, .032};
    double mean = .67 * rates[0] + .31 * rates[1] + .02 * rates[2];
    for (int d = 0; d < rates.length; d++) {
      rates[d] /= mean;
    }
    return rates;
  }

  /// Returns how often a returning visitor begins with an item of the last session: of sessions
  /// that do not buy and that do.
  public static double[] beginsAgain() {
    return new double[] {.23, .40};
  }
}
