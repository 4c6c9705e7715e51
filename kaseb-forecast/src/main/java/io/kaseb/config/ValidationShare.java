package io.kaseb.config;

import io.kaseb.base.KasebException;

/// The share of the latest training sessions that is held back, to measure on them what training
/// comes to.
///
/// @param share from 0, for none, to below 1
public record ValidationShare(double share) {
  private static final String NAME = "valid";

  /// Checks the range.
  public ValidationShare {
    if (!(share >= 0 && share < 1)) {
      throw KasebException.ofSetting(NAME, share, "a share from 0 to below 1, as in 0.1");
    }
  }

  /// Returns a share that holds sessions back.
  ///
  /// @throws KasebException where it is 0
  public static ValidationShare aboveZero(double share) {
    if (!(share > 0 && share < 1)) {
      throw KasebException.ofSetting(NAME, share, "above 0 and below 1, as in 0.1");
    }
    return new ValidationShare(share);
  }

  /// Returns whether sessions are held back.
  public boolean any() {
    return share > 0;
  }

  /// Returns how many of the first of so many sessions are trained on; the others are held back.
  public int border(int sessions) {
    return (int) Math.round(sessions * (1 - share));
  }

  /// Returns [#border(int)], checked: some sessions must be left on either side.
  public int checkedBorder(int sessions) {
    int border = border(sessions);
    if (any() && (border == 0 || border == sessions)) {
      throw new KasebException(
          KasebException.setting(NAME, share)
              + ": leaves "
              + border
              + " of "
              + sessions
              + " sessions to train on; must leave some on either side");
    }
    return border;
  }
}
