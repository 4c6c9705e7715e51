package io.kaseb.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.config.Cell;
import io.kaseb.config.FinalAct;
import io.kaseb.config.LossKind;
import io.kaseb.config.OptimizerKind;
import io.kaseb.kernel.Kernels;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Embedding;
import io.kaseb.model.Gru4Rec;
import io.kaseb.model.SessionState;
import io.kaseb.model.Tensor;
import io.kaseb.network.Dropout;
import io.kaseb.network.FinalActivation;
import io.kaseb.network.Loss;
import io.kaseb.network.Network;
import io.kaseb.network.NetworkProbe;
import io.kaseb.network.Optimizer;
import io.kaseb.network.Team;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Runs recorded training steps of the official PyTorch version and compares everything: loss,
/// scores (through the loss), hidden states, first gradient, final weights, optimiser state, and
/// inference.
@Tag("kernels")
class GoldenTest {
  static Stream<Path> fixtures() throws IOException {
    return Golden.fixtures().filter(p -> !p.getFileName().toString().startsWith("sampler"));
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void oneThread(Path fixture) throws IOException {
    replay(Golden.read(fixture), 1);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void twoThreads(Path fixture) throws IOException {
    replay(Golden.read(fixture), 2);
  }

  private static void replay(JsonNode golden, int threads) {
    JsonNode c = golden.get("config");
    Architecture architecture = architecture(c);
    Network.StepConfig config = config(c);
    long[] counts = Golden.longs(golden.get("item_counts"));
    Team team = new Team(threads);
    Network network = new Network(Kernels.BEST, team, architecture, counts, config);
    NetworkProbe.Slip slip = NetworkProbe.slip(network, counts, config);
    network.load(Golden.tensors(golden.get("init")), 0);
    SessionBatches batches = new SessionBatches(Golden.sessions(golden), config.batchSize());
    batches.start();
    team.run(network::clear);
    JsonNode steps = golden.get("steps");
    Map<String, Tensor> before = network.tensors(0);
    for (int s = 0; s < steps.size(); s++) {
      JsonNode step = steps.get(s);
      int active = batches.active();
      assertThat(Arrays.copyOf(batches.input(), active)).isEqualTo(Golden.ints(step.get("input")));
      assertThat(Arrays.copyOf(batches.target(), active))
          .isEqualTo(Golden.ints(step.get("target")));
      int[] negatives = Golden.ints(step.get("negatives"));
      // The reference's slip, reproduced here alone: M stays at the batch size while slots close.
      slip.targetLike(Math.min(negatives.length, step.get("M").asInt() - active));
      Dropout masks = new RecordedDropout(step, architecture.oneHot());
      team.run(
          t -> {
            network.prepare(
                t, batches.input(), batches.target(), active, negatives, negatives.length, masks);
            team.barrier();
            network.step(t, aside -> {});
          });
      assertThat(network.loss())
          .as("loss of step %d", s)
          .isCloseTo(step.get("loss").asDouble(), within(1e-5));
      for (int l = 0; l < architecture.layers().size(); l++) {
        float[] expected = Golden.floats(step.get("hidden_out").get(l).get("data"));
        close(
            NetworkProbe.hidden(network, l, active),
            expected,
            5e-5f,
            "hidden " + l + " of step " + s);
      }
      if (s == 0) {
        firstGradient(golden, before, network);
      }
      batches.advance();
      team.run(t -> network.carry(t, batches.movedFrom(), batches.fresh(), batches.active()));
    }
    same(network.tensors(0), Golden.tensors(golden.get("final")), 1e-4f, 0);
    same(network.tensors(1), Golden.tensors(golden.get("final_acc")), 1e-5f, 1e-3f);
    if (golden.has("final_mom")) {
      same(network.tensors(2), Golden.tensors(golden.get("final_mom")), 1e-4f, 0);
    }
    inference(golden, architecture, network);
  }

  /// After one Adagrad step from 0, the accumulator is the gradient squared.
  private static void firstGradient(JsonNode golden, Map<String, Tensor> before, Network network) {
    Map<String, Tensor> squared = network.tensors(1);
    golden
        .get("grad_step0")
        .properties()
        .forEach(
            entry -> {
              Tensor acc = squared.get(entry.getKey());
              float[] expected = Golden.gradient(entry.getValue(), acc.data().length);
              float[] actual = new float[expected.length];
              float[] w0 = before.get(entry.getKey()).data();
              float[] w1 = network.tensors(0).get(entry.getKey()).data();
              for (int i = 0; i < actual.length; i++) {
                actual[i] = (float) Math.sqrt(acc.data()[i]) * Math.signum(w0[i] - w1[i]);
              }
              close(actual, expected, 1e-5f, "gradient of " + entry.getKey());
            });
  }

  private static void inference(JsonNode golden, Architecture architecture, Network network) {
    int items = golden.get("config").get("n_items").asInt();
    Catalogue catalogue =
        Catalogue.of(IntStream.range(0, items).mapToObj(Integer::toString).toList());
    Gru4Rec model = Gru4Rec.of(architecture, catalogue, network.tensors(0));
    for (JsonNode run : golden.get("inference")) {
      SessionState state = model.newSession();
      int[] sequence = Golden.ints(run.get("sequence"));
      for (int i = 0; i < sequence.length; i++) {
        model.click(state, sequence[i]);
        List<Float> hidden = new ArrayList<>();
        run.get("hidden").get(i).forEach(layer -> layer.forEach(x -> hidden.add(x.floatValue())));
        float[] expected = new float[hidden.size()];
        for (int k = 0; k < expected.length; k++) {
          expected[k] = hidden.get(k);
        }
        close(state.hidden(), expected, 5e-5f, "inference hidden " + i);
        float[][] scores = new float[1][items];
        model.scores(new SessionState[] {state}, 1, scores);
        close(scores[0], Golden.floats(run.get("scores").get(i)), 1e-4f, "inference scores " + i);
      }
    }
  }

  static Architecture architecture(JsonNode c) {
    List<Integer> layers = new ArrayList<>();
    c.get("layers").forEach(n -> layers.add(n.asInt()));
    int size = c.get("embedding").asInt();
    if (c.get("constrained_embedding").asBoolean()) {
      return new Architecture(Cell.GRU, Embedding.CONSTRAINED, layers.getLast(), layers);
    }
    return new Architecture(
        Cell.GRU, size == 0 ? Embedding.NONE : Embedding.SEPARATE, size, layers);
  }

  private static Network.StepConfig config(JsonNode c) {
    boolean bpr = c.get("loss").asString().equals("bpr-max");
    float elu = c.get("elu_param").floatValue();
    return new Network.StepConfig(
        c.get("batch_size").asInt(),
        c.get("n_sample").asInt(),
        c.get("sample_alpha").floatValue(),
        new Loss(
            bpr ? LossKind.BPR_MAX : LossKind.CROSS_ENTROPY,
            c.get("logq").floatValue(),
            c.get("bpreg").floatValue()),
        bpr ? FinalActivation.of(FinalAct.of("elu-" + elu)) : FinalActivation.LINEAR,
        c.get("dropout_p_embed").floatValue(),
        c.get("dropout_p_hidden").floatValue(),
        new Optimizer(
            OptimizerKind.ADAGRAD,
            c.get("learning_rate").floatValue(),
            c.get("momentum").floatValue(),
            1e-6f,
            0),
        0);
  }

  private static void same(
      Map<String, Tensor> actual, Map<String, Tensor> expected, float absolute, float relative) {
    assertThat(actual.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach(
        (name, tensor) -> {
          float[] a = actual.get(name).data();
          for (int i = 0; i < a.length; i++) {
            float e = tensor.data()[i];
            assertThat(a[i])
                .as("%s[%d]", name, i)
                .isCloseTo(e, within(absolute + relative * Math.abs(e)));
          }
        });
  }

  private static void close(float[] actual, float[] expected, float tolerance, String what) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).as("%s [%d]", what, i).isCloseTo(expected[i], within(tolerance));
    }
  }

  /// The masks that the reference drew.
  private record RecordedDropout(JsonNode step, boolean oneHot) implements Dropout {
    @Override
    public void fill(int module, float p, float[] mask, int from, int to, int stride, int active) {
      int number = oneHot ? module - 2 : module - 1;
      String name = number < 0 ? "DE" : "D." + number;
      int[] keep = Golden.ints(step.get("dropout_keep").get(name));
      int features = keep.length / active;
      Arrays.fill(mask, from * stride, to * stride, 0);
      for (int f = from; f < to; f++) {
        for (int b = 0; b < active; b++) {
          mask[f * stride + b] = keep[b * features + f] / (1 - p);
        }
      }
    }
  }
}
