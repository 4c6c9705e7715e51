package io.kaseb.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class NegativeSamplerTest {
  @Test
  void givesTheReferencesDistribution() throws Exception {
    JsonNode golden = Golden.read(Path.of("src/test/resources/golden/sampler.json.gz"));
    long[] counts = Golden.longs(golden.get("item_counts"));
    assertThat(golden.get("cases").size()).isEqualTo(5);
    for (JsonNode c : golden.get("cases")) {
      NegativeSampler sampler = NegativeSampler.of(counts, c.get("sample_alpha").asDouble());
      double[] p = sampler.probabilities();
      float[] cdf = Golden.floats(c.get("cdf"));
      double sum = 0;
      for (int i = 0; i < p.length; i++) {
        sum += p[i];
        assertThat(sum).isCloseTo(cdf[i], within(2e-7));
      }
    }
  }

  @Test
  void drawsWhatItPromises() {
    long[] counts = {1, 0, 100, 7, 30};
    NegativeSampler sampler = NegativeSampler.of(counts, .75);
    int n = 400_000;
    int[] drawn = new int[n];
    sampler.sample(5, drawn, 0, n / 3);
    sampler.sample(5, drawn, n / 3, n);
    double[] share = new double[counts.length];
    for (int item : drawn) {
      share[item] += 1.0 / n;
    }
    double[] p = sampler.probabilities();
    for (int i = 0; i < p.length; i++) {
      // Five standard deviations of a binomial share.
      assertThat(share[i]).isCloseTo(p[i], within(5 * Math.sqrt(p[i] / n) + 1e-12));
    }
    assertThat(share[1]).isZero();
  }

  @Test
  void nothingToDrawIsAnError() {
    assertThatThrownBy(() -> NegativeSampler.of(new long[] {0, 0}, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
