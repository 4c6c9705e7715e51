package io.kaseb.intentfit;

import io.kaseb.base.Progress;
import io.kaseb.config.IntentConfig;
import io.kaseb.intent.IntentLoss;
import io.kaseb.intent.IntentNet;
import io.kaseb.network.Team;
import io.kaseb.network.TrainingDivergedException;
import io.kaseb.signal.Schema;
import io.kaseb.tune.math.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Trains the recurrent intent network: Adam (Kingma and Ba 2015) with decoupled weight decay
/// (Loshchilov and Hutter 2019) on the dense weights, a step size that falls linearly to a tenth;
/// row-wise Adagrad on item embeddings. The threads share out the sessions of a step; gradients are
/// summed in the threads' order, so that equal seeds and threads give equal bytes.
final class IntentTraining {
  private static final float BETA1 = .9f;
  private static final float BETA2 = .999f;
  private static final float EPS = 1e-8f;
  private static final int MOST_CELLS = 32_768;
  private static final int CHUNK_BATCHES = 50;
  private static final int LEAST_STEPS = 80;
  private static final int LEAST_BATCH = 16;

  private final IntentConfig config;
  private final Schema schema;
  private final IntentNet net;
  private final IntentLoss loss;
  private final Team team;
  private final IntentPass[] passes;
  private final IntentBatch[] batches;
  private final float[] first;
  private final float[] second;
  private final float[] embeddingState;
  private final long seed;
  private long step;
  private int epoch;

  /// @param net where training starts; changed in place
  /// @param schema what events have beyond clicks
  /// @param logPopularity of each item, for the next-item loss
  IntentTraining(
      IntentConfig config,
      IntentNet net,
      Schema schema,
      float[] logPopularity,
      int threads,
      long seed) {
    this.config = config;
    this.schema = schema;
    this.net = net;
    this.loss = IntentLoss.of(config);
    this.seed = seed;
    this.team = new Team(threads);
    this.passes = new IntentPass[threads];
    this.batches = new IntentBatch[threads];
    boolean tuned = config.tuned() && net.shape.embedding() > 0;
    for (int t = 0; t < threads; t++) {
      passes[t] = new IntentPass(net, tuned);
      batches[t] = new IntentBatch(net, config.features(), schema, logPopularity);
    }
    this.first = new float[net.weights.length];
    this.second = new float[net.weights.length];
    this.embeddingState = new float[tuned ? net.shape.items() : 0];
  }

  /// What an epoch came to.
  ///
  /// @param loss mean loss of a session
  /// @param seconds time it took
  /// @param sessions sessions trained on
  record Epoch(double loss, double seconds, long sessions) {}

  /// Trains on every session with a click once.
  ///
  /// @param epochs epochs that are planned in all, for the step size
  /// @return null where `stop` said yes
  @Nullable Epoch epoch(Examples examples, int epochs, Progress progress, BooleanSupplier stop) {
    long started = System.nanoTime();
    epoch++;
    SplittableRandom random = new SplittableRandom(SeededRandom.join(seed, epoch));
    List<int[]> order = batches(examples, random);
    long all = order.stream().mapToLong(b -> b.length).sum();
    long steps = (long) order.size() * epochs;
    double[] sums = new double[team.size()];
    long[] chance = random.longs(order.size()).toArray();
    boolean[] stopped = {false};
    team.run(
        member -> {
          long done = 0;
          for (int b = 0; b < order.size(); b++) {
            if (member == 0) {
              stopped[0] = stop.getAsBoolean();
              progress.at("purchase network, epoch " + epoch, done, all, "sessions");
            }
            team.barrier();
            if (stopped[0]) {
              return;
            }
            sums[member] += gradient(member, examples, order.get(b), chance[b]);
            team.barrier();
            update(member, steps);
            team.barrier();
            if (member == 0) {
              step++;
            }
            done += order.get(b).length;
          }
        });
    if (stopped[0]) {
      return null;
    }
    progress.at("purchase network, epoch " + epoch, all, all, "sessions");
    double mean = Arrays.stream(sums).sum() / Math.max(1, order.size());
    if (!Double.isFinite(mean)) {
      throw new TrainingDivergedException(epoch, step, mean, config.intentLearningRate());
    }
    return new Epoch(mean, (System.nanoTime() - started) / 1e9, all);
  }

  private double gradient(int member, Examples examples, int[] sessions, long chance) {
    int n = sessions.length;
    int threads = team.size();
    int[] own = new int[(n - member + threads - 1) / threads];
    for (int i = 0; i < own.length; i++) {
      own[i] = sessions[member + i * threads];
    }
    SplittableRandom random = new SplittableRandom(chance + member);
    IntentBatch batch = batches[member];
    batch.load(examples, own, 0, own.length, n, config.intentItemDropout(), random);
    if (own.length == 0) {
      return 0;
    }
    double sum = passes[member].forward(batch, loss);
    passes[member].backward(batch);
    return sum;
  }

