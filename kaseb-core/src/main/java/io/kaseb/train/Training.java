package io.kaseb.train;

import io.kaseb.base.Progress;
import io.kaseb.config.Cell;
import io.kaseb.config.KeyType;
import io.kaseb.config.LossKind;
import io.kaseb.config.TrainConfig;
import io.kaseb.config.TrainKeys;
import io.kaseb.kernel.Kernels;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Gru4Rec;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.network.Dropout;
import io.kaseb.network.FinalActivation;
import io.kaseb.network.ItemParts;
import io.kaseb.network.Lesson;
import io.kaseb.network.Loss;
import io.kaseb.network.Network;
import io.kaseb.network.Optimizer;
import io.kaseb.network.Team;
import io.kaseb.network.TrainingDivergedException;
import io.kaseb.tune.math.SeededRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// A training run of a GRU4Rec network, epoch by epoch. The same configuration, data, number of
/// threads and vector width give the same bytes.
public final class Training {
  private static final int REPORT_STEPS = 64;

  /// What tells the teacher's random numbers from a step's others.
  private static final int TEACHER = 7;

  /// What tells the choice of a network from a step's other random numbers.
  private static final int PATH = 11;

  private static final String SHARED = "optimizer.shared.";
  private static final String AVERAGE = "optimizer.average.";

  /// Stands in the average before the names of what items' rows have in common.
  private static final String IN_COMMON = "shared.";

  private final TrainConfig config;
  private final Catalogue catalogue;
  private final Team team;
  private final Network network;
  private final NegativeSampler sampler;
  private final @Nullable Paths paths;
  private final @Nullable WeightAverage average;
  private @Nullable TeacherLabels teacher;

  /// Floats of optimiser state that go with each weight.
  private final int optimizerStates;

  private int epoch;

  private Training(
      TrainConfig config,
      Catalogue catalogue,
      long[] counts,
      int threads,
      @Nullable ItemParts parts,
      @Nullable Paths paths) {
    this.config = config;
    this.catalogue = catalogue;
    this.team = new Team(threads);
    this.paths = paths;
    Network.StepConfig step = step(config);
    this.optimizerStates = step.optimizer().states();
    Architecture shape = Architecture.of(config);
    this.network =
        paths == null
            ? new Network(Kernels.BEST, team, shape, counts, step, parts, teaching(config))
            : Network.holding(Kernels.BEST, team, shape, counts, step, paths.other());
    this.sampler = NegativeSampler.of(counts, config.sampleAlpha());
    this.average = config.emaDecay() > 0 ? new WeightAverage(config.emaDecay()) : null;
  }

  private static Network.@Nullable Teaching teaching(TrainConfig config) {
    return config.distill().isEmpty() || config.distillWeight() == 0
        ? null
        : new Network.Teaching(
            config.distillTop(),
            Math.min(config.distillNegatives(), config.nSample()),
            config.distillWeight(),
            config.distillTemperature());
  }

  /// Returns what a step needs to know.
  private static Network.StepConfig step(TrainConfig config) {
    LossKind kind = config.loss();
    float correction = kind == LossKind.CROSS_ENTROPY ? config.logq() : 0;
    return new Network.StepConfig(
        config.batchSize(),
        config.nSample(),
        config.sampleAlpha(),
        new Loss(kind, correction, config.bpreg()),
        FinalActivation.of(config.activation()),
        config.dropoutPEmbed(),
        config.dropoutPHidden(),
        new Optimizer(
            config.optimizer(),
            config.learningRate(),
            config.momentum(),
            config.eps(),
            config.weightDecay()),
        config.gradClip());
  }

  /// Creates a run with random weights.
  ///
  /// @param counts training events of each item of the catalogue
  public static Training create(
      TrainConfig config, Catalogue catalogue, long[] counts, int threads) {
    return create(config, catalogue, counts, threads, null);
  }

  /// Creates a run with random weights.
  ///
  /// @param counts training events of each item of the catalogue
  /// @param parts what rows of items have in common by their attributes, as [ItemFields#parts] has
  ///   it; null for nothing. The configuration can leave it out
  public static Training create(
      TrainConfig config,
      Catalogue catalogue,
      long[] counts,
      int threads,
      @Nullable ItemParts parts) {
    Training training =
        new Training(
            config, catalogue, counts, threads, config.itemAttributes() ? parts : null, null);
    training.network.load(InitialWeights.of(config, catalogue.size()), 0);
    return training;
  }

