package io.kaseb.intent;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.config.Feature;
import io.kaseb.event.Attribute;
import io.kaseb.signal.Coding;
import io.kaseb.signal.Generated;
import io.kaseb.signal.NamedFeature;
import io.kaseb.signal.Schema;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HandFeatureNamesTest {
  private static List<Coding> attributes() {
    return Stream.of(
            "price:number@event",
            "Age:number@user",
            "device:category@session",
            "query:words@event",
            "brand:category@item",
            "tags:words@session")
        .map(text -> Attribute.parse(text).getFirst())
        .map(
            a ->
                a.kind() == Attribute.Kind.NUMBER
                    ? Coding.ofNumbers(a, new float[] {1, 2, 3})
                    : Coding.ofNames(a, List.of("a", "b")))
        .toList();
  }

  private static Schema everything(int ownActions) {
    List<String> actions =
        Stream.concat(
                Stream.of("view", "cart", "search"),
                IntStream.range(0, ownActions).mapToObj(i -> "own" + i))
            .toList();
    return new Schema(actions, attributes(), true)
        .with(Generated.of(List.of("events", "count(cart)", "rate(brand)")));
  }

  /// Every group on and off, of clicks alone and of all that a log can have.
  @Test
  void everyNumberHasOneName() {
    for (Schema schema : List.of(Schema.NONE, everything(0), everything(30))) {
      for (int bits = 0; bits < 1 << Feature.values().length; bits += schema.isEmpty() ? 1 : 7) {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        for (Feature feature : Feature.values()) {
          if ((bits >> feature.ordinal() & 1) == 1) {
            features.add(feature);
          }
        }
        HandFeatures rows = new HandFeatures(features, schema);
        HandFeatureNames names = new HandFeatureNames(features, schema);
        check(names.session(), rows.session + 1);
        check(names.item(), rows.item + 2);
      }
    }
  }

  private static void check(List<NamedFeature> names, int count) {
    assertThat(names).hasSize(count);
    assertThat(names).allMatch(name -> !name.meaning().isEmpty());
    // Columns of tables are told apart whatever their case.
    assertThat(names.stream().map(name -> name.name().toLowerCase(Locale.ROOT)))
        .doesNotHaveDuplicates();
  }
}
