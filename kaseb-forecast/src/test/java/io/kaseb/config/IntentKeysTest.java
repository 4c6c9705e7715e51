package io.kaseb.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IntentKeysTest {
  @Test
  void keysAndDefaultsArePinned() {
    assertThat(IntentKeys.TABLE.json(IntentConfig.DEFAULT).toString())
        .isEqualTo(
            "{intent=\"blend\", intent_features=\"item,category,dwell,repeats,time,price,rates,pairs,actions,attributes,visitor\","
                + " intent_units=64, intent_embedding=\"shared\", intent_epochs=5,"
                + " intent_batch_size=256, intent_learning_rate=0.002, intent_weight_decay=1.0E-4,"
                + " intent_dropout=0.1, intent_item_dropout=0.1, intent_so_far=0.5,"
                + " intent_item_loss=1.0, intent_next_item=0.1, intent_positive_weight=1.0,"
                + " intent_folds=2, intent_trees=400, intent_depth=6, intent_tree_rate=0.08,"
                + " intent_valid=0.1, intent_calibration=\"auto\", intent_seeds=1}");
  }

  @Test
  void textBecomesValues() {
    IntentConfig config =
        IntentConfig.DEFAULT.with(
            Map.of("intent", "gru", "intent_units", "12", "intent_features", "rates, item"));
    assertThat(config.intent()).isEqualTo(IntentConfig.Kind.GRU);
    assertThat(config.intentUnits()).isEqualTo(12);
    assertThat(config.intentFeatures()).containsExactly(Feature.ITEM, Feature.RATES);
    assertThat(config.with(Map.of("intent", "off")).wanted()).isFalse();
  }

  @Test
  void errorsNameThePlaceTheKeyAndTheWayOut() {
    fails(
        Map.of("intent_unit", "3"),
        "--set: intent_unit=3: no such key; the nearest is intent_units");
    fails(Map.of("intent_units", "0"), "--set: intent_units=0; must be 1..1024");
    fails(Map.of("intent_units", "x"), "--set: intent_units=x; must be a whole number, 1..1024");
    fails(Map.of("intent", "tree"), "--set: intent=tree; must be gru, boosted, blend or off");
  }

  private static void fails(Map<String, String> pairs, String message) {
    assertThatThrownBy(() -> IntentKeys.TABLE.changed("--set", IntentConfig.DEFAULT, pairs))
        .isInstanceOf(KasebException.class)
        .hasMessage(message);
  }
}
