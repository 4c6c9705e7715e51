package io.kaseb.tune.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SymmetricMatrixTest {
  @Test
  void rootsTakeTheIdentityThereAndBack() {
    double[][] rows = {{4, 1, .5}, {1, 3, -.7}, {.5, -.7, 2}};
    SymmetricMatrix matrix = SymmetricMatrix.of(rows);
    // The images of the axes have the matrix as their sum of squares.
    double[][] images = new double[3][];
    for (int a = 0; a < 3; a++) {
      double[] axis = new double[3];
      axis[a] = 1;
      images[a] = matrix.rootTimes(axis);
    }
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double sum = 0;
        for (double[] image : images) {
          sum += image[i] * image[j];
        }
        assertThat(sum).isCloseTo(rows[i][j], within(1e-9));
      }
    }
    // x' C^-1 x is the length of the whitened x: C (1, 2, 3) is (7.5, 4.9, 5.1).
    double[] white = matrix.inverseRootTimes(new double[] {7.5, 4.9, 5.1});
    double length = 0;
    for (double w : white) {
      length += w * w;
    }
    assertThat(length).isCloseTo(7.5 + 2 * 4.9 + 3 * 5.1, within(1e-8));
  }
}
