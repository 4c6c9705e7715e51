package io.kaseb.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.config.KnnSettings;
import io.kaseb.model.Catalogue;
import io.kaseb.model.SessionState;
import io.kaseb.model.Sessions;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A session that was trained on does not find itself.
class OwnSessionTest {
  private static final Catalogue ITEMS = Catalogue.of(List.of("a", "b", "c", "d"));
  private static final Sessions TRAIN =
      new Sessions(new int[] {0, 2, 4, 6}, new int[] {0, 1, 0, 2, 0, 3}, null);

  @ParameterizedTest
  @ValueSource(strings = {"vmis-knn", "vs-knn", "stan", "vstan"})
  void itselfIsNoNeighbour(String kind) {
    KnnSettings settings = ModelKinds.settings(kind);
    SessionKnn model = SessionKnn.of(kind, ITEMS, TRAIN, settings);
    for (int s = -1; s < 3; s++) {
      SessionState state = model.newSession();
      if (s >= 0) {
        state.ownSession(new int[] {s + 1, 0});
      }
      model.click(state, 0);
      float[][] scores = new float[1][4];
      model.scores(new SessionState[] {state}, 1, scores);
      for (int item = 1; item < 4; item++) {
        if (item == s + 1) {
          assertThat(scores[0][item]).as("%s %d", kind, s).isZero();
        } else {
          assertThat(scores[0][item]).as("%s %d", kind, s).isPositive();
        }
      }
    }
  }
}
