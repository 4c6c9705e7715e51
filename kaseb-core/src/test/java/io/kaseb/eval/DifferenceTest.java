package io.kaseb.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.Json;
import io.kaseb.base.Workers;
import io.kaseb.report.ReportBreakdown;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DifferenceTest {
  @Test
  void holmMultipliesTheSmallestMost() {
    assertThat(Difference.holm(new double[] {.01, .04, .03}))
        .containsExactly(new double[] {.03, .06, .06}, within(1e-12));
    assertThat(Difference.holm(new double[] {.6, .9})).containsExactly(1, 1);
  }

  @Test
  void aModelIsNoBetterThanItself() {
    Measured a = measured("a", 1, 0);
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

  @Test
  void fewSessionsGetADifferenceAndNoVerdict() {
    Difference few =
        Difference.ofFirst(
                List.of(measured("b", 1, .4, 29), measured("a", 1, 0, 29)),
                List.of("recall@20"),
                100,
                1,
                Workers.ONE)
            .getFirst();
    assertThat(few.difference()).isPositive();
    assertThat(few.relative()).isPositive();
    assertThat(few.low()).isNaN();
    assertThat(few.p()).isNaN();
    assertThat(few.significant()).isFalse();
    JsonNode json = Json.MAPPER.valueToTree(few);
    for (String key : List.of("low", "high", "p", "significant")) {
      assertThat(json.path(key).isNull()).as(key).isTrue();
    }
    assertThat(json.path("difference").asDouble()).isEqualTo(few.difference());
    assertThat(measured("a", 1, 0, 29).evaluation().intervals()).isEmpty();
    Difference enough =
        Difference.ofFirst(
                List.of(measured("b", 1, .4, 30), measured("a", 1, 0, 30)),
                List.of("recall@20"),
                100,
                1,
                Workers.ONE)
            .getFirst();
    assertThat(enough.p()).isBetween(0.0, 1.0);
    assertThat(Json.MAPPER.valueToTree(enough).path("significant").isBoolean()).isTrue();
    assertThat(ReportBreakdown.differences(List.of(few)).get(1)).contains("-").endsWith("-", "");
  }

  private static Measured measured(String name, long seed, double more) {
    return measured(name, seed, more, 1000);
  }

  private static Measured measured(String name, long seed, double more, int sessions) {
    SplittableRandom random = new SplittableRandom(seed);
    SessionSums sums = new SessionSums(List.of(20), sessions);
    double hits = 0;
    for (int s = 0; s < sessions; s++) {
      double luck = random.nextDouble();
      boolean hit = luck < .5 + more;
      hits += hit ? 1 : 0;
      sums.add(s, hit ? 3 : 100, List.of(20));
    }
    Map<String, double[]> intervals = new Bootstrap(sums).intervals(500, 1, Workers.of(2));
    return new Measured(
        name,
        new Evaluation(
            sessions,
            sessions,
            0,
            Ties.CONSERVATIVE,
            Map.of("recall@20", hits / sessions),
            intervals,
            List.of(),
            sums,
            List.of()));
  }
}
