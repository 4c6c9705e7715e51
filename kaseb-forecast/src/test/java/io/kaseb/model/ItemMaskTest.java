package io.kaseb.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class ItemMaskTest {
  @RepeatedTest(200)
  void holdsWhatItWasTold(RepetitionInfo repetition) {
    int items = repetition.getCurrentRepetition();
    int item =
        switch (items % 5) {
          case 0 -> 0;
          case 1 -> items - 1;
          case 2 -> Math.min(items, 199);
          default -> new Random(items).nextInt(200);
        };
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
