package io.kaseb.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.store.Curve;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Segment;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportSampleTest {
  private static Trial trial(int id, TrialState state, int step, double value) {
    return new Trial(
        id,
        state,
        new Parameters(Map.of()),
        Trial.Origin.SAMPLER,
        List.of(new Segment(id, 0, 0, 10)),
        step == 0 ? List.of() : List.of(new Measurement(step, List.of(value))),
        state == TrialState.SUCCEEDED ? Outcome.of(value) : null,
        "",
        1);
  }

  /// Returns a value that is another one for each trial, in no order.
  private static double value(int id) {
    return id * 7919L % 6007;
  }

  @Test
  void fewAreAllTaken() {
    List<Trial> all = new ArrayList<>();
    for (int id = 0; id < ReportSample.MOST; id++) {
      all.add(trial(id, TrialState.SUCCEEDED, 1, value(id)));
    }
    all.add(trial(all.size(), TrialState.FAILED, 0, 0));
    ReportSample sample = ReportSample.of(all, true);
    assertThat(sample.trials()).hasSize(ReportSample.MOST).isSorted();
    assertThat(sample.of()).isEqualTo(ReportSample.MOST);
  }

  @Test
  void ofManyTheBestTheLatestAndThoseAtWorkAreTaken() {
    for (boolean maximize : new boolean[] {true, false}) {
      List<Trial> all = new ArrayList<>();
      for (int id = 0; id < 6_000; id++) {
        TrialState state =
            id == 10 || id == 20
                ? TrialState.RUNNING
                : id % 3 == 0 ? TrialState.EARLY_STOPPED : TrialState.SUCCEEDED;
        all.add(trial(id, state, id % 3 == 0 ? 1 + id % 9 : 10, value(id)));
      }
      ReportSample sample = ReportSample.of(all, maximize);
      assertThat(sample.trials()).hasSize(ReportSample.MOST).isSorted().doesNotHaveDuplicates();
      assertThat(sample.of()).isEqualTo(6_000);
      int sign = maximize ? -1 : 1;
      List<Integer> best =
          all.stream()
              .filter(trial -> trial.state() == TrialState.SUCCEEDED)
              .sorted((a, b) -> Double.compare(sign * value(a.id()), sign * value(b.id())))
              .limit(ReportSample.BEST)
              .map(Trial::id)
              .toList();
      assertThat(sample.trials())
          .containsAll(best)
          .containsAll(IntStream.range(6_000 - ReportSample.LATEST, 6_000).boxed().toList())
          .contains(10, 20);
      // The others come from all of the search.
      for (int from = 0; from < 5_000; from += 1_000) {
        int begin = from;
        assertThat(sample.trials().stream().filter(id -> id >= begin && id < begin + 1_000))
            .hasSizeGreaterThan(80);
      }
    }
  }

  @Test
  void aThinnedCurveKeepsItsEndsAndItsPeaks() {
    int n = 5_000;
    int[] steps = IntStream.range(0, n).map(i -> 3 * i + 2).toArray();
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) Math.sin(i);
    }
    values[1_234] = 50;
    values[1_235] = -50;
    Curve thinned = ReportSample.thinned(new Curve(steps, values));
    assertThat(thinned.values()).hasSizeBetween(100, ReportSample.MOST_POINTS);
    assertThat(thinned.steps()).hasSameSizeAs(thinned.values()).isSorted().doesNotHaveDuplicates();
    assertThat(thinned.steps()).startsWith(2).endsWith(3 * n - 1);
    assertThat(thinned.values()).contains(50, -50);
    for (int i = 0; i < thinned.steps().length; i++) {
      assertThat(thinned.values()[i]).isEqualTo(values[(thinned.steps()[i] - 2) / 3]);
    }
    Curve few = new Curve(new int[] {1, 2}, new float[] {1, 2});
    assertThat(ReportSample.thinned(few)).isSameAs(few);
  }

  @Test
  void aCurveOfAlmostNoMorePointsThanAreKeptIsThinnedToo() {
    for (int n = ReportSample.MOST_POINTS + 1; n < 3 * ReportSample.MOST_POINTS; n += 7) {
      int[] steps = IntStream.rangeClosed(1, n).toArray();
      Curve thinned = ReportSample.thinned(new Curve(steps, new float[n]));
      assertThat(thinned.steps())
          .hasSizeLessThanOrEqualTo(ReportSample.MOST_POINTS)
          .startsWith(1)
          .endsWith(n)
          .doesNotHaveDuplicates();
    }
  }
}