  /// Creates a run with random weights that trains many networks at once, which share weights: each
  /// step one of them.
  ///
  /// @param config the widest and deepest of them, with an embedding and layers of equal width
  /// @param counts training events of each item of the catalogue
  public static Training holding(
      TrainConfig config, Catalogue catalogue, long[] counts, int threads, Paths paths) {
    Training training = new Training(config, catalogue, counts, threads, null, paths);
    Map<String, Tensor> weights = new LinkedHashMap<>(InitialWeights.of(config, catalogue.size()));
    Cell other = paths.other();
    if (other != null) {
      TrainConfig beside =
          TrainKeys.TABLE.changed("cell", config, Map.of("cell", KeyType.text(other)));
      InitialWeights.of(beside, catalogue.size())
          .forEach((name, tensor) -> weights.putIfAbsent(Network.BESIDE + name, tensor));
    }
    training.network.load(weights, 0);
    return training;
  }

  /// Which of the networks that share weights a step trains.
  ///
  /// @param other the cell beside the configuration's; null where all have the same
  /// @param choice the network of a random number
  public record Paths(@Nullable Cell other, LongFunction<Architecture> choice) {}

  /// Takes what a teacher says of the sessions that the epochs train on, where the configuration
  /// names one.
  public void teach(TeacherLabels labels) {
    teacher = labels;
  }

  /// Returns the configuration.
  public TrainConfig config() {
    return config;
  }

  /// Returns how many epochs are done.
  public int epoch() {
    return epoch;
  }

  /// Trains one more epoch over all sessions.
  ///
  /// @param stop asked between steps; where it says yes the epoch is given up, and the run's
  ///   weights must not be used any more
  /// @return what it came to, or null where it was stopped
  /// @throws TrainingDivergedException where the loss is no number
  public @Nullable TrainingEpoch epoch(Sessions sessions, Progress progress, BooleanSupplier stop) {
    long started = System.nanoTime();
    epoch++;
    Loop loop = new Loop(sessions, seed(epoch), true, progress, stop);
    team.run(loop::run);
    if (loop.stopped) {
      return null;
    }
    if (average != null) {
      Map<String, Tensor> all = network.tensors(0);
      network.sharedTensors(0).forEach((name, tensor) -> all.put(IN_COMMON + name, tensor));
      average.add(all);
    }
    double loss = loop.loss / Math.max(1, loop.events);
    return TrainingEpoch.of(epoch, loss, loop.events, (System.nanoTime() - started) / 1e9);
  }

  /// Returns the mean loss over sessions that are not trained on, of the weights that forecasts are
  /// made by, without dropout, with the same negatives each time.
  public double loss(Sessions sessions) {
    Map<String, Tensor> present = average == null ? Map.of() : weights();
    if (average != null) {
      load(forecasting());
    }
    Loop loop = new Loop(sessions, seed(-1), false, Progress.NONE, () -> false);
    team.run(loop::run);
    if (average != null) {
      load(present);
    }
    return loop.loss / Math.max(1, loop.events);
  }

  private long seed(int epoch) {
    return SeededRandom.spread(config.seed(), epoch);
  }

  /// Returns a network of the weights that forecasts are made by.
  public Gru4Rec model() {
    return Gru4Rec.of(Architecture.of(config), catalogue, forecasting());
  }

  /// Returns copies of the present weights by name, which the next epoch goes on from.
  public Map<String, Tensor> weights() {
    return network.tensors(0);
  }

  /// Returns the weights that forecasts are made by: the average over epochs where the
  /// configuration has one, else the present ones.
  public Map<String, Tensor> forecasting() {
    if (average == null || average.mean().isEmpty()) {
      return weights();
    }
    Map<String, Tensor> mean = new LinkedHashMap<>(average.mean());
    mean.keySet().removeIf(name -> name.startsWith(IN_COMMON));
    return mean;
  }

  /// Returns copies of what items' rows have in common, of the weights that forecasts are made by,
  /// by the item table's name: a row for each part; none where they have nothing.
  public Map<String, Tensor> shared() {
    return average == null || average.mean().isEmpty()
        ? network.sharedTensors(0)
        : named(average.mean(), IN_COMMON);
  }

