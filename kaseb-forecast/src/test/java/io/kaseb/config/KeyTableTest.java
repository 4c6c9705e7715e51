package io.kaseb.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeyTableTest {
  static List<KeyTable<?>> tables() {
    return List.of(TrainKeys.TABLE, IntentKeys.TABLE, KnnKeys.TABLE);
  }

  private static <R extends Record> void comesBack(KeyTable<R> table, R base, R record) {
    Map<String, String> texts = new LinkedHashMap<>();
    table
        .json(record)
        .forEach(
            (key, value) -> texts.put(key, value.isArray() ? value.toString() : value.asString()));
    assertThat(table.changed(null, base, texts)).isEqualTo(record);
  }

  @Test
  void whatIsWrittenIsReadBackAsItWas() {
    comesBack(TrainKeys.TABLE, TrainConfig.DEFAULT, TrainConfig.DEFAULT);
    comesBack(
        TrainKeys.TABLE,
        TrainConfig.DEFAULT,
        TrainConfig.DEFAULT.with(
            Map.of(
                "layers",
                "64,32",
                "final_act",
                "leaky-.2",
                "loss",
                "bpr",
                "eps",
                "1e-9",
                "cell",
                "lstm",
                "seed",
                "9000000000",
                "init_sigma",
                "-2")));
    comesBack(
        IntentKeys.TABLE,
        IntentConfig.DEFAULT,
        IntentConfig.DEFAULT.with(
            Map.of("intent", "false", "intent_features", "date, rates", "intent_so_far", "0.3")));
    comesBack(KnnKeys.TABLE, KnnSettings.VMIS_KNN, KnnSettings.VS_KNN);
  }

  @ParameterizedTest
  @MethodSource("tables")
  void everyKeyIsDeclaredWhole(KeyTable<?> table) {
    Set<String> names = new TreeSet<>();
    for (Key<?> key : table.keys()) {
      assertThat(key.name()).matches("[a-z0-9_]+");
      assertThat(key.doc()).isNotBlank().doesNotContain("\n").doesNotContain("|");
      assertThat(key.type().range()).isNotBlank();
      assertThat(names.add(key.name())).as(key.name()).isTrue();
      key.aliases().forEach(alias -> assertThat(names.add(alias)).as(alias).isTrue());
      assertThat(table.claims(key.name())).isTrue();
      for (Search search : key.searches()) {
        if (search.domain() instanceof Search.Options options) {
          options.texts().forEach(text -> key.parse(null, text));
        } else if (search.domain() instanceof Search.Span span) {
          String low = span.whole() ? Long.toString((long) span.low()) : span.low() + "";
          String high = span.whole() ? Long.toString((long) span.high()) : span.high() + "";
          key.parse(null, low);
          key.parse(null, high);
        }
      }
    }
    assertThat(table.ignored()).doesNotContainAnyElementsOf(names);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "learning_rate=abc | f: learning_rate=abc; must be a number, above 0, up to 100",
        "learning_rate=0 | f: learning_rate=0; must be above 0, up to 100",
        "batch_size=12.5 | f: batch_size=12.5; must be a whole number, 1..65536",
        "batch_size=0 | f: batch_size=0; must be 1..65536",
        "init_sigma=-3 | f: init_sigma=-3; must be 0..10, -1 or -2",
        "layers=0 | f: layers=0; must be 1..16 numbers of 1..8192, as in 100 or [100,50]",
        "num_layers=x | f: num_layers=x; must be a whole number, 1..16",
        "hiden_size=3 | f: hiden_size=3: no such key; the nearest is hidden_size",
        "optimizer=adam | f: momentum=0.2 with optimizer=adam; must be 0",
        "seed=x | f: seed=x; must be a whole number"
      })
  void errorsNameThePlaceTheKeyAndWhatIsAllowed(String pair, String message) {
    Map<String, String> pairs = Map.of(pair.split("=")[0], pair.split("=")[1]);
    assertThatThrownBy(() -> TrainKeys.TABLE.changed("f", TrainConfig.DEFAULT, pairs))
        .isInstanceOf(KasebException.class)
        .hasMessage(message);
  }

  @Test
  void featuresAndNeighboursAreCheckedToo() {
    assertThatThrownBy(() -> IntentConfig.DEFAULT.with(Map.of("intent_features", "item,pair")))
        .hasMessageContaining("intent_features=item,pair; must be any of item,category")
        .hasMessageContaining("pair is none, the nearest is pairs");
    assertThatThrownBy(() -> KnnKeys.check("f", Map.of("knn_decay", "log")))
        .hasMessage("f: knn_decay=log; must be same, div, quadratic or linear");
    // Which sample goes with which k, the kind of model decides.
    KnnKeys.check("f", Map.of("knn_k", "1000"));
    assertThat(KnnSettings.VS_KNN.with(Map.of("knn_k", "1000")).k()).isEqualTo(1000);
  }
}
