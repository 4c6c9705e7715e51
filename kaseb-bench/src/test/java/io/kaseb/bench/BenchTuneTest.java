package io.kaseb.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.store.Experiment;
import io.kaseb.tune.space.Parameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTuneTest {
  private static double regret(BenchFunction function, double... x) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < x.length; i++) {
      values.put("x" + i, x[i]);
    }
    return function.regret(new Parameters(values));
  }

  @Test
  void minimaAreWhereTheyAreKnownToBe() {
    assertThat(regret(BenchFunction.BRANIN, Math.PI, 2.275)).isCloseTo(0, within(1e-5));
    assertThat(regret(BenchFunction.BRANIN, -Math.PI, 12.275)).isCloseTo(0, within(1e-5));
    assertThat(regret(BenchFunction.HARTMANN6, .20169, .150011, .476874, .275332, .311652, .6573))
        .isCloseTo(0, within(1e-5));
    assertThat(regret(BenchFunction.RASTRIGIN5, 0, 0, 0, 0, 0)).isCloseTo(0, within(1e-9));
    assertThat(regret(BenchFunction.ACKLEY5, 0, 0, 0, 0, 0)).isCloseTo(0, within(1e-9));
    assertThat(regret(BenchFunction.SHIFTED_ACKLEY5, 0, 0, 0, 0, 0)).isGreaterThan(10);
    assertThat(regret(BenchFunction.SHIFTED_RASTRIGIN5, 0, 0, 0, 0, 0)).isGreaterThan(10);
  }

  @Test
  void theTestSeesADifferenceAndItsAbsence() {
    double[] low = new double[50];
    double[] high = new double[50];
    for (int i = 0; i < 50; i++) {
      low[i] = i;
      high[i] = i + 20;
    }
    assertThat(BenchTune.noBetter(low, high)).isLessThan(1e-6);
    assertThat(BenchTune.noBetter(low, low)).isCloseTo(.5, within(1e-6));
    assertThat(BenchTune.noBetter(high, low)).isGreaterThan(.99);
  }

  @Test
  void rowsAreMade() {
    List<BenchTune.Row> rows = BenchTune.run(List.of("tpe-optuna5"), 50, 4, 2, Progress.NONE);
    assertThat(rows).hasSize(BenchFunction.values().length);
    for (BenchTune.Row row : rows) {
      assertThat(row.median()).isBetween(row.low(), row.high());
      assertThat(row.median()).isPositive();
    }
    assertThat(rows.getFirst().target()).isEqualTo(.15);
    assertThatThrownBy(() -> BenchTune.run(List.of("tpe"), 50, 4, 2, Progress.NONE))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("must be one of [random, tpe-nni");
  }

  @Test
  void aStudysCostIsMeasuredInParts(@TempDir Path folder) throws IOException {
    List<BenchStudy.Row> reports = BenchStudy.reports(folder.resolve("reports"), 12, 20);
    assertThat(reports).extracting(BenchStudy.Row::trials).containsExactly(2, 4, 6, 8, 10, 12);
    assertThat(reports)
        .allSatisfy(row -> assertThat(row.study()).isEqualTo("medianstop"))
        .allSatisfy(row -> assertThat(row.microsPerReport()).isPositive());
    List<BenchStudy.Row> tpe = BenchStudy.suggestions(folder.resolve("tpe"), 12);
    assertThat(tpe)
        .hasSize(6)
        .allSatisfy(row -> assertThat(row.millisPerTrial()).isPositive())
        .allSatisfy(row -> assertThat(row.microsPerReport()).isZero());
    try (Experiment experiment = Experiment.open(folder.resolve("reports"))) {
      // Every trial lasts to its end: the median must not stop any.
      assertThat(experiment.store().trials())
          .hasSize(12)
          .allSatisfy(trial -> assertThat(trial.measurements()).hasSize(20));
    }
  }
}
