package io.kaseb.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.config.TrainConfig;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A training that starts from a model has its readout.
class WarmStartTest {
  private static final Catalogue ITEMS = Catalogue.of(List.of("a", "b"));

  @Test
  void theReadoutIsThatOfTheModelToStartFrom() {
    Map<String, Tensor> last = weights("last");
    Map<String, Tensor> core = weights("core");
    assertThat(WarmStart.weights(core, core, ITEMS, ITEMS)).containsKey("R.scale");
    assertThat(WarmStart.weights(last, last, ITEMS, ITEMS)).doesNotContainKey("R.scale");
    assertThatThrownBy(() -> WarmStart.weights(last, core, ITEMS, ITEMS))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("it has readout core, this network has not");
    assertThatThrownBy(() -> WarmStart.weights(core, last, ITEMS, ITEMS))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("layers, cell, readout,");
  }

  private static Map<String, Tensor> weights(String readout) {
    return InitialWeights.of(
        TrainConfig.DEFAULT.with(Map.of("layers", "4", "readout", readout)), ITEMS.size());
  }
}
