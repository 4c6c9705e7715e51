package io.kaseb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchKernelsTest {
  @Test
  void measuresEveryKernelAtEveryBatch() {
    List<BenchKernels.Row> rows = BenchKernels.run(0);
    for (String batch : List.of("32", "128", "512")) {
      for (String kernel : List.of("scores", "hidden gradient", "row gradients", "gates")) {
        assertThat(rows)
            .anyMatch(
                row ->
                    row.kernel().startsWith(kernel)
                        && row.kernel().contains("x" + batch)
                        && row.gflops() > 0);
      }
      assertThat(rows)
          .extracting(BenchKernels.Row::kernel)
          .contains(
              "cross_entropy 1984x" + batch + " sums",
              "bpr_max 1984x" + batch + " sums",
              "bpr_max 1984x" + batch + " gradient");
    }
    assertThat(rows).allMatch(row -> row.microseconds() > 0);
  }
}
