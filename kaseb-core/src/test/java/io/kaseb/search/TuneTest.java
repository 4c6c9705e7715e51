package io.kaseb.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.config.IntentConfig;
import io.kaseb.ingest.Protocol;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Logs;
import io.kaseb.pipeline.Prepare;
import io.kaseb.pipeline.Simulate;
import io.kaseb.pipeline.Train;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import io.kaseb.store.Experiment;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.Spec;
import io.kaseb.tune.study.Standing;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuneTest {
  @TempDir private static Path shared;
  private static Path dataset;

  @TempDir private Path folder;

  @BeforeAll
  static void prepare() {
    Random random = new Random(7);
    List<String> lines = new ArrayList<>();
    for (int s = 0; s < 1200; s++) {
      int start = random.nextInt(80);
      StringBuilder line = new StringBuilder().append(start);
      for (int i = 1; i < 5; i++) {
        line.append(' ').append((start + i * (random.nextInt(4) == 0 ? 2 : 1)) % 80);
      }
      lines.add(line.toString());
    }
    Path log = Logs.write(shared.resolve("log.txt"), lines.toArray(String[]::new));
    dataset = shared.resolve("data");
    Logs.prepare("sessions", log, Logs.rules(Protocol.NONE, "time:0.2"), dataset);
  }

  private static ConfigFile.Resolved base(String... sets) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of("n_epochs=3", "layers=12", "n_sample=32", "batch_size=32", "intent=off"));
    all.addAll(List.of(sets));
    return ConfigFile.resolve(null, all);
  }

  private static Tune.Search search(int trials, int workers, String pruner) {
    return new Tune.Search(trials, null, workers, null, Spec.of(pruner));
  }

  private Tune.Options options(String name, String space, Tune.Search search, String... sets)
      throws IOException {
    Path file = space.isEmpty() ? null : folder.resolve(name + "-space.json");
    if (file != null) {
      Files.writeString(file, space);
    }
    return new Tune.Options(
        dataset,
        folder.resolve(name),
        file,
        base(sets),
        List.of("mrr@20"),
        List.of(),
        search,
        new Tune.Part(.2, 150, 1, "epochs"),
        2,
        true,
        null);
  }

  private Tune.Result run(Tune.Options options) throws IOException {
    Tune.create(options);
    return Tune.run(options.out(), trial -> {}, () -> false);
  }

  private static List<Trial> trials(Path experiment) throws IOException {
    try (Experiment opened = Experiment.open(experiment)) {
      return opened.store().trials();
    }
  }

  /// The published use of NNI's tuner with GRU4Rec, with smaller numbers.
  private static final String HPT4REC =
      """
      {"num_layers": {"_type": "choice", "_value": [1, 2]},
       "hidden_size": {"_type": "randint", "_value": [4, 24]},
       "batch_size": {"_type": "choice", "_value": [16, 32]},
       "lr": {"_type": "uniform", "_value": [0.01, 0.3]}}
      """;

  @Test
  void findsAConfigurationThatTrainTakes() throws IOException {
    Tune.Result result = run(options("e", HPT4REC, search(8, 2, "ASHA")));
    assertThat(result.standing().status()).isEqualTo(Standing.Status.DONE);
    TuneFigures figures = result.figures();
    assertThat(figures.trials()).isEqualTo(8);
    TuneFigures.Best best = figures.best();
    List<Trial> trials = trials(folder.resolve("e"));
    double most =
        trials.stream()
            .filter(t -> t.state() == TrialState.SUCCEEDED)
            .mapToDouble(t -> t.values().getFirst())
            .max()
            .orElseThrow();
    assertThat(best.metric()).isEqualTo(most).isGreaterThan(.2);
    assertThat(figures.cost().steps()).isLessThan(figures.cost().fullSteps());
    assertThat(figures.curve().getLast().best()).isGreaterThanOrEqualTo(most);
    assertThat(folder.resolve("e/report.txt")).content().contains("best: trial " + best.trial());
    assertThat(folder.resolve("e/trials")).doesNotExist();

    ConfigFile.Resolved found = ConfigFile.resolve(folder.resolve("e/best.yaml"), List.of());
    int units = ((Number) best.parameters().get("hidden_size")).intValue();
    int layers = ((Number) best.parameters().get("num_layers")).intValue();
    assertThat(found.config().layers()).hasSize(layers).containsOnly(units);
    assertThat(found.config().nEpochs()).isEqualTo(best.step());
    assertThat(found.config().nSample()).isEqualTo(32);
    Path model = folder.resolve("m.kaseb");
    Train.run(
        new Train.Options(dataset, model, found.config(), 0, null, false, 1),
        epoch -> {},
        Progress.NONE,
        () -> false);
    assertThat(model).exists();
  }

  @Test
  void aPromotedTrialIsTheSameAsOneThatNeverPaused() throws IOException {
    String one = "{\"hidden_size\": {\"_type\": \"choice\", \"_value\": [8, 12, 16]}}";
    run(options("paused", one, search(3, 1, "ASHA"), "optimizer=adam", "momentum=0"));
    run(options("whole", one, search(3, 1, "None"), "optimizer=adam", "momentum=0"));
    List<Trial> paused = trials(folder.resolve("paused"));
    List<Trial> whole = trials(folder.resolve("whole"));
    int promoted = 0;
    for (Trial trial : paused) {
      List<Measurement> reports =
          whole.stream()
              .filter(t -> t.parameters().equals(trial.parameters()))
              .findFirst()
              .orElseThrow()
              .measurements();
      assertThat(trial.measurements()).isEqualTo(reports.subList(0, trial.lastStep()));
      promoted += trial.segments().size() > 1 ? 1 : 0;
    }
    assertThat(promoted).isPositive();
  }

  private static List<Object> list(List<Trial> trials) {
    return trials.stream()
        .<Object>map(
            t -> List.of(t.id(), t.state(), t.parameters(), t.segments(), t.measurements()))
        .toList();
  }

  @Test
  void anyNumberOfWorkersGivesTheSameTrials() throws IOException {
    run(options("one", HPT4REC, search(9, 1, "ASHA")));
    run(options("three", HPT4REC, search(9, 3, "ASHA")));
    assertThat(list(trials(folder.resolve("three"))))
        .isEqualTo(list(trials(folder.resolve("one"))));
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void stoppedAndResumedGivesTheSameTrials() throws IOException {
    run(options("whole", HPT4REC, search(7, 2, "ASHA")));
    Tune.create(options("parts", HPT4REC, search(7, 2, "ASHA")));
    Path parts = folder.resolve("parts");
    AtomicInteger heard = new AtomicInteger();
    CountDownLatch asked = new CountDownLatch(1);
    // The fifth event waits for the stop, which is looked for now and then: a fast machine would be
    // done before.
    Tune.Result first =
        Tune.run(
            parts,
            trial -> {
              if (heard.incrementAndGet() == 5) {
                awaitUnchecked(asked);
              }
            },
            () -> {
              boolean stop = heard.get() >= 5;
              if (stop) {
                asked.countDown();
              }
              return stop;
            });
    assertThat(first.standing().status()).isEqualTo(Standing.Status.STOPPED);
    Tune.Result second = Tune.run(parts, trial -> {}, () -> false);
    assertThat(second.standing().status()).isEqualTo(Standing.Status.DONE);
    assertThat(list(trials(parts))).isEqualTo(list(trials(folder.resolve("whole"))));
  }

  @Test
  void trialsThatFailSayWhyAndTheStudyGoesOn() throws IOException {
    String space =
        """
        {"optimizer": {"_type": "choice", "_value": [
           {"_name": "sgd", "learning_rate": {"_type": "choice", "_value": [90.0, 95.0]}},
           {"_name": "adam", "momentum": {"_type": "choice", "_value": [0.5]}},
           {"_name": "adagrad"}]}}
        """;
    Tune.Result result =
        run(options("e", space, search(10, 1, "None"), "loss=bpr-max", "bpreg=1000"));
    assertThat(result.standing().status()).isEqualTo(Standing.Status.DONE);
    assertThat(result.figures().failures())
        .anyMatch(f -> f.contains("TrainingDivergedException"))
        .anyMatch(f -> f.contains("momentum=0.5 with optimizer=adam; must be 0"));
    assertThat(result.figures().best().parameters()).containsEntry("optimizer", "adagrad");
  }

  @Test
  void everyPointOfOurOwnSpaceIsAConfiguration() throws IOException {
    for (boolean purchases : new boolean[] {false, true}) {
      Space space = TuneSpace.usual(purchases);
      TuneSpace.check("ours", space, purchases);
      for (int i = 0; i < 300; i++) {
        TunePlan.changed(base(), space.at(space.random(new java.util.SplittableRandom(i))));
      }
    }
    // What users begin with is in it.
    ConfigFile.Resolved defaults = ConfigFile.resolve(null, List.of());
    Space space = TuneSpace.usual(false);
    var parameters =
        space.checked(
            new io.kaseb.tune.space.Parameters(TuneSpace.values(space, TuneSpace.texts(defaults))));
    assertThat(TunePlan.changed(base(), parameters).config().layers()).containsExactly(100);
    assertThat(TunePlan.changed(defaults, parameters)).isEqualTo(defaults);
  }

  @Test
  void quantisedNumbersAreWholeAndParametersMustBeKeys() throws IOException {
    var parameters = new io.kaseb.tune.space.Parameters(Map.of("hidden_size", 64.0, "lr", .5));
    assertThat(TunePlan.changed(base(), parameters).config().layers()).containsExactly(64);
    String space = "{\"hiden_size\": {\"_type\": \"randint\", \"_value\": [4, 24]}}";
    assertThatThrownBy(() -> Tune.create(options("e", space, Tune.Search.DEFAULT)))
        .isInstanceOf(KasebException.class)
        .hasMessageContainingAll("e-space.json", "hiden_size", "hidden_size");
    String intent = "{\"intent_units\": {\"_type\": \"randint\", \"_value\": [4, 24]}}";
    assertThatThrownBy(() -> Tune.create(options("e", intent, Tune.Search.DEFAULT)))
        .hasMessageContaining("--goal purchase_auc");
    assertThat(folder.resolve("e/experiment.db")).doesNotExist();
  }

  @Test
  void nnisExperimentFileRunsAsItIs() throws IOException {
    String yaml =
        """
        experimentName: hpt4rec
        searchSpace: {hidden_size: {_type: randint, _value: [4, 9]}}
        trialCommand: python gru4rec.py
        trialConcurrency: 2
        maxTrialNumber: 3
        tuner: {name: TPE, classArgs: {optimize_mode: maximize}}
        trainingService: {platform: local}
        """;
    Tune.Options options = options("e", yaml, Tune.Search.DEFAULT);
    assertThat(Tune.create(options)).containsExactly("trainingService", "trialCommand");
    Tune.Result result = Tune.run(options.out(), trial -> {}, () -> false);
    assertThat(result.figures().trials()).isEqualTo(3);
    assertThatThrownBy(() -> Tune.create(options)).hasMessageContaining("experiment resume");
  }

  @Test
  void severalGoalsWithABoundAndPurchases() throws IOException {
    Path log = folder.resolve("log");
    Simulate.run(new SimulatorConfig(1_500, 5, 2), log, Progress.NONE);
    Path shop = folder.resolve("shop");
    Prepare.run(
        new io.kaseb.ingest.ClickSource(
            io.kaseb.ingest.Format.of("yoochoose"),
            List.of(log.resolve(Simulator.CLICKS)),
            List.of(log.resolve(Simulator.BUYS)),
            List.of(),
            null),
        Logs.rules(Protocol.RSC15, "days:14"),
        Logs.SMALL,
        shop,
        true,
        Progress.NONE);
    String space =
        """
        {"hidden_size": {"_type": "choice", "_value": [4, 8, 12]},
         "intent": {"_type": "choice", "_value": ["gru"]}}
        """;
    Files.writeString(folder.resolve("space.json"), space);
    Tune.Options options =
        new Tune.Options(
            shop,
            folder.resolve("e"),
            folder.resolve("space.json"),
            base("n_epochs=1", "intent_epochs=1", "intent_units=8"),
            List.of("mrr@20", "purchase_auc", "p99_ms", "train_seconds"),
            List.of("p99_ms<1000", "challenge_score>-1000000"),
            search(3, 1, "None"),
            new Tune.Part(.3, 1_000, 1, "epochs"),
            1,
            true,
            null);
    TuneFigures figures = run(options).figures();
    assertThat(figures.front()).isNotEmpty();
    Map<String, Double> values = figures.best().values();
    assertThat(values.keySet())
        .containsExactlyInAnyOrder("mrr@20", "purchase_auc", "p99_ms", "train_seconds");
    assertThat(values.get("purchase_auc")).isBetween(.3, 1.);
    assertThat(values.get("p99_ms")).isBetween(1e-4, 1000.);
    ConfigFile.Resolved found = ConfigFile.resolve(folder.resolve("e/best.yaml"), List.of());
    assertThat(found.intent().intent()).isEqualTo(IntentConfig.Kind.GRU);

    Tune.Options impossible =
        new Tune.Options(
            shop,
            folder.resolve("none"),
            folder.resolve("space.json"),
            options.base(),
            List.of("mrr@20"),
            List.of("purchase_auc>1"),
            search(1, 1, "None"),
            options.part(),
            1,
            true,
            null);
    assertThat(run(impossible).figures().best()).isNull();
  }

  @Test
  void sharesOfTheSessionsAreAFidelityToo() throws IOException {
    Tune.Options epochs = options("e", HPT4REC, search(12, 2, "ASHA"), "n_epochs=1");
    Tune.Options options =
        new Tune.Options(
            dataset,
            epochs.out(),
            epochs.space(),
            epochs.base(),
            epochs.goals(),
            List.of(),
            epochs.search(),
            new Tune.Part(.2, 150, 1, "sessions"),
            1,
            true,
            null);
    TuneFigures figures = run(options).figures();
    assertThat(figures.rungs()).isNotEmpty();
    assertThat(figures.rungs().getFirst().from()).isEqualTo(1);
    assertThat(figures.rungs().getFirst().to()).isEqualTo(3);
    assertThat(trials(options.out()).getFirst().measurements())
        .extracting(Measurement::step)
        .isSubsetOf(1, 3, 9);
  }

  private Tune.Options warm(String name, String space, int workers, int check, boolean same)
      throws IOException {
    Tune.Options cold = options(name, space, search(10, workers, "None"), "n_epochs=1");
    return new Tune.Options(
        cold.dataset(),
        cold.out(),
        cold.space(),
        cold.base(),
        cold.goals(),
        List.of(),
        cold.search(),
        cold.part(),
        cold.threads(),
        same,
        check);
  }

  private static final String WIDTHS =
      """
      {"hidden_size": {"_type": "choice", "_value": [8, 12]},
       "lr": {"_type": "uniform", "_value": [0.01, 0.1]}}
      """;

  @Test
  void aWarmTrialStartsFromTheNearestThatFitsAndIsCheckedFromScratch() throws IOException {
    Tune.Options options = warm("warm", WIDTHS, 1, 6, false);
    TuneFigures figures = run(options).figures();
    List<Trial> trials = trials(options.out());
    int warm = 0;
    for (Trial trial : trials) {
      WarmWeights.Start start = WarmWeights.start(options.out(), trial.id());
      if (start != null) {
        warm++;
        Object width = trial.parameters().flat().get("hidden_size");
        assertThat(start.trial()).isLessThan(trial.id());
        assertThat(trials.get(start.trial()).parameters().flat())
            .containsEntry("hidden_size", width);
        assertThat(start.shared()).contains("Wy.weight");
      }
    }
    assertThat(warm).isEqualTo(8);
    WarmStartCheck check = figures.warm();
    assertThat(check.pairs()).hasSize(6);
    assertThat(check.pairs())
        .allSatisfy(
            p ->
                assertThat(p.warm())
                    .isEqualTo(trials.get(p.trial()).values().getFirst())
                    .isNotEqualTo(p.scratch()));
    assertThat(check.correlation()).isBetween(-1., 1.);
    assertThat(Files.readString(options.out().resolve("report.txt")))
        .contains("warm start against training from scratch", "rank correlation");
    assertThat(Files.list(options.out().resolve("warm")))
        .noneMatch(f -> f.toString().endsWith(".safetensors"));

    // What was trained from scratch is what a search without warm starts finds.
    Tune.Options cold = options("cold", WIDTHS, search(10, 1, "None"), "n_epochs=1");
    run(cold);
    Trial first = trials(cold.out()).getFirst();
    assertThat(first.values()).isEqualTo(trials.getFirst().values());
  }

  @Test
  void aWarmSearchThatWasStoppedGoesOn() throws IOException {
    Tune.Options options = warm("parts", WIDTHS, 2, 3, false);
    Tune.create(options);
    AtomicInteger heard = new AtomicInteger();
    Tune.run(options.out(), trial -> heard.incrementAndGet(), () -> heard.get() >= 9);
    TuneFigures figures = Tune.run(options.out(), trial -> {}, () -> false).figures();
    assertThat(figures.trials()).isEqualTo(10);
    assertThat(figures.warm().pairs()).hasSize(3);
    // A second end of the search trains nothing again.
    TuneFigures again = Tune.run(options.out(), trial -> {}, () -> false).figures();
    assertThat(again.warm()).isEqualTo(figures.warm());
  }

  @Test
  void warmStartsAreNotForSearchesThatMustBeTheSame() throws IOException {
    Tune.Options options = warm("same", WIDTHS, 1, 8, true);
    assertThatThrownBy(() -> Tune.create(options))
        .isInstanceOf(KasebException.class)
        .hasMessageContainingAll("--warm-start", "--deterministic");
    assertThat(options.out()).doesNotExist();
  }

  @Test
  void aCheckIsTrustedWhereItsOrderHolds() {
    List<WarmStartCheck.Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      pairs.add(new WarmStartCheck.Pair(i, 0, 3, .1 * i, .05 * i));
    }
    assertThat(WarmStartCheck.of(pairs).correlation()).isEqualTo(1);
    assertThat(WarmStartCheck.of(pairs).trusted()).isTrue();
    assertThat(WarmStartCheck.of(pairs.subList(0, 4)).trusted()).isFalse();
    assertThat(WarmStartCheck.of(pairs.subList(0, 4)).text()).contains("too few");
    pairs.replaceAll(
        p -> new WarmStartCheck.Pair(p.trial(), 0, 3, p.warm(), p.trial() == 0 ? 1 : p.scratch()));
    assertThat(WarmStartCheck.of(pairs).trusted()).isFalse();
    assertThat(WarmStartCheck.of(pairs).text()).contains("not good enough");
  }

  @Test
  void theWinnerIsTestedOnWhatTheSearchNeverSaw() throws IOException {
    String space = "{\"n_epochs\": {\"_type\": \"choice\", \"_value\": [1, 3]}}";
    Tune.Options options = options("e", space, search(2, 2, "None"));
    run(options);
    TuneConfirm.Options confirm = new TuneConfirm.Options(options.out(), 2, 2, true);
    TuneFigures figures = TuneConfirm.run(confirm, Progress.NONE, () -> false);
    TuneConfirmation confirmation = figures.confirmation();
    assertThat(confirmation.entries())
        .extracting(TuneConfirmation.Entry::name)
        .containsExactly("trial 0", "trial 1", "base", "random search");
    TuneConfirmation.Entry worse = confirmation.entries().get(1);
    assertThat(worse.distinguishable()).isTrue();
    assertThat(worse.winnerAhead()).isPositive();
    TuneConfirmation.Entry same = confirmation.entries().get(2);
    assertThat(same.winnerAhead()).isEqualTo(0, Offset.offset(1e-12));
    assertThat(same.distinguishable()).isFalse();
    assertThat(Files.readString(options.out().resolve("report.txt")))
        .contains("confirmed on the test part", "not distinguishable");
    assertThat(Experiments.figures(options.out()).confirmation()).isEqualTo(confirmation);

    long before = Files.getLastModifiedTime(file(options)).toMillis();
    TuneConfirm.run(confirm, Progress.NONE, () -> false);
    assertThat(Files.getLastModifiedTime(file(options)).toMillis()).isEqualTo(before);
  }

  private static Path file(Tune.Options options) {
    return options.out().resolve("confirm/base-43.json");
  }
}
