package io.kaseb.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.data.Manifest;
import io.kaseb.data.OpenDataset;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Ties;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Protocol;
import io.kaseb.logfile.Split;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.pipeline.Compare;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Evaluate;
import io.kaseb.pipeline.Logs;
import io.kaseb.pipeline.Prepare;
import io.kaseb.pipeline.Train;
import io.kaseb.pipeline.TrainModel;
import io.kaseb.report.Report;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import io.kaseb.train.TrainFigures;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.StudyState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A command reads a dataset and its manifest once: it goes on when the files that it has read
/// vanish under it.
class ReadOnceTest {
  private static final EvalConfig CONFIG =
      new EvalConfig(List.of(1, 5), Ties.CONSERVATIVE, 2, 20, 1);

  /// What is read with the first clicks; categories and purchases come when they are needed.
  private static final List<String> FIRST =
      List.of(Manifest.FILE, "items.parquet", "train/sessions.parquet", "test/sessions.parquet");

  @TempDir private static Path folder;
  private static Path master;
  private static int copies;
  private Path dataset;

  @BeforeAll
  static void prepare() throws IOException {
    Path log = folder.resolve("log");
    Simulator.write(new SimulatorConfig(1_500, 3, 2), log, Progress.NONE);
    master = folder.resolve("master");
    Prepare.run(
        new ClickSource(
            Format.of("yoochoose"),
            List.of(log.resolve(Simulator.CLICKS)),
            List.of(log.resolve(Simulator.BUYS)),
            List.of(),
            null),
        Prepare.Rules.DEFAULT.with(Protocol.NONE).with(Split.parse("random:0.2")),
        Logs.SMALL,
        master,
        true,
        Progress.NONE);
    train("gru4rec", master, folder.resolve("one.kaseb"), figures -> {}, "intent=gru");
    train("gru4rec", master, folder.resolve("two.kaseb"), figures -> {}, "intent=gru");
  }

  /// Hears of epochs.
  private interface Epochs extends Consumer<TrainingEpoch> {}

  private static TrainFigures train(
      String kind, Path dataset, Path out, Epochs epochs, String... more) throws IOException {
    ConfigFile.Resolved config = config(more);
    return TrainModel.run(
        new TrainModel.Options(
            kind,
            Train.Options.of(dataset, out, config.config(), 2).withIntent(config.intent()),
            Map.of(),
            2),
        epochs,
        Progress.NONE,
        () -> false);
  }

  private static ConfigFile.Resolved config(String... more) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "n_epochs=1",
                "layers=8",
                "n_sample=32",
                "batch_size=32",
                "intent_epochs=1",
                "intent_units=8",
                "intent_trees=5"));
    all.addAll(List.of(more));
    return ConfigFile.resolve(null, all);
  }

  @BeforeEach
  void aFreshCopy() throws IOException {
    dataset = folder.resolve("copy" + copies++);
    for (String file :
        List.of(
            Manifest.FILE,
            "items.parquet",
            "train/sessions.parquet",
            "train/events.parquet",
            "train/buys.parquet",
            "test/sessions.parquet",
            "test/events.parquet",
            "test/buys.parquet")) {
      Files.createDirectories(dataset.resolve(file).getParent());
      Files.copy(master.resolve(file), dataset.resolve(file));
    }
  }

  private void vanish(List<String> files) {
    try {
      for (String file : files) {
        Files.deleteIfExists(dataset.resolve(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Takes everything away.
  private void vanish() {
    vanish(FIRST);
    vanish(
        List.of(
            "train/events.parquet",
            "train/buys.parquet",
            "test/events.parquet",
            "test/buys.parquet"));
    assertThat(dataset.resolve("train")).isEmptyDirectory();
    assertThat(dataset.resolve("test")).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gru4rec", "hybrid", "ensemble"})
  void trainingReadsOnceHoweverManyNetworks(String kind) throws IOException {
    TrainFigures figures =
        train(kind, dataset, folder.resolve(kind + ".kaseb"), epoch -> vanish(FIRST), "intent=gru");
    assertThat(dataset.resolve(Manifest.FILE)).doesNotExist();
    assertThat(figures).isNotNull();
    assertThat(folder.resolve(kind + ".kaseb")).exists();
  }

  @Test
  void evaluateReadsOnce() throws IOException {
    Report report =
        Evaluate.run(
            folder.resolve("one.kaseb"),
            dataset,
            CONFIG,
            null,
            true,
            null,
            true,
            "",
            (task, done, total, unit) -> {
              if (task.startsWith("evaluating")) {
                vanish(FIRST);
              }
            });
    assertThat(dataset.resolve(Manifest.FILE)).doesNotExist();
    assertThat(report.purchases()).isNotEmpty();
  }

  @Test
  void compareReadsOnceHoweverManyModels() throws IOException {
    Compare.Result result =
        Compare.run(
            List.of(folder.resolve("one.kaseb"), folder.resolve("two.kaseb")),
            dataset,
            CONFIG,
            "",
            (task, done, total, unit) -> {
              if (task.equals("forecasting purchases")) {
                vanish();
              }
            });
    assertThat(dataset.resolve(Manifest.FILE)).doesNotExist();
    assertThat(result.figures().rows().get(1).purchase()).isNotNull();
  }

  @Test
  void tuneReadsOnceWithItsChecksAndItsConfirmation() throws IOException {
    Path space = folder.resolve("space.json");
    Files.writeString(
        space,
        """
        {"hidden_size": {"_type": "choice", "_value": [8, 12]},
         "lr": {"_type": "uniform", "_value": [0.01, 0.1]}}
        """);
    Tune.Options options =
        new Tune.Options(
            dataset,
            folder.resolve("experiment"),
            new Tune.Subject(config("intent=off"), space),
            Tune.Goals.of("mrr@20"),
            Tune.Part.DEFAULT,
            new Tune.Search(4, null, 1, null, MethodSpec.of("None"), false, 2),
            1);
    OpenDataset open = OpenDataset.of(dataset, Workers.ONE);
    Tune.create(options, open);
    AtomicInteger heard = new AtomicInteger();
    Tune.Result result =
        Tune.run(
            options.out(),
            open,
            trial -> {
              if (heard.getAndIncrement() == 0) {
                vanish();
              }
            },
            () -> false);
    assertThat(dataset.resolve(Manifest.FILE)).doesNotExist();
    assertThat(result.status().status()).isEqualTo(StudyState.DONE);
    assertThat(result.figures().warm().pairs()).hasSize(2);
    TuneFigures figures =
        TuneConfirm.run(
            new TuneConfirm.Options(options.out(), 2, 1, true), open, Progress.NONE, () -> false);
    assertThat(figures.confirmation().entries()).hasSize(3);
  }

  @Test
  void whatIsNeverAskedForIsNotRead() throws IOException {
    OpenDataset open = OpenDataset.of(dataset, Workers.ONE);
    assertThat(open.folder()).isEqualTo(dataset);
    assertThat(open.manifest()).isEqualTo(Manifest.read(master));
    assertThat(open.dataset()).isSameAs(open.dataset());
    vanish(List.of("train/buys.parquet"));
    assertThat(open.labelledTest()).isSameAs(open.labelledTest());
    assertThat(open.labelledTest().sessions()).isSameAs(open.dataset().test());
    assertThatThrownBy(open::labelledTrain)
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("prepare the dataset again");
  }
}
