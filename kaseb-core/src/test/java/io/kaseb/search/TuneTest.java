package io.kaseb.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.config.IntentConfig;
import io.kaseb.data.Dataset;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Protocol;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Logs;
import io.kaseb.pipeline.Prepare;
import io.kaseb.pipeline.Train;
import io.kaseb.store.Experiment;
import io.kaseb.trial.WarmWeights;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuneTest {
  @TempDir private static Path shared;
  private static Path dataset;

  /// The share of training sessions that is held back, which the most sessions cut.
  private static final double VALID = .2;

  private static final int VALID_SESSIONS = 150;

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
    return new Tune.Search(trials, null, workers, null, MethodSpec.of(pruner), true, null);
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
        new Tune.Subject(base(sets), file),
        Tune.Goals.of("mrr@20"),
        new Tune.Part(VALID, VALID_SESSIONS, 1, "epochs"),
        search,
        2);
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
    assertThat(result.status().status()).isEqualTo(StudyState.DONE);
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
    // Training with the same sessions held back finds the same value, to the last bit.
    int count = Dataset.load(dataset, Workers.ONE).train().count();
    double valid = Math.min(VALID, (double) VALID_SESSIONS / count);
    Path model = folder.resolve("m.kaseb");
    List<Double> trained = new ArrayList<>();
    Train.run(
        Train.Options.of(dataset, model, found.config(), 1).withValid(valid),
        epoch -> trained.add(epoch.mrr20()),
        Progress.NONE,
        () -> false);
    assertThat(trained).hasSize(best.step());
    assertThat(trained.getLast()).isEqualTo(best.metric());
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

  /// Stops a search after some events. The last one waits until the search has seen the wish, which
  /// it looks for now and then: a fast machine would be done before.
  private static final class StopAfter implements Consumer<Trial>, BooleanSupplier {
    private final int events;
    private final AtomicInteger heard = new AtomicInteger();
    private final CountDownLatch seen = new CountDownLatch(1);

    StopAfter(int events) {
      this.events = events;
    }

    @Override
    public void accept(Trial trial) {
      if (heard.incrementAndGet() == events) {
        try {
          assertThat(seen.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    @Override
    public boolean getAsBoolean() {
      boolean stop = heard.get() >= events;
      if (stop) {
        seen.countDown();
      }
      return stop;
    }
  }

  @Test
  void stoppedAndResumedGivesTheSameTrials() throws IOException {
    run(options("whole", HPT4REC, search(7, 2, "ASHA")));
    Tune.create(options("parts", HPT4REC, search(7, 2, "ASHA")));
    Path parts = folder.resolve("parts");
    StopAfter stop = new StopAfter(5);
    Tune.Result first = Tune.run(parts, stop, stop);
    assertThat(first.status().status()).isEqualTo(StudyState.STOPPED);
    Tune.Result second = Tune.run(parts, trial -> {}, () -> false);
    assertThat(second.status().status()).isEqualTo(StudyState.DONE);
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
    assertThat(result.status().status()).isEqualTo(StudyState.DONE);
    assertThat(result.figures().failures())
        .anyMatch(f -> f.contains("TrainingDivergedException"))
        .anyMatch(f -> f.contains("momentum=0.5 with optimizer=adam; must be 0"));
    assertThat(result.figures().best().parameters()).containsEntry("optimizer", "adagrad");
  }

  @Test
  void everyPointOfOurOwnSpaceIsAConfiguration() throws IOException {
    for (boolean purchases : new boolean[] {false, true}) {
      Space space = TuneSpace.usual(purchases, false);
      TuneSpace.check("ours", space, purchases);
      for (int i = 0; i < 300; i++) {
        TunePlan.changed(base(), space.at(space.random(new SplittableRandom(i))));
      }
    }
    // What users begin with is in it.
    ConfigFile.Resolved defaults = ConfigFile.resolve(null, List.of());
    Space space = TuneSpace.usual(false, false);
    Parameters parameters =
        space.checked(new Parameters(TuneSpace.values(space, TuneSpace.texts(defaults))));
    assertThat(TunePlan.changed(base(), parameters).config().layers()).containsExactly(100);
    assertThat(TunePlan.changed(defaults, parameters)).isEqualTo(defaults);
  }

  @Test
  void quantisedNumbersAreWholeAndParametersMustBeKeys() throws IOException {
    Parameters parameters = new Parameters(Map.of("hidden_size", 64.0, "lr", .5));
    assertThat(TunePlan.changed(base(), parameters).config().layers()).containsExactly(64);
    String space = "{\"hiden_size\": {\"_type\": \"randint\", \"_value\": [4, 24]}}";
    assertThatThrownBy(() -> Tune.create(options("e", space, Tune.Search.DEFAULT)))
        .isInstanceOf(KasebException.class)
        .hasMessageContainingAll("e-space.json", "hiden_size", "hidden_size");
    String intent = "{\"intent_units\": {\"_type\": \"randint\", \"_value\": [4, 24]}}";
    assertThatThrownBy(() -> Tune.create(options("e", intent, Tune.Search.DEFAULT)))
        .hasMessageContaining("goal=purchase_auc");
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
    assertThatThrownBy(() -> Tune.create(options)).hasMessageContaining("resume it");
  }

  /// A shop where every fourth session clicks one item in its middle and buys it.
  private Path shop() throws IOException {
    Random random = new Random(5);
    List<String> clicks = new ArrayList<>();
    List<String> buys = new ArrayList<>();
    Instant start = Instant.parse("2014-04-01T00:00:00Z");
    for (int s = 1; s <= 600; s++) {
      boolean buyer = s % 4 == 0;
      for (int i = 0; i < 3; i++) {
        int item = buyer && i == 1 ? 7_000 : 1_000 + random.nextInt(20);
        clicks.add(s + "," + start.plusSeconds(s * 3_600L + i * 60L) + "," + item + ",0");
      }
      if (buyer) {
        buys.add(s + "," + start.plusSeconds(s * 3_600L + 200) + ",7000,10,1");
      }
    }
    Path shop = folder.resolve("shop");
    Prepare.run(
        new ClickSource(
            Format.of("yoochoose"),
            List.of(Logs.write(folder.resolve("clicks.dat"), clicks.toArray(String[]::new))),
            List.of(Logs.write(folder.resolve("buys.dat"), buys.toArray(String[]::new))),
            List.of(),
            null),
        Logs.rules(Protocol.RSC15, "days:2"),
        Logs.SMALL,
        shop,
        true,
        Progress.NONE);
    return shop;
  }

  @Test
  void severalGoalsWithABoundAndPurchases() throws IOException {
    Path shop = shop();
    String space =
        """
        {"hidden_size": {"_type": "choice", "_value": [4, 8, 12]},
         "intent": {"_type": "choice", "_value": ["boosted"]}}
        """;
    Path file = Files.writeString(folder.resolve("space.json"), space);
    Tune.Options options =
        new Tune.Options(
            shop,
            folder.resolve("e"),
            new Tune.Subject(base("n_epochs=1"), file),
            new Tune.Goals(
                List.of("mrr@20", "purchase_auc", "p99_ms", "train_seconds"),
                List.of("p99_ms<1000", "challenge_score>0")),
            new Tune.Part(.3, 1_000, 1, "epochs"),
            search(3, 1, "None"),
            1);
    TuneFigures figures = run(options).figures();
    assertThat(figures.front()).isNotEmpty();
    Map<String, Double> values = figures.best().values();
    assertThat(values.keySet())
        .containsExactlyInAnyOrder("mrr@20", "purchase_auc", "p99_ms", "train_seconds");
    // Whoever clicks the one item buys, and nobody else.
    assertThat(values.get("purchase_auc")).isGreaterThan(.99);
    Trial best = trials(options.out()).get(figures.best().trial());
    assertThat(values.get("train_seconds")).isPositive().isLessThan(best.seconds());
    assertThat(values.get("p99_ms")).isPositive().isLessThan(1000 * best.seconds());
    ConfigFile.Resolved found = ConfigFile.resolve(folder.resolve("e/best.yaml"), List.of());
    assertThat(found.intent().intent()).isEqualTo(IntentConfig.Kind.BOOSTED);

    Tune.Options impossible =
        new Tune.Options(
            shop,
            folder.resolve("none"),
            options.subject(),
            new Tune.Goals(List.of("mrr@20"), List.of("purchase_auc>1.01")),
            options.part(),
            search(1, 1, "None"),
            1);
    assertThat(run(impossible).figures().best()).isNull();
  }

  @Test
  void sharesOfTheSessionsAreAFidelityToo() throws IOException {
    Tune.Options epochs = options("e", HPT4REC, search(12, 2, "ASHA"), "n_epochs=1");
    Tune.Options options =
        new Tune.Options(
            dataset,
            epochs.out(),
            epochs.subject(),
            epochs.goals(),
            new Tune.Part(VALID, VALID_SESSIONS, 1, "sessions"),
            epochs.search(),
            1);
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
    Tune.Search search = cold.search();
    return cold.withSearch(
        new Tune.Search(search.trials(), null, workers, null, search.pruner(), same, check));
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
    assertThat(check.correlation()).isEqualTo(rankCorrelation(check.pairs()), within(1e-12));
    assertThat(check.trusted()).isEqualTo(check.correlation() >= .8);
    assertThat(Files.readString(options.out().resolve("report.txt")))
        .contains("warm start against training from scratch", "rank correlation");
    try (Stream<Path> files = Files.list(options.out().resolve("warm"))) {
      assertThat(files).noneMatch(f -> f.toString().endsWith(".safetensors"));
    }

    // What was trained from scratch is what a search without warm starts finds: its first ten
    // suggestions are random, and so the same.
    Tune.Options cold = options("cold", WIDTHS, search(10, 1, "None"), "n_epochs=1");
    run(cold);
    List<Trial> fresh = trials(cold.out());
    assertThat(fresh)
        .extracting(Trial::parameters)
        .isEqualTo(trials.stream().map(Trial::parameters).toList());
    assertThat(fresh.getFirst().values()).isEqualTo(trials.getFirst().values());
    for (WarmStartCheck.Pair pair : check.pairs()) {
      assertThat(pair.scratch()).isEqualTo(fresh.get(pair.trial()).values().getFirst());
    }
  }

  /// Spearman's rho of values without ties, by its short formula.
  private static double rankCorrelation(List<WarmStartCheck.Pair> pairs) {
    double squares = 0;
    for (WarmStartCheck.Pair p : pairs) {
      long warm = pairs.stream().filter(q -> q.warm() < p.warm()).count();
      long scratch = pairs.stream().filter(q -> q.scratch() < p.scratch()).count();
      squares += (warm - scratch) * (warm - scratch);
    }
    int n = pairs.size();
    return 1 - 6 * squares / (n * (n * n - 1.));
  }

  @Test
  void aWarmSearchThatWasStoppedGoesOn() throws IOException {
    Tune.Options options = warm("parts", WIDTHS, 2, 3, false);
    Tune.create(options);
    StopAfter stop = new StopAfter(9);
    Tune.Result first = Tune.run(options.out(), stop, stop);
    assertThat(first.status().status()).isEqualTo(StudyState.STOPPED);
    assertThat(first.figures().trials()).isBetween(1, 9);
    TuneFigures figures = Tune.run(options.out(), trial -> {}, () -> false).figures();
    assertThat(figures.trials()).isEqualTo(10);
    assertThat(figures.warm().pairs()).hasSize(3);
    // A second end of the search trains nothing again.
    TuneFigures again = Tune.run(options.out(), trial -> {}, () -> false).figures();
    assertThat(again.warm()).isEqualTo(figures.warm());
    assertThat(again.curve()).isEqualTo(figures.curve());
  }

  @Test
  void warmStartsAreNotForSearchesThatMustBeTheSame() throws IOException {
    Tune.Options options = warm("same", WIDTHS, 1, 8, true);
    assertThatThrownBy(() -> Tune.create(options))
        .isInstanceOf(KasebException.class)
        .hasMessageContainingAll("warm_start with deterministic");
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
