package io.kaseb.intentfit;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.config.Feature;
import io.kaseb.intent.ClickInputs;
import io.kaseb.intent.IntentFollower;
import io.kaseb.intent.IntentLoss;
import io.kaseb.intent.IntentNet;
import io.kaseb.intent.IntentScorer;
import io.kaseb.intent.IntentShape;
import io.kaseb.intent.IntentState;
import io.kaseb.model.Sessions;
import io.kaseb.signal.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// Every gradient of the intent network against central differences of a plain double-precision
/// forward pass.
class IntentGradientTest {
  private static final double STEP = 1e-5;

  private final Examples examples = Shops.examples(Shops.shop(23, 5));
  private final Set<Feature> features = Set.of(Feature.values());
  private final float[] logPopularity = new float[Shops.ITEMS];

  private IntentNet net() {
    int numbers = new ClickInputs(features, Schema.NONE).count();
    IntentShape shape = new IntentShape(Shops.ITEMS, 5, 3, numbers, 6, 4);
    return IntentNet.create(shape, Shops.table(5, 3), .2, .5, 11);
  }

  private int[] sessions() {
    Sessions all = examples.labelled().sessions();
    return IntStream.range(0, examples.count())
        .boxed()
        .sorted((a, b) -> Integer.compare(all.length(b), all.length(a)))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  @Test
  void everyWeightAndEmbedding() {
    for (int i = 0; i < logPopularity.length; i++) {
      logPopularity[i] = -1 - i * .05f;
    }
    IntentNet net = net();
    IntentLoss loss = new IntentLoss(1.3f, .4f, 1.7f, .6f, 2.5f, 0);
    IntentPass pass = new IntentPass(net, true);
    IntentBatch batch = new IntentBatch(net, features, Schema.NONE, logPopularity);
    int[] order = sessions();
    batch.load(examples, order, 0, order.length, order.length, 0, new SplittableRandom(1));
    double value = pass.forward(batch, loss);
    pass.backward(batch);
    Reference reference = new Reference(net, batch, loss, logPopularity);
    double[] w = doubles(net.weights);
    double[] e = doubles(net.embeddings);
    assertThat(value).isCloseTo(reference.loss(w, e), within(1e-4));
    double worst = 0;
    double size = 0;
    for (int i = 0; i < w.length; i++) {
      double keep = w[i];
      w[i] = keep + STEP;
      double up = reference.loss(w, e);
      w[i] = keep - STEP;
      double numeric = (up - reference.loss(w, e)) / (2 * STEP);
      w[i] = keep;
      worst = Math.max(worst, Math.abs(numeric - pass.gradient[i]));
      size = Math.max(size, Math.abs(numeric));
    }
    assertThat(worst).as("weights").isLessThan(2e-5 + 2e-4 * size);
    double[] summed = embeddingGradient(net, batch, pass);
    double worstRow = 0;
    for (int i = 0; i < e.length; i++) {
      double keep = e[i];
      e[i] = keep + STEP;
      double up = reference.loss(w, e);
      e[i] = keep - STEP;
      double numeric = (up - reference.loss(w, e)) / (2 * STEP);
      e[i] = keep;
      worstRow = Math.max(worstRow, Math.abs(numeric - summed[i]));
    }
    assertThat(Arrays.stream(summed).map(Math::abs).max().orElse(0)).isGreaterThan(1e-3);
    assertThat(worstRow).as("embeddings").isLessThan(2e-5);
  }

  private static Offset<Double> within(double x) {
    return Offset.offset(x);
  }

  private static double[] embeddingGradient(IntentNet net, IntentBatch batch, IntentPass pass) {
    int d = net.shape.embedding();
    double[] sum = new double[Shops.ITEMS * d];
    for (int t = 0; t < batch.steps; t++) {
      for (int j = 0; j < batch.active(t); j++) {
        int at = t * batch.stride + j;
        for (int i = 0; i < d; i++) {
          sum[batch.items[at] * d + i] += pass.inputs.items[at * d + i];
        }
      }
    }
    return sum;
  }

  private static double[] doubles(float[] x) {
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = x[i];
    }
    return out;
  }

  /// The loss written down plainly, session by session.
  private static final class Reference {
    private final IntentShape shape;
    private final IntentNet net;
    private final IntentBatch batch;
    private final IntentLoss loss;
    private final float[] logPopularity;

    Reference(IntentNet net, IntentBatch batch, IntentLoss loss, float[] logPopularity) {
      this.net = net;
      this.shape = net.shape;
      this.batch = batch;
      this.loss = loss;
      this.logPopularity = logPopularity;
    }

    double loss(double[] w, double[] e) {
      int h = shape.units();
      double[][][] states = new double[batch.size][batch.steps][];
      double sum = 0;
      for (int j = 0; j < batch.size; j++) {
        double[] state = new double[h];
        double weight = loss.session() * (batch.buys[j] ? loss.positive() : 1) / batch.size;
        int n = batch.lengths[j];
        for (int t = 0; t < n; t++) {
          state = step(w, e, t, j, state);
          states[j][t] = state;
          sum += weight * loss.soFar() / n * cross(head(w, 1, state), batch.buys[j]);
        }
        sum += weight * (1 - loss.soFar()) * cross(head(w, 0, state), batch.buys[j]);
      }
      for (int p = 0; p < batch.pairs; p++) {
        int j = batch.pairColumn[p];
        double z = item(w, states[j][batch.lengths[j] - 1], states[j][batch.pairStep[p]], p);
        sum += loss.item() / batch.size / batch.pairsOf[j] * cross(z, batch.pairBought[p]);
      }
      return sum + nextItem(w, e, states);
    }

