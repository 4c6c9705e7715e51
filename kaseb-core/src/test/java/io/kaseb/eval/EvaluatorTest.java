package io.kaseb.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Catalogue;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
  private static final int ITEMS = 5;
  private static final long[] COUNTS = {50, 40, 30, 20, 10};

  /// After item i the scores are `TABLE[i]`.
  private static final float[][] TABLE = {
    {1, 5, 4, 3, 2}, {3, 3, 3, 1, 0}, {0, 0, 0, 0, 0}, {5, 4, 3, 2, 1}, {1, 2, 3, 4, 5}
  };

  @Test
  void ranksCountTiesAsTheModeSays() {
    // 1 -> 0: three items tie at the top, so rank 1 (standard), 3 (conservative), 2 (median).
    Sessions test = sessions(new int[] {1, 0});
    assertThat(run(test, Ties.STANDARD, 3).metric("mrr@3")).isEqualTo(1);
    assertThat(run(test, Ties.CONSERVATIVE, 3).metric("mrr@3")).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(run(test, Ties.MEDIAN, 3).metric("mrr@3")).isEqualTo(.5);
    assertThat(run(test, Ties.CONSERVATIVE, 2).metric("recall@2")).isZero();
  }

  @Test
  void metricsAreMeansOverEvents() {
    // Ranks: 0->1 1, 1->3 4, 3->4 5; 4->3 2.
    Sessions test = sessions(new int[] {0, 1, 3, 4}, new int[] {4, 3});
    Evaluation found = run(test, Ties.CONSERVATIVE, 1, 2, 4);
    assertThat(found.events()).isEqualTo(4);
    assertThat(found.sessions()).isEqualTo(2);
    assertThat(found.metric("recall@1")).isEqualTo(.25);
    assertThat(found.metric("recall@2")).isEqualTo(.5);
    assertThat(found.metric("recall@4")).isEqualTo(.75);
    assertThat(found.metric("mrr@4")).isCloseTo((1 + .25 + .5) / 4, within(1e-12));
    double ndcg = (1 + Math.log(2) / Math.log(5) + Math.log(2) / Math.log(3)) / 4;
    assertThat(found.metric("ndcg@4")).isCloseTo(ndcg, within(1e-12));
    // Top 1 after 0, 1, 3, 4: items 1, 0, 0, 4; targets 1, 3, 4, 3.
    assertThat(found.metric("coverage@1")).isCloseTo(3 / 5.0, within(1e-12));
    assertThat(found.metric("popularity@1")).isCloseTo(150 / 90.0, within(1e-12));
    assertThat(found.positions())
        .containsExactly(
            new Evaluation.Position(1, 2, 1),
            new Evaluation.Position(2, 1, 1),
            new Evaluation.Position(3, 1, 0));
    assertThat(found.perSession().sum(0, found.perSession().names().indexOf("recall@4")))
        .isEqualTo(2);
    assertThat(found.perSession().events(1)).isEqualTo(1);
  }

  @Test
  void unknownItemsAreDroppedBeforeTheSessionIsWalked() {
    // 0 x 1 becomes 0 1 (rank 1); 2 y is left with one click.
    Sessions test = sessions(new int[] {0, 7, 1}, new int[] {2, 6});
    Evaluation found = run(test, Ties.STANDARD, 1);
    assertThat(found.events()).isEqualTo(1);
    assertThat(found.sessions()).isEqualTo(1);
    assertThat(found.unknownItems()).isEqualTo(2);
    assertThat(found.metric("recall@1")).isEqualTo(1);
    assertThat(found.perSession().sessions()).isEqualTo(2);
  }

  @Test
  void nothingToPredictGivesNoFigures() {
    for (Sessions test :
        List.of(Sessions.EMPTY, sessions(new int[] {1}), sessions(new int[] {9, 9}))) {
      Evaluation found = run(test, Ties.CONSERVATIVE, 20);
      assertThat(found.events()).isZero();
      assertThat(found.metrics()).isEmpty();
      assertThat(found.intervals()).isEmpty();
      assertThat(found.positions()).isEmpty();
    }
  }

  @Test
  void scoresThatAreNoNumbersAreAnErrorThatNamesThePlace() {
    float[][] broken = {TABLE[0], {1, Float.NaN, 1, 1, 1}, TABLE[2], TABLE[3], TABLE[4]};
    Sessions test = sessions(new int[] {0, 1, 2});
    assertThatThrownBy(
            () ->
                Evaluator.evaluate(
                    Forecaster.of(new Table(broken)), test, COUNTS, config(1, 20), Progress.NONE))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("table scores NaN in test session 0 after 2 clicks");
  }

  @Test
  void figuresDoNotDependOnTheThreads() {
    Sessions test = random(700);
    Evaluation one = Evaluator.evaluate(face(), test, COUNTS, config(1, 1, 2, 3), Progress.NONE);
    Evaluation three = Evaluator.evaluate(face(), test, COUNTS, config(3, 1, 2, 3), Progress.NONE);
    assertThat(three.metrics()).isEqualTo(one.metrics());
    assertThat(three.positions()).isEqualTo(one.positions());
    assertThat(three.interval("mrr@3")).isEqualTo(one.interval("mrr@3"));
  }

  @Test
  void intervalsHoldTheMeanAndNarrowWithTheSessions() {
    Evaluation few = Evaluator.evaluate(face(), random(100), COUNTS, config(1, 2), Progress.NONE);
    Evaluation many =
        Evaluator.evaluate(face(), random(40_000), COUNTS, config(1, 2), Progress.NONE);
    for (Evaluation found : List.of(few, many)) {
      double[] interval = found.interval("recall@2");
      assertThat(found.metric("recall@2")).isBetween(interval[0], interval[1]);
    }
    // A proportion p of n independent events has a 95 % interval 3.92 sqrt(p (1 - p) / n) wide.
    double p = many.metric("recall@2");
    double width = 3.92 * Math.sqrt(p * (1 - p) / many.events());
    double[] interval = many.interval("recall@2");
    assertThat(interval[1] - interval[0]).isCloseTo(width, within(.25 * width));
    assertThat(few.interval("recall@2")[1] - few.interval("recall@2")[0]).isGreaterThan(10 * width);
  }

  @Test
  void unknownModesAndCutOffsAreErrorsThatSayWhatIsAllowed() {
    assertThat(Ties.of("median")).isEqualTo(Ties.MEDIAN);
    assertThatThrownBy(() -> Ties.of("fair")).hasMessageContaining("conservative");
    assertThatThrownBy(() -> config(1, 5, 5)).hasMessageContaining("ascend");
    assertThatThrownBy(() -> config(0, 5)).isInstanceOf(KasebException.class);
  }

  private static Evaluation run(Sessions test, Ties ties, Integer... cutoffs) {
    EvalConfig config = new EvalConfig(List.of(cutoffs), ties, 2, 100, 7);
    return Evaluator.evaluate(face(), test, COUNTS, config, Progress.NONE);
  }

  private static EvalConfig config(int threads, Integer... cutoffs) {
    return new EvalConfig(List.of(cutoffs), Ties.CONSERVATIVE, threads, 400, 7);
  }

  private static Forecaster face() {
    return Forecaster.of(new Table(TABLE));
  }

  private static Sessions random(int count) {
    Random random = new Random(1);
    int[][] sessions = new int[count][2];
    for (int[] session : sessions) {
      session[0] = random.nextInt(ITEMS);
      session[1] = random.nextInt(ITEMS);
    }
    return sessions(sessions);
  }

  private static Sessions sessions(int[]... lists) {
    int[] offsets = new int[lists.length + 1];
    int events = 0;
    for (int s = 0; s < lists.length; s++) {
      events += lists[s].length;
      offsets[s + 1] = events;
    }
    int[] items = new int[events];
    for (int s = 0; s < lists.length; s++) {
      System.arraycopy(lists[s], 0, items, offsets[s], lists[s].length);
    }
    return new Sessions(offsets, items, new long[events]);
  }

  /// Scores by a table of the last item.
  private record Table(float[][] scores) implements NextItemModel {
    @Override
    public String name() {
      return "table";
    }

    @Override
    public Catalogue catalogue() {
      return Catalogue.of(List.of("a", "b", "c", "d", "e"));
    }

    @Override
    public SessionState newSession() {
      return new SessionState(0, 1);
    }

    @Override
    public void click(SessionState state, int item) {
      state.add(item);
    }

    @Override
    public void scores(SessionState[] states, int n, float[][] out) {
      for (int i = 0; i < n; i++) {
        System.arraycopy(scores[states[i].recent(0)], 0, out[i], 0, ITEMS);
      }
    }
  }
}
