package io.kaseb.tune.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SpaceTest {
  private final SplittableRandom random = new SplittableRandom(7);

  private Set<Object> drawn(Domain domain) {
    Set<Object> values = new TreeSet<>();
    for (int i = 0; i < 4000; i++) {
      values.add(domain.value(random.nextDouble()));
    }
    return values;
  }

  @Test
  void quantisedValuesAreRoundedHalfToEvenAndClipped() {
    assertThat(drawn(new Range(2, 10, 5, false, false))).containsExactly(2., 5., 10.);
    assertThat(drawn(new Range(0, 1, .5, false, false))).containsExactly(0., .5, 1.);
    // 2.5 / 5 is halfway: to even gives 0, clipped to 2.
    assertThat(new Range(2, 10, 5, false, false).value(.0625)).isEqualTo(2.);
  }

  @Test
  void integersReachBothBoundsEvenly() {
    int[] counts = new int[6];
    Range range = Range.integers(1, 5);
    for (int i = 0; i < 50_000; i++) {
      counts[(int) (long) range.value(random.nextDouble())]++;
    }
    for (int v = 1; v <= 5; v++) {
      assertThat(counts[v]).isBetween(9500, 10_500);
    }
    assertThat(drawn(new Range(10, 50, 20, false, true))).containsExactly(10L, 30L, 50L);
    assertThat(drawn(new Range(1, 4, 1, true, true))).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void logarithmsAreUniform() {
    Range range = Range.log(1e-4, 1);
    double mean = 0;
    for (int i = 0; i < 20_000; i++) {
      mean += Math.log10((double) range.value(random.nextDouble())) / 20_000;
    }
    assertThat(mean).isCloseTo(-2, within(.03));
    assertThat((double) range.value(.5)).isCloseTo(1e-2, within(1e-12));
  }

  @Test
  void bellsHaveTheirMomentsAndNoBounds() {
    NormalRange normal = new NormalRange(10, 3, 0, false);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 20_000; i++) {
      double v = (double) normal.value(random.nextDouble());
      sum += v;
      squares += (v - 10) * (v - 10);
    }
    assertThat(sum / 20_000).isCloseTo(10, within(.1));
    assertThat(Math.sqrt(squares / 20_000)).isCloseTo(3, within(.1));
    assertThat((double) new NormalRange(0, 1, 0, true).value(.5)).isCloseTo(1, within(1e-9));
    assertThat(drawn(new NormalRange(0, 1, 2, false))).contains(-2., 0., 2.).doesNotContain(1.);
  }

  @Test
  void coordinatesComeBack() {
    for (Dimension dimension : Spaces.everything().dimensions()) {
      Domain domain = dimension.domain();
      for (int i = 0; i < 200; i++) {
        double u =
            dimension.options() > 0 ? random.nextInt(dimension.options()) : random.nextDouble();
        Object value = domain.value(u);
        assertThat(domain.canonical(value)).as(dimension.path()).isEqualTo(value);
        Object again = domain.value(domain.coordinate(value));
        if (value instanceof Double d) {
          assertThat((double) again)
              .as(dimension.path())
              .isCloseTo(d, within(1e-9 * Math.abs(d) + 1e-12));
        } else {
          assertThat(again).as(dimension.path()).isEqualTo(value);
        }
      }
    }
  }

  @Test
  void limitedDomainsAreOrdered() {
    for (Domain domain :
        List.of(
            Range.integers(3, 9),
            new Range(2, 10, 5, false, false),
            new Range(1, 64, 1, true, true),
            new Range(10, 50, 20, false, true),
            Choice.of("a", "b"))) {
      for (long i = 0; i < domain.size(); i++) {
        assertThat(domain.indexOf(domain.coordinateAt(i))).as(domain.describe()).isEqualTo(i);
      }
    }
    assertThat(new Range(2, 10, 5, false, false).size()).isEqualTo(3);
  }

  @Test
  void innerParametersExistOnlyUnderTheirOption() {
    Space space = Space.of(Map.of("loss", Spaces.nested()));
    boolean deep = false;
    for (int i = 0; i < 200; i++) {
      Parameters parameters = space.at(space.random(random));
      boolean bpr = parameters.text("loss").equals("bpr-max");
      assertThat(parameters.has("bpreg")).isEqualTo(bpr);
      assertThat(parameters.has("size")).isEqualTo(bpr && parameters.text("kind").equals("deep"));
      assertThat(space.checked(parameters)).isEqualTo(parameters);
      assertThat(space.at(space.point(parameters))).isEqualTo(parameters);
      deep |= parameters.has("size");
    }
    assertThat(deep).isTrue();
    assertThat(Spaces.twelve().size()).isEqualTo(12);
    assertThat(Spaces.everything().size()).isEqualTo(Domain.UNLIMITED);
  }

  @Test
  void equalNamesAreToldApartByTheirPath() {
    Choice.Option conv =
        new Choice.Option("conv", true, List.of(new Parameter("size", Range.integers(3, 3))));
    Map<String, Domain> layers = new LinkedHashMap<>();
    layers.put("layer0", new Choice(List.of(conv)));
    layers.put("layer1", new Choice(List.of(conv)));
    Parameters parameters = Space.of(layers).at(new double[] {0, .5, 0, .5});
    assertThat(parameters.flat().keySet())
        .containsExactly("layer0", "layer0/size", "layer1", "layer1/size");
  }

  @Test
  void misfitsAreNamed() {
    Space space = Space.of(Map.of("lr", Range.of(0, 1), "loss", Spaces.nested()));
    assertThatThrownBy(() -> space.checked(new Parameters(Map.of("lr", .5))))
        .hasMessageContaining("loss is missing; must be one of [none, bpr-max]");
    assertThatThrownBy(
            () -> space.checked(new Parameters(Map.of("lr", 2, "loss", Map.of("_name", "none")))))
        .hasMessage("lr=2; must be a number of 0.0..1.0");
    assertThatThrownBy(
            () ->
                space.checked(
                    new Parameters(Map.of("lr", 1, "loss", Map.of("_name", "none", "x", 1)))))
        .hasMessageContaining("loss/x is not in the search space");
    assertThatThrownBy(() -> Space.of(List.of())).hasMessageContaining("empty");
    assertThatThrownBy(() -> Range.of(2, 1)).hasMessageContaining("2.0, 1.0");
    assertThatThrownBy(() -> Range.log(0, 1)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> Choice.of("a", "a")).hasMessageContaining("a stands twice");
    assertThatThrownBy(() -> Choice.of()).hasMessageContaining("no options");
    assertThatThrownBy(() -> new NormalRange(0, 0, 0, false)).hasMessageContaining("above 0");
  }

  @Test
  void steppedNormalsStayWithinThreeDeviations() {
    NormalRange far = new NormalRange(3, 1, 32, true);
    assertThat(far.size()).isEqualTo(14);
    NormalRange near = new NormalRange(.1, .1, .05, false);
    for (NormalRange range : new NormalRange[] {far, near}) {
      List<Object> values = new ArrayList<>();
      for (long i = 0; i < range.size(); i++) {
        double coordinate = range.coordinateAt(i);
        assertThat(range.indexOf(coordinate)).isEqualTo(i);
        values.add(range.value(coordinate));
      }
      assertThat(values).doesNotHaveDuplicates();
      assertThat(range.value(0)).isEqualTo(values.getFirst());
      assertThat(range.value(1)).isEqualTo(values.getLast());
    }
    assertThat((double) far.value(1)).isEqualTo(416);
    assertThat((double) near.value(1)).isCloseTo(.4, within(1e-9));
  }
}
