package io.kaseb.tune.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SobolTest {
  @Test
  void thePlainSequenceIsJoeAndKuos() {
    // SciPy 1.10, Sobol(21, scramble=False).random(16)[13], times 2^16; its order is Gray's.
    int[] expected = {
      53248, 45056, 53248, 4096, 28672, 61440, 36864, 36864, 36864, 28672, 53248, 61440, 4096,
      53248, 12288, 36864, 12288, 45056, 36864, 61440, 36864
    };
    for (int d = 0; d < Sobol.DIMENSIONS; d++) {
      assertThat(Sobol.plain(13 ^ 13 >> 1, d) >>> 16).as("dimension " + d).isEqualTo(expected[d]);
    }
  }

  @Test
  void everyAxisAndTheFirstPlaneAreFilledEvenly() {
    for (long seed = 0; seed < 5; seed++) {
      int[][] counts = new int[Sobol.DIMENSIONS][64];
      int[] boxes = new int[64];
      for (int i = 0; i < 64; i++) {
        double[] point = Sobol.point(i, Sobol.DIMENSIONS, seed);
        for (int d = 0; d < point.length; d++) {
          counts[d][(int) (point[d] * 64)]++;
        }
        int row = (int) (point[0] * 8);
        int column = (int) (point[1] * 8);
        boxes[row * 8 + column]++;
      }
      for (int[] axis : counts) {
        assertThat(axis).containsOnly(1);
      }
      assertThat(boxes).containsOnly(1);
    }
  }

  @Test
  void seedsDifferAndManyDimensionsHavePoints() {
    double[] a = Sobol.point(5, 40, 1);
    assertThat(Sobol.point(5, 40, 1)).isEqualTo(a);
    assertThat(Sobol.point(5, 40, 2)).isNotEqualTo(a);
    assertThat(Arrays.stream(a).allMatch(x -> x >= 0 && x < 1)).isTrue();
    assertThat(Arrays.stream(a).distinct().count()).isEqualTo(40);
  }
}
