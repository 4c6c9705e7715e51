package io.kaseb.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.newitem.NewItem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTypesTest {
  @Test
  void standardActionsHaveTheirNumbersEverywhere() {
    Actions actions = Actions.of(Set.of("share", "cart", "follow"));
    assertThat(actions.own()).containsExactly("follow", "share");
    assertThat(actions.number("cart")).isEqualTo(Actions.CART);
    assertThat(actions.number("share")).isEqualTo(9);
    assertThat(actions.number("hover")).isEqualTo(-1);
    assertThat(actions.words()).hasSize(actions.count()).endsWith("follow", "share");
    for (int a = 0; a < actions.count(); a++) {
      assertThat(actions.number(actions.word(a))).isEqualTo(a);
    }
    assertThatThrownBy(() -> new Actions(List.of("view")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Actions(List.of("a", "a")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void attributesComeBackAsTheyAreWritten() {
    String text = "device:category@session,price:number@event,query:words@event,age:number@user";
    List<Attribute> attributes = Attribute.parse(text);
    assertThat(attributes).extracting(Attribute::toString).containsExactly(text.split(","));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "device",
        "device:kind@session",
        "device:number@shop",
        "a:number@item,a:words@item"
      })
  void wrongAttributesAreRefused(String text) {
    assertThatThrownBy(() -> Attribute.parse(text))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("attributes");
  }

  @Test
  void eventsKeepWhatTheyAreGiven() {
    Event cart = Event.of("cart", "a", 5).with(Map.of("price", 2.5));
    assertThat(cart).isEqualTo(new Event("cart", "a", null, 5, Map.of("price", 2.5)));
    assertThat(Event.view("a", "shoes", 7).action()).isEqualTo("view");
    assertThatThrownBy(() -> new Visitor(1, 2, -1, Set.of(), Set.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new NewItem("", Map.of())).isInstanceOf(KasebException.class);
  }
}
