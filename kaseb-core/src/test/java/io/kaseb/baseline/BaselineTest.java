package io.kaseb.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.data.Catalogue;
import io.kaseb.data.Sessions;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaselineTest {
  private static final Catalogue ITEMS = Catalogue.of(List.of("a", "b", "c", "d"));

  /// Sessions a b a c, b a b, c d, d.
  private static final Sessions TRAIN =
      new Sessions(
          new int[] {0, 4, 7, 9, 10}, new int[] {0, 1, 0, 2, 1, 0, 1, 2, 3, 3}, new long[10]);

  @Test
  void popularityScoresByClicks() {
    assertThat(scoresAfter(Popularity.of(ITEMS, TRAIN), 2)).containsExactly(3, 3, 2, 2);
  }

  @Test
  void markovScoresByWhatFollowedTheLastItem() {
    float[] afterA = scoresAfter(Markov.of(ITEMS, TRAIN), 2, 0);
    assertThat(afterA[1]).isBetween(2f, 2.5f);
    assertThat(afterA[2]).isBetween(1f, 1.5f);
    assertThat(afterA[0]).isZero();
    assertThat(afterA[3]).isZero();
  }

  @Test
  void markovPutsEqualCountsInTheOrderOfTheirFirstOccurrence() {
    Sessions train =
        new Sessions(new int[] {0, 2, 4, 6}, new int[] {0, 3, 0, 1, 0, 2}, new long[6]);
    float[] afterA = scoresAfter(Markov.of(ITEMS, train), 0);
    assertThat(afterA[3]).isGreaterThan(afterA[1]).isLessThan(2);
    assertThat(afterA[1]).isGreaterThan(afterA[2]);
    assertThat(afterA[2]).isGreaterThanOrEqualTo(1);
  }

  @Test
  void markovKnowsNothingAfterAnItemThatEndedEverySession() {
    assertThat(scoresAfter(Markov.of(ITEMS, TRAIN), 0, 3)).containsExactly(0, 0, 0, 0);
  }

  @Test
  void rowsOfABatchAreIndependent() {
    NextItemModel model = Markov.of(ITEMS, TRAIN);
    SessionState[] states = {model.newSession(), model.newSession()};
    model.click(states[0], 2);
    model.click(states[1], 0);
    float[][] out = new float[2][4];
    model.scores(states, 2, out);
    assertThat(out[0]).isEqualTo(scoresAfter(model, 2));
    assertThat(out[1]).isEqualTo(scoresAfter(model, 0));
  }

  private static float[] scoresAfter(NextItemModel model, int... clicks) {
    SessionState state = model.newSession();
    for (int item : clicks) {
      model.click(state, item);
    }
    float[][] out = {{9, 9, 9, 9}};
    model.scores(new SessionState[] {state}, 1, out);
    return out[0];
  }
}
