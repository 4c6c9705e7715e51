package io.kaseb.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.Domain;
import io.kaseb.tune.space.Range;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The space that is searched by default: a seed's trials depend on every bound and on the order.
class TuneSpaceTest {
  private static final List<String> NETWORK =
      List.of(
          "cell gru,lstm",
          "num_layers 1..2 step 1",
          "hidden_size 48..256 step 1 log",
          "constrained_embedding true,false",
          "constrained_embedding/true/readout last,core",
          "constrained_embedding/false/embedding 32..160 step 16",
          "loss cross-entropy,bpr-max,top1-max",
          "loss/cross-entropy/logq 0.0..1.0",
          "loss/bpr-max/bpreg 0.0..2.0",
          "loss/bpr-max/elu_param 0.0..1.0",
          "loss/top1-max/elu_param 0.0..1.0",
          "n_sample 512..2048 step 512",
          "sample_alpha 0.0..1.0",
          "batch_size 48..256 step 16",
          "dropout_p_embed 0.0..0.6",
          "dropout_p_hidden 0.0..0.7",
          "optimizer adagrad,adam",
          "optimizer/adagrad/learning_rate 0.01..0.5 log",
          "optimizer/adagrad/momentum 0.0..0.6",
          "optimizer/adam/learning_rate 3.0E-4..0.01 log",
          "ema_decay 0.0..0.9");

  private static final List<String> PURCHASES =
      List.of(
          "intent gru,boosted,blend",
          "intent_embedding shared,tuned",
          "intent_units 16..128 step 16",
          "intent_learning_rate 5.0E-4..0.01 log",
          "intent_dropout 0.0..0.5");

  @Test
  void theUsualSpaceIsPinned() {
    assertThat(lines(false)).isEqualTo(NETWORK);
    assertThat(lines(true).subList(0, NETWORK.size())).isEqualTo(NETWORK);
    assertThat(lines(true).subList(NETWORK.size(), lines(true).size())).isEqualTo(PURCHASES);
  }

  private static List<String> lines(boolean purchases) {
    return TuneSpace.usual(purchases, false).dimensions().stream()
        .map(TuneSpaceTest::line)
        .toList();
  }

  private static String line(Dimension dimension) {
    return dimension.path() + " " + text(dimension.parameter().domain());
  }

  private static String text(Domain domain) {
    return switch (domain) {
      case Choice choice ->
          String.join(",", choice.options().stream().map(o -> o.value().toString()).toList());
      case Range r when r.whole() ->
          (long) r.low()
              + ".."
              + (long) r.high()
              + " step "
              + (long) r.step()
              + (r.log() ? " log" : "");
      case Range r -> r.low() + ".." + r.high() + (r.log() ? " log" : "");
      default -> domain.toString();
    };
  }
}
