package io.kaseb.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.newitem.ItemValues;
import org.junit.jupiter.api.Test;

class LikeItemsTest {
  private static final int RED = 0;
  private static final int BLUE = 1;
  private static final int SHOE = 2;
  private static final int HAT = 3;
  private static final int TIE = 4;

  /// Red are three of six items, shoes two, hats two.
  private final ItemValues values =
      ItemValues.of(
          new int[] {SHOE, RED},
          new int[] {RED, SHOE},
          new int[] {BLUE, HAT},
          new int[] {RED, HAT},
          new int[] {},
          new int[] {TIE});

  private final LikeItems like = new LikeItems(values, new float[] {10, 4, 7, 6, 9, 0});

  @Test
  void aRareValueCountsMore() {
    double red = Math.log(7 / 3.0);
    double shoe = Math.log(7 / 2.0);
    assertThat(like.likeness(0, 1)).isEqualTo(1);
    assertThat(like.likeness(0, 3)).isCloseTo((float) (red / (red + shoe)), within(1e-6f));
    assertThat(like.likeness(0, 2)).isZero();
    assertThat(like.likeness(0, 4)).isZero();
    assertThat(like.likeness(4, 0)).isZero();
  }

  @Test
  void theShareIsThatOfTheValueWhereItIsGreatest() {
    assertThat(like.share(0, 1)).isCloseTo(4 / 14f, within(1e-6f));
    assertThat(like.share(0, 3)).isCloseTo(6 / 20f, within(1e-6f));
    assertThat(like.share(2, 3)).isCloseTo(6 / 13f, within(1e-6f));
    assertThat(like.share(0, 2)).isZero();
    assertThat(like.share(5, 5)).isZero();
  }

  @Test
  void othersAreThoseMostLikeOneThatSomebodyClicked() {
    assertThat(like.others(0, 20)).containsExactly(1, 3);
    assertThat(like.others(0, 1)).containsExactly(1);
    assertThat(like.others(3, 20)).containsExactly(2, 0, 1);
    assertThat(like.others(4, 20)).isEmpty();
    assertThat(like.others(5, 20)).isEmpty();
  }

  @Test
  void anItemThatCameLaterHasOthersToo() {
    ItemValues more = values.with(new int[][] {{TIE, HAT}, {}});
    assertThat(more.items()).isEqualTo(8);
    LikeItems later = new LikeItems(more, new float[] {10, 4, 7, 6, 9, 0, 0, 0});
    assertThat(later.others(6, 20)).containsExactly(2, 3);
    assertThat(later.others(7, 20)).isEmpty();
    assertThat(later.others(0, 20)).containsExactly(1, 3);
  }

  @Test
  void valuesOutOfOrderAreDamage() {
    assertThatThrownBy(() -> new ItemValues(new int[] {0, 2}, new int[] {3, 3}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("like.values has 3 at 1; must be 4..16777215");
    assertThatThrownBy(() -> new ItemValues(new int[] {0, 1}, new int[] {-1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("like.values has -1");
    assertThatThrownBy(() -> new ItemValues(new int[] {0, 1, 0, 2}, new int[] {1, 2}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("like.starts does not rise at 2");
    assertThatThrownBy(() -> new ItemValues(new int[] {0, 1}, new int[] {1, 2}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("like.starts does not rise from 0 to 2");
  }
}
