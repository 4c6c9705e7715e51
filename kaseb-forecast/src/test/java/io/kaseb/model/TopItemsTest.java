package io.kaseb.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class TopItemsTest {
  @RepeatedTest(600)
  void agreesWithASort(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    int k = 1 + seed % 30;
    int n = seed % 61;
    float[] scores = scores(n, seed);
    TopItems top = TopItems.of(k);
    top.offer(99, 1e9f);
    top.offerAll(scores, n);
    assertThat(top.items()).containsExactly(sorted(scores, k));
    assertThat(top.offered()).isEqualTo(n);
    assertThat(top.size()).isEqualTo(Math.min(k, n));
    assertThat(top.threshold())
        .isEqualTo(n < k ? Float.NEGATIVE_INFINITY : scores[top.item(k - 1)]);
    TopItems one = TopItems.of(k);
    for (int i = 0; i < n; i++) {
      one.offer(i, scores[i]);
    }
    assertThat(one.items()).isEqualTo(top.items());
    for (int place = 0; place < top.size(); place++) {
      assertThat(one.score(place)).isEqualTo(scores[one.item(place)]);
    }
  }

  @RepeatedTest(603)
  void candidatesKeepEveryItemThatCanBeAmongTheBest(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    int k = 1 + seed % 30;
    int n = seed % 201;
    float[] scores = scores(n, seed);
    Random random = new Random(seed);
    Candidates candidates = TopItems.of(k).candidates(n);
    float[] upper = new float[n];
    float[] lower = new float[n];
    for (int i = 0; i < n; i++) {
      lower[i] = scores[i] - random.nextInt(3);
      upper[i] = scores[i] + random.nextInt(3);
      assertThat(candidates.offer(i, lower[i], upper[i])).isTrue();
    }
    Arrays.sort(lower);
    float threshold = n < k ? Float.NEGATIVE_INFINITY : lower[n - k];
    int[] expected = IntStream.range(0, n).filter(i -> upper[i] >= threshold).toArray();
    int survivors = candidates.survivors();
    assertThat(IntStream.range(0, survivors).map(candidates::survivor))
        .containsExactly(boxed(expected));
    List<Integer> kept = IntStream.of(expected).boxed().toList();
    for (int best : sorted(scores, k)) {
      assertThat(kept).contains(best);
    }
  }

  @Test
  void candidatesBeyondTheLimitAreGivenUp() {
    TopItems top = TopItems.of(2);
    Candidates candidates = top.candidates(1500);
    int taken = 0;
    while (candidates.offer(taken, 0, 1)) {
      taken++;
    }
    assertThat(taken).isBetween(1500, 4096);
    Candidates again = top.candidates(10);
    assertThat(again.threshold()).isEqualTo(Float.NEGATIVE_INFINITY);
    for (int i = 0; i < 11; i++) {
      again.offer(i, 0, 1);
    }
    assertThat(again.survivors()).isEqualTo(-1);
  }

  @Test
  void ascendingScoresDoNotFillTheRoom() {
    Candidates candidates = TopItems.of(5).candidates(100);
    for (int i = 0; i < 100_000; i++) {
      assertThat(candidates.offer(i, i, i + .5f)).isTrue();
    }
    assertThat(candidates.survivors()).isEqualTo(5);
    assertThat(candidates.survivor(0)).isEqualTo(99_995);
  }

  @Test
  void keepsAtLeastOne() {
    assertThatThrownBy(() -> TopItems.of(0)).hasMessageContaining("k=0");
  }

  private static float[] scores(int n, int seed) {
    Random random = new Random(seed);
    float[] scores = new float[n];
    for (int i = 0; i < n; i++) {
      scores[i] = random.nextInt(40) == 0 ? Float.NEGATIVE_INFINITY : random.nextInt(12) - 6;
    }
    return scores;
  }

  private static int[] sorted(float[] scores, int k) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted((a, b) -> Float.compare(scores[b], scores[a]))
        .limit(k)
        .mapToInt(i -> i)
        .toArray();
  }

  private static Integer[] boxed(int[] x) {
    return IntStream.of(x).boxed().toArray(Integer[]::new);
  }
}
