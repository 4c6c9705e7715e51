package io.kaseb.signal;

/// The numbers that a recurrent network reads of an event beyond those of a click; all of order 1.
public final class SignalInputs {
  /// Actions of which an item's own counts are told, at most.
  private static final int ITEM_ACTIONS = 8;

  private final Schema schema;

  /// Creates the inputs.
  public SignalInputs(Schema schema) {
    this.schema = schema;
  }

  /// Returns how many numbers an event has.
  public int count() {
    int n = schema.actions().isEmpty() ? 0 : schema.actions().size() + 5;
    n += 2 * schema.attributes().size();
    return n + (schema.visitors() ? 6 : 0);
  }

  /// Returns how many numbers an item has.
  public int items() {
    int n = schema.actions().isEmpty() ? 0 : Math.min(ITEM_ACTIONS, schema.actions().size()) + 5;
    return n + (schema.price() < 0 ? 0 : 1) + (schema.visitors() ? 2 : 0);
  }

  /// Writes the numbers of the last event.
  ///
  /// @param place of its item, -1 for none
  public int write(SignalState state, int place, float[] out, int at) {
    int i = at;
    if (state.slots > 0) {
      for (int a = 0; a < state.slots; a++) {
        out[i++] = state.last == a ? 1 : 0;
      }
      out[i++] = place >= 0 && state.isInCart[place] ? 1 : 0;
      out[i++] = (float) Math.log1p(state.inCart);
      out[i++] = state.everCarted > state.inCart ? 1 : 0;
      out[i++] = state.latest[Schema.CART_RATE];
      out[i++] = state.latest[Schema.ORDER_RATE];
    }
    for (int a = 0; a < schema.attributes().size(); a++) {
      int from = schema.at(a);
      out[i++] = state.latest[from];
      out[i++] =
          schema.attributes().get(a).isNumber()
              ? state.latest[from + 1]
              : state.latest[from + Coding.SUPPORT] / 8;
    }
    if (schema.visitors()) {
      i = visitor(state, out, i);
      out[i++] = place >= 0 && state.pasts[place] != Past.NONE ? 1 : 0;
      out[i++] = place >= 0 && state.pasts[place] == Past.BOUGHT ? 1 : 0;
    }
    return i - at;
  }

  private static int visitor(SignalState state, float[] out, int at) {
    int i = at;
    VisitorPast past = state.visitor();
    out[i++] = past.sessions() < 0 ? 0 : 1;
    out[i++] = (float) Math.log1p(Math.max(0, past.sessions()));
    out[i++] = (float) Math.log1p(past.bought());
    out[i++] = SignalFeatures.freshness(state);
    return i;
  }

  /// Writes the numbers of an item of the session.
  public int item(SignalState state, int place, float[] out, int at) {
    int i = at;
    if (state.slots > 0) {
      for (int a = 0; a < Math.min(ITEM_ACTIONS, state.slots); a++) {
        out[i++] = (float) Math.log1p(state.itemCounts[place * state.slots + a]);
      }
      out[i++] = state.isInCart[place] ? 1 : 0;
      out[i++] = state.isRemoved[place] ? 1 : 0;
      out[i++] = state.inCart > 0 && !state.isInCart[place] ? 1 : 0;
      out[i++] = state.isInCart[place] ? 1f / state.inCart : 0;
      out[i++] = (float) Math.log1p(state.inCart);
    }
    if (schema.price() >= 0) {
      out[i++] = state.price(place);
    }
    if (schema.visitors()) {
      out[i++] = state.pasts[place] != Past.NONE ? 1 : 0;
      out[i++] = state.pasts[place] == Past.BOUGHT ? 1 : 0;
    }
    return i - at;
  }
}
