package io.kaseb.network;

import static java.util.Objects.requireNonNull;

import io.kaseb.config.Cell;
import io.kaseb.config.Readout;
import io.kaseb.kernel.Kernels;
import io.kaseb.model.Architecture;
import io.kaseb.model.Embedding;
import io.kaseb.model.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// GRU4Rec in training: weights, optimiser state, the hidden states of a mini-batch, and the step.
///
/// One step is: gather the clicked items' rows; the recurrent layers; scores of targets and
/// negatives; the loss; and back. All threads of the team run it together, with barriers where one
/// needs what another made.
public final class Network {
  private static final String OUTPUT = "Wy.weight";
  private static final String BIAS = "By.weight";

  /// Stands before the names of tensors of the other cell, in a network that holds others.
  public static final String BESIDE = "beside.";

  private final Kernels kernels;
  private final Team team;
  private final Architecture architecture;
  private final StepConfig config;
  private final ItemTable outputTable;
  private final @Nullable ItemTable inputTable;
  private final InputLayer input;
  final List<Layer> layers = new ArrayList<>();

  /// Layers of another cell beside `layers`, in a network that holds others; else empty.
  private final List<Layer> beside = new ArrayList<>();

  /// The layers that a step goes through, first to last.
  private List<Layer> path = layers;

  /// Whether it holds other networks.
  private final boolean holding;

  private @Nullable Architecture nextPath;

  private final @Nullable CoreReadout readout;
  private final OutputLayer output;
  private final RowUpdates outputRows;
  private final @Nullable RowUpdates inputRows;
  private final @Nullable Distillation distillation;
  private final @Nullable SharedParts outputParts;
  private final @Nullable SharedParts inputParts;
  final ScoreColumns[] columns;
  private final double[] squares;

  /// What adds up to the gradient by the input where there is a readout.
  private float[][] withReadout = {};

  private int[] inputs = {};
  private int[] targets = {};
  private int active;
  private int negatives;
  private Dropout dropout = Dropout.NONE;
  private boolean carried;
  private long step;
  private double loss;

  /// What a step needs to know besides the architecture.
  ///
  /// @param batchSize the most sessions side by side
  /// @param samples the most negatives
  /// @param sampleAlpha exponent of the negatives' popularity, for logQ
  /// @param clip largest norm of a step's whole gradient; 0 for no limit
  public record StepConfig(
      int batchSize,
      int samples,
      float sampleAlpha,
      Loss loss,
      FinalActivation activation,
      float dropoutEmbed,
      float dropoutHidden,
      Optimizer optimizer,
      float clip) {}

  /// How a network learns from a teacher.
  ///
  /// @param top items of a lesson, for each session
  /// @param negatives of the step that stand beside them, for each session
  /// @param weight what the teacher's loss weighs
  /// @param temperature that the scores are divided by
  public record Teaching(int top, int negatives, float weight, float temperature) {
    /// Returns the items of a session.
    int width() {
      return top + negatives;
    }
  }

  /// Creates a network of zeros.
  ///
  /// @param counts training events of each item
  public Network(
      Kernels kernels, Team team, Architecture architecture, long[] counts, StepConfig config) {
    this(kernels, team, architecture, counts, config, null, null, false, null);
  }

  /// Creates a network of zeros that holds others: each goes through the first layers of one cell,
  /// and of each through the first units ([#path]). All share the item tables.
  ///
  /// @param architecture the widest and deepest network of one cell, its layers of equal width
  /// @param counts training events of each item
  /// @param other the other cell, whose layers stand beside; null for none
  public static Network holding(
      Kernels kernels,
      Team team,
      Architecture architecture,
      long[] counts,
      StepConfig config,
      @Nullable Cell other) {
    if (architecture.oneHot() || architecture.layers().stream().distinct().count() > 1) {
      throw new IllegalArgumentException(
          architecture + "; must have an embedding and layers of equal width");
    }
    return new Network(kernels, team, architecture, counts, config, null, null, true, other);
  }

