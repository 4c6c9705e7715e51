package io.kaseb.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.config.Cell;
import io.kaseb.config.KnnSettings;
import io.kaseb.intent.TreeEnsemble;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Embedding;
import io.kaseb.model.Gru4Rec;
import io.kaseb.model.ItemMask;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import io.kaseb.model.TopItems;
import io.kaseb.newitem.ItemValues;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A hybrid and a ranker find their best items without scoring all: the same ones as all scores
/// give, to the bit.
class BestOfPartsTest {
  private static final int CLICKS = 7;

  /// Below and above the size from which on a network's bytes are scanned; the last lanes of the
  /// catalogue are not full.
  private static final int[] ITEMS = {3, 50, 723, 5_077};

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void hybridsFindTheirBestWithoutAllScores(int seed) {
    assertFindsTheBest(hybrid(ITEMS[seed % ITEMS.length], seed), seed);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void rankersFindTheirBestWithoutAllScores(int seed) {
    int items = ITEMS[seed % ITEMS.length];
    Hybrid hybrid = hybrid(items, seed);
    ItemValues values = seed % 2 == 0 ? null : values(items);
    RankSources sources = RankSources.of(hybrid, train(items, seed), null, values);
    String[] trees = {
      """
      {"nodeid": 0, "split": "f0", "split_condition": 0.02, "yes": 1, "no": 2, "children": [
        {"nodeid": 1, "leaf": -0.7},
        {"nodeid": 2, "split": "f4", "split_condition": -1.5, "yes": 3, "no": 4, "children": [
          {"nodeid": 3, "leaf": 0.2}, {"nodeid": 4, "leaf": 1.1}]}]}
      """,
      """
      {"nodeid": 0, "split": "f15", "split_condition": 1.2, "yes": 1, "no": 2, "children": [
        {"nodeid": 1, "leaf": 0.3}, {"nodeid": 2, "leaf": -0.1}]}
      """
    };
    TreeEnsemble ensemble = TreeEnsemble.parse(-2, sources.features(), trees);
    assertFindsTheBest(Ranker.of(sources, ensemble), seed);
    Ranker bare = Ranker.of(sources, TreeEnsemble.none(sources.features()));
    assertFindsTheBest(bare, seed);
    SessionState state = hybrid.newSession();
    SessionState same = bare.newSession();
    hybrid.click(state, 1);
    bare.click(same, 1);
    float[][] scores = new float[3][items];
    hybrid.scores(new SessionState[] {state}, 1, scores);
    bare.scores(new SessionState[] {same}, 1, new float[][] {scores[1]});
    assertThat(scores[1]).containsExactly(scores[0]);
    Ranker.of(sources, ensemble).scores(new SessionState[] {same}, 1, new float[][] {scores[2]});
    int above = 0;
    for (float score : scores[2]) {
      above += score > 4 ? 1 : 0;
      assertThat(score > 4 || score < 2.7f).isTrue();
    }
    assertThat(above).isPositive();
  }

  @Test
  void aNetworkThatCountsNothingLeavesTheRestInTheOrderOfTheCatalogue() {
    float[] none = new float[HybridWeights.LENGTHS.length];
    Hybrid whole = hybrid(723, 5);
    HybridWeights weights = new HybridWeights(1, none, none, whole.weights().repeats());
    assertFindsTheBest(Hybrid.of(whole.network(), whole.knn(), weights), 5);
  }

  @Test
  void aSharpnessOfNothingIsDamage() {
    HybridWeights weights = hybrid(50, 1).weights();
    HybridWeights flat =
        new HybridWeights(0, weights.network(), weights.repeat(), weights.repeats());
    StoredArrays numbers = new StoredArrays(flat.tensors(), Map.of());
    assertThatThrownBy(() -> HybridWeights.read(numbers))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("hybrid.sharpness holds 0");
  }

  private static void assertFindsTheBest(NextItemModel model, int seed) {
    int items = model.catalogue().size();
    Random random = new Random(seed);
    ItemMask some = ItemMask.only(items, random.ints(items / 2 + 1, 0, items).toArray());
    ItemMask few = ItemMask.only(items, random.ints(12, 0, items).toArray());
    SessionState state = model.newSession();
    for (int click = 0; click < CLICKS; click++) {
      model.click(state, random.nextInt(Math.min(items, 60)));
      float[][] scores = new float[1][items];
      model.scores(new SessionState[] {state}, 1, scores);
      for (int k : new int[] {1, 20, 300}) {
        for (ItemMask mask : Arrays.asList(null, some, few)) {
          assertSame(model, state, TopItems.of(k), mask, scores[0]);
        }
      }
    }
  }

  private static void assertSame(
      NextItemModel model,
      SessionState state,
      TopItems found,
      @Nullable ItemMask allowed,
      float[] scores) {
    TopItems expected = TopItems.of(found.capacity());
    for (int i = 0; i < scores.length; i++) {
      if (allowed == null || allowed.allows(i)) {
        expected.offer(i, scores[i]);
      }
    }
    model.top(state, found, allowed, 0);
    assertThat(found.items()).containsExactly(expected.items());
    for (int place = 0; place < found.size(); place++) {
      assertThat(found.score(place)).isEqualTo(expected.score(place));
    }
  }

  private static Sessions train(int items, int seed) {
    Random random = new Random(-seed);
    int sessions = 400;
    int[] offsets = new int[sessions + 1];
    for (int s = 0; s < sessions; s++) {
      offsets[s + 1] = offsets[s] + 2 + random.nextInt(6);
    }
    int[] clicks =
        IntStream.range(0, offsets[sessions])
            .map(e -> (int) (Math.min(items, 60 + seed * 90) * Math.pow(random.nextDouble(), 2)))
            .toArray();
    return new Sessions(offsets, clicks, null);
  }

  /// Two values of each item but one.
  private static ItemValues values(int items) {
    return ItemValues.of(
        IntStream.range(0, items)
            .mapToObj(i -> i == 1 ? new int[0] : new int[] {i % 7, 7 + i % 3})
            .toArray(int[][]::new));
  }

  private static Hybrid hybrid(int items, int seed) {
    Random random = new Random(seed);
    Catalogue catalogue = Catalogue.of(IntStream.range(0, items).mapToObj(i -> "i" + i).toList());
    Architecture shape = new Architecture(Cell.GRU, Embedding.CONSTRAINED, 8, List.of(8));
    Map<String, Tensor> tensors = new HashMap<>();
    shape
        .shapes(items)
        .forEach(
            (name, size) -> {
              float[] data = new float[Arrays.stream(size).reduce(1, (a, b) -> a * b)];
              for (int i = 0; i < data.length; i++) {
                data[i] = (float) random.nextGaussian();
              }
              tensors.put(name, new Tensor(size, data));
            });
    Gru4Rec network = Gru4Rec.of(shape, catalogue, tensors);
    SessionKnn knn =
        SessionKnn.of(SessionKnn.VMIS_KIND, catalogue, train(items, seed), KnnSettings.VMIS_KNN);
    float[] shares = new float[HybridWeights.LENGTHS.length];
    float[] repeats = new float[shares.length];
    for (int g = 0; g < shares.length; g++) {
      shares[g] = (float) (1 + random.nextInt(10)) / 10;
      repeats[g] = random.nextInt(3) * .4f;
    }
    float[] back = new float[HybridWeights.PLACES * HybridWeights.PLACES];
    for (int i = 0; i < back.length; i++) {
      back[i] = random.nextInt(4) * .07f;
    }
    float sharpness = new float[] {.5f, 1, 2, 4}[seed % 4];
    return Hybrid.of(network, knn, new HybridWeights(sharpness, shares, repeats, back));
  }
}
