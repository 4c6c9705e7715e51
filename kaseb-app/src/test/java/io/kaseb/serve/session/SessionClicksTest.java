package io.kaseb.serve.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SessionClicksTest {
  @RepeatedTest(300)
  void comesBackFromItsBytes(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    SessionClicks session = SessionClicks.begin(random.nextLong(1L << 45));
    for (int i = random.nextInt(30); i > 0; i--) {
      Click click =
          new Click(
              "item-\u00e9-" + random.nextInt(),
              random.nextBoolean() ? null : "c" + random.nextInt(3),
              random.nextInt(5) == 0 ? -1 : random.nextLong(1L << 45),
              random.nextBoolean() ? 0 : random.nextLong());
      session = session.plus(click, 20);
    }
    assertThat(SessionClicks.decode(session.encode())).isEqualTo(session);
    assertThat(session.recent()).hasSizeLessThanOrEqualTo(20);
  }

  @RepeatedTest(100)
  void actionsAndAttributesComeBackToo(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    SessionClicks session =
        SessionClicks.begin(5)
            .plus(new Click("a", null, 10, 7), 9)
            .with(Map.of("device", "phone \u00e9"))
            .plus(new Click(null, null, 20, 0, "search", Map.of("query", "red shoes")), 9)
            .plus(
                new Click("a", "c", 30 + random.nextInt(9), random.nextLong(), "cart", Map.of()), 9)
            .with(Map.of("device", "tablet", "country", "NL"));
    SessionClicks back = SessionClicks.decode(session.encode());
    assertThat(back).isEqualTo(session);
    assertThat(back.attributes())
        .containsExactlyInAnyOrderEntriesOf(Map.of("device", "phone \u00e9", "country", "NL"));
  }

  @Test
  void aSessionOfClicksAloneIsWrittenAsOlderVersionsReadIt() {
    byte[] plain = SessionClicks.begin(7).plus(new Click("abc", "d", 9, 4), 5).encode();
    assertThat(plain[0]).isEqualTo((byte) 1);
    byte[] cart =
        SessionClicks.begin(7).plus(new Click("abc", "d", 9, 4, "cart", Map.of()), 5).encode();
    assertThat(cart[0]).isEqualTo((byte) 3);
  }

  @RepeatedTest(100)
  void orderOfArrivalMakesNoDifference(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<Click> clicks = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      clicks.add(new Click("i" + i, null, 1000L * i, 0));
    }
    SessionClicks expected = of(clicks);
    Collections.shuffle(clicks, random);
    assertThat(of(clicks).recent()).isEqualTo(expected.recent());
  }

  private static SessionClicks of(List<Click> clicks) {
    SessionClicks session = SessionClicks.begin(0);
    for (Click click : clicks) {
      session = session.plus(click, 100);
    }
    return session;
  }

  @Test
  void keepsTheLastClicksAndCountsAll() {
    SessionClicks session = SessionClicks.begin(0);
    for (int i = 0; i < 10_000; i++) {
      session = session.plus(new Click("i" + i, null, i, 0), 100);
    }
    assertThat(session.count()).isEqualTo(10_000);
    assertThat(session.recent()).hasSize(100);
    assertThat(session.recent().getFirst().item()).isEqualTo("i9900");
    assertThat(session.encode().length).isLessThan(1200);
  }

  @Test
  void anEventIsKnownForAThousandAfterItsClickWent() {
    SessionClicks session = SessionClicks.begin(0);
    for (int i = 1; i <= 2_000; i++) {
      session = session.plus(new Click("i" + i, null, i, i % 2 == 0 ? i : 0), 100);
    }
    assertThat(SessionClicks.decode(session.encode())).isEqualTo(session);
    assertThat(session.has(2_000)).as("a kept click").isTrue();
    assertThat(session.has(1_900)).as("the last that went").isTrue();
    assertThat(session.has(2)).as("950 went").isTrue();
    for (int i = 2_001; i <= 2_300; i++) {
      session = session.plus(new Click("i" + i, null, i, i), 100);
    }
    assertThat(session.olderEvents()).hasSize(SessionClicks.MOST_OLDER_EVENTS);
    assertThat(session.has(2)).isFalse();
    assertThat(session.has(0)).as("no id").isFalse();
  }

  @Test
  void aClockSetBackChangesNoOrder() {
    SessionClicks session = SessionClicks.begin(5000).plus(new Click("a", null, 5000, 0), 9);
    Click second = new Click("b", null, session.stamp(1000), 0);
    assertThat(session.isLate(second)).isFalse();
    assertThat(session.plus(second, 9).recent()).extracting(Click::item).containsExactly("a", "b");
    assertThat(session.isLate(new Click("c", null, 4000, 0))).isTrue();
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
