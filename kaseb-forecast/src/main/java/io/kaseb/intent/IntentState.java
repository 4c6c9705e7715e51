package io.kaseb.intent;

import java.util.Arrays;
import java.util.List;

/// One session as the intent model remembers it: features so far and the networks' states. Follows
/// events one by one, in constant work for each; one thread's at a time.
public final class IntentState {
  /// What the session has shown so far.
  public final SessionFeatures state;

  private final List<IntentScorer> nets;
  private final ClickInputs inputs;
  private final HandFeatures hand;
  private final ItemInputs items;
  private final float[][] hidden;
  private final float[][] atClick;
  private final float[] row;
  private final float[] numbers;

  /// Creates a session without events.
  IntentState(
      List<IntentScorer> nets,
      ClickInputs inputs,
      HandFeatures hand,
      ItemInputs items,
      SessionFeatures state) {
    this.state = state;
    this.items = items;
    this.nets = nets;
    this.inputs = inputs;
    this.hand = hand;
    hidden = new float[nets.size()][];
    atClick = new float[nets.size()][];
    int width = 0;
    int item = 1;
    for (int n = 0; n < nets.size(); n++) {
      IntentShape shape = nets.get(n).net().shape;
      hidden[n] = new float[shape.units()];
      atClick[n] = new float[4 * shape.units()];
      width = Math.max(width, shape.inputs());
      item = shape.itemNumbers();
    }
    row = new float[width];
    numbers = new float[item];
    numbers[item - 1] = 1;
  }

  /// Forgets everything.
  public void reset() {
    state.reset();
    for (float[] h : hidden) {
      Arrays.fill(h, 0);
    }
  }

  /// Takes an event that [#state] has taken.
  public void step() {
    int item = state.current < 0 ? -1 : state.items[state.current];
    for (int n = 0; n < nets.size(); n++) {
      IntentScorer scorer = nets.get(n);
      scorer.net().input(inputs, state, item, row, 0);
      scorer.step(row, hidden[n]);
      if (state.current < 0) {
        continue;
      }
      int units = hidden[n].length;
      int at = state.current * units;
      if (atClick[n].length < at + units) {
        atClick[n] = Arrays.copyOf(atClick[n], 2 * (at + units));
      }
      System.arraycopy(hidden[n], 0, atClick[n], at, units);
    }
  }

  /// Returns the number of events.
  public int events() {
    return state.events;
  }

  /// Returns the number of clicks.
  public int clicks() {
    return state.clicks;
  }

  /// Returns the number of distinct items.
  public int distinct() {
    return state.distinct;
  }

  /// Returns the log's number of the `i`-th distinct item, in order of first events.
  public int key(int i) {
    return state.keys[i];
  }

  /// Returns the networks' mean log odds that the session buys.
  ///
  /// @param over whether it is known that no more events come
  public float netSession(boolean over) {
    float sum = 0;
    for (int n = 0; n < nets.size(); n++) {
      sum += nets.get(n).session(over, hidden[n]);
    }
    return sum / nets.size();
  }

  /// Returns the networks' mean log odds that the session buys its `i`-th item, if anything.
  float netItem(int i) {
    items.write(state, i, numbers, 0);
    float sum = 0;
    for (int n = 0; n < nets.size(); n++) {
      sum += nets.get(n).item(hidden[n], atClick[n], i * hidden[n].length, numbers);
    }
    return sum / nets.size();
  }

  /// Returns hand features and the network's log odds last.
  public float[] sessionRow(boolean over) {
    float[] features = hand.session(state, over);
    float[] out = Arrays.copyOf(features, features.length + 1);
    out[features.length] = netSession(over);
    return out;
  }

  /// Returns hand features of an item and the network's log odds of item and session last.
  public float[] itemRow(int i) {
    float[] features = hand.item(state, i);
    float[] out = Arrays.copyOf(features, features.length + 2);
    out[features.length] = netItem(i);
    out[features.length + 1] = netSession(true);
    return out;
  }
}
