package io.kaseb.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.model.Catalogue;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import java.util.List;
import java.util.stream.IntStream;
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
  void sessionPopularityPutsTheSessionsItemsFirst() {
    float[] scores = scoresAfter(Popularity.ofSession(ITEMS, TRAIN), 3, 2, 3);
    assertThat(scores[3]).isGreaterThan(scores[2]);
    assertThat(scores[2]).isGreaterThan(scores[0]);
    assertThat(scores[0]).isEqualTo(3);
  }

  @Test
  void sequentialRulesWeighByDistance() {
    // After a in train: a b a c gives b 1, a 1/2, c 1/3, then c 1; b a b gives b 1.
    float[] afterA = scoresAfter(SequentialRules.of(ITEMS, TRAIN), 0);
    assertThat(afterA).containsExactly(new float[] {.5f, 2, 4f / 3, 0}, within(1e-6f));
  }

  @Test
  void itemKnnIsTheDampedCosine() {
    float[] afterC = scoresAfter(ItemKnn.of(ITEMS, TRAIN), 2);
    // c is in 2 sessions, with a in one that is one of 2 of a's, with d in one of 2 of d's.
    assertThat(afterC[0]).isCloseTo((float) (1 / Math.sqrt(22 * 22)), within(1e-6f));
    assertThat(afterC[3]).isCloseTo((float) (1 / Math.sqrt(22 * 22)), within(1e-6f));
    assertThat(afterC[2]).isZero();
  }

  @Test
  void rowsKeepTheirBestPairsOnly() {
    int[] offsets = new int[41];
    int[] items = new int[80];
    for (int s = 0; s < 40; s++) {
      offsets[s + 1] = 2 * s + 2;
      items[2 * s + 1] = 1 + s % 30;
    }
    Catalogue many = Catalogue.of(IntStream.range(0, 31).mapToObj(i -> "i" + i).toList());
    float[] scores = new float[31];
    NextItemModel model = SequentialRules.of(many, new Sessions(offsets, items, null));
    SessionState state = model.newSession();
    model.click(state, 0);
    model.scores(new SessionState[] {state}, 1, new float[][] {scores});
    assertThat(scores[10]).isEqualTo(2);
    assertThat(scores[11]).isEqualTo(1);
    assertThat(IntStream.range(0, 31).filter(i -> scores[i] > 0).count()).isEqualTo(20);
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

  @Test
  void whatWasActedOnIsMoreAlike() {
    Catalogue catalogue = Catalogue.of(List.of("a", "b", "c"));
    Sessions train = new Sessions(new int[] {0, 2, 4, 6}, new int[] {0, 1, 0, 2, 0, 2}, null);
    Sessions acted = new Sessions(new int[] {0, 1, 1, 1}, new int[] {1}, null);
    assertThat(ItemKnn.pairs(catalogue, train, null).others(0)).containsExactly(1, 2);
    float[] plain = values(ItemKnn.pairs(catalogue, train, null));
    float[] more = values(ItemKnn.pairs(catalogue, train, new ActedOn(acted, 6)));
    assertThat(plain[1]).isCloseTo((float) (1 / Math.sqrt(23 * 21)), within(1e-6f));
    assertThat(plain[2]).isCloseTo((float) (2 / Math.sqrt(23 * 22)), within(1e-6f));
    assertThat(more[1]).isCloseTo((float) (6 / Math.sqrt(23 * 26)), within(1e-6f));
    assertThat(more[2]).isEqualTo(plain[2]);
  }

  private static float[] values(PairModel pairs) {
    float[] values = new float[3];
    pairs.values(0, new int[] {0, 1, 2}, values);
    return values;
  }
}
