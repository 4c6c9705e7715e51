package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.TrainConfig;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.Manifest;
import io.kaseb.data.OpenDataset;
import io.kaseb.data.TrueChances;
import io.kaseb.duckdb.Resources;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.PurchaseEvaluation;
import io.kaseb.eval.Ties;
import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.intent.Payoff;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Protocol;
import io.kaseb.model.ModelFile;
import io.kaseb.report.Report;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import io.kaseb.train.TrainFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The purchase forecast from log to score.
class PurchaseTest {
  private static final Format YOOCHOOSE = Format.of("yoochoose");

  @TempDir private Path folder = Path.of("");

  private static TrainConfig next() {
    return TrainConfig.DEFAULT.with(
        Map.of("layers", "12", "n_epochs", "1", "n_sample", "32", "batch_size", "32"));
  }

  private static IntentConfig intent() {
    return IntentConfig.DEFAULT.with(
        Map.of("intent_units", "8", "intent_epochs", "2", "intent_trees", "15"));
  }

  private Path dataset(boolean withBuys) throws IOException {
    Path log = folder.resolve("log");
    Simulator.write(new SimulatorConfig(3_000, 3, 1), log, Progress.NONE);
    List<Path> buys =
        withBuys
            ? List.of(log.resolve(Simulator.BUYS), log.resolve(Simulator.TEST_BUYS))
            : List.of();
    ClickSource source =
        new ClickSource(
            YOOCHOOSE,
            List.of(log.resolve(Simulator.CLICKS)),
            buys,
            List.of(log.resolve(Simulator.TEST_CLICKS)),
            null);
    Path dataset = folder.resolve("dataset");
    Prepare.run(
        source,
        Prepare.Rules.DEFAULT.with(Protocol.of("challenge")),
        Resources.DEFAULT,
        dataset,
        true,
        Progress.NONE);
    return dataset;
  }

  private TrainFigures train(Path dataset, Path model) throws IOException {
    Train.Options options = Train.Options.of(dataset, model, next(), 1).withIntent(intent());
    TrainFigures figures = Train.run(options, e -> {}, Progress.NONE, () -> false);
    assertThat(figures).isNotNull();
    return figures;
  }

  @Test
  void answersScoreWhatEvaluationSays() throws IOException {
    Path dataset = dataset(true);
    Path model = folder.resolve("model.kaseb");
    TrainFigures figures = train(dataset, model);
    assertThat(figures.purchase().trained()).isTrue();
    assertThat(figures.purchase().epochs()).isNotEmpty();

    Report report =
        Evaluate.run(
            model,
            dataset,
            EvalConfig.defaults().withThreads(1),
            folder.resolve("log"),
            false,
            null,
            true,
            "",
            Progress.NONE);
    PurchaseEvaluation whole = report.purchases().getFirst();
    assertThat(whole.view()).isEqualTo("challenge");
    assertThat(whole.figures())
        .containsKeys(
            "sessions",
            "buyers",
            "auc",
            "average_precision",
            "log_loss",
            "brier",
            "item_auc",
            "jaccard",
            "score",
            "score_max",
            "auc_after_1",
            "auc_after_10");
    assertThat(report.purchases())
        .extracting(PurchaseEvaluation::name)
        .contains(
            "blend", "gru", "boosted", "trees", "logistic", "clicks", "every item", "ceiling");
    PurchaseEvaluation ceiling =
        report.purchases().stream().filter(e -> e.name().equals("ceiling")).findFirst().get();
    assertThat(report.purchases())
        .allSatisfy(
            e -> {
              assertThat(e.metric("log_loss")).isGreaterThanOrEqualTo(ceiling.metric("log_loss"));
              assertThat(e.metric("score")).isLessThanOrEqualTo(ceiling.metric("score_max"));
            });
    assertThat(ceiling.metric("item_auc")).isGreaterThan(.7);
    assertThatThrownBy(() -> TrueChances.read(dataset, dataset, Workers.ONE))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("has no truth.parquet; name the folder of the simulated log");
    assertThat(report.text()).contains("The live view").contains("paired");

    Path log = folder.resolve("log");
    Path answers = folder.resolve("answers.txt");
    ClickSource test = ClickSource.of(YOOCHOOSE, log.resolve(Simulator.TEST_CLICKS));
    ForecastInput input = ForecastInput.read(model, 0, test, 0, Resources.DEFAULT, Progress.NONE);
    Answers.Figures named = Answers.write(input, answers, null, Resources.DEFAULT, Progress.NONE);
    Score.Figures score = Score.run(answers, truth(), 0, Resources.DEFAULT, Progress.NONE);
    assertThat(score.score()).isCloseTo(whole.metric("score"), within(1e-6));
    assertThat(score.scoreMax()).isCloseTo(whole.metric("score_max"), within(1e-6));
    assertThat(score.sessionsSubmitted()).isEqualTo(named.sessionsSubmitted());
    assertThat(named.sessions()).isEqualTo(750);

    Answers.Figures dear =
        Answers.write(input, answers, new Payoff.Costs(1, 1000), Resources.DEFAULT, Progress.NONE);
    assertThat(dear.sessionsSubmitted()).isLessThan(named.sessionsSubmitted() + 1);
    Answers.Figures all =
        Answers.write(input, answers, new Payoff.Costs(1, 0), Resources.DEFAULT, Progress.NONE);
    assertThat(all.sessionsSubmitted()).isEqualTo(750);

    ModelFile file = ModelFile.read(model);
    assertThat(file.config().intent().intent()).isEqualTo(IntentConfig.Kind.BLEND);
    PurchaseForecaster forecaster = PurchaseForecaster.load(model);
    PurchaseForecaster.Session session = forecaster.newSession();
    assertThat(session.forecast(false).items()).isEmpty();
    session.click("not an item", "not a category", 1_400_000_000_000L);
    session.click(forecaster.catalogue().id(0), null, 1_400_000_030_000L);
    session.click("not an item", null, 1_400_000_060_000L);
    PurchaseForecaster.Purchase purchase = session.forecast(false);
    assertThat(purchase.items()).hasSize(2);
    assertThat(purchase.probability()).isBetween(0.0, 1.0);
  }

