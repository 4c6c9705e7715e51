package io.kaseb.intentfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.config.Feature;
import io.kaseb.data.LabelledSessions;
import io.kaseb.event.Actions;
import io.kaseb.feature.GeneratedFeatures;
import io.kaseb.intent.IntentFile;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentState;
import io.kaseb.model.Tensor;
import io.kaseb.signal.Generated;
import io.kaseb.signal.Schema;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Generated features of the purchase forecast: trained with, kept in the file, served.
class GeneratedFeaturesTest {
  private static final float[] TABLE = Shops.table(6, 2);
  private static final int[] SAME = IntStream.range(0, EventShop.ITEMS).toArray();

  /// One of every form.
  private static final List<String> NAMES =
      List.of(
          "duration",
          "weekday",
          "count(cart)",
          "share(search)",
          "recency(view)",
          "freshness(cart)",
          "first=search",
          "last=cart",
          "previous=view",
          "transition(view>cart)",
          "cart(value)",
          "cart(emptied)",
          "rate(item)",
          "mean(rate(item|bought))",
          "rate(item>cart)",
          "rate(item|cart)",
          "rate(brand)",
          "most(rate(query))",
          "least(value(price))",
          "price(current/mean)",
          "missing(device)",
          "missing(price)",
          "changes(brand)",
          "rate(user)",
          "user(recency)",
          "cross(device x last)",
          "cross(brand x device)",
          "ratio(count(cart)/count(view))");

  private static IntentModel fit(LabelledSessions labelled, List<String> names) {
    IntentFit.Options options = new IntentFit.Options(TABLE, 6, .2, 1, 7);
    IntentModel model =
        IntentFit.fit(
            Shops.config("intent_epochs=1").withGenerated(names),
            labelled,
            options,
            e -> {},
            Progress.NONE,
            () -> false);
    assertThat(model).isNotNull();
    return model;
  }

  /// Returns the generated features of a session: the last of its hand features.
  private static float[] generated(IntentState session) {
    float[] row = session.sessionRow(true);
    return Arrays.copyOfRange(row, row.length - 1 - NAMES.size(), row.length - 1);
  }

  @Test
  void servingGivesTheValuesOfTraining() {
    LabelledSessions shop = EventShop.shop(400, 3);
    IntentModel model = fit(shop, NAMES);
    assertThat(model.signals().schema().generated().names()).isEqualTo(NAMES);
    Examples examples = Examples.of(model, shop, SAME);
    IntentState whole = model.newSession();
    boolean[] varies = new boolean[NAMES.size()];
    float[] first = new float[0];
    for (int s = 0; s < 150; s++) {
      examples.follow(s, whole, () -> {});
      float[] expected = generated(whole);
      assertThat(generated(EventsTest.served(model, shop, s))).containsExactly(expected);
      first = s == 0 ? expected : first;
      for (int f = 0; f < varies.length; f++) {
        varies[f] |= expected[f] != first[f];
      }
    }
    for (int f = 0; f < varies.length; f++) {
      // The shop is open for less than a day, and nobody takes an item out of the cart.
      boolean isConstant = List.of("weekday", "cart(emptied)").contains(NAMES.get(f));
      assertThat(varies[f]).as(NAMES.get(f)).isEqualTo(!isConstant);
    }
  }

  @Test
  void aFileKeepsThem() {
    LabelledSessions shop = EventShop.shop(400, 3);
    IntentModel model = fit(shop, NAMES);
    IntentFile file = IntentFile.of(model, TABLE);
    IntentModel again = new IntentFile(file.tensors(), file.json()).model(model.config(), TABLE);
    for (int s = 0; s < 50; s++) {
      IntentState one = EventsTest.served(model, shop, s);
      IntentState other = EventsTest.served(again, shop, s);
      assertThat(generated(other)).containsExactly(generated(one));
      assertThat(again.buys(other, again.kind(), true))
          .isEqualTo(model.buys(one, model.kind(), true));
    }
  }

