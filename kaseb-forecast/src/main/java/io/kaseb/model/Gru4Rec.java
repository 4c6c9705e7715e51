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

  /// What an item's row in the input table is multiplied by before the first layer; null for 1.
  private final @Nullable GateProduct inputBase;

  /// What the last values are multiplied by before items are scored, from units to rank, so that
  /// tables stored as products are scored as they are; null for 1.
  private final @Nullable GateProduct outputBase;

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
    int units = architecture.outputSize();
    boolean factored = architecture.factored(units);
    outputBase =
        factored
            ? product(data(tensors, Architecture.base("Wy.weight")), architecture.rank(), units)
            : null;
    scorer =
        new ItemScorer(
            catalogue.size(),
            factored ? architecture.rank() : units,
            data(tensors, "Wy.weight"),
            data(tensors, "By.weight"));
    String input =
        switch (architecture.embedding()) {
          case CONSTRAINED -> "Wy.weight";
          case SEPARATE -> "E.weight";
          case NONE -> "GE.Wx0.weight";
        };
    int columns = architecture.inputSize(0);
    inputTable =
        architecture.embedding() == Embedding.CONSTRAINED ? new float[0] : data(tensors, input);
    inputBase =
        architecture.factored(columns)
            ? transposed(data(tensors, Architecture.base(input)), architecture.rank(), columns)
            : null;
  }

  private static GateProduct product(float[] rows, int out, int in) {
    return GateProduct.of(rows, 0, out, in, new float[out]);
  }

  private static GateProduct transposed(float[] rows, int in, int out) {
    float[] turned = new float[rows.length];
    for (int i = 0; i < in; i++) {
      for (int j = 0; j < out; j++) {
        turned[j * in + i] = rows[i * out + j];
      }
    }
    return product(turned, out, in);
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
    int scored = outputBase == null ? 0 : outputBase.gates();
    return new SessionState(size + (readout == null ? 0 : readout.stateSize()) + scored, 1);
  }

  @Override
  public void click(SessionState state, int item) {
    state.add(item);
    float[] input = input(item);
    float[] embedding = input;
    int at = 0;
    for (LayerStep layer : layers) {
      layer.step(input, state.hidden(), at);
      input = Arrays.copyOfRange(state.hidden(), at, at + layer.units());
      at += layer.stateSize();
    }
    if (readout != null) {
      readout.step(input, embedding, state.hidden(), at);
      at += readout.stateSize();
    }
    if (outputBase != null) {
      float[] hidden = state.hidden();
      float[] scored = new float[outputBase.width()];
      outputBase.apply(hidden, last(at), scored);
      System.arraycopy(scored, 0, hidden, at, outputBase.gates());
    }
  }

  /// Returns what the first layer takes of an item: its inputs, or a few floats more.
  private float[] input(int item) {
    float[] row = new float[inputBase == null ? architecture.inputSize(0) : inputBase.inputs()];
    if (architecture.embedding() == Embedding.CONSTRAINED) {
      scorer.row(item, row);
    } else {
      System.arraycopy(inputTable, item * row.length, row, 0, row.length);
    }
    if (inputBase == null) {
      return row;
    }
    float[] whole = new float[inputBase.width()];
    inputBase.apply(row, 0, whole);
    return whole;
  }

  /// Writes what item scores are made from, before any product of the tables: the last layer's
  /// values, or the readout's.
  ///
  /// @param state with at least one click
  /// @param out [units of the last layer]
  public void output(SessionState state, float[] out) {
    float[] hidden = state.hidden();
    int end = hidden.length - (outputBase == null ? 0 : outputBase.gates());
    System.arraycopy(hidden, last(end), out, 0, architecture.outputSize());
  }

  @Override
  public void scores(SessionState[] states, int n, float[][] out) {
    int units = outputBase == null ? architecture.outputSize() : outputBase.gates();
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

  /// Returns where the values begin that the table's rows are multiplied by.
  private int last(float[] hidden) {
    return outputBase == null ? last(hidden.length) : hidden.length - outputBase.gates();
  }

  /// Returns where the network's last values begin, in a state that ends with them at `end`.
  private int last(int end) {
    return end - (readout == null ? layers.getLast().stateSize() : architecture.outputSize());
  }
}
