package io.kaseb.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.model.Sessions;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelledSessionsTest {
  /// Session 0 buys at 25 and clicks on; 1 buys before any click; 2 buys nothing.
  private static final LabelledSessions VISITS =
      new LabelledSessions(
          new Sessions(
              new int[] {0, 3, 4, 6},
              new int[] {5, 6, 5, 7, 8, 9},
              new long[] {10, 25, 30, 50, 60, 70}),
          new int[] {0, -1, 1, 0, 1, 1},
          List.of("x", "y"),
          new Purchases(
              new int[] {0, 3, 4, 4},
              new int[] {6, 6, Sessions.UNKNOWN, 7},
              new int[] {1, 1, 2, 3},
              new long[] {25, 26, 40, 40},
              new float[] {1, 1, 1, 1}),
          true,
          new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});

  @Test
  void theLiveViewEndsWithTheFirstPurchase() {
    LabelledSessions live = VISITS.live();
    assertThat(live.sessions().offsets()).containsExactly(0, 2, 2, 4);
    assertThat(live.sessions().items()).containsExactly(5, 6, 8, 9);
    assertThat(live.categories()).containsExactly(0, -1, 1, 1);
    assertThat(live.purchases()).isSameAs(VISITS.purchases());
  }

  @Test
  void purchasesAreCountedByItem() {
    Purchases purchases = VISITS.purchases();
    assertThat(purchases.distinct(0)).isEqualTo(2);
    assertThat(purchases.distinct(2)).isZero();
    assertThat(purchases.bought(0, 6)).isTrue();
    assertThat(purchases.bought(0, 5)).isFalse();
    assertThat(purchases.buyers()).isEqualTo(2);
    assertThat(purchases.first(1)).isEqualTo(40);
    assertThat(purchases.first(2)).isEqualTo(Purchases.NO_TIME);
  }

  @Test
  void aSliceKeepsWhatBelongsToItsSessions() {
    LabelledSessions last = VISITS.slice(1, 3);
    assertThat(last.sessions().items()).containsExactly(7, 8, 9);
    assertThat(last.purchases().items()).containsExactly(7);
    assertThat(last.purchases().any(1)).isFalse();
    assertThat(VISITS.slice(2, 2).count()).isZero();
  }

  @Test
  void otherNumbersForItemsAndCategories() {
    LabelledSessions other =
        VISITS.indexed(new int[] {-1, -1, -1, -1, -1, 0, 1, -1}).categorised(List.of("y"));
    assertThat(other.item(0)).isZero();
    assertThat(other.item(3)).isEqualTo(-1);
    assertThat(other.item(5)).isEqualTo(-1);
    assertThat(other.categories()).containsExactly(-1, -1, 0, -1, 0, 0);
    assertThat(other.sessions().items()).isSameAs(VISITS.sessions().items());
  }

  @Test
  void maskedSessionsLoseTheirClicks() {
    LabelledSessions masked = VISITS.masked(new boolean[] {false, true, true});
    assertThat(masked.sessions().offsets()).containsExactly(0, 0, 1, 3);
  }
}