  /// Creates a network of zeros.
  ///
  /// @param counts training events of each item
  /// @param parts what items' rows have in common; null for nothing
  /// @param teaching how it learns from a teacher; null where it has none
  public Network(
      Kernels kernels,
      Team team,
      Architecture architecture,
      long[] counts,
      StepConfig config,
      @Nullable ItemParts parts,
      @Nullable Teaching teaching) {
    this(kernels, team, architecture, counts, config, parts, teaching, false, null);
  }

  private Network(
      Kernels kernels,
      Team team,
      Architecture architecture,
      long[] counts,
      StepConfig config,
      @Nullable ItemParts parts,
      @Nullable Teaching teaching,
      boolean holding,
      @Nullable Cell other) {
    this.kernels = kernels;
    this.holding = holding;
    this.team = team;
    this.architecture = architecture;
    this.config = config;
    int batch = config.batchSize();
    int states = config.optimizer().states();
    int items = counts.length;
    boolean constrained = architecture.embedding() == Embedding.CONSTRAINED;
    outputTable = new ItemTable(items, architecture.outputSize() + 1, states);
    inputTable = constrained ? null : new ItemTable(items, architecture.inputSize(0), states);
    ItemTable from = inputTable == null ? outputTable : inputTable;
    float embedDropout = architecture.oneHot() ? 0 : config.dropoutEmbed();
    input = new InputLayer(kernels, team, from, architecture.inputSize(0), batch, embedDropout);
    for (int l = 0; l < architecture.layers().size(); l++) {
      layers.add(Layer.of(kernels, team, architecture, architecture.cell(), l, config));
      if (other != null) {
        beside.add(Layer.of(kernels, team, architecture, other, l, config));
      }
    }
    readout =
        architecture.readout() == Readout.CORE
            ? new CoreReadout(team, architecture.outputSize(), batch, config.optimizer())
            : null;
    if (readout != null) {
      float[][] own = layers.getFirst().inputGradients;
      withReadout = Arrays.copyOf(own, own.length + 1);
      withReadout[own.length] = readout.inputGradient;
    }
    int threads = team.size();
    int samples = config.samples();
    output =
        new OutputLayer(
            kernels, threads, config.loss(), config.activation(), outputTable, batch, samples);
    distillation = teaching == null ? null : new Distillation(team, outputTable, teaching, batch);
    int taught = teaching == null ? 0 : batch * teaching.width();
    columns = new ScoreColumns[threads];
    float[] logCounts = ScoreColumns.logCounts(counts);
    float logq = config.loss().logq();
    Arrays.setAll(
        columns,
        t ->
            new ScoreColumns(
                logCounts, config.sampleAlpha(), logq, batch, samples, taught, t, threads));
    int candidates = batch + samples + taught;
    outputRows = new RowUpdates(kernels, threads, outputTable, batch, candidates, true);
    inputRows =
        inputTable == null ? null : new RowUpdates(kernels, threads, inputTable, batch, 0, false);
    squares = new double[team.size()];
    Optimizer optimizer = config.optimizer();
    outputParts = SharedParts.of(kernels, threads, outputTable, parts, optimizer, candidates);
    inputParts = SharedParts.of(kernels, threads, inputTable, parts, optimizer, candidates);
  }

  /// Sets which of the networks that it holds the next step trains: that of a cell, of the first
  /// layers, of the first units and embedded floats of each. Called by one thread, with a barrier
  /// before the step. States of layers that a step leaves out stay as they are.
  ///
  /// @param part a network that this one holds
  public void path(Architecture part) {
    List<Layer> all = part.cell() == architecture.cell() ? layers : beside;
    if (!holding
        || part.embedding() != architecture.embedding()
        || part.layers().size() > all.size()
        || part.embeddingSize() > architecture.embeddingSize()
        || part.layers().stream().anyMatch(n -> n > architecture.outputSize())) {
      throw new IllegalArgumentException(part + " is no part of " + architecture);
    }
    nextPath = part;
  }

