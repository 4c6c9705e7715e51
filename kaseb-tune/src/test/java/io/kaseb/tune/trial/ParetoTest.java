package io.kaseb.tune.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParetoTest {
  private static final List<double[]> POINTS =
      List.of(
          new double[] {1, 5},
          new double[] {2, 2},
          new double[] {3, 3},
          new double[] {5, 1},
          new double[] {2.1, 2.5},
          new double[] {4, 1.2});

  @Test
  void frontsAreFound() {
    assertThat(Pareto.fronts(POINTS)).containsExactly(0, 0, 2, 0, 1, 0);
  }

  @Test
  void theLoneliestOfAFrontComeFirst() {
    int[] order = Pareto.order(POINTS);
    assertThat(order).hasSize(6);
    assertThat(order[0]).isZero();
    assertThat(order[1]).isEqualTo(3);
    assertThat(order[2]).isEqualTo(1);
    assertThat(order[3]).isEqualTo(5);
    assertThat(order[4]).isEqualTo(4);
    assertThat(order[5]).isEqualTo(2);
  }

  @Test
  void oneLossIsThePlainOrderAndEqualOnesKeepTheirs() {
    assertThat(
            Pareto.order(
                List.of(new double[] {2}, new double[] {1}, new double[] {2}, new double[] {0})))
        .containsExactly(3, 1, 0, 2);
    assertThat(Pareto.order(List.of())).isEmpty();
    assertThat(Pareto.dominates(new double[] {1, 1}, new double[] {1, 1})).isFalse();
    assertThat(Pareto.dominates(new double[] {1, 1}, new double[] {1, 2})).isTrue();
  }
}
