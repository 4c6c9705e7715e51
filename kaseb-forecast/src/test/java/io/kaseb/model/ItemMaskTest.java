package io.kaseb.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ItemMaskTest {
  @Property(tries = 100)
  void holdsWhatItWasTold(
      @ForAll @IntRange(min = 1, max = 200) int items,
      @ForAll @IntRange(min = 0, max = 199) int item) {
    ItemMask all = ItemMask.all(items);
    assertThat(all.count()).isEqualTo(items);
    if (item >= items) {
      assertThatThrownBy(() -> all.without(item)).isInstanceOf(IllegalArgumentException.class);
      return;
    }
    ItemMask without = all.without(item, -1);
    ItemMask only = ItemMask.only(items, item, -1);
    for (int i : IntStream.range(0, items).toArray()) {
      assertThat(all.allows(i)).isTrue();
      assertThat(without.allows(i)).isEqualTo(i != item);
      assertThat(only.allows(i)).isEqualTo(i == item);
    }
    assertThat(without.and(only).count()).isZero();
    assertThat(all.and(only).word(item / 64)).isEqualTo(1L << item);
  }
}
