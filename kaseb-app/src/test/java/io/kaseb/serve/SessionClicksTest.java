package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SessionClicksTest {
  @Property(tries = 200)
  void comesBackFromItsBytes(@ForAll int seed) {
    Random random = new Random(seed);
    SessionClicks history = SessionClicks.begin(random.nextLong(1L << 45));
    for (int i = random.nextInt(30); i > 0; i--) {
      Click click =
          new Click(
              "item-\u00e9-" + random.nextInt(),
              random.nextBoolean() ? null : "c" + random.nextInt(3),
              random.nextInt(5) == 0 ? -1 : random.nextLong(1L << 45),
              random.nextBoolean() ? 0 : random.nextLong());
      history = history.plus(click, 20);
    }
    assertThat(SessionClicks.decode(history.encode())).isEqualTo(history);
    assertThat(history.clicks()).hasSizeLessThanOrEqualTo(20);
  }

  @Property(tries = 100)
  void orderOfArrivalMakesNoDifference(@ForAll int seed) {
    Random random = new Random(seed);
    List<Click> clicks = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      clicks.add(new Click("i" + i, null, 1000L * i, 0));
    }
    SessionClicks expected = of(clicks);
    java.util.Collections.shuffle(clicks, random);
    assertThat(of(clicks).clicks()).isEqualTo(expected.clicks());
  }

  private static SessionClicks of(List<Click> clicks) {
    SessionClicks history = SessionClicks.begin(0);
    for (Click click : clicks) {
      history = history.plus(click, 100);
    }
    return history;
  }

  @Test
  void keepsTheLastClicksAndCountsAll() {
    SessionClicks history = SessionClicks.begin(0);
    for (int i = 0; i < 10_000; i++) {
      history = history.plus(new Click("i" + i, null, i, 0), 100);
    }
    assertThat(history.count()).isEqualTo(10_000);
    assertThat(history.clicks()).hasSize(100);
    assertThat(history.clicks().getFirst().item()).isEqualTo("i9900");
    assertThat(history.encode().length).isLessThan(1200);
  }

  @Test
  void aClockSetBackChangesNoOrder() {
    SessionClicks history = SessionClicks.begin(5000).plus(new Click("a", null, 5000, 0), 9);
    Click second = new Click("b", null, history.stamp(1000), 0);
    assertThat(history.isLate(second)).isFalse();
    assertThat(history.plus(second, 9).clicks()).extracting(Click::item).containsExactly("a", "b");
    assertThat(history.isLate(new Click("c", null, 4000, 0))).isTrue();
  }

  @Test
  void damagedBytesAreRefused() {
    byte[] bytes = SessionClicks.begin(7).plus(new Click("abc", "d", 9, 4), 5).encode();
    for (int cut = 0; cut < bytes.length; cut++) {
      byte[] part = Arrays.copyOf(bytes, cut);
      assertThatThrownBy(() -> SessionClicks.decode(part))
          .isInstanceOf(IllegalArgumentException.class);
    }
    bytes[0] = 9;
    assertThatThrownBy(() -> SessionClicks.decode(bytes)).hasMessageContaining("format 9");
  }
}
