package io.kaseb.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.Workers;
import io.kaseb.report.EarlyText;
import io.kaseb.report.PurchaseText;
import io.kaseb.report.Report;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class PurchaseMetricsTest {
  /// Four sessions: 0 bought item a of a, b; 1 bought nothing; 2 bought its c and one unclicked
  /// item; 3 bought nothing.
  private static final Outcomes OUTCOMES =
      new Outcomes(
          new boolean[] {true, false, true, false},
          new int[] {0, 2, 3, 4, 6},
          new boolean[] {true, false, false, true, false, false},
          new int[] {1, 0, 2, 0});

  private static PurchaseForecasts forecasts() {
    return new PurchaseForecasts(
        "model",
        new double[] {.9, .2, .4, .6},
        new double[] {.7, .8, .5, .6, .1, .1},
        new boolean[] {true, false, true, true},
        new boolean[] {true, true, true, true, true, false},
        List.of(
            new PurchaseForecasts.After(1, new int[] {0, 1, 2, 3}, new double[] {.5, .5, .5, .1}),
            new PurchaseForecasts.After(2, new int[] {0, 3}, new double[] {.2, .3})));
  }

  @Test
  void handWorkedFigures() {
    PurchaseEvaluation e =
        PurchaseMetrics.of("purchase", "challenge", OUTCOMES, forecasts(), 0, 1, Workers.of(2));
    assertThat(e.sessions()).isEqualTo(4);
    assertThat(e.buyers()).isEqualTo(2);
    assertThat(e.metric("auc")).isCloseTo(3.0 / 4, within(1e-12));
    assertThat(e.metric("average_precision")).isCloseTo((1 + 2.0 / 3) / 2, within(1e-12));
    double loss = -(Math.log(.9) + Math.log(.8) + Math.log(.4) + Math.log(.4)) / 4;
    assertThat(e.metric("log_loss")).isCloseTo(loss, within(1e-12));
    assertThat(e.metric("brier")).isCloseTo((.01 + .04 + .36 + .36) / 4, within(1e-12));
    // Items of buyers: a .7 bought, b .8 not, c .6 bought.
    assertThat(e.metric("item_auc")).isCloseTo(0, within(1e-12));
    // Overlaps: {a, b} with {a} is 1/2, {c} with {c, unclicked} is 1/2.
    assertThat(e.metric("jaccard")).isCloseTo(.5, within(1e-12));
    // Share 1/2: two hits, one miss, overlap 1.
    assertThat(e.metric("score")).isCloseTo(.5 * (2 - 1) + 1, within(1e-12));
    assertThat(e.metric("score_max")).isCloseTo(3, within(1e-12));
    assertThat(e.metric("score_reachable")).isCloseTo(2 * .5 + 1 + .5, within(1e-12));
    // Positives .5, .5 against .5 and .1: a tie counts half.
    assertThat(e.metric("auc_after_1")).isCloseTo(.75, within(1e-12));
    assertThat(e.metric("auc_after_2")).isCloseTo(0, within(1e-12));
    assertThat(e.intervals()).isEmpty();
  }

  @RepeatedTest(116)
  void aucAndPrecisionMatchTheirDefinitions(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    SplittableRandom random = new SplittableRandom(seed);
    int n = 2 + seed % 29;
    double[] scores = new double[n];
    boolean[] labels = new boolean[n];
    for (int i = 0; i < n; i++) {
      scores[i] = random.nextInt(6);
      labels[i] = random.nextBoolean();
    }
    int[] ones = new int[n];
    Arrays.fill(ones, 1);
    RankedScores ranked = new RankedScores(scores, labels, IntStream.range(0, n).toArray());
    double above = 0;
    double pairs = 0;
    double precision = 0;
    double positives = 0;
    for (int i = 0; i < n; i++) {
      if (labels[i]) {
        positives++;
        double seen = 0;
        double hits = 0;
        for (int j = 0; j < n; j++) {
          if (!labels[j]) {
            pairs++;
            above += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? .5 : 0;
          }
          if (scores[j] >= scores[i]) {
            seen++;
            hits += labels[j] ? 1 : 0;
          }
        }
        precision += hits / seen;
      }
    }
    if (pairs == 0) {
      assertThat(ranked.auc(ones)).isNaN();
    } else {
      assertThat(ranked.auc(ones)).isCloseTo(above / pairs, within(1e-12));
    }
    if (positives > 0) {
      assertThat(ranked.averagePrecision(ones)).isCloseTo(precision / positives, within(1e-12));
    }
  }

  @Test
  void drawingASessionTwiceIsHavingItTwice() {
    double[] scores = {3, 2, 1};
    boolean[] labels = {true, false, true};
    double doubled = new RankedScores(scores, labels, new int[] {0, 1, 2}).auc(new int[] {2, 1, 1});
    assertThat(doubled).isCloseTo(2.0 / 3, within(1e-12));
  }

  @Test
  void intervalsHoldTheFigureAndPairModels() {
    SplittableRandom random = new SplittableRandom(3);
    int n = 3_000;
    boolean[] buys = new boolean[n];
    double[] good = new double[n];
    double[] poor = new double[n];
    for (int s = 0; s < n; s++) {
      good[s] = random.nextDouble();
      buys[s] = random.nextDouble() < good[s] * .3;
      poor[s] = Math.clamp(good[s] + random.nextDouble(-.5, .5), 0, 1);
    }
    int[] offsets = IntStream.rangeClosed(0, n).toArray();
    int[] purchased = new int[n];
    for (int s = 0; s < n; s++) {
      purchased[s] = buys[s] ? 1 : 0;
    }
    Outcomes outcomes = new Outcomes(buys, offsets, buys, purchased);
    boolean[] all = new boolean[n];
    Arrays.fill(all, true);
    PurchaseEvaluation a =
        PurchaseMetrics.of(
            "purchase",
            "live",
            outcomes,
            new PurchaseForecasts("a", good, good, all, all, List.of()),
            200,
            7,
            Workers.of(2));
    PurchaseEvaluation b =
        PurchaseMetrics.of(
            "purchase",
            "live",
            outcomes,
            new PurchaseForecasts("b", poor, poor, all, all, List.of()),
            200,
            7,
            Workers.of(2));
    assertThat(a.intervals().get("auc")[0]).isLessThan(a.metric("auc"));
    assertThat(a.intervals().get("auc")[1]).isGreaterThan(a.metric("auc"));
    assertThat(PurchaseDifference.of(new PurchaseBlock(List.of(a, b, a), false)))
        .extracting(PurchaseDifference::metric)
        .containsExactly("auc", "auc", "average_precision", "average_precision");
    double[] none = new double[n];
    PurchaseEvaluation constant =
        PurchaseMetrics.of(
            "purchase",
            "live",
            outcomes,
            new PurchaseForecasts("none", none, none, all, all, List.of()),
            200,
            7,
            Workers.of(2));
    assertThat(PurchaseDifference.of(new PurchaseBlock(List.of(a, constant), false))).isEmpty();
    assertThat(PurchaseDifference.of(new PurchaseBlock(List.of(constant, b), false))).isEmpty();
    PurchaseDifference above =
        PurchaseDifference.of(new PurchaseBlock(List.of(a, b), false)).get(0);
    assertThat(above.difference()).isEqualTo(a.metric("auc") - b.metric("auc"));
    assertThat(above.low()).isBetween(0.0, above.difference());
    PurchaseDifference same = PurchaseDifference.of(new PurchaseBlock(List.of(a, a), false)).get(1);
    assertThat(List.of(same.difference(), same.low(), same.high())).containsOnly(0.0);
    assertThat(
            PurchaseMetrics.of(
                    "purchase",
                    "live",
                    outcomes,
                    new PurchaseForecasts("a", good, good, all, all, List.of()),
                    200,
                    7,
                    Workers.ONE)
                .intervals()
                .get("score"))
        .containsExactly(a.intervals().get("score"));
    // Probabilities three times too high: the calibration error is their mean excess.
    assertThat(a.metric("calibration_error")).isCloseTo(.35, within(.03));
    assertThat(a.curve()).hasSize(20).allMatch(bin -> bin.sessions() == 150);
  }

  @Test
  void oneClassOnlyHasNoRanking() {
    Outcomes none = new Outcomes(new boolean[2], new int[] {0, 1, 2}, new boolean[2], new int[2]);
    PurchaseForecasts forecasts =
        new PurchaseForecasts(
            "x", new double[] {.1, .2}, new double[2], new boolean[2], new boolean[2], List.of());
    PurchaseEvaluation e =
        PurchaseMetrics.of("purchase", "live", none, forecasts, 20, 1, Workers.ONE);
    assertThat(e.metric("auc")).isNaN();
    assertThat(e.metric("item_auc")).isNaN();
    assertThat(e.figures()).doesNotContainKey("auc").containsEntry("score", 0.0);
  }

  /// A baseline whose calibration found no slope still ranks, by its raw scores.
  @Test
  void rawScoresRankWhereTheProbabilityIsTheSameForAll() {
    double[] flat = {.5, .5, .5, .5};
    PurchaseForecasts forecasts =
        new PurchaseForecasts(
            "clicks",
            new double[] {3, 1, 2, 2.5},
            flat,
            new double[] {1, 2, 1, 1, 1, 1},
            new double[6],
            new boolean[4],
            new boolean[6],
            List.of(new PurchaseForecasts.After(1, new int[] {0, 1, 2, 3}, flat)),
            List.of("sessions"));
    PurchaseEvaluation e =
        PurchaseMetrics.of("purchase", "challenge", OUTCOMES, forecasts, 0, 1, Workers.of(1));
    assertThat(e.metric("auc")).isEqualTo(.75);
    assertThat(e.metric("average_precision")).isEqualTo((1 + 2.0 / 3) / 2);
    assertThat(e.metric("item_auc")).isZero();
    assertThat(e.metric("log_loss")).isCloseTo(Math.log(2), within(1e-12));
    assertThat(e.constant()).containsExactly("auc_after_1");
    // The model is measured against that, not against .5.
    PurchaseEvaluation model =
        PurchaseMetrics.of("purchase", "challenge", OUTCOMES, forecasts(), 0, 1, Workers.of(1));
    assertThat(EarlyText.after(List.of(model, e)))
        .as("a row that is constant by construction is not printed")
        .hasSize(2);
    assertThat(PurchaseText.rows(new PurchaseBlock(List.of(model, e), false)).get(2))
        .contains("0.7500", "0.0000");
    assertThat(PurchaseText.notes(new PurchaseBlock(List.of(model, e), false)))
        .anyMatch(note -> note.startsWith("The calibration of clicks found no slope for sessions"));
  }

  @Test
  void fewSessionsOrFewOfAClassGetNoIntervalsAndNoComparison() {
    for (int[] size : new int[][] {{29, 14}, {300, 9}, {30, 21}, {30, 10}}) {
      int n = size[0];
      boolean[] buys = new boolean[n];
      double[] p = new double[n];
      int[] purchased = new int[n];
      for (int s = 0; s < n; s++) {
        buys[s] = s < size[1];
        purchased[s] = buys[s] ? 1 : 0;
        p[s] = (s * 7 % n) / (double) n;
      }
      Outcomes outcomes =
          new Outcomes(buys, IntStream.rangeClosed(0, n).toArray(), buys, purchased);
      PurchaseEvaluation e =
          PurchaseMetrics.of(
              "purchase",
              "live",
              outcomes,
              new PurchaseForecasts("a", p, p, new boolean[n], new boolean[n], List.of()),
              50,
              1,
              Workers.ONE);
      boolean enough = n == 30 && size[1] == 10;
      assertThat(e.intervals().isEmpty()).as(n + " sessions").isEqualTo(!enough);
      assertThat(PurchaseDifference.of(new PurchaseBlock(List.of(e, e), false)).isEmpty())
          .isEqualTo(!enough);
      assertThat(PurchaseText.notes(new PurchaseBlock(List.of(e), false)).isEmpty())
          .isEqualTo(enough);
    }
  }

  /// Thirty sessions, ten of them buyers. With one event cut all have events left, with two 29.
  private static PurchaseEvaluation early(int buyers, int samples) {
    int n = 30;
    boolean[] buys = new boolean[n];
    double[] scores = new double[n];
    double[][] rising = new double[n][0];
    for (int s = 0; s < n; s++) {
      buys[s] = s < buyers;
      scores[s] = s < 5 ? 1 : buys[s] ? 0 : .5;
      rising[s] = buys[s] ? new double[] {.5, 1, 1} : new double[0];
    }
    double[] highest = new double[n];
    Arrays.fill(highest, 0, buyers, 1);
    Outcomes outcomes = new Outcomes(buys, IntStream.rangeClosed(0, n).toArray(), buys, new int[n]);
    PurchaseForecasts forecasts =
        new PurchaseForecasts(
            "a",
            scores,
            scores,
            scores,
            scores,
            new boolean[n],
            new boolean[n],
            List.of(),
            List.of(),
            List.of(
                new PurchaseForecasts.Cut(1, IntStream.range(0, n).toArray(), scores),
                new PurchaseForecasts.Cut(
                    2, IntStream.range(0, n - 1).toArray(), Arrays.copyOf(scores, n - 1))),
            new PurchaseForecasts.Running(highest, rising));
    return PurchaseMetrics.of("purchase", "live", outcomes, forecasts, samples, 1, Workers.ONE);
  }

  @Test
  void figuresWithTheLastEventsCutAreHandWorked() {
    PurchaseEvaluation e = early(10, 50);
    // Five buyers above the twenty others, five below them.
    assertThat(e.metric("auc_without_last_1")).isCloseTo(.5, within(1e-12));
    assertThat(e.metric("average_precision_without_last_1"))
        .isCloseTo((5 + 5 * 10.0 / 30) / 10, within(1e-12));
    assertThat(e.figures())
        .containsEntry("sessions_without_last_1", 30)
        .containsEntry("buyers_without_last_1", 10)
        .containsEntry("sessions_without_last_2", 29)
        .as("29 sessions are too few for a figure")
        .doesNotContainKeys("auc_without_last_2", "average_precision_without_last_2");
    assertThat(e.metric("early_warning_threshold")).isEqualTo(1);
    assertThat(e.metric("early_warning_share")).isEqualTo(1);
    // The second of three events: one is still to come.
    assertThat(e.metric("early_warning_events")).isEqualTo(1);
    assertThat(e.intervals())
        .containsKeys(
            "auc_without_last_1", "average_precision_without_last_1", "early_warning_share");
    PurchaseBlock block = new PurchaseBlock(List.of(e), false);
    String text = report(e).text();
    assertThat(text)
        .containsPattern("auc, last events cut +1\\n")
        .containsPattern("sessions \\(buyers\\) left +30 \\(10\\)\\n")
        .containsPattern("a +0\\.5000 +\\[0\\.\\d+, 0\\.\\d+]\\n")
        .containsPattern("avg precision, last events cut +1\\n")
        .containsPattern("a +1\\.0000 +100\\.0 +\\[100\\.0, 100\\.0] +1\\.0 +\\[1\\.0, 2\\.0]");
    assertThat(PurchaseText.notes(block))
        .anyMatch(
            note ->
                note.equals(
                    "Left out with the last 2 events cut, as too few sessions have events left: 29 (10)."));
  }

  @Test
  void tooFewBuyersGetNoEarlyFigures() {
    PurchaseEvaluation e = early(9, 50);
    assertThat(e.figures().keySet())
        .noneMatch(key -> key.startsWith("early") || key.startsWith("auc_without"));
    assertThat(report(e).text()).doesNotContain("early warning", "last events cut");
  }

  private static Report report(PurchaseEvaluation e) {
    return new Report(
        "x", false, Map.of(), List.of(), List.of(), List.of(), "kaseb evaluate", List.of(e));
  }

  @Test
  void eachGoalIsABlockOfItsOwn() {
    PurchaseEvaluation e = early(10, 0);
    PurchaseEvaluation cart =
        new PurchaseEvaluation(
            e.name(),
            "cart",
            e.view(),
            e.sessions(),
            e.buyers(),
            e.metrics(),
            e.counts(),
            e.intervals(),
            e.curve(),
            e.aucSamples(),
            e.precisionSamples(),
            e.constant(),
            e.withoutSlope());
    assertThat(PurchaseBlock.of(List.of(e, cart)))
        .extracting(PurchaseBlock::describe)
        .containsExactly(
            "Purchase forecasts, live view (what follows a session's first purchase cut: what a shop can act on): 30 sessions, 10 buyers",
            "Forecasts of cart, live view (what follows a session's first cart cut: what a shop can act on): 30 sessions, 10 with it");
  }
}
