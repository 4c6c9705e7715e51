package io.kaseb.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.Workers;
import io.kaseb.config.TrainConfig;
import io.kaseb.data.AttributeColumn;
import io.kaseb.event.Attribute;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ModelConfig;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Provenance;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import io.kaseb.model.TrainingMetrics;
import io.kaseb.newitem.AttributeRows;
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

class AttributeFitTest {
  private static final int ITEMS = 300;
  private static final int COLD = 20;
  private static final int UNITS = 8;
  private static final int BRANDS = 6;
  private static final Attribute BRAND = Attribute.parse("brand:category@item").getFirst();
  private static final Attribute WORDS = Attribute.parse("title:words@item").getFirst();
  private static final Attribute PRICE = Attribute.parse("price:number@item").getFirst();

  private final SplittableRandom random = new SplittableRandom(5);
  private final float[][] brands = rows(BRANDS);
  private final float[][] words = rows(4);
  private final float[] dear = rows(1)[0];

  private float[][] rows(int n) {
    float[][] rows = new float[n][UNITS];
    for (float[] row : rows) {
      for (int i = 0; i < UNITS; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return rows;
  }

  private static int brand(int item) {
    return item % 7 == 0 ? -1 : item % BRANDS;
  }

  private static float price(int item) {
    return item % 5 == 0 ? 900 : 10 + item % 3;
  }

  /// Each item's true row: its brand's, the mean of its two words', and that of dear items.
  private float[] truth(int item) {
    float[] row = new float[UNITS];
    for (int i = 0; i < UNITS; i++) {
      row[i] =
          (brand(item) < 0 ? 0 : brands[brand(item)][i])
              + (words[item % 4][i] + words[(item + 1) % 4][i]) / 2
              + (price(item) > 100 ? dear[i] : 0);
    }
    return row;
  }

  private ModelFile trained(float noise) {
    TrainConfig config = TrainConfig.DEFAULT.with(Map.of("layers", "" + UNITS));
    Architecture architecture = Architecture.of(config);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    architecture
        .shapes(ITEMS)
        .forEach(
            (name, shape) -> {
              float[] data = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
              for (int i = 0; i < data.length; i++) {
                data[i] = noise * (float) random.nextGaussian();
              }
              for (int item = 0; name.equals("Wy.weight") && item < ITEMS; item++) {
                for (int i = 0; i < UNITS; i++) {
                  data[item * UNITS + i] += truth(item)[i];
                }
              }
              tensors.put(name, new Tensor(shape, data));
            });
    return new ModelFile(
        ModelFile.GRU4REC,
        architecture,
        Catalogue.of(IntStream.range(0, ITEMS).mapToObj(i -> "i" + i).toList()),
        tensors,
        ModelConfig.of(config, null),
        Provenance.untrained("test"),
        TrainingMetrics.NONE);
  }

  private static List<AttributeColumn> columns() {
    int all = ITEMS + COLD;
    int[] codes = IntStream.range(0, all).map(AttributeFitTest::brand).toArray();
    int[] texts = IntStream.range(0, 2 * all).map(e -> (e / 2 + e % 2) % 4).toArray();
    int[] offsets = IntStream.rangeClosed(0, all).map(i -> 2 * i).toArray();
    float[] prices = new float[all];
    for (int i = 0; i < all; i++) {
      prices[i] = price(i);
    }
    return List.of(
        AttributeColumn.ofCategories(BRAND, List.of("a", "b", "c", "d", "e", "f"), codes),
        AttributeColumn.ofWords(WORDS, List.of("red", "blue", "long", "short"), texts, offsets),
        AttributeColumn.ofNumbers(PRICE, prices));
  }

  private static Catalogue log() {
    return Catalogue.of(IntStream.range(0, ITEMS + COLD).mapToObj(i -> "i" + i).toList());
  }

  private ModelFile extended(ModelFile file) {
    long[] clicks = new long[ITEMS];
    Arrays.fill(clicks, 50);
    return AttributeFit.extended(
        file, columns(), log(), clicks, Sessions.EMPTY, Map.of(), Workers.of(2));
  }

  @Test
  void anItemWithoutClicksGetsTheRowOfItsAttributes() {
    ModelFile file = trained(.05f);
    ModelFile more = extended(file);
    assertThat(more.catalogue().size()).isEqualTo(ITEMS + COLD);
    float[] table = more.tensors().get("Wy.weight").data();
    assertThat(Arrays.copyOf(table, ITEMS * UNITS))
        .isEqualTo(file.tensors().get("Wy.weight").data());
    for (int item = ITEMS; item < ITEMS + COLD; item++) {
      for (int i = 0; i < UNITS; i++) {
        assertThat(table[item * UNITS + i]).isCloseTo(truth(item)[i], within(.3f));
      }
    }
    assertThat(more.tensors().get("By.weight").shape()).containsExactly(ITEMS + COLD, 1);
  }

  /// Sessions whose every item has the brand of the one before: what is new is found by its brand.
  @Test
  void newItemsAreRaisedUntilTheyAreFound() {
    ModelFile file = trained(.05f);
    List<List<Integer>> byBrand = new ArrayList<>();
    for (int b = 0; b < 6; b++) {
      byBrand.add(new ArrayList<>());
    }
    for (int item = 0; item < ITEMS; item++) {
      if (brand(item) >= 0) {
        byBrand.get(brand(item)).add(item);
      }
    }
    int[] offsets = new int[301];
    int[] items = new int[900];
    for (int s = 0; s < 300; s++) {
      List<Integer> own = byBrand.get(s % 6);
      for (int c = 0; c < 3; c++) {
        items[3 * s + c] = own.get(random.nextInt(own.size()));
      }
      offsets[s + 1] = 3 * s + 3;
    }
    long[] clicks = new long[ITEMS];
    Arrays.fill(clicks, 50);
    ModelFile raised =
        AttributeFit.extended(
            file,
            columns(),
            log(),
            clicks,
            new Sessions(offsets, items, null),
            Map.of(),
            Workers.of(2));
    ModelFile plain = extended(file);
    float[] before = plain.tensors().get("By.weight").data();
    float[] after = raised.tensors().get("By.weight").data();
    assertThat(Arrays.copyOf(after, ITEMS)).isEqualTo(Arrays.copyOf(before, ITEMS));
    float lift = after[ITEMS] - before[ITEMS];
    assertThat(lift).isGreaterThanOrEqualTo(0);
    for (int item = ITEMS; item < ITEMS + COLD; item++) {
      assertThat(after[item] - before[item]).isCloseTo(lift, within(1e-5f));
    }
    assertThat(raised.tensors().get("Wy.weight").data())
        .isEqualTo(plain.tensors().get("Wy.weight").data());
  }

  @Test
  void theLiftIsTheOneThatFindsMost() {
    // Items 40 to 49 are new: right after item 0, but scored far below the others.
    int items = 50;
    boolean[] isCold = new boolean[items];
    Arrays.fill(isCold, 40, items, true);
    TrainConfig config = TrainConfig.DEFAULT.with(Map.of("layers", "1"));
    Architecture architecture = Architecture.of(config);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    architecture
        .shapes(items)
        .forEach(
            (name, shape) -> {
              float[] data = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
              for (int i = 0; name.equals("By.weight") && i < items; i++) {
                data[i] = isCold[i] ? -5 - .01f * i : -.01f * i;
              }
              tensors.put(name, new Tensor(shape, data));
            });
    ModelFile file =
        new ModelFile(
            ModelFile.GRU4REC,
            architecture,
            Catalogue.of(IntStream.range(0, items).mapToObj(i -> "i" + i).toList()),
            tensors,
            ModelConfig.of(config, null),
            Provenance.untrained("test"),
            TrainingMetrics.NONE);
    int[] offsets = new int[101];
    int[] clicked = new int[200];
    for (int s = 0; s < 100; s++) {
      clicked[2 * s + 1] = 40 + s % 10;
      offsets[s + 1] = 2 * s + 2;
    }
    Sessions all = new Sessions(offsets, clicked, null);
    float lift = NewItemLift.of(file, isCold, all);
    assertThat(lift).isBetween(4.5f, 7f);
    // Where nobody clicks what is new, nothing is raised.
    int[] others = Arrays.stream(clicked).map(i -> i >= 40 ? i - 40 : i).toArray();
    assertThat(NewItemLift.of(file, isCold, new Sessions(offsets, others, null))).isZero();
  }

  @Test
  void itemsThatComeLaterGetTheSameRows(@TempDir Path folder) throws Exception {
    Path path = folder.resolve("m.kaseb");
    ModelFile more = extended(trained(.05f));
    more.write(path);
    ModelFile read = ModelFile.read(path);
    AttributeRows rows = AttributeRows.of(read);
    int last = ITEMS + COLD - 1;
    Map<String, Object> attributes =
        Map.of(
            "brand",
            List.of("a", "b", "c", "d", "e", "f").get(brand(last)),
            "title",
            List.of("Red", "BLUE!", "long", "short").get(last % 4)
                + " - "
                + List.of("red", "blue", "long", "short").get((last + 1) % 4),
            "price",
            "" + price(last));
    float[] row = rows.row("Wy.weight", rows.values(attributes));
    float[] table = read.tensors().get("Wy.weight").data();
    assertThat(row).containsExactly(Arrays.copyOfRange(table, last * UNITS, table.length));
    ModelFile later =
        rows.extended(
            read, List.of("new"), List.<int[][]>of(rows.values(Map.of("brand", "never seen"))));
    assertThat(later.catalogue().index("new")).isEqualTo(ITEMS + COLD);
    assertThat(later.model().catalogue().size()).isEqualTo(ITEMS + COLD + 1);
  }

  @Test
  void withoutAttributesNothingChanges() {
    ModelFile file = trained(.05f);
    Attribute device = Attribute.parse("device:category@session").getFirst();
    List<AttributeColumn> none =
        List.of(AttributeColumn.ofCategories(device, List.of("phone"), new int[ITEMS]));
    assertThat(
            AttributeFit.extended(
                file, none, log(), new long[ITEMS], Sessions.EMPTY, Map.of(), Workers.of(1)))
        .isSameAs(file);
  }
}
