package io.kaseb.signal;

import java.util.function.DoubleConsumer;

/// The features of sessions and items beyond those of clicks, for boosted trees and logistic
/// regression. [SignalNames] names them: what is added here is named there.
public final class SignalFeatures {
  /// Actions that are told in detail; of later ones counts alone.
  static final int DETAILED = 16;

  /// Actions of which is told how often one followed another.
  static final int FOLLOWED = 7;

  private final Schema schema;

  /// Creates the features.
  public SignalFeatures(Schema schema) {
    this.schema = schema;
  }

  /// Adds the features of a session so far.
  public void session(SignalState s, DoubleConsumer out) {
    if (s.slots > 0) {
      actions(s, out);
      cart(s, out);
    }
    for (int a = 0; a < schema.attributes().size(); a++) {
      attribute(s, a, out);
    }
    if (schema.visitors()) {
      VisitorPast past = s.visitor();
      out.accept(past.sessions());
      out.accept(Math.log1p(Math.max(0, past.sessions())));
      out.accept(past.bought());
      out.accept((past.bought() + .1) / (Math.max(0, past.sessions()) + 1));
      out.accept(freshness(s));
      out.accept(s.seenBefore);
      out.accept(s.boughtBefore);
    }
  }

  private static void actions(SignalState s, DoubleConsumer out) {
    double events = Math.max(1, s.events);
    for (int a = 0; a < s.slots; a++) {
      out.accept(Math.log1p(s.counts[a]));
      if (a < DETAILED) {
        out.accept(s.counts[a] / events);
        out.accept(s.recent(a));
        out.accept(s.fresh(a));
        out.accept(s.first == a ? 1 : 0);
        out.accept(s.last == a ? 1 : 0);
        out.accept(s.before == a ? 1 : 0);
      }
    }
    int n = Math.min(FOLLOWED, s.slots);
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < n; b++) {
        out.accept(Math.log1p(s.followed[a * s.slots + b]));
      }
    }
    out.accept(s.latest[Schema.CART_RATE]);
    out.accept(s.latest[Schema.ORDER_RATE]);
  }

  private static void cart(SignalState s, DoubleConsumer out) {
    out.accept(s.inCart);
    out.accept(s.inCart > 0 ? 1 : 0);
    out.accept(s.everCarted);
    out.accept(s.everCarted > 0 && s.inCart == 0 ? 1 : 0);
    out.accept(Math.log1p(Math.max(0, s.cartValue)));
  }

  private void attribute(SignalState s, int a, DoubleConsumer out) {
    Coding coding = schema.attributes().get(a);
    int at = schema.at(a);
    out.accept(s.latest[at]);
    if (coding.isNumber()) {
      out.accept(s.latest[at + 1]);
    } else {
      out.accept(s.latest[at + Coding.SUPPORT]);
    }
    if (coding.codes() == 1) {
      out.accept(s.latest[at + coding.codesAt()]);
    }
    if (!coding.isConstant()) {
      out.accept(s.mean(a));
      out.accept(s.most[a]);
      out.accept(s.least[a]);
      out.accept(s.known[a] / Math.max(1.0, s.events));
      if (coding.codes() == 1) {
        out.accept(s.changes[a]);
      }
    }
  }

  /// Returns 1 / (1 + hours since the visitor's latest earlier session); 0 where there is none.
  static float freshness(SignalState s) {
    long ended = s.visitor().ended();
    return ended < 0 ? 0 : (float) (1 / (1 + Math.max(0, s.now - ended) / 3_600_000.0));
  }

  /// Adds the features of an item of a session so far.
  ///
  /// @param place of the item
  public void item(SignalState s, int place, DoubleConsumer out) {
    if (s.slots > 0) {
      for (int a = 0; a < Math.min(DETAILED, s.slots); a++) {
        out.accept(s.itemCounts[place * s.slots + a]);
      }
      out.accept(s.isInCart[place] ? 1 : 0);
      out.accept(s.isRemoved[place] ? 1 : 0);
      out.accept(s.cartedAt[place] < 0 ? 0 : 1.0 / (s.events - s.cartedAt[place]));
      out.accept(s.inCart);
      out.accept(s.inCart > 0 && !s.isInCart[place] ? 1 : 0);
    }
    if (schema.price() >= 0) {
      out.accept(s.price(place));
    }
    if (schema.visitors()) {
      out.accept(s.pasts[place] == Past.NONE ? 0 : 1);
      out.accept(s.pasts[place] == Past.BOUGHT ? 1 : 0);
    }
  }
}
