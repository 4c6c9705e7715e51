package io.kaseb.model;

import io.kaseb.base.Workers;
import io.kaseb.config.Readout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A trained GRU4Rec network: takes a session's clicks one by one and scores every item as the
/// next. Scores are raw (no final activation): only their order means something, or their softmax
/// where the loss was cross-entropy.
public final class Gru4Rec implements NextItemModel {
  private final Architecture architecture;
  private final Catalogue catalogue;
  private final List<LayerStep> layers = new ArrayList<>();
  private final @Nullable CoreReadout readout;
  private final ItemScorer scorer;
  private final float[] inputTable;

  private Gru4Rec(Architecture architecture, Catalogue catalogue, Map<String, Tensor> tensors) {
    this.architecture = architecture;
    this.catalogue = catalogue;
    for (int l = 0; l < architecture.layers().size(); l++) {
      layers.add(LayerStep.of(architecture, l, tensors));
    }
    readout =
        architecture.readout() == Readout.CORE
            ? new CoreReadout(
                data(tensors, CoreReadout.GATE),
                data(tensors, CoreReadout.GATE_BIAS),
                data(tensors, CoreReadout.SCALE))
            : null;
    scorer =
        new ItemScorer(
            catalogue.size(),
            architecture.outputSize(),
            data(tensors, "Wy.weight"),
            data(tensors, "By.weight"));
    inputTable =
        switch (architecture.embedding()) {
          case CONSTRAINED -> new float[0];
          case SEPARATE -> data(tensors, "E.weight");
          case NONE -> data(tensors, "GE.Wx0.weight");
        };
  }

  /// Creates a network from its tensors, named and shaped as in [Architecture].
  ///
  /// @throws IllegalArgumentException where a tensor is missing or has another shape
  public static Gru4Rec of(
      Architecture architecture, Catalogue catalogue, Map<String, Tensor> tensors) {
    architecture
        .shapes(catalogue.size())
        .forEach(
            (name, shape) -> {
              Tensor tensor = tensors.get(name);
              if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
                throw new IllegalArgumentException(
                    "tensor "
                        + name
                        + " is "
                        + (tensor == null ? "missing" : Arrays.toString(tensor.shape()))
                        + "; must be "
                        + Arrays.toString(shape));
              }
            });
    return new Gru4Rec(architecture, catalogue, tensors);
  }

  private static float[] data(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("tensor " + name + " is missing");
    }
    return tensor.data();
  }

  /// Returns the network's shape.
  public Architecture architecture() {
    return architecture;
  }

  @Override
  public String name() {
    return "gru4rec";
  }

  @Override
  public Catalogue catalogue() {
    return catalogue;
  }

  @Override
  public SessionState newSession() {
    int size = layers.stream().mapToInt(LayerStep::stateSize).sum();
    return new SessionState(size + (readout == null ? 0 : readout.stateSize()), 1);
  }

  @Override
  public void click(SessionState state, int item) {
    state.add(item);
    float[] input = new float[architecture.inputSize(0)];
    if (architecture.embedding() == Embedding.CONSTRAINED) {
      scorer.row(item, input);
    } else {
      System.arraycopy(inputTable, item * input.length, input, 0, input.length);
    }
    float[] embedding = input;
    int at = 0;
    for (LayerStep layer : layers) {
      layer.step(input, state.hidden(), at);
      input = Arrays.copyOfRange(state.hidden(), at, at + layer.units());
      at += layer.stateSize();
    }
    if (readout != null) {
      readout.step(input, embedding, state.hidden(), at);
    }
  }

  @Override
  public void scores(SessionState[] states, int n, float[][] out) {
    int units = architecture.outputSize();
    float[] top = new float[n * units];
    for (int i = 0; i < n; i++) {
      float[] hidden = states[i].hidden();
      System.arraycopy(hidden, last(hidden), top, i * units, units);
    }
    scorer.scores(n, top, out);
  }

  /// Returns the items' biases: what they score before any click.
  @Override
  public float[] popularity() {
    return scorer.biases();
  }

  @Override
  public void prepare(Workers workers) {
    scorer.prepare(workers);
  }

  @Override
  public double top(SessionState state, TopItems top, @Nullable ItemMask allowed, float sharpness) {
    return scorer.top(state.hidden(), last(state.hidden()), top, allowed, sharpness);
  }

  @Override
  public void scores(SessionState state, int[] items, float[] out) {
    scorer.scores(state.hidden(), last(state.hidden()), items, out);
  }

  /// Returns where the values begin that items are scored by.
  private int last(float[] hidden) {
    return hidden.length
        - (readout == null ? layers.getLast().stateSize() : architecture.outputSize());
  }
}