  /// A program that follows each session sees the figures that `evaluate` reports.
  @Test
  void earlyFiguresAreThoseOfSessionsFollowedEventByEvent() throws IOException {
    Path dataset = dataset(true);
    Path model = folder.resolve("model.kaseb");
    train(dataset, model);
    EvalConfig config = new EvalConfig(List.of(20), Ties.CONSERVATIVE, 2, 0, 1);
    PurchaseEvaluation live =
        Evaluate.run(model, dataset, config, null, false, null, true, "", Progress.NONE)
            .purchases()
            .stream()
            .filter(e -> e.view().equals("live"))
            .findFirst()
            .orElseThrow();
    List<List<Double>> running = new ArrayList<>();
    List<Boolean> buys = new ArrayList<>();
    follow(model, OpenDataset.of(dataset, Workers.ONE), running, buys);
    for (int cut : new int[] {1, 2, 3, 5}) {
      double above = 0;
      double pairs = 0;
      int left = 0;
      for (int a = 0; a < buys.size(); a++) {
        left += running.get(a).size() > cut ? 1 : 0;
        for (int b = 0; b < buys.size(); b++) {
          if (buys.get(a)
              && !buys.get(b)
              && running.get(a).size() > cut
              && running.get(b).size() > cut) {
            double buyer = running.get(a).get(running.get(a).size() - 1 - cut);
            double other = running.get(b).get(running.get(b).size() - 1 - cut);
            pairs++;
            above += buyer > other ? 1 : buyer == other ? .5 : 0;
          }
        }
      }
      assertThat(live.counts()).containsEntry("sessions_without_last_" + cut, left);
      if (live.counts().get("buyers_without_last_" + cut) >= 10) {
        assertThat(live.metric("auc_without_last_" + cut)).isCloseTo(above / pairs, within(1e-9));
      }
    }
    assertThat(live.metric("auc_without_last_1")).isBetween(.4, 1.0);
    double threshold = live.metric("early_warning_threshold");
    int flagged = 0;
    int hits = 0;
    for (int s = 0; s < buys.size(); s++) {
      if (running.get(s).stream().anyMatch(p -> p >= threshold)) {
        flagged++;
        hits += buys.get(s) ? 1 : 0;
      }
    }
    int buyers = (int) buys.stream().filter(b -> b).count();
    assertThat(live.metric("early_warning_share")).isCloseTo((double) hits / buyers, within(1e-12));
    assertThat(2 * hits).isGreaterThanOrEqualTo(flagged);
  }

