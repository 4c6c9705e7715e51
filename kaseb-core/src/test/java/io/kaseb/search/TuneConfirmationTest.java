package io.kaseb.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class TuneConfirmationTest {
  @Test
  void fewSessionsGetNoIntervalAndNoVerdict() {
    List<Double> runs = List.of(.2, .3);
    TuneConfirmation confirmation =
        new TuneConfirmation(
            1,
            List.of(
                new TuneConfirmation.Entry("trial 3", "{}", runs, runs, 0, 0, 0),
                new TuneConfirmation.Entry("base", "{}", runs, runs, .05, Double.NaN, Double.NaN)),
            1);
    assertThat(confirmation.text())
        .contains("+0.0500; no interval: fewer than 30 test sessions")
        .doesNotContain("distinguishable", "NaN");
    assertThat(confirmation.entries().getLast().distinguishable()).isFalse();
    String json = Json.MAPPER.writeValueAsString(confirmation);
    assertThat(json).contains("\"low\" : null").doesNotContain("NaN");
    assertThat(Json.MAPPER.readValue(json, TuneConfirmation.class)).isEqualTo(confirmation);
  }
}