  /// Returns copies of the optimiser's state by name, with `optimizer.N.` before each, and with
  /// `optimizer.shared.N.` what items' rows have in common (0) and its state (1..), and with
  /// `optimizer.average.` the average over epochs.
  public Map<String, Tensor> optimizerState() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (int part = 1; part <= optimizerStates; part++) {
      String prefix = "optimizer." + part + ".";
      network.tensors(part).forEach((name, tensor) -> all.put(prefix + name, tensor));
    }
    for (int part = 0; part <= optimizerStates; part++) {
      String prefix = SHARED + part + ".";
      network.sharedTensors(part).forEach((name, tensor) -> all.put(prefix + name, tensor));
    }
    if (average != null) {
      average.mean().forEach((name, tensor) -> all.put(AVERAGE + name, tensor));
    }
    return all;
  }

  /// Returns how many steps have been made in all epochs.
  public long steps() {
    return network.steps();
  }

  /// Takes weights: those of a finished epoch, or another model's.
  public void load(Map<String, Tensor> weights) {
    network.load(weights, 0);
  }

  /// Takes the optimiser's state as [#optimizerState] gives it, and where the run stood.
  public void resume(Map<String, Tensor> state, int epoch, long steps) {
    for (int part = 1; part <= optimizerStates; part++) {
      network.load(named(state, "optimizer." + part + "."), part);
    }
    for (int part = 0; part <= optimizerStates; part++) {
      network.loadShared(named(state, SHARED + part + "."), part);
    }
    if (average != null) {
      average.resume(named(state, AVERAGE), epoch);
    }
    this.epoch = epoch;
    network.steps(steps);
  }

  private static Map<String, Tensor> named(Map<String, Tensor> state, String prefix) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    state.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            named.put(name.substring(prefix.length()), tensor);
          }
        });
    return named;
  }

  /// One pass over sessions, run by all threads together; thread 0 makes the mini-batches.
  private final class Loop {
    private final SessionBatches batches;
    private final long seed;

    /// How many steps' negatives each thread has drawn its share of.
    private final long[] drawn = new long[team.size()];

    private final Dropout.Hashed dropout = new Dropout.Hashed(Kernels.BEST);
    private final int[] negatives = new int[config.nSample()];
    private final boolean training;
    private final @Nullable Lesson lesson;
    private final Progress progress;
    private final BooleanSupplier stop;
    private final long total;
    private final String task = "epoch " + epoch + " of " + config.nEpochs();
    private boolean stopped;
    private double loss;
    private long steps;
    private long events;

    Loop(Sessions sessions, long seed, boolean training, Progress progress, BooleanSupplier stop) {
      this.batches = new SessionBatches(sessions, config.batchSize());
      this.seed = seed;
      this.training = training;
      this.lesson =
          training && teacher != null && config.distillWeight() > 0
              ? Lesson.of(config.batchSize(), config.distillTop())
              : null;
      this.progress = progress;
      this.stop = stop;
      this.total = SessionBatches.predictions(sessions);
    }

    void run(int t) {
      if (t == 0) {
        batches.start();
        learn();
      }
      network.clear(t);
      draw(t);
      team.barrier();
      prepare(t);
      team.barrier();
      IntConsumer advance = this::advance;
      while (batches.active() > 0 && !stopped) {
        if (training) {
          network.step(t, advance);
        } else {
          network.forward(t);
          team.barrier();
          advance(t);
          team.barrier();
        }
        if (batches.active() > 0) {
          network.carry(t, batches.movedFrom(), batches.fresh(), batches.active());
          prepare(t);
        }
        team.barrier();
      }
      if (training && !stopped) {
        network.settle(t);
      }
      if (t == 0 && training && !stopped) {
        progress.at(task, total, total, "events");
      }
    }

    /// Makes the next mini-batch: thread 0 moves the sessions on, and each draws its share of the
    /// negatives.
    private void advance(int t) {
      if (t == 0) {
        account();
        batches.advance();
        learn();
      }
      draw(t);
    }

    /// Fetches what the teacher says of the next mini-batch, and lets it name some of the targets.
    private void learn() {
      TeacherLabels labels = teacher;
      if (labels == null || !training) {
        return;
      }
      if (lesson != null) {
        labels.fill(lesson, batches.event(), batches.active());
      }
      long key = SeededRandom.spread(stepSeed(drawn[0]), TEACHER);
      labels.draw(key, config.distillShare(), batches.event(), batches.active(), batches.target());
    }

    private void draw(int t) {
      int from = team.from(t, negatives.length, 1);
      int to = team.from(t + 1, negatives.length, 1);
      sampler.sample(stepSeed(drawn[t]++), negatives, from, to);
    }

    private long stepSeed(long step) {
      return SeededRandom.step(seed, step);
    }

    private void account() {
      double step = network.loss();
      double taught = network.taughtLoss();
      steps++;
      if (!Double.isFinite(step + taught)) {
        throw new TrainingDivergedException(epoch, steps, step + taught, config.learningRate());
      }
      loss += step * config.batchSize();
      events += batches.active();
      if (training && steps % REPORT_STEPS == 0) {
        progress.at(task, events, total, "events");
        stopped |= stop.getAsBoolean();
      }
    }

    private void prepare(int t) {
      if (t == 0) {
        dropout.seed(stepSeed(~drawn[0]));
        if (paths != null) {
          network.path(paths.choice().apply(SeededRandom.spread(stepSeed(drawn[0]), PATH)));
        }
      }
      network.prepare(
          t,
          batches.input(),
          batches.target(),
          batches.active(),
          negatives,
          negatives.length,
          training ? dropout : Dropout.NONE,
          lesson);
    }
  }
}
