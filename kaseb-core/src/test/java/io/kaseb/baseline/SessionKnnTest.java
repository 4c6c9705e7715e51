package io.kaseb.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.KasebException;
import io.kaseb.config.KnnSettings;
import io.kaseb.model.Catalogue;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import io.kaseb.model.TopItems;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionKnnTest {
  private static final int ITEMS = 40;
  private static final Catalogue CATALOGUE =
      Catalogue.of(IntStream.range(0, ITEMS).mapToObj(Integer::toString).toList());

  @RepeatedTest(80)
  void indexAndEarlyEndChangeNoScore(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    SplittableRandom random = new SplittableRandom(-seed);
    int k = seed % 9 == 0 ? 1 : random.nextInt(1, 31);
    int more = seed % 5 == 0 ? 0 : random.nextInt(41);
    int clicks = 1 + seed % 8;
    Sessions train = sessions(seed, 120);
    KnnSettings settings =
        new KnnSettings(
            k, k + more, KnnSettings.Weight.QUADRATIC, KnnSettings.Weight.DIV, 5, clicks);
    SessionKnn model = SessionKnn.of("vs-knn", CATALOGUE, train, settings);
    int[] session = new SplittableRandom(seed + 1).ints(7, 0, ITEMS).toArray();
    for (int n = 1; n <= session.length; n++) {
      int[] seen = Arrays.copyOf(session, n);
      float[] found = scores(model, seen);
      double[] expected = NaiveSessionKnn.scores(ITEMS, train, settings, seen);
      for (int i = 0; i < ITEMS; i++) {
        assertThat((double) found[i])
            .as("item %d after %d clicks", i, n)
            .isCloseTo(expected[i], within(1e-4 * Math.max(1, expected[i])));
      }
    }
  }

  @RepeatedTest(60)
  void decaysAreThoseOfThePapersAlsoOutOfAFile(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    Sessions plain = sessions(seed, 120);
    long[] times = new long[plain.events()];
    for (int e = 0; e < times.length; e++) {
      times[e] = 1_500_000_000_000L + e * 7_200_000L;
    }
    boolean timed = seed % 4 > 0;
    Sessions train = new Sessions(plain.offsets(), plain.items(), timed ? times : null);
    String kind = seed % 2 == 0 ? "stan" : "vstan";
    KnnSettings settings =
        ModelKinds.settings(kind)
            .with(
                Map.of("knn_k", "9", "knn_sample", "31", "knn_clicks", "5", "knn_lambda_snh", "3"));
    SessionKnn model = SessionKnn.of(kind, CATALOGUE, train, settings);
    SessionKnn again = SessionKnn.read(kind, CATALOGUE, settings, model.numbers());
    assertThat(model.numbers().tensors().containsKey("knn.recency")).isEqualTo(timed);
    int[] session = new SplittableRandom(seed + 1).ints(7, 0, ITEMS).toArray();
    for (int n = 1; n <= session.length; n++) {
      int[] seen = Arrays.copyOf(session, n);
      float[] found = scores(model, seen);
      assertThat(scores(again, seen)).containsExactly(found);
      double[] expected = NaiveSessionKnn.scores(ITEMS, train, settings, seen);
      double most = Arrays.stream(expected).max().orElseThrow();
      for (int i = 0; i < ITEMS; i++) {
        assertThat((double) found[i])
            .as("item %d after %d clicks", i, n)
            .isCloseTo(expected[i], within(1e-4 * most));
      }
    }
  }

  @RepeatedTest(20)
  void itemsThatWereActedOnCountMoreAlsoOutOfAFile(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    Sessions train = sessions(seed, 120);
    // Of each session its every third item, and one that it did not click.
    int[] offsets = new int[train.count() + 1];
    int[] items = new int[2 * train.events() + train.count()];
    int n = 0;
    for (int s = 0; s < train.count(); s++) {
      for (int e = train.start(s); e < train.end(s); e++) {
        if (train.items()[e] % 3 == 0) {
          items[n++] = train.items()[e];
        }
      }
      items[n++] = (s * 7) % ITEMS;
      offsets[s + 1] = n;
    }
    ActedOn acted = new ActedOn(new Sessions(offsets, Arrays.copyOf(items, n), null), 2.5f);
    KnnSettings settings =
        new KnnSettings(7, 20, KnnSettings.Weight.DIV, KnnSettings.Weight.LINEAR, 1, 9);
    SessionKnn model = SessionKnn.of("vmis-knn", CATALOGUE, train, settings, acted);
    SessionKnn read = SessionKnn.read("vmis-knn", CATALOGUE, settings, model.numbers());
    int[] seen = new SplittableRandom(seed + 1).ints(4, 0, ITEMS).toArray();
    float[] found = scores(model, seen);
    assertThat(scores(read, seen)).isEqualTo(found);
    double[] expected =
        NaiveSessionKnn.scores(
            ITEMS,
            train,
            (s, item) -> item % 3 == 0 || item == (s * 7) % ITEMS ? 2.5 : 1,
            settings,
            seen);
    for (int i = 0; i < ITEMS; i++) {
      assertThat((double) found[i]).isCloseTo(expected[i], within(1e-4 * Math.max(1, expected[i])));
    }
    ActedOn once = new ActedOn(acted.items(), 1);
    SessionKnn plain = SessionKnn.of("vmis-knn", CATALOGUE, train, settings);
    SessionKnn same = SessionKnn.of("vmis-knn", CATALOGUE, train, settings, once);
    assertThat(same.numbers().ints()).containsOnlyKeys("knn.offsets", "knn.items");
    assertThat(scores(same, seen)).isEqualTo(scores(plain, seen));
  }

  @Test
  void wrongWeightsAreRefused() {
    Sessions none = new Sessions(new int[] {0, 0}, new int[0], null);
    for (float weight : new float[] {.5f, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new ActedOn(none, weight))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20, 39, 40, 60})
  void topGivesWhatAllScoresGive(int k) {
    SessionKnn model = SessionKnn.of("vmis-knn", CATALOGUE, sessions(3, 200), KnnSettings.VMIS_KNN);
    for (int first = 0; first < ITEMS; first++) {
      SessionState state = state(model, first, (first * 7) % ITEMS);
      TopItems expected = TopItems.of(k);
      expected.offerAll(scores(model, first, (first * 7) % ITEMS), ITEMS);
      TopItems found = TopItems.of(k);
      model.top(state, found);
      assertThat(found.items()).isEqualTo(expected.items());
      for (int place = 0; place < found.size(); place++) {
        assertThat(found.score(place)).isEqualTo(expected.score(place));
      }
    }
  }

  @Test
  void aSecondSearchKnowsNothingOfTheFirst() {
    SessionKnn model = SessionKnn.of("vmis-knn", CATALOGUE, sessions(5, 100), KnnSettings.VMIS_KNN);
    float[] fresh = scores(model, 4);
    TopItems top = TopItems.of(5);
    model.top(state(model, 9, 2, 7), top);
    float[] row = new float[ITEMS];
    model.addShare(state(model, 11), 1, row);
    assertThat(scores(model, 4)).isEqualTo(fresh);
  }

  @Test
  void sharesAddUpToTheShare() {
    SessionKnn model = SessionKnn.of("vmis-knn", CATALOGUE, sessions(5, 100), KnnSettings.VMIS_KNN);
    float[] row = new float[ITEMS];
    model.addShare(state(model, 3, 8), .25f, row);
    double sum = IntStream.range(0, ITEMS).mapToDouble(i -> row[i]).sum();
    assertThat(sum).isCloseTo(.25, within(1e-5));
  }

  @Test
  void theIndexKeepsTheNewestSessionsOnly() {
    Sessions sets =
        new Sessions(new int[] {0, 2, 4, 6, 8}, new int[] {0, 1, 0, 1, 0, 2, 0, 1}, null);
    SessionIndex index = SessionIndex.of(3, sets, 2);
    // The oldest session is among the two newest of neither of its items.
    assertThat(index.sets().count()).isEqualTo(3);
    assertThat(Arrays.copyOfRange(index.recent(), index.starts()[0], index.starts()[1]))
        .containsExactly(2, 1);
    assertThat(Arrays.copyOfRange(index.recent(), index.starts()[1], index.starts()[2]))
        .containsExactly(2, 0);
  }

  @Test
  void settingsAreCheckedAndChangedByKey() {
    assertThat(KnnSettings.VS_KNN.with(Map.of("knn_k", "7", "knn_decay", "linear")))
        .isEqualTo(
            new KnnSettings(
                7, 5_000, KnnSettings.Weight.QUADRATIC, KnnSettings.Weight.LINEAR, 5, 100));
    assertThatThrownBy(() -> KnnSettings.VS_KNN.with(Map.of("knn_kk", "7")))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("knn_k");
    assertThatThrownBy(() -> KnnSettings.VS_KNN.with(Map.of("knn_decay", "log")))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("must be same, div, quadratic or linear");
    assertThatThrownBy(() -> KnnSettings.VS_KNN.with(Map.of("knn_sample", "499")))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("knn_sample=499; must be 500..1000000");
  }

  @Test
  void selectMovesTheLargestToTheFront() {
    SplittableRandom random = new SplittableRandom(1);
    for (int n = 1; n < 60; n++) {
      long[] keys = random.longs(n).toArray();
      long[] sorted = keys.clone();
      Arrays.sort(sorted);
      int k = random.nextInt(n) + 1;
      KnnSearch.select(keys, n, k);
      long[] front = Arrays.copyOf(keys, k);
      Arrays.sort(front);
      assertThat(front).isEqualTo(Arrays.copyOfRange(sorted, n - k, n));
    }
  }

  static Sessions sessions(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] offsets = new int[count + 1];
    int[] items = new int[count * 6];
    int n = 0;
    for (int s = 0; s < count; s++) {
      int length = 2 + random.nextInt(5);
      for (int e = 0; e < length; e++) {
        items[n++] = random.nextInt(ITEMS);
      }
      offsets[s + 1] = n;
    }
    return new Sessions(offsets, Arrays.copyOf(items, n), null);
  }

  private static SessionState state(SessionKnn model, int... clicks) {
    SessionState state = model.newSession();
    for (int item : clicks) {
      model.click(state, item);
    }
    return state;
  }

  private static float[] scores(SessionKnn model, int... clicks) {
    float[][] out = new float[1][ITEMS];
    model.scores(new SessionState[] {state(model, clicks)}, 1, out);
    return out[0];
  }
}
