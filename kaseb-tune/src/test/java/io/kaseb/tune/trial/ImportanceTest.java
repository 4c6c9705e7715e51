package io.kaseb.tune.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.MemoryStore;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Objective;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class ImportanceTest {
  private static Map<String, Double> importance(int trials, ToDoubleFunction<Parameters> function) {
    Space space =
        Space.of(
            List.of(
                new Parameter("strong", Range.of(0, 1)),
                new Parameter("weak", Range.log(1, 100)),
                new Parameter("none", Range.integers(1, 9)),
                new Parameter("option", Choice.of("a", "b", "c"))));
    Study study =
        Study.create(
            new MemoryStore(),
            Settings.of(space, Goal.maximize("f"))
                .withMethod(MethodSpec.of("Random"), MethodSpec.of("None"))
                .withMaxTrials(trials));
    study.run(Objective.of(function));
    return Importance.of(study.history(), 0);
  }

  @Test
  void sharesFollowTheTrueVariances() {
    // Variances: strong 9 / 12, weak 1 / 12, option (a or not) 2 / 9 * 1.
    Map<String, Double> shares =
        importance(
            400,
            p ->
                3 * p.number("strong")
                    + Math.log(p.number("weak")) / Math.log(100)
                    + (p.text("option").equals("a") ? 1 : 0));
    assertThat(shares.keySet()).containsExactly("strong", "option", "weak", "none");
    double all = 9. / 12 + 1. / 12 + 2. / 9;
    assertThat(shares.get("strong")).isCloseTo(9. / 12 / all, within(.08));
    assertThat(shares.get("option")).isCloseTo(2. / 9 / all, within(.08));
    assertThat(shares.get("weak")).isCloseTo(1. / 12 / all, within(.05));
    assertThat(shares.get("none")).isLessThan(.02);
  }

  @Test
  void interactionsBelongToNobodyAlone() {
    Map<String, Double> shares =
        importance(400, p -> (p.number("strong") - .5) * (p.text("option").equals("a") ? 1 : -1));
    assertThat(shares.get("strong") + shares.get("option")).isLessThan(.6);
  }

  @Test
  void aConstantHasNoImportanceAndFewTrialsAreAnError() {
    assertThat(importance(20, p -> 1).values()).containsOnly(0.);
    assertThatThrownBy(() -> importance(2, p -> 1)).hasMessageContaining("needs 4 or more");
  }
}