    private double[] step(double[] w, double[] e, int t, int j, double[] old) {
      int h = shape.units();
      int inputs = shape.inputs();
      double[] x = new double[inputs];
      int at = t * batch.stride + j;
      for (int i = 0; i < inputs; i++) {
        x[i] = batch.rows[batch.row(t, j) + i];
      }
      int d = shape.embedding();
      for (int i = 0; i < d; i++) {
        x[shape.itemAt() + i] = net.scale * e[batch.items[at] * d + i];
      }
      for (int i = 0; i < IntentShape.CATEGORY_FLOATS && batch.categories[at] >= 0; i++) {
        int row = Math.min(batch.categories[at], shape.categories() - 1);
        x[i] = w[shape.category() + row * IntentShape.CATEGORY_FLOATS + i];
      }
      double[] now = new double[h];
      for (int u = 0; u < h; u++) {
        double r = sigmoid(in(w, u, x) + rec(w, u, old));
        double z = sigmoid(in(w, h + u, x) + rec(w, h + u, old));
        double inner = rec(w, 2 * h + u, old) + w[shape.bh() + u];
        double c = Math.tanh(in(w, 2 * h + u, x) + r * inner);
        now[u] = (1 - z) * c + z * old[u];
      }
      return now;
    }

    private double in(double[] w, int row, double[] x) {
      double sum = 0;
      for (int i = 0; i < x.length; i++) {
        sum += w[shape.wx() + row * x.length + i] * x[i];
      }
      return sum;
    }

    private double rec(double[] w, int row, double[] h) {
      double sum = 0;
      for (int i = 0; i < h.length; i++) {
        sum += w[shape.wh() + row * h.length + i] * h[i];
      }
      return sum;
    }

    private double head(double[] w, int head, double[] state) {
      int at = shape.session() + head * (state.length + 1);
      double sum = w[at + state.length];
      for (int u = 0; u < state.length; u++) {
        sum += w[at + u] * state[u];
      }
      return sum;
    }

    private double item(double[] w, double[] top, double[] click, int p) {
      int h = shape.units();
      int k = shape.itemUnits();
      int c = shape.itemNumbers();
      double sum = w[shape.itemOut() + k];
      for (int i = 0; i < k; i++) {
        double a = 0;
        for (int u = 0; u < h; u++) {
          a += w[shape.itemState() + i * h + u] * top[u];
          a += w[shape.itemClick() + i * h + u] * click[u];
        }
        for (int n = 0; n < c; n++) {
          a += w[shape.itemNumber() + i * c + n] * batch.pairNumbers[p * c + n];
        }
        sum += w[shape.itemOut() + i] * Math.tanh(a);
      }
      return sum;
    }

    private double nextItem(double[] w, double[] e, double[][][] states) {
      int d = shape.embedding();
      int h = shape.units();
      double sum = 0;
      for (int t = 0; t + 1 < batch.steps; t++) {
        int n = batch.active(t + 1);
        for (int j = 0; j < n && n > 1; j++) {
          int target = batch.items[(t + 1) * batch.stride + j];
          double total = 0;
          double own = 0;
          for (int k = 0; k < n; k++) {
            int item = batch.items[(t + 1) * batch.stride + k];
            if (item == target && k != j) {
              continue;
            }
            double score = -logPopularity[item];
            for (int i = 0; i < d; i++) {
              double q = w[shape.next() + i * (h + 1) + h];
              for (int u = 0; u < h; u++) {
                q += w[shape.next() + i * (h + 1) + u] * states[j][t][u];
              }
              score += q * net.scale * e[item * d + i];
            }
            total += Math.exp(score);
            own = k == j ? score : own;
          }
          sum += loss.nextItem() / batch.size / (batch.lengths[j] - 1) * (Math.log(total) - own);
        }
      }
      return sum;
    }

    private static double sigmoid(double x) {
      return 1 / (1 + Math.exp(-x));
    }

    private static double cross(double z, boolean label) {
      return Math.log1p(Math.exp(label ? -z : z));
    }
  }

  @Test
  void oneSessionAtATimeGivesTheNumbersOfTheBatch() {
    IntentNet net = net();
    IntentPass pass = new IntentPass(net, true);
    IntentBatch batch = new IntentBatch(net, features, Schema.NONE, logPopularity);
    int[] order = sessions();
    batch.load(examples, order, 0, order.length, order.length, 0, new SplittableRandom(1));
    pass.forward(batch, new IntentLoss(1, .5f, 1, 0, 1, 0));
    IntentState session =
        new IntentFollower(features, Schema.NONE, List.of(new IntentScorer(net))).newSession();
    for (int j = 0; j < order.length; j++) {
      int column = j;
      session.reset();
      examples.walk(
          order[j],
          session.state,
          (state, event) -> {
            session.step();
            int at = (state.clicks - 1) * batch.stride + column;
            assertThat((double) session.netSession(false))
                .isCloseTo(pass.sessionHeads.soFar()[at], within(1e-4));
          });
      assertThat((double) session.netSession(true))
          .isCloseTo(pass.sessionHeads.over()[j], within(1e-4));
    }
  }
}
