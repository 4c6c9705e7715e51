package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.Progress;
import io.kaseb.config.TrainConfig;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.model.ModelFile;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.train.TrainFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Training that stops when validation no longer improves.
class PatienceTest {
  private static final int EPOCHS = 40;

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void dataset() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    StringBuilder log = new StringBuilder();
    for (int s = 0; s < 300; s++) {
      int start = random.nextInt(30);
      for (int c = 0; c < 4; c++) {
        log.append((start + c * (1 + random.nextInt(2))) % 30).append(c < 3 ? ' ' : '\n');
      }
    }
    Path file = Files.writeString(folder.resolve("log.txt"), log);
    Prepare.run(
        ClickSource.of(Format.of("sessions"), file),
        Prepare.Rules.DEFAULT,
        Resources.DEFAULT,
        folder.resolve("data"),
        true,
        Progress.NONE);
  }

  private Train.Options options(String name, int epochs, boolean resume, int patience) {
    return options(name, epochs, resume, patience, "0");
  }

  private Train.Options options(
      String name, int epochs, boolean resume, int patience, String decay) {
    TrainConfig config =
        TrainConfig.DEFAULT.with(
            Map.of(
                "layers", "8",
                "ema_decay", decay,
                "n_epochs", "" + epochs,
                "n_sample", "16",
                "batch_size", "16"));
    return Train.Options.of(folder.resolve("data"), folder.resolve(name), config, 1)
        .withValid(.2)
        .withResume(resume)
        .withPatience(patience);
  }

  private static TrainFigures train(Train.Options options) throws IOException {
    TrainFigures figures = Train.run(options, e -> {}, Progress.NONE, () -> false);
    assertThat(figures).isNotNull();
    return figures;
  }

  @Test
  void theNetworkStopsWhenItNoLongerImproves() throws IOException {
    TrainFigures figures = train(options("patient.kaseb", EPOCHS, false, 3));
    List<TrainingEpoch> epochs = figures.epochs();
    assertThat(epochs).hasSizeLessThan(EPOCHS);
    assertThat(epochs).hasSize(figures.bestEpoch() + 3);
    double best = epochs.get(figures.bestEpoch() - 1).mrr20();
    assertThat(epochs).allMatch(e -> e.mrr20() <= best);
    // No earlier stop was due: within each 3 epochs before, one was better than all before it.
    double so = -1;
    int since = 0;
    for (TrainingEpoch e : epochs.subList(0, figures.bestEpoch())) {
      since = e.mrr20() > so ? 0 : since + 1;
      so = Math.max(so, e.mrr20());
      assertThat(since).isLessThan(3);
    }

    // The weights are those of a run that was given so many epochs from the start.
    TrainFigures given = train(options("given.kaseb", epochs.size(), false, 0));
    assertThat(given.bestEpoch()).isEqualTo(figures.bestEpoch());
    ModelFile patient = ModelFile.read(folder.resolve("patient.kaseb"));
    ModelFile plain = ModelFile.read(folder.resolve("given.kaseb"));
    plain
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(patient.tensors().get(name).data()).as(name).isEqualTo(tensor.data()));
    assertThat(patient.metrics().bestEpoch()).isEqualTo(figures.bestEpoch());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.6"})
  void aRunThatIsResumedStopsAtTheSameEpoch(String decay) throws IOException {
    train(options("whole.kaseb", EPOCHS, false, 2, decay));
    List<TrainingEpoch> done = new ArrayList<>();
    assertThatThrownBy(
            () ->
                Train.run(
                    options("halted.kaseb", EPOCHS, false, 2, decay),
                    epoch -> {
                      done.add(epoch);
                      if (done.size() == 2) {
                        throw new IllegalStateException("killed");
                      }
                    },
                    Progress.NONE,
                    () -> false))
        .hasMessage("killed");
    TrainFigures resumed = train(options("halted.kaseb", EPOCHS, true, 2, decay));
    assertThat(resumed.epochs()).hasSize(resumed.bestEpoch() + 2);
    assertThat(folder.resolve("halted.kaseb"))
        .hasSameBinaryContentAs(folder.resolve("whole.kaseb"));
  }

  @Test
  void patienceNeedsSessionsHeldBack() {
    assertThatThrownBy(
            () -> Train.Options.of(folder, folder, TrainConfig.DEFAULT, 1).withPatience(3))
        .hasMessageContaining("patience=3: it goes by sessions that are held back; add valid=0.1");
    assertThatThrownBy(() -> options("x", 2, false, -1)).hasMessageContaining("patience=-1");
  }
}
