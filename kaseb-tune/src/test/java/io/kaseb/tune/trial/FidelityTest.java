package io.kaseb.tune.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.tune.space.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FidelityTest {
  @Test
  void spearmanIsKnown() {
    double[] a = {1, 2, 3, 4, 5};
    assertThat(Fidelity.spearman(a, new double[] {2, 4, 6, 8, 100})).isEqualTo(1);
    assertThat(Fidelity.spearman(a, new double[] {5, 4, 3, 2, 1})).isEqualTo(-1);
    // Ties share their mean rank: ranks 1, 2.5, 2.5, 4, 5.
    assertThat(Fidelity.spearman(a, new double[] {1, 2, 2, 4, 5}))
        .isEqualTo(9.5 / Math.sqrt(10 * 9.5), Offset.offset(1e-12));
    assertThat(Fidelity.spearman(a, new double[] {1, 1, 1, 1, 1})).isNaN();
  }

  @Test
  void neighbouringRungsAreComparedOverTheTrialsThatReachedBoth() {
    List<Trial> trials = new ArrayList<>();
    for (int id = 0; id < 6; id++) {
      Parameters parameters = new Parameters(Map.of("x", id));
      Trial trial =
          Trial.waiting(id, parameters, Trial.Origin.SAMPLER)
              .started(new Segment(id, 0, 0, 1))
              .reported(new Measurement(1, List.of((double) id)));
      if (id > 1) {
        trial =
            trial
                .started(new Segment(6 + id, 0, 1, 3))
                .reported(new Measurement(2, List.of(9.)))
                .reported(new Measurement(3, List.of(-(double) id)));
      }
      trials.add(trial);
    }
    assertThat(Fidelity.of(trials)).containsExactly(new Fidelity(1, 3, 4, -1));
  }
}