  /// Others may still be at work on the last step when the next path is set, so it is taken here.
  private void takePath() {
    Architecture part = nextPath;
    if (part == null) {
      return;
    }
    path = (part.cell() == architecture.cell() ? layers : beside).subList(0, part.layers().size());
    for (int l = 0; l < path.size(); l++) {
      path.get(l).width(part.layers().get(l));
    }
    input.width(part.inputSize(0));
    nextPath = null;
  }

  /// Sets the next step's mini-batch; called by all threads, with a barrier before the step.
  public void prepare(
      int t, int[] inputs, int[] targets, int active, int[] negatives, int n, Dropout dropout) {
    prepare(t, inputs, targets, active, negatives, n, dropout, null);
  }

  /// Sets the next step's mini-batch and what a teacher says of it; called by all threads, with a
  /// barrier before the step.
  ///
  /// @param lesson unchanged until the step's gradients are computed; null for none
  public void prepare(
      int t,
      int[] inputs,
      int[] targets,
      int active,
      int[] negatives,
      int n,
      Dropout dropout,
      @Nullable Lesson lesson) {
    if (t == 0) {
      this.inputs = inputs;
      this.targets = targets;
      this.active = active;
      this.dropout = dropout;
      // Targets of the other sessions and samples; not the session's own.
      this.negatives = active + n - 1;
    }
    boolean constrained = inputRows == null;
    int own = constrained ? active : 0;
    int[] taught = inputs;
    int taughtCount = 0;
    if (distillation != null) {
      taughtCount = distillation.prepare(t, lesson, active, negatives, n);
      taught = distillation.items(t);
    }
    columns[t].set(inputs, own, taught, taughtCount, targets, active, negatives, n);
    outputRows.start(t, inputs, own);
    if (inputRows != null) {
      inputRows.start(t, inputs, active);
      inputRows.close(t);
    }
    output.assignSlots(t, columns[t], outputRows, config.clip() > 0);
    if (distillation != null) {
      distillation.assignSlots(t, outputRows);
    }
    outputRows.close(t);
  }

  /// Runs a training step on the prepared mini-batch; called by all threads of the team.
  ///
  /// @param aside what each thread does between two barriers beside its part of the step
  public void step(int t, IntConsumer aside) {
    forward(t);
    backward(t, step + 1, aside);
    if (t == 0) {
      step++;
    }
  }

  /// Computes the prepared mini-batch's loss and new hidden states, changing no weight; called by
  /// all threads.
  public void forward(int t) {
    if (holding) {
      if (t == 0) {
        takePath();
      }
      team.barrier();
    }
    if (t == 0 && carried) {
      path.forEach(Layer::swap);
      if (readout != null) {
        readout.swap();
      }
      carried = false;
    }
    input.forward(t, inputs, active, dropout);
    team.barrier();
    Activations x = input.out;
    for (Layer layer : path) {
      layer.forward(t, x, active, dropout);
      team.barrier();
      x = layer.out;
    }
    x = readout == null ? x : readout.forward(t, x, input.out, active);
    output.score(t, columns[t], targets, x, active);
    if (distillation != null) {
      distillation.score(t, x, active);
    }
    team.barrier();
    double sum = output.finish(t, columns[t], targets, active, negatives);
    if (t == 0) {
      loss = sum;
    }
  }

