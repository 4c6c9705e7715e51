package io.kaseb.intentfit;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.intent.TreeEnsemble;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RankTrainingTest {
  @Test
  void whatIsChosenComesFirstThoughNoSingleNumberSaysSo() {
    List<RankTraining.Choice> choices = choices(600, 1);
    TreeEnsemble trees = RankTraining.train(choices, choices(200, 2), 3, 1, 5);
    int first = 0;
    int one = 0;
    List<RankTraining.Choice> later = choices(300, 3);
    for (RankTraining.Choice choice : later) {
      first += best(choice, trees) ? 1 : 0;
      one += best(choice, 0) ? 1 : 0;
    }
    assertThat(one).isLessThan(200);
    assertThat(first).isGreaterThan(255);
  }

  @Test
  void withoutChoicesThereAreNoTrees() {
    TreeEnsemble trees = RankTraining.train(List.of(), List.of(), 3, 1, 5);
    assertThat(trees.score(new float[] {1, 2, 3})).isZero();
  }

  @Test
  void ofTheSameChoicesComeTheSameTrees() {
    float[] row = {.4f, 1, .2f};
    TreeEnsemble once = RankTraining.train(choices(100, 1), List.of(), 3, 1, 5);
    TreeEnsemble again = RankTraining.train(choices(100, 1), List.of(), 3, 1, 5);
    assertThat(again.score(row)).isEqualTo(once.score(row)).isNotZero();
  }

  /// Ten candidates each; the one is chosen whose first number is the largest of those whose second
  /// is 1.
  private static List<RankTraining.Choice> choices(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<RankTraining.Choice> choices = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      float[][] rows = new float[10][];
      int target = 0;
      for (int c = 0; c < rows.length; c++) {
        boolean allowed = c == 0 || random.nextBoolean();
        rows[c] = new float[] {random.nextInt(50) / 50f, allowed ? 1 : 0, random.nextInt(9)};
        target = allowed && rows[c][0] > rows[target][0] ? c : target;
      }
      choices.add(new RankTraining.Choice(rows, target));
    }
    return choices;
  }

  private static boolean best(RankTraining.Choice choice, TreeEnsemble trees) {
    float own = trees.score(choice.rows()[choice.targets()[0]]);
    for (float[] row : choice.rows()) {
      if (trees.score(row) > own) {
        return false;
      }
    }
    return true;
  }

  private static boolean best(RankTraining.Choice choice, int feature) {
    float own = choice.rows()[choice.targets()[0]][feature];
    for (float[] row : choice.rows()) {
      if (row[feature] > own) {
        return false;
      }
    }
    return true;
  }
}
