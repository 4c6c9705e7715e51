package io.kaseb.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.baseline.ModelKinds;
import io.kaseb.baseline.SessionKnn;
import io.kaseb.config.TrainConfig;
import io.kaseb.model.Catalogue;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.Sessions;
import io.kaseb.network.Lesson;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TeacherLabelsTest {
  private static final Catalogue ITEMS = Catalogue.of(List.of("a", "b", "c", "d"));
  private static final Sessions TRAIN =
      new Sessions(new int[] {0, 2, 4, 6, 8}, new int[] {0, 1, 0, 2, 0, 2, 0, 3}, null);

  private static TeacherLabels labels(boolean own) {
    NextItemModel teacher =
        SessionKnn.of("vmis-knn", ITEMS, TRAIN, ModelKinds.settings("vmis-knn"));
    TrainConfig config = TrainConfig.DEFAULT.with(Map.of("distill_top", "4", "distill", "x"));
    TeacherLabels labels =
        TeacherLabels.of(
            teacher, ITEMS, TRAIN, own, config, Workers.of(2), Progress.NONE, () -> false);
    assertThat(labels).isNotNull();
    return labels;
  }

  private static float share(Lesson lesson, int item) {
    for (int k = 0; k < 4; k++) {
      if (lesson.items()[k] == item) {
        return lesson.shares()[k];
      }
    }
    return 0;
  }

  @Test
  void aSessionIsNotItsOwnNeighbour() {
    Lesson lesson = Lesson.of(1, 4);
    labels(false).fill(lesson, new int[] {6}, 1);
    assertThat(share(lesson, 3)).isPositive();
    labels(true).fill(lesson, new int[] {6}, 1);
    assertThat(share(lesson, 3)).isZero();
    // One of two equal sessions is left out, the other one counts.
    labels(true).fill(lesson, new int[] {2}, 1);
    assertThat(share(lesson, 2)).isPositive();
    float sum = 0;
    for (float share : lesson.shares()) {
      sum += share;
    }
    assertThat(sum).isCloseTo(1, within(2e-3f));
  }

  @Test
  void aShareOfTheTargetsIsDrawn() {
    TeacherLabels labels = labels(true);
    Lesson lesson = Lesson.of(1, 4);
    labels.fill(lesson, new int[] {6}, 1);
    int[] seen = new int[5];
    int n = 20_000;
    for (int key = 0; key < n; key++) {
      int[] target = {4};
      labels.draw(key, .5f, new int[] {6}, 1, target);
      seen[target[0]]++;
    }
    assertThat((double) seen[4] / n).isCloseTo(.5, within(.02));
    for (int item = 0; item < 4; item++) {
      assertThat((double) seen[item] / n).isCloseTo(.5 * share(lesson, item), within(.02));
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatCode(() -> TeacherLabels.checkMemory(1_000_000, 20, 1L << 30))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> TeacherLabels.checkMemory(10_000_000, 20, 1L << 30))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("distill_top=20 needs 1,144 MiB for 10,000,000 events");
    assertThatThrownBy(() -> TeacherLabels.checkMemory(1 << 30, 20, 1L << 60))
        .hasMessageContaining("distill_top=20");
  }
}
