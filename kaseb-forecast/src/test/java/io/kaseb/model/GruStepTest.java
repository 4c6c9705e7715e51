package io.kaseb.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The step against its formula in double precision, for units on both sides of the vectors'
/// lengths, on a state in the middle of an array.
@Tag("kernels")
class GruStepTest {
  private static final int INPUTS = 7;
  private static final int AT = 5;

  private static float[] random(Random random, int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = random.nextFloat(-1, 1);
    }
    return x;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5, 8, 15, 16, 17, 33})
  void isItsFormula(int units) {
    Random random = new Random(units);
    int hh = 3 * units * INPUTS + 2;
    float[] w = random(random, hh + 3 * units * units);
    float[] biasIh = random(random, 3 * units);
    float[] biasHh = random(random, 3 * units);
    GruStep step = GruStep.of(units, INPUTS, w, 2, hh, biasIh, biasHh);
    float[] state = random(random, AT + units + 3);
    for (int t = 0; t < 4; t++) {
      float[] x = random(random, INPUTS);
      float[] before = state.clone();
      double[] expected = new double[units];
      for (int u = 0; u < units; u++) {
        double[] i = new double[3];
        double[] g = new double[3];
        for (int gate = 0; gate < 3; gate++) {
          int row = gate * units + u;
          i[gate] = biasIh[row] + dot(w, 2 + row * INPUTS, x, 0, INPUTS);
          g[gate] = biasHh[row] + dot(w, hh + row * units, before, AT, units);
        }
        double r = 1 / (1 + Math.exp(-i[0] - g[0]));
        double z = 1 / (1 + Math.exp(-i[1] - g[1]));
        double n = Math.tanh(i[2] + r * g[2]);
        expected[u] = (1 - z) * n + z * before[AT + u];
      }
      step.step(x, state, AT);
      for (int k = 0; k < state.length; k++) {
        boolean unit = k >= AT && k < AT + units;
        assertThat((double) state[k])
            .as("step %d, float %d", t, k)
            .isCloseTo(unit ? expected[k - AT] : before[k], within(unit ? 3e-6 : 0));
      }
    }
  }

  private static double dot(float[] a, int a0, float[] b, int b0, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (double) a[a0 + i] * b[b0 + i];
    }
    return sum;
  }
}