  private static void follow(
      Path model, OpenDataset dataset, List<List<Double>> running, List<Boolean> buys)
      throws IOException {
    LabelledSessions test = dataset.labelledTest().live();
    PurchaseForecaster forecaster = PurchaseForecaster.load(model);
    for (int s = 0; s < test.count(); s++) {
      PurchaseForecaster.Session session = forecaster.newSession();
      List<Double> found = new ArrayList<>();
      for (int e = test.sessions().start(s); e < test.sessions().end(s); e++) {
        session.click(
            dataset.dataset().catalogue().id(test.sessions().items()[e]),
            test.categories()[e] < 0 ? null : test.categoryNames().get(test.categories()[e]),
            test.sessions().times()[e]);
        found.add(session.forecast(false).probability());
      }
      running.add(found);
      buys.add(test.purchases().any(s));
    }
  }

  private ClickSource truth() {
    Path log = folder.resolve("log");
    return new ClickSource(
        YOOCHOOSE,
        List.of(log.resolve(Simulator.TEST_CLICKS)),
        List.of(log.resolve(Simulator.TEST_BUYS)),
        List.of(),
        null);
  }

  @Test
  void equalRunsGiveEqualFiles() throws IOException {
    Path dataset = dataset(true);
    train(dataset, folder.resolve("a.kaseb"));
    train(dataset, folder.resolve("b.kaseb"));
    assertThat(Files.mismatch(folder.resolve("a.kaseb"), folder.resolve("b.kaseb"))).isEqualTo(-1);
  }

  @Test
  void withoutPurchasesTheNextItemModelIsTrainedAlone() throws IOException {
    Path model = folder.resolve("model.kaseb");
    TrainFigures figures = train(dataset(false), model);
    assertThat(figures.purchase().trained()).isFalse();
    assertThat(figures.purchase().reason()).isEqualTo("the dataset has no purchases");
    assertThat(ModelFile.read(model).intent()).isNull();
    assertThatThrownBy(() -> PurchaseForecaster.load(model))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("has no purchase forecast; train it on a dataset prepared with buys");
  }

  @Test
  void aDatasetIsReadWithItsPurchases() throws IOException {
    Path dataset = dataset(true);
    Manifest manifest = Manifest.read(dataset);
    LabelledSessions train = OpenDataset.of(dataset, Workers.ONE).labelledTrain();
    assertThat(train.count()).isEqualTo((int) manifest.train().sessions());
    assertThat(train.purchases().buyers()).isEqualTo((int) manifest.train().buyers());
    assertThat(train.purchases().items()).hasSize((int) manifest.train().purchases());
    assertThat(train.categoryNames()).contains("S", "0");
    assertThat(train.realTimes()).isTrue();
    int clicked = 0;
    for (int s = 0; s < train.count(); s++) {
      for (int r = train.purchases().offsets()[s]; r < train.purchases().offsets()[s + 1]; r++) {
        int item = train.purchases().items()[r];
        for (int e = train.sessions().start(s); e < train.sessions().end(s); e++) {
          if (train.sessions().items()[e] == item) {
            clicked++;
            break;
          }
        }
      }
    }
    assertThat(clicked).isEqualTo((int) manifest.train().clickedPurchases());
    assertThat(train.live().sessions().events()).isEqualTo(train.sessions().events());
  }

  @Test
  void answersThatCannotBeScoredAreErrors() throws IOException {
    dataset(true);
    Path answers = folder.resolve("answers.txt");
    failure(answers, "12 5,6\n", "answers.txt:1: must be session;item,item,...");
    failure(answers, "none;5\n", "answers.txt:1: session none is not in the clicks");
    String id =
        Files.readAllLines(folder.resolve("log").resolve(Simulator.TEST_CLICKS))
            .getFirst()
            .split(",")[0];
    failure(answers, id + ";5\n" + id + ";6\n", "answers.txt:2: session " + id);
    Files.writeString(answers, "");
    assertThat(Score.run(answers, truth(), 0, Resources.DEFAULT, Progress.NONE).score()).isZero();
  }

  private void failure(Path answers, String text, String message) throws IOException {
    Files.writeString(answers, text);
    assertThatThrownBy(() -> Score.run(answers, truth(), 0, Resources.DEFAULT, Progress.NONE))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining(message);
  }
}