  private void update(int member, long steps) {
    long now = step + 1;
    float fall = (float) Math.max(.1, 1 - .9 * now / Math.max(1, steps));
    float rate = config.intentLearningRate() * fall;
    float correct1 = (float) (1 - Math.pow(BETA1, (double) now));
    float correct2 = (float) (1 - Math.pow(BETA2, (double) now));
    float decay = rate * config.intentWeightDecay();
    int from = team.from(member, first.length, 16);
    int to = team.from(member + 1, first.length, 16);
    float[] total = passes[0].gradient;
    for (int t = 1; t < passes.length; t++) {
      float[] part = passes[t].gradient;
      for (int i = from; i < to; i++) {
        total[i] += part[i];
        part[i] = 0;
      }
    }
    for (int i = from; i < to; i++) {
      float g = total[i];
      float m = BETA1 * first[i] + (1 - BETA1) * g;
      float v = BETA2 * second[i] + (1 - BETA2) * g * g;
      first[i] = m;
      second[i] = v;
      total[i] = 0;
      float w = net.weights[i];
      net.weights[i] =
          w - decay * w - rate * (m / correct1) / ((float) Math.sqrt(v / correct2) + EPS);
    }
    if (embeddingState.length > 0) {
      updateEmbeddings(member, rate);
    }
  }

  /// Row-wise Adagrad; each item belongs to one thread, its clicks come in a fixed order.
  private void updateEmbeddings(int member, float rate) {
    int d = net.shape.embedding();
    for (int t = 0; t < passes.length; t++) {
      IntentBatch batch = batches[t];
      float[] g = passes[t].inputs.items;
      for (int s = 0; s < batch.steps; s++) {
        for (int j = 0; j < batch.active(s); j++) {
          int at = s * batch.stride + j;
          int item = batch.items[at];
          if (item >= 0 && item % team.size() == member) {
            updateRow(item, g, at * d, d, rate);
          }
        }
      }
    }
  }

  private void updateRow(int item, float[] g, int at, int d, float rate) {
    float square = 0;
    for (int i = 0; i < d; i++) {
      square += g[at + i] * g[at + i];
    }
    if (square == 0) {
      return;
    }
    embeddingState[item] += square / d;
    // In units of the scaled embedding, so that the step does not depend on the table's own size.
    float step = 5 * rate / net.scale / (float) Math.sqrt(embeddingState[item] + 1e-12f);
    for (int i = 0; i < d; i++) {
      net.embeddings[item * d + i] -= step * g[at + i];
    }
  }

  /// Deals sessions to steps: shuffled, then sorted by length within chunks, so that sessions of a
  /// step have about one length; the steps come in random order. A step of long sessions has fewer.
  private List<int[]> batches(Examples examples, SplittableRandom random) {
    var sessions = examples.labelled().sessions();
    int[] order =
        IntStream.range(0, examples.count()).filter(s -> sessions.length(s) > 0).toArray();
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int held = order[i];
      order[i] = order[other];
      order[other] = held;
    }
    List<int[]> batches = new ArrayList<>();
    int most = mostOfStep(order.length);
    int chunk = CHUNK_BATCHES * most;
    for (int from = 0; from < order.length; from += chunk) {
      int[] sorted =
          Arrays.stream(order, from, Math.min(order.length, from + chunk))
              .boxed()
              .sorted(
                  (a, b) ->
                      Integer.compare(
                          IntentBatch.length(sessions, b), IntentBatch.length(sessions, a)))
              .mapToInt(Integer::intValue)
              .toArray();
      for (int at = 0; at < sorted.length; ) {
        int longest = IntentBatch.length(sessions, sorted[at]);
        int size = Math.clamp(MOST_CELLS / longest, 1, most);
        int to = Math.min(sorted.length, at + size);
        batches.add(Arrays.copyOfRange(sorted, at, to));
        at = to;
      }
    }
    for (int i = batches.size() - 1; i > 0; i--) {
      Collections.swap(batches, i, random.nextInt(i + 1));
    }
    return batches;
  }

  /// Events beyond clicks are learned in few epochs where an epoch has steps enough.
  private int mostOfStep(int sessions) {
    return schema.isEmpty()
        ? config.intentBatchSize()
        : Math.min(config.intentBatchSize(), Math.max(LEAST_BATCH, sessions / LEAST_STEPS));
  }

  /// Returns a copy of the network as it stands.
  IntentNet copy() {
    boolean tuned = embeddingState.length > 0;
    return new IntentNet(
        net.shape, net.weights.clone(), tuned ? net.embeddings.clone() : net.embeddings, net.scale);
  }
}
