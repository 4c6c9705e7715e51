package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.baseline.Markov;
import io.kaseb.baseline.Popularity;
import io.kaseb.data.Dataset;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Measured;
import io.kaseb.eval.Ties;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Sessions;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluateTest {
  private static final EvalConfig CONFIG =
      new EvalConfig(List.of(1, 2), Ties.CONSERVATIVE, 1, 50, 1);
  private static final Catalogue ITEMS = Catalogue.of(List.of("a", "b", "c", "new"));

  /// Train: a b, a b, b c. Test: a b new c, where train does not know `new`.
  private static final Dataset DATASET =
      new Dataset(
          ITEMS,
          3,
          new Sessions(new int[] {0, 2, 4, 6}, new int[] {0, 1, 0, 1, 1, 2}, new long[6]),
          new Sessions(new int[] {0, 4}, new int[] {0, 1, 3, 2}, new long[4]));

  @Test
  void baselinesStandBelowTheModels() {
    Forecaster model = Forecaster.of(Popularity.of(DATASET.trainCatalogue(), DATASET.train()));
    List<Measured> rows = Evaluate.measure(model, DATASET, CONFIG, true, Progress.NONE);
    assertThat(rows)
        .extracting(Measured::name)
        .containsExactly("popularity", "markov", "popularity");
    Evaluation markov = rows.get(1).evaluation();
    assertThat(markov.events()).isEqualTo(2);
    assertThat(markov.unknownItems()).isEqualTo(1);
    assertThat(markov.metric("recall@1")).isEqualTo(1);
  }

  @Test
  void aDatasetWithoutTestIsNamed() {
    assertThat(DATASET.withTest("shop")).isSameAs(DATASET);
    Dataset untested =
        new Dataset(
            ITEMS, 4, DATASET.train(), new Sessions(new int[] {0}, new int[0], new long[0]));
    assertThatThrownBy(() -> untested.withTest("shop"))
        .isInstanceOf(KasebException.class)
        .hasMessage("shop: has no test part; prepare it again with test=FILE or split=time:0.1");
  }

  @Test
  void aModelKeepsItsOwnNumbering() {
    Catalogue other = Catalogue.of(List.of("c", "x", "b"));
    Sessions train = new Sessions(new int[] {0, 2}, new int[] {2, 0}, new long[2]);
    Evaluation found =
        Evaluate.measure(
                Forecaster.of(Markov.of(other, train)), DATASET, CONFIG, false, Progress.NONE)
            .getFirst()
            .evaluation();
    // It knows neither a nor new: b -> c is left, and it has seen that.
    assertThat(found.unknownItems()).isEqualTo(2);
    assertThat(found.events()).isEqualTo(1);
    assertThat(found.metric("recall@1")).isEqualTo(1);
  }

  @Test
  void aDatasetWithoutTestSessionsIsAnErrorThatSaysTheWayOut() {
    Dataset empty = new Dataset(ITEMS, 3, DATASET.train(), Sessions.EMPTY);
    Forecaster model = Forecaster.of(Markov.of(ITEMS, DATASET.train()));
    assertThatThrownBy(() -> Evaluate.measure(model, empty, CONFIG, true, Progress.NONE))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("split=");
  }
}
