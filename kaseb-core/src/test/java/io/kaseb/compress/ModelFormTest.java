package io.kaseb.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.baseline.Ensemble;
import io.kaseb.baseline.ModelKinds;
import io.kaseb.config.Cell;
import io.kaseb.config.Readout;
import io.kaseb.config.TrainConfig;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Embedding;
import io.kaseb.model.ModelConfig;
import io.kaseb.model.ModelFile;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.Provenance;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import io.kaseb.model.TopItems;
import io.kaseb.model.TrainingMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Smaller forms of networks of every shape.
class ModelFormTest {
  private static final int ITEMS = 70;

  /// Item i was clicked i % 10 times and once more.
  private static final Sessions TRAIN = clicks();

  @TempDir private Path folder;

  private static Sessions clicks() {
    int[] items =
        IntStream.range(0, ITEMS)
            .flatMap(i -> IntStream.rangeClosed(0, i % 10).map(n -> i))
            .toArray();
    return new Sessions(new int[] {0, items.length}, items, null);
  }

  static List<Architecture> shapes() {
    List<Architecture> shapes = new ArrayList<>();
    for (Cell cell : Cell.values()) {
      for (List<Integer> layers : List.of(List.of(12), List.of(9, 12))) {
        shapes.add(new Architecture(cell, Embedding.CONSTRAINED, 12, layers));
        shapes.add(new Architecture(cell, Embedding.CONSTRAINED, 12, layers, Readout.CORE));
        shapes.add(new Architecture(cell, Embedding.SEPARATE, 11, layers));
        shapes.add(new Architecture(cell, Embedding.NONE, 0, layers));
      }
    }
    return shapes;
  }

  private static ModelFile network(Architecture shape) {
    return file(ModelFile.GRU4REC, shape, tensors(shape, 3));
  }

  private static ModelFile file(String kind, Architecture shape, Map<String, Tensor> tensors) {
    return new ModelFile(
        kind,
        shape,
        Catalogue.of(IntStream.range(0, ITEMS).mapToObj(i -> "sku-" + i).toList()),
        tensors,
        ModelConfig.of(TrainConfig.DEFAULT, null),
        Provenance.untrained("test"),
        TrainingMetrics.NONE);
  }

  private static Map<String, Tensor> tensors(Architecture shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shape
        .shapes(ITEMS)
        .forEach(
            (name, size) -> {
              float[] data = new float[IntStream.of(size).reduce(1, (a, b) -> a * b)];
              for (int i = 0; i < data.length; i++) {
                data[i] = (float) random.nextDouble(-.7, .7);
              }
              tensors.put(name, new Tensor(size, data));
            });
    return tensors;
  }

  /// The scores of all items after each of some clicks.
  private static float[] scores(NextItemModel model, int... clicked) {
    SessionState state = model.newSession();
    float[][] all = new float[1][model.catalogue().size()];
    float[] last = new float[0];
    for (int item : clicked) {
      model.click(state, item);
      model.scores(new SessionState[] {state}, 1, all);
      int before = last.length;
      last = Arrays.copyOf(last, before + all[0].length);
      System.arraycopy(all[0], 0, last, before, all[0].length);
    }
    return last;
  }

