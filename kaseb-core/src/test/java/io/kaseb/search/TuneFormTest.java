package io.kaseb.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.compress.ModelForm;
import io.kaseb.eval.EvalConfig;
import io.kaseb.logfile.Protocol;
import io.kaseb.model.ModelFile;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Export;
import io.kaseb.pipeline.Logs;
import io.kaseb.pipeline.Train;
import io.kaseb.store.Experiment;
import io.kaseb.trial.FormChoice;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.MemoryStore;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.study.StudyStatus;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The form of a model as a choice, its size as a goal, and times that are measured.
class TuneFormTest {
  @TempDir private Path folder;
  private Path dataset;

  @BeforeEach
  void prepare() {
    List<String> lines = new ArrayList<>();
    for (int s = 0; s < 400; s++) {
      int start = s * 37 % 300;
      lines.add("%d %d %d".formatted(start, (start + 1) % 300, (start + 2) % 300));
    }
    Path log = Logs.write(folder.resolve("log.txt"), lines.toArray(String[]::new));
    dataset = folder.resolve("data");
    Logs.prepare("sessions", log, Logs.rules(Protocol.NONE, "time:0.2"), dataset);
  }

  private Tune.Options options(
      String space, List<String> goals, List<String> constraints, int workers, String... sets)
      throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of("n_epochs=2", "layers=16", "n_sample=32", "batch_size=32", "intent=off"));
    all.addAll(List.of(sets));
    return new Tune.Options(
        dataset,
        folder.resolve("e"),
        new Tune.Subject(
            ConfigFile.resolve(null, all), Files.writeString(folder.resolve("space.json"), space)),
        new Tune.Goals(goals, constraints),
        Tune.Part.DEFAULT,
        new Tune.Search(3, null, workers, null, MethodSpec.of("None"), false, null),
        workers);
  }

  private static TuneFigures run(Tune.Options options) throws IOException {
    Tune.create(options);
    return Tune.run(options.out(), trial -> {}, () -> false).figures();
  }

  private static final String TABLES =
      "{\"tables\": {\"_type\": \"choice\", \"_value\": [\"float32\", \"float16\", \"int8\"]}}";

  @Test
  void tablesAreAChoiceAndTheModelsBytesAGoal() throws IOException {
    Tune.Options options =
        options(TABLES, List.of("model_bytes", "mrr@20"), List.of("model_bytes<1e6"), 1);
    TuneFigures figures = run(options);
    Map<String, Trial> byTables = new HashMap<>();
    try (Experiment experiment = Experiment.open(options.out())) {
      for (Trial trial : experiment.store().trials()) {
        byTables.put(trial.parameters().text("tables"), trial);
      }
    }
    assertThat(byTables.keySet()).containsExactlyInAnyOrder("float32", "float16", "int8");
    // The user's own configuration is that of a model as it is trained.
    assertThat(byTables.get("float32").id()).isZero();
    double whole = byTables.get("float32").values().getFirst();
    double half = byTables.get("float16").values().getFirst();
    double bytes = byTables.get("int8").values().getFirst();
    assertThat(whole - half).isCloseTo(2 * 300 * 16, offset(300.0));
    assertThat(half - bytes).isCloseTo(300 * 16 - 4 * 300, offset(300.0));
    assertThat(figures.best().form().name()).isEqualTo("int8");
    assertThat(figures.best().bounded().get("model_bytes<1e6").value()).isEqualTo(bytes);

    // What the last line says leads to a model of that size, with the results of that form.
    Path best = options.out().resolve(Tune.BEST);
    // Goals together are those of the last epoch, whichever was best in one.
    assertThat(ConfigFile.resolve(best, List.of()).config().nEpochs()).isEqualTo(2);
    assertThat(best)
        .content()
        .contains("measured as int8", "intent: \"off\"")
        .doesNotContain("tables:");
    Path model = folder.resolve("best.kaseb");
    Train.run(
        Train.Options.of(dataset, model, ConfigFile.resolve(best, List.of()).config(), 1),
        epoch -> {},
        Progress.NONE,
        () -> false);
    Path small = folder.resolve("small.kaseb");
    Export.smaller(
        ModelForm.of(ModelFile.Tables.INT8),
        model,
        dataset,
        small,
        1,
        EvalConfig.defaults().withThreads(1),
        true,
        Progress.NONE);
    assertThat((double) Files.size(model)).isCloseTo(whole, offset(.05 * whole));
    assertThat((double) Files.size(small)).isCloseTo(bytes, offset(.05 * bytes));
    assertThat(ModelFile.read(small).size()).isEqualTo(Files.size(small));
    assertThat(ModelFile.read(model).size()).isEqualTo(Files.size(model));
  }

  @Test
  void rankAndItemsAreChoicesToo() throws IOException {
    String space =
        "{\"rank\": {\"_type\": \"choice\", \"_value\": [0, 4]},"
            + " \"keep\": {\"_type\": \"choice\", \"_value\": [1, 0.5, 60]}}";
    Tune.Options options = options(space, List.of("model_bytes", "mrr@20", "p99_ms"), List.of(), 1);
    options =
        new Tune.Options(
            options.dataset(),
            options.out(),
            options.subject(),
            options.goals(),
            options.part(),
            new Tune.Search(6, null, 1, null, MethodSpec.of("None"), false, null),
            1);
    run(options);
    Map<String, Trial> byForm = new HashMap<>();
    try (Experiment experiment = Experiment.open(options.out())) {
      for (Trial trial : experiment.store().trials()) {
        byForm.put(FormChoice.of(trial.parameters()).name(), trial);
      }
    }
    assertThat(byForm.keySet())
        .containsExactlyInAnyOrder(
            "float32",
            "rank 4",
            "50 % of the items",
            "60 items",
            "rank 4, 50 % of the items",
            "rank 4, 60 items");
    assertThat(byForm.get("float32").id()).isZero();
    double whole = byForm.get("float32").values().getFirst();
    double low = byForm.get("rank 4").values().getFirst();
    double few = byForm.get("60 items").values().getFirst();
    // The base of 4 rows is what remains of 12 floats an item.
    assertThat(whole - low).isCloseTo(4 * (300 * 12 - 4 * 16), offset(300.0));
    assertThat(whole - few).isCloseTo(240 * (4 * 17 + 6), offset(800.0));
    // Measured as they are kept; `ModelFormTest` has what each form scores.
    assertThat(byForm.values().stream().map(trial -> trial.values().get(1)).distinct().count())
        .isEqualTo(6);
    byForm.values().forEach(trial -> assertThat(trial.values().get(2)).isPositive());
  }

  @Test
  void itemsCannotBeLeftOutOfAPurchaseForecast() throws IOException {
    Tune.Options options =
        options(
            "{\"keep\": {\"_type\": \"choice\", \"_value\": [1, 0]}}",
            List.of("mrr@20"),
            List.of(),
            1);
    assertThatThrownBy(() -> Tune.create(options))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("keep=0");
    assertThatThrownBy(() -> TuneSpace.check("space.json", TuneSpace.usual(false, true), true))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("purchase forecast");
    assertThat(TuneSpace.usual(true, true).dimensions())
        .extracting(d -> d.parameter().name())
        .contains("tables", "rank")
        .doesNotContain("keep");
  }

  @Test
  void aFormThatIsNoneIsAnError() throws IOException {
    Tune.Options options = options(TABLES.replace("int8", "int4"), List.of("mrr@20"), List.of(), 1);
    assertThatThrownBy(() -> Tune.create(options))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("tables=int4")
        .hasMessageContaining("int8");
    assertThat(options.out()).doesNotExist();
  }

  @Test
  void whereTheSizeMattersTheUsualSpaceChoosesTheForm() {
    assertThat(TuneSpace.usual(false, true).dimensions())
        .extracting(d -> d.parameter().name())
        .contains("tables");
    assertThat(TuneSpace.usual(false, false).dimensions())
        .extracting(d -> d.parameter().name())
        .doesNotContain("tables");
  }

  @Test
  void timesComeWithTheirNoise() throws IOException {
    Tune.Options options =
        options(
            "{\"hidden_size\": {\"_type\": \"choice\", \"_value\": [4, 8, 16]}}",
            List.of("mrr@20", "train_seconds", "p99_ms"),
            List.of("p99_ms<100000"),
            2,
            "n_epochs=1");
    TuneFigures figures = run(options);
    assertThat(figures.best().errors().keySet()).doesNotContain("mrr@20");
    try (Experiment experiment = Experiment.open(options.out())) {
      for (Trial trial : experiment.store().trials()) {
        Outcome outcome = trial.outcome();
        assertThat(outcome.valueErrors()).hasSize(3);
        assertThat(outcome.valueError(0)).isZero();
        assertThat(outcome.valueError(1)).isNotNegative();
        assertThat(outcome.valueError(2)).isEqualTo(outcome.constraintError(0));
        assertThat(outcome.excess(0)).isCloseTo(outcome.values().get(2) - 100000, offset(1e-6));
      }
    }
    assertThat(Tune.text(options.out(), figures)).contains("p99_ms<100000");
    assertThat(options.out().resolve(Tune.PAGE)).content().contains("medians of 5 rounds");
  }

  /// Three trials, of which the best by its value keeps the bound by noise alone.
  @Test
  void theBestTrialKeepsItsBoundByItsMargin() {
    Space space = Space.of(List.of(new Parameter("x", Range.of(0, 1))));
    Study study =
        Study.create(
            new MemoryStore(), Settings.of(space, Goal.maximize("mrr@20")).withMaxTrials(3));
    double[] values = {.3, .2, .1};
    double[] p99 = {1.95, 1.7, 1.0};
    study.run(
        trial ->
            Outcome.of(values[trial.id()])
                .withErrors(.05)
                .within(new double[] {p99[trial.id()] - 2}, new double[] {.1}));
    assertThat(study.best().orElseThrow().id()).isZero();
    List<String> bound = List.of("p99_ms<2");
    assertThat(TuneReport.usable(study.history(), bound))
        .extracting(Trial::id)
        .containsExactly(1, 2);
    TuneFigures.Best best =
        TuneReport.best(study.trials().getFirst(), study.settings().goals(), bound);
    assertThat(best.bounded().get("p99_ms<2").value()).isCloseTo(1.95, offset(1e-9));
    assertThat(best.bounded().get("p99_ms<2").error()).isEqualTo(.1);
    StudyStatus status = new StudyStatus(StudyState.DONE, "", 1);
    assertThat(TuneReport.text("e", TuneReport.figures(study, bound, status, null, null)))
        .contains("best: trial 1, mrr@20 0.2 +- 0.050", "p99_ms<2               1.7 +- 0.10");
  }
}
