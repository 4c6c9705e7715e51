package io.kaseb.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Workers;
import io.kaseb.eval.Bootstrap;
import io.kaseb.eval.Difference;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Measured;
import io.kaseb.eval.PurchaseEvaluation;
import io.kaseb.eval.SessionSums;
import io.kaseb.eval.Ties;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The report as a browser shows it: on a desk and on a phone, without any network.
class ReportBrowserTest {
  private static final List<String> CHARTS =
      List.of(
          "recall",
          "mrr",
          "coverage",
          "popularity",
          "positions",
          "lengths",
          "fifths",
          "losses",
          "progress",
          "calibration0",
          "early0");

  @Test
  void everyChartIsDrawnAndNothingIsLoaded(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("report.html");
    report().writeTo(file);
    try (Chromium chromium = Chromium.start()) {
      for (int width : new int[] {1200, 390}) {
        try (Looked looked = chromium.look(width).at(file.toUri().toString())) {
          looked.noErrors();
          assertThat(looked.requests()).containsExactly(looked.page().url());
          for (String chart : CHARTS) {
            assertThat(looked.inked("#" + chart + " canvas"))
                .as(chart + " at " + width)
                .isGreaterThan(500);
          }
          looked.doesNotScrollSideways();
        }
      }
    }
  }

  private static Report report() {
    List<Measured> models =
        List.of(
            new Measured("hybrid", evaluation(1, .6)),
            new Measured("gru4rec", evaluation(1, .5)),
            new Measured("popularity", evaluation(1, .02)));
    List<TrainingEpoch> epochs =
        List.of(
            new TrainingEpoch(1, 6.5, 6.25, .96, .6, .28, 200_000, 5, 40_000),
            new TrainingEpoch(2, 6.1, 6.2, 1.02, .66, .31, 200_000, 5, 41_000));
    Map<String, Double> bought = new LinkedHashMap<>();
    bought.put("auc", .8);
    bought.put("auc_after_1", .6);
    bought.put("auc_after_2", .7);
    PurchaseEvaluation purchase =
        new PurchaseEvaluation(
            "blend",
            "purchase",
            "challenge",
            100,
            10,
            bought,
            Map.of(),
            Map.of(),
            List.of(
                new PurchaseEvaluation.Bin(.02, .03, 50), new PurchaseEvaluation.Bin(.2, .18, 50)),
            new double[0],
            new double[0],
            Set.of(),
            List.of());
    Map<String, List<TrainingEpoch>> curves = new LinkedHashMap<>();
    curves.put("hybrid", epochs);
    curves.put("gru4rec", epochs);
    return new Report(
        "hybrid beside 2 others",
        false,
        Map.of("train", "119,860 sessions, 653,783 clicks, 36,736 items"),
        epochs,
        models,
        List.of("dataset hash 2cfd421b8ac3c05501a27f7eb0992c259d7afafa614412b937a18a414a6f4640"),
        "kaseb compare hybrid.kaseb gru4rec.kaseb shop --html report.html",
        List.of(purchase),
        Difference.ofFirst(models, List.of("mrr@20"), 100, 1, Workers.of(2)),
        curves,
        null);
  }

  private static Evaluation evaluation(long seed, double recall) {
    SplittableRandom random = new SplittableRandom(seed);
    SessionSums sums = new SessionSums(List.of(20), 900);
    List<Evaluation.Position> positions = new ArrayList<>();
    for (int s = 0; s < 900; s++) {
      for (int e = 0; e <= s % 6; e++) {
        sums.add(s, random.nextDouble() < recall ? 3 : 99, List.of(20));
      }
    }
    List<Evaluation.Fifth> fifths = new ArrayList<>();
    for (int p = 1; p <= 5; p++) {
      positions.add(new Evaluation.Position(p, 500, recall));
      fifths.add(new Evaluation.Fifth(10 * p * p, 60 - 10 * p, 400, recall / p));
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("recall@20", recall);
    metrics.put("mrr@20", recall / 3);
    metrics.put("ndcg@20", recall / 2);
    metrics.put("coverage@20", .4);
    metrics.put("popularity@20", 1.2);
    Map<String, double[]> intervals = new Bootstrap(sums).intervals(100, 1, Workers.of(2));
    return new Evaluation(
        3_150, 900, 4, Ties.CONSERVATIVE, metrics, intervals, positions, sums, fifths);
  }
}