  private static double error(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.pow(a[i] - b[i], 2);
    }
    return Math.sqrt(sum / a.length);
  }

  private static ModelForm rank(int rank) {
    return new ModelForm(ModelFile.Tables.FLOAT32, rank, 1);
  }

  private static ModelForm keep(double keep) {
    return new ModelForm(ModelFile.Tables.FLOAT32, 0, keep);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void tablesOfARankAreFoundAgain(Architecture shape) {
    // Tables that are products of rank 5 themselves.
    ModelFile model = network(shape.withRank(5)).expanded();
    ModelFile low = rank(5).made(model, TRAIN);
    assertThat(low.shape()).isEqualTo(shape.withRank(5));
    assertThat(low.tensors().get("Wy.weight").shape()).containsExactly(ITEMS, 5);
    float[] expected = scores(model.model(), 3, 60, 3, 12);
    assertThat(scores(low.model(), 3, 60, 3, 12)).containsExactly(expected, within(1e-4f));
    assertThat(scores(low.expanded().model(), 3, 60, 3, 12))
        .containsExactly(expected, within(1e-4f));
    assertThat(low.expanded().tensors().keySet()).isEqualTo(model.tensors().keySet());
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void moreRankIsNearer(Architecture shape) {
    ModelFile model = network(shape);
    float[] whole = scores(model.model(), 3, 60, 3, 12);
    double two = error(scores(rank(2).made(model, TRAIN).model(), 3, 60, 3, 12), whole);
    double eleven = error(scores(rank(11).made(model, TRAIN).model(), 3, 60, 3, 12), whole);
    assertThat(eleven).isPositive().isLessThan(.7 * two);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theBestAreThoseOfAllScores(Architecture shape) {
    NextItemModel model = rank(6).made(network(shape), TRAIN).model();
    SessionState state = model.newSession();
    model.click(state, 17);
    SessionState copy = state.copy();
    model.click(copy, 4);
    float[][] all = new float[2][ITEMS];
    model.scores(new SessionState[] {state, copy}, 2, all);
    for (int i = 0; i < 2; i++) {
      TopItems expected = TopItems.of(8);
      expected.offerAll(all[i], ITEMS);
      TopItems found = TopItems.of(8);
      model.top(i == 0 ? state : copy, found);
      assertThat(found.items()).containsExactly(expected.items());
      float[] some = new float[3];
      model.scores(i == 0 ? state : copy, new int[] {69, 0, 33}, some);
      assertThat(some).containsExactly(all[i][69], all[i][0], all[i][33]);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void keptItemsScoreAsBefore(Architecture shape) {
    ModelFile model = network(shape);
    ModelFile part = keep(30).made(model, TRAIN);
    assertThat(part.catalogue().size()).isEqualTo(30);
    // Those whose number ends with 9, 8, 7 and 6, and of those with 5 the first two.
    assertThat(part.catalogue().ids()).contains("sku-9", "sku-66", "sku-5", "sku-15");
    assertThat(part.catalogue().ids()).doesNotContain("sku-25", "sku-65", "sku-0");
    NextItemModel over = KeptItems.over(model.catalogue(), part.model());
    float[] before = scores(model.model(), 9, 66, 15);
    float[] after = scores(over, 9, 66, 15);
    for (int i = 0; i < after.length; i++) {
      boolean kept = part.catalogue().index("sku-" + i % ITEMS) >= 0;
      assertThat(after[i]).isEqualTo(kept ? before[i] : Float.NEGATIVE_INFINITY);
    }
    // A click of an item that it lacks changes nothing.
    float[] beside = scores(over, 9, 0);
    float[] alone = scores(over, 9);
    assertThat(Arrays.copyOfRange(beside, ITEMS, 2 * ITEMS)).containsExactly(alone);
    SessionState state = over.newSession();
    over.click(state, 9);
    TopItems found = TopItems.of(5);
    over.top(state, found);
    TopItems expected = TopItems.of(5);
    expected.offerAll(alone, ITEMS);
    assertThat(found.items()).containsExactly(expected.items());
  }

  @Test
  void aSessionOfUnknownItemsIsRankedByBiases() {
    ModelFile model = network(shapes().getFirst());
    ModelFile part = keep(.1).made(model, TRAIN);
    assertThat(part.catalogue().ids())
        .containsExactly("sku-9", "sku-19", "sku-29", "sku-39", "sku-49", "sku-59", "sku-69");
    NextItemModel over = KeptItems.over(model.catalogue(), part.model());
    assertThat(scores(over, 0, 1)).endsWith(part.model().popularity()[6]);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void filesComeBackAsTheyWere(Architecture shape) throws IOException {
    for (ModelFile.Tables tables : ModelFile.Tables.values()) {
      ModelFile made = new ModelForm(tables, 4, .5).made(network(shape), TRAIN);
      Path path = folder.resolve(tables + ".kaseb");
      made.write(path);
      ModelFile read = ModelFile.read(path);
      assertThat(read.shape()).isEqualTo(shape.withRank(4));
      assertThat(read.tables()).isEqualTo(tables);
      assertThat(read.catalogue().size()).isEqualTo(35);
      assertThat(scores(read.model(), 3, 20)).containsExactly(scores(made.model(), 3, 20));
      Path again = folder.resolve("again.kaseb");
      read.write(again);
      assertThat(again).hasSameBinaryContentAs(path);
      assertThat(Files.size(path)).isEqualTo(made.size());
    }
  }

  @Test
  void networksOfAnEnsembleAreMadeSmallerToo() {
    Architecture shape = new Architecture(Cell.GRU, Embedding.CONSTRAINED, 12, List.of(12));
    Architecture low = shape.withRank(5);
    List<Map<String, Tensor>> networks =
        List.of(
            file(ModelFile.GRU4REC, low, tensors(low, 1)).expanded().tensors(),
            file(ModelFile.GRU4REC, low, tensors(low, 2)).expanded().tensors());
    ModelFile model = file(Ensemble.KIND, shape, Ensemble.tensors(networks));
    ModelFile made = new ModelForm(ModelFile.Tables.FLOAT32, 5, .5).made(model, TRAIN);
    NextItemModel whole = ModelKinds.of(model);
    NextItemModel part = KeptItems.over(model.catalogue(), ModelKinds.of(made));
    float[] before = scores(whole, 9, 18);
    float[] after = scores(part, 9, 18);
    int kept = 0;
    for (int i = 0; i < after.length; i++) {
      if (after[i] != Float.NEGATIVE_INFINITY) {
        assertThat(after[i]).isCloseTo(before[i], within(1e-4f));
        kept++;
      }
    }
    assertThat(kept).isEqualTo(2 * 35);
    assertThat(made.expanded().tensors())
        .containsKey("net.1.Wy.weight")
        .doesNotContainKey("net.1.Wy.base");
  }

  @Test
  void whatAttributesGiveAnItemIsAProductToo() {
    Architecture shape = new Architecture(Cell.GRU, Embedding.CONSTRAINED, 12, List.of(12));
    ModelFile plain = network(shape.withRank(5)).expanded();
    Map<String, Tensor> tensors = new LinkedHashMap<>(plain.tensors());
    // The average item and one value's part, each among the table's own rows.
    float[] rows = Arrays.copyOf(plain.outputTable(), 24);
    tensors.put("attributes.Wy.weight", Tensor.matrix(2, 12, rows));
    ModelFile model =
        plain.with(plain.catalogue(), tensors).withAttributes(Json.MAPPER.createObjectNode());
    ModelFile low = rank(5).made(model, TRAIN);
    assertThat(low.tensors().get("attributes.Wy.weight").shape()).containsExactly(2, 5);
    assertThat(low.expanded().tensors().get("attributes.Wy.weight").data())
        .containsExactly(rows, within(1e-5f));
  }

  @Test
  void whatCannotBeIsAnError() {
    Architecture shape = new Architecture(Cell.GRU, Embedding.CONSTRAINED, 12, List.of(12));
    ModelFile model = network(shape);
    assertThatThrownBy(() -> rank(12).made(model, TRAIN))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("rank=12")
        .hasMessageContaining("1..11");
    assertThatThrownBy(() -> keep(ITEMS + 1).made(model, TRAIN))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("keep=71")
        .hasMessageContaining("2..70");
    for (double none : new double[] {0, -1, 1.5, Double.NaN}) {
      assertThatThrownBy(() -> keep(none))
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("keep=");
    }
    assertThatThrownBy(() -> rank(-1)).hasMessageContaining("rank=-1");
    ModelFile buying = model.withIntent(Json.MAPPER.createObjectNode());
    assertThatThrownBy(() -> keep(.5).made(buying, TRAIN))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("purchase forecast");
    ModelFile hybrid = file("hybrid", shape, model.tensors());
    assertThatThrownBy(() -> keep(.5).made(hybrid, TRAIN))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("kind hybrid");
    assertThat(rank(3).made(hybrid, TRAIN).kind()).isEqualTo("hybrid");
    // Of a search, where widths and catalogues differ from trial to trial.
    assertThat(new ModelForm(ModelFile.Tables.INT8, 12, 70).within(model))
        .isEqualTo(ModelForm.of(ModelFile.Tables.INT8));
    assertThat(new ModelForm(ModelFile.Tables.INT8, 11, 69).within(model).name())
        .isEqualTo("int8, rank 11, 69 items");
  }
}