  private void backward(int t, long now, IntConsumer aside) {
    Optimizer optimizer = config.optimizer();
    boolean clip = config.clip() > 0;
    if (output.ranking()) {
      output.rankingGradients(t, columns[t]);
      team.barrier();
    }
    for (int l = path.size() - 1; l >= 0; l--) {
      Layer layer = path.get(l);
      if (l == path.size() - 1) {
        output.hiddenGradient(
            t, targets, active, layer.from(t), layer.from(t + 1), layer.outGradient);
        if (distillation != null) {
          distillation.addHiddenGradient(
              layer.from(t), layer.from(t + 1), layer.outGradient, layer.out.stride, active);
        }
      } else {
        layer.sumGradient(t, path.get(l + 1).inputGradients);
      }
      if (readout != null && l == path.size() - 1) {
        readout.backward(
            t, layer.from(t), layer.from(t + 1), layer.out, input.out, active, layer.outGradient);
      }
      layer.backward(t, l == 0 ? input.out : path.get(l - 1).out, active);
      if (!clip) {
        layer.update(t, optimizer, 1, now);
      }
      team.barrier();
    }
    RowUpdates inputs = inputRows == null ? outputRows : inputRows;
    float[][] byInput = readout == null ? path.getFirst().inputGradients : withReadout;
    input.backward(t, byInput, active, inputs.inputSlots, inputWidth());
    Activations top = readout == null ? path.getLast().out : readout.out;
    output.updateRows(t, columns[t], top, active, optimizer, outputRows.slots(t), now, outputParts);
    if (distillation != null) {
      distillation.rowGradients(t, top, outputRows.slots(t));
    }
    aside.accept(t);
    team.barrier();
    outputRows.sum(t);
    if (inputRows != null) {
      inputRows.sum(t);
    }
    float scale = clip ? clipScale(t) : 1;
    if (clip) {
      for (Layer layer : path) {
        layer.update(t, optimizer, scale, now);
      }
    }
    if (readout != null && t == 0) {
      readout.update(kernels, scale, now);
    }
    outputRows.update(t, optimizer, scale, now, outputParts);
    if (inputRows != null) {
      inputRows.update(t, optimizer, scale, now, inputParts);
    }
    if (outputParts != null && outputParts.isDue(now)) {
      moveParts(t, now);
    }
  }

  /// Brings what the steps since have learned of the parts that rows have in common into the rows;
  /// called by all threads at an epoch's end, so that nothing is left over for the next.
  public void settle(int t) {
    if (outputParts != null) {
      moveParts(t, step);
      team.barrier();
    }
  }

  private void moveParts(int t, long now) {
    team.barrier();
    requireNonNull(outputParts).change(t, now);
    if (inputParts != null) {
      inputParts.change(t, now);
    }
    team.barrier();
    outputParts.move(t);
    if (inputParts != null) {
      inputParts.move(t);
    }
  }

  private float clipScale(int t) {
    double sum = outputRows.squaredGradient(t);
    if (inputRows != null) {
      sum += inputRows.squaredGradient(t);
    }
    for (Layer layer : path) {
      sum += layer.squaredGradient(t);
    }
    sum += readout != null && t == 0 ? readout.squaredGradient() : 0;
    squares[t] = sum;
    team.barrier();
    double total = 0;
    for (double s : squares) {
      total += s;
    }
    double norm = Math.sqrt(total);
    return norm > config.clip() ? (float) (config.clip() / norm) : 1;
  }

  private int inputWidth() {
    return inputTable == null ? outputTable.width() : inputTable.width();
  }

  /// Carries the hidden states over to the next step; called by all threads after a step.
  ///
  /// @param movedFrom where each slot's state stood before, never before the slot itself
  /// @param fresh whether a session starts in a slot
  public void carry(int t, int[] movedFrom, boolean[] fresh, int active) {
    carry(t, layers, movedFrom, fresh, active);
    carry(t, beside, movedFrom, fresh, active);
    if (t == 0) {
      if (readout != null) {
        readout.carry(movedFrom, fresh, active);
      }
      carried = true;
    }
  }

  private static void carry(int t, List<Layer> some, int[] movedFrom, boolean[] fresh, int active) {
    for (Layer layer : some) {
      for (int slot = 0; slot < active; slot++) {
        if (fresh[slot]) {
          layer.clear(t, slot);
        } else if (movedFrom[slot] != slot) {
          layer.move(t, movedFrom[slot], slot);
        }
      }
    }
  }

  /// Forgets all hidden states; called by all threads at the start of an epoch.
  public void clear(int t) {
    for (int slot = 0; slot < config.batchSize(); slot++) {
      for (Layer layer : layers) {
        layer.clear(t, slot);
      }
      for (Layer layer : beside) {
        layer.clear(t, slot);
      }
    }
    if (t == 0) {
      if (readout != null) {
        readout.clear();
      }
      carried = true;
    }
  }