  @Test
  void forgedFilesAreRefused() {
    IntentModel model = fit(EventShop.shop(300, 3), List.of("cross(device x last)"));
    for (String name :
        List.of(
            "cross(device x planet)", "cross(price x last)", "count(fly)", "boom", "rate(price)")) {
      IntentFile file = IntentFile.of(model, TABLE);
      ArrayNode names = (ArrayNode) file.json().path("signals").path("generated");
      names.set(0, Json.MAPPER.getNodeFactory().stringNode(name));
      assertThatThrownBy(() -> file.model(model.config(), TABLE))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
    IntentFile file = IntentFile.of(model, TABLE);
    Map<String, Tensor> cut = new LinkedHashMap<>(file.tensors());
    cut.put("intent.signals.crossed", Tensor.vector(new float[3]));
    assertThatThrownBy(() -> new IntentFile(cut, file.json()).model(model.config(), TABLE))
        .isInstanceOf(IllegalArgumentException.class);
    ((ObjectNode) file.json().path("signals")).remove("generated");
    assertThatThrownBy(
            () -> {
              IntentModel other = file.model(model.config(), TABLE);
              other.buys(EventsTest.served(other, EventShop.shop(5, 3), 0), other.kind(), true);
            })
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void noSessionSeesItsOwnLabelOrLaterOnes() {
    LabelledSessions shop = EventShop.shop(120, 4);
    float[] before = rows(shop);
    int width = before.length / shop.sessions().events();
    for (int s = 0; s < shop.count(); s++) {
      float[] after = rows(EventsTest.flipped(shop, s));
      int to = shop.sessions().end(s) * width;
      assertThat(Arrays.mismatch(before, 0, to, after, 0, to)).isEqualTo(-1);
    }
    // Later sessions do see it, by the crosses as well.
    float[] other = rows(EventsTest.flipped(shop, 10));
    boolean differs = false;
    for (int e = shop.sessions().end(10); e < shop.sessions().events(); e++) {
      differs |= before[(e + 1) * width - 1] != other[(e + 1) * width - 1];
    }
    assertThat(differs).isTrue();
  }

  /// Returns the floats of events, the rates of crosses last; nothing is cut with the goal, so that
  /// events stay the same when a label changes.
  private static float[] rows(LabelledSessions shop) {
    Schema schema =
        SchemaFit.of(shop, Set.of(Feature.values()))
            .with(Generated.of(List.of("cross(brand x device)", "cross(device x last)")));
    return SignalRows.ordered(shop, SchemaFit.empty(schema, shop, EventShop.ITEMS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"count(fly)", "boom", "cross(device x device)", "value(device)", "ratio(hour)"})
  void whatTheLogLacksIsAnError(String name) {
    assertThatThrownBy(() -> fit(EventShop.shop(100, 3), List.of(name)))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("intent_generated=" + name)
        .hasMessageContaining("view,cart,search,zoom");
  }

  @Test
  void whatIsCutWithAGoalIsLeftOut() {
    IntentModel model =
        fit(EventShop.shop(400, 3).forGoal(Actions.CART), List.of("count(cart)", "count(search)"));
    assertThat(model.signals().schema().generated().names()).containsExactly("count(search)");
  }

  @Test
  void clicksAloneHaveSomeToo() {
    LabelledSessions shop = Shops.shop(300, 5);
    List<String> names = List.of("repeats", "mean(rate(item))", "ratio(items/clicks)");
    IntentModel model = fit(shop, names);
    Schema schema = model.signals().schema();
    assertThat(schema.isEmpty()).isTrue();
    assertThat(GeneratedFeatures.known(schema, List.of("gap", "count(cart)")))
        .containsExactly("gap");
    IntentFile file = IntentFile.of(model, TABLE);
    IntentModel again = new IntentFile(file.tensors(), file.json()).model(model.config(), TABLE);
    assertThat(again.signals().schema().generated().names()).isEqualTo(names);
    IntentState session = again.newSession();
    again.click(session, 1, 1, 0, 1_396_000_000_000L, true);
    again.click(session, 1, 1, 0, 1_396_000_060_000L, true);
    float[] row = session.sessionRow(false);
    assertThat(row[row.length - 4]).isEqualTo(1);
    assertThat(row[row.length - 2]).isEqualTo(.5f);
  }
}
