package io.kaseb.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.Workers;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DifferenceTest {
  @Test
  void holmMultipliesTheSmallestMost() {
    assertThat(Difference.holm(new double[] {.01, .04, .03}))
        .containsExactly(new double[] {.03, .06, .06}, within(1e-12));
    assertThat(Difference.holm(new double[] {.6, .9})).containsExactly(1, 1);
  }

  @Test
  void aModelIsNoBetterThanItself() {
    Report.Measured a = measured("a", 1, 0);
    Difference d =
        Difference.ofFirst(
                List.of(a, measured("b", 1, 0)), List.of("recall@20"), 500, 1, Workers.of(2))
            .getFirst();
    assertThat(d.difference()).isZero();
    assertThat(d.significant()).isFalse();
    assertThat(d.p()).isEqualTo(1);
  }

  @Test
  void smallDifferencesAreFoundWherePairingRemovesTheRest() {
    // b hits in every session that a hits, and in a few more.
    List<Difference> all =
        Difference.ofFirst(
            List.of(measured("b", 1, .05), measured("a", 1, 0)),
            List.of("recall@20"),
            500,
            1,
            Workers.of(2));
    Difference d = all.getFirst();
    assertThat(d.difference()).isBetween(.01, .06);
    assertThat(d.low()).isGreaterThan(0);
    assertThat(d.significant()).isTrue();
    assertThat(d.relative()).isCloseTo(d.difference() / .5, within(.01));
    // Unpaired, the interval of b alone is far wider than the difference.
    double[] alone = measured("b", 1, .05).evaluation().interval("recall@20");
    assertThat(alone[1] - alone[0]).isGreaterThan(1.5 * (d.high() - d.low()));
  }

  private static Report.Measured measured(String name, long seed, double more) {
    SplittableRandom random = new SplittableRandom(seed);
    SessionSums sums = new SessionSums(List.of(20), 1000);
    double hits = 0;
    for (int s = 0; s < 1000; s++) {
      double luck = random.nextDouble();
      boolean hit = luck < .5 + more;
      hits += hit ? 1 : 0;
      sums.add(s, hit ? 3 : 100, List.of(20));
    }
    Map<String, double[]> intervals = new Bootstrap(sums).intervals(500, 1, Workers.of(2));
    return new Report.Measured(
        name,
        new Evaluation(
            1000,
            1000,
            0,
            Ties.CONSERVATIVE,
            Map.of("recall@20", hits / 1000),
            intervals,
            List.of(),
            sums,
            List.of()));
  }
}