  /// Returns the loss of the last step.
  public double loss() {
    return loss;
  }

  /// Returns what the teacher's loss of the last step adds to the loss: its weight times the
  /// cross-entropy, 0 without a teacher.
  public double taughtLoss() {
    return distillation == null ? 0 : distillation.loss();
  }

  /// Returns how many steps have been made.
  public long steps() {
    return step;
  }

  /// Sets how many steps have been made, for a training that goes on.
  public void steps(long made) {
    step = made;
  }

  /// Returns copies of all tensors by name: weights (part 0) or one of the optimiser's states
  /// (1..).
  public Map<String, Tensor> tensors(int part) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    int items = outputTable.items();
    if (inputTable != null) {
      int n = inputTable.columns();
      all.put(inputName(), Tensor.matrix(items, n, inputTable.columns(part, 0, n)));
    }
    for (int l = 0; l < layers.size(); l++) {
      layers.get(l).tensors(architecture.prefix(l), part, all::put);
    }
    for (int l = 0; l < beside.size(); l++) {
      beside.get(l).tensors(BESIDE + architecture.prefix(l), part, all::put);
    }
    if (readout != null) {
      readout.tensors(part, all::put);
    }
    int n = outputTable.columns() - 1;
    all.put(OUTPUT, Tensor.matrix(items, n, outputTable.columns(part, 0, n)));
    all.put(BIAS, Tensor.matrix(items, 1, outputTable.columns(part, n, 1)));
    return all;
  }

  /// Returns copies of the parts that items' rows have in common, by the name of the item table
  /// that they are for: weights (part 0) or one of the optimiser's states (1..); none without
  /// parts.
  public Map<String, Tensor> sharedTensors(int part) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    if (inputParts != null) {
      ItemTable values = inputParts.values();
      int n = values.columns();
      all.put(inputName(), Tensor.matrix(values.items(), n, values.columns(part, 0, n)));
    }
    if (outputParts != null) {
      ItemTable values = outputParts.values();
      int n = values.columns() - 1;
      all.put(OUTPUT, Tensor.matrix(values.items(), n, values.columns(part, 0, n)));
      all.put(BIAS, Tensor.matrix(values.items(), 1, values.columns(part, n, 1)));
    }
    return all;
  }

  /// Takes tensors back, as [#sharedTensors] names them.
  public void loadShared(Map<String, Tensor> tensors, int part) {
    Layer.TensorSource source = source(tensors);
    if (inputParts != null) {
      ItemTable values = inputParts.values();
      values.setColumns(part, 0, values.columns(), source.get(inputName()));
    }
    if (outputParts != null) {
      ItemTable values = outputParts.values();
      int n = values.columns() - 1;
      values.setColumns(part, 0, n, source.get(OUTPUT));
      values.setColumns(part, n, 1, source.get(BIAS));
    }
  }

  private static Layer.TensorSource source(Map<String, Tensor> tensors) {
    return name -> {
      Tensor tensor = tensors.get(name);
      if (tensor == null) {
        throw new IllegalArgumentException("tensor " + name + " is missing");
      }
      return tensor.data();
    };
  }

  /// Takes tensors back, as [#tensors] names them.
  public void load(Map<String, Tensor> tensors, int part) {
    Layer.TensorSource source = source(tensors);
    if (inputTable != null) {
      inputTable.setColumns(part, 0, inputTable.columns(), source.get(inputName()));
    }
    for (int l = 0; l < layers.size(); l++) {
      layers.get(l).load(architecture.prefix(l), part, source);
    }
    for (int l = 0; l < beside.size(); l++) {
      beside.get(l).load(BESIDE + architecture.prefix(l), part, source);
    }
    if (readout != null) {
      readout.load(part, source);
    }
    int n = outputTable.columns() - 1;
    outputTable.setColumns(part, 0, n, source.get(OUTPUT));
    outputTable.setColumns(part, n, 1, source.get(BIAS));
  }

  private String inputName() {
    return architecture.oneHot() ? "GE.Wx0.weight" : "E.weight";
  }
}
