package io.kaseb.intentfit;

import io.kaseb.intent.IntentLoss;
import io.kaseb.intent.IntentNet;

/// One thread's forward and backward pass of the intent network through whole sessions side by
/// side: the GRU, then the heads on its states, then back.
final class IntentPass {
  /// Gradients of the weights, added up, laid out as they are.
  final float[] gradient;

  final InputGradients inputs;
  final SessionHeadPass sessionHeads;
  private final SessionStates states;
  private final GruPass gru;
  private final ItemHeadPass itemHead;
  private final NextItemPass nextItem;

  /// Creates a pass over a network whose weights may change between passes.
  ///
  /// @param tuned whether item embeddings get gradients
  IntentPass(IntentNet net, boolean tuned) {
    this.gradient = new float[net.shape.size()];
    this.states = new SessionStates(net.shape);
    this.inputs = new InputGradients(net, tuned, gradient);
    this.gru = new GruPass(net, states, gradient, inputs);
    this.sessionHeads = new SessionHeadPass(net, states, gradient);
    this.itemHead = new ItemHeadPass(net, states, gradient);
    this.nextItem = new NextItemPass(net, states, gradient, inputs);
  }

  /// Runs the sessions forward, and from the loss back to the states; returns the sum of their
  /// losses.
  ///
  /// @param loss what counts how much
  double forward(IntentBatch batch, IntentLoss loss) {
    states.start(batch, loss.dropout());
    inputs.start(batch);
    gru.forward(batch);
    double sum = sessionHeads.run(batch, loss);
    sum += itemHead.run(batch, loss);
    if (loss.nextItem() > 0) {
      sum += nextItem.run(batch, loss);
    }
    return sum;
  }

  /// Runs the sessions of the last [#forward] backward and adds up the gradients.
  void backward(IntentBatch batch) {
    gru.backward(batch);
  }
}
