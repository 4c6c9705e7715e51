package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.baseline.ModelKinds;
import io.kaseb.config.TrainConfig;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Protocol;
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
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Networks that learn from a teacher.
class DistillTest {
  @TempDir private static Path folder;
  private static Path dataset;

  @BeforeAll
  static void prepare() throws IOException {
    dataset = dataset("dataset", 30);
  }

  private static Path dataset(String name, int items) throws IOException {
    SplittableRandom random = new SplittableRandom(4);
    List<String> lines = new ArrayList<>();
    for (int s = 0; s < 400; s++) {
      StringBuilder line = new StringBuilder();
      int item = random.nextInt(items);
      for (int e = 0; e < 2 + random.nextInt(4); e++) {
        line.append(e == 0 ? "" : " ").append('i').append(item);
        item = (item + 1 + random.nextInt(2)) % items;
      }
      lines.add(line.toString());
    }
    Path log = Logs.write(folder.resolve(name + ".txt"), lines.toArray(String[]::new));
    Path out = folder.resolve(name);
    Logs.prepare(
        ClickSource.of(Format.of("sessions"), log), Logs.rules(Protocol.NONE, "random:0.1"), out);
    return out;
  }

  @Test
  void theTeachersLossChangesWhatIsLearned() throws IOException {
    Path teacher = teacher("markov");
    Path file = folder.resolve("weighed.kaseb");
    Train.run(
        Train.Options.of(
            dataset,
            file,
            config(teacher).with(Map.of("distill_share", "0", "distill_weight", "0.5")),
            2),
        epoch -> {},
        Progress.NONE,
        () -> false);
    Path nothing = folder.resolve("nothing.kaseb");
    Train.run(
        Train.Options.of(dataset, nothing, config(teacher).with(Map.of("distill_share", "0")), 2),
        epoch -> {},
        Progress.NONE,
        () -> false);
    float[] alone = table(student("unweighed", null, 2));
    assertThat(table(file)).isNotEqualTo(alone);
    assertThat(table(nothing)).isEqualTo(alone);
  }

  private static float[] table(Path model) throws IOException {
    return ModelFile.read(model).tensors().get("Wy.weight").data();
  }

  private static TrainConfig config(@Nullable Path teacher) {
    return TrainConfig.DEFAULT.with(
        Map.of(
            "layers", "8",
            "n_epochs", "3",
            "batch_size", "16",
            "n_sample", "16",
            "distill_top", "5",
            "distill", teacher == null ? "" : teacher.toString()));
  }

  private static Path teacher(String kind) throws IOException {
    Path file = folder.resolve("teacher-" + kind + ".kaseb");
    if (!Files.exists(file)) {
      TrainModel.run(
          new TrainModel.Options(
              kind, Train.Options.of(dataset, file, config(null), 1), Map.of(), 2),
          epoch -> {},
          Progress.NONE,
          () -> false);
    }
    return file;
  }

  private static Path student(String name, @Nullable Path teacher, int threads) throws IOException {
    Path file = folder.resolve(name + ".kaseb");
    Train.run(
        Train.Options.of(dataset, file, config(teacher), threads),
        epoch -> {},
        Progress.NONE,
        () -> false);
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gru4rec", "ensemble", "hybrid", "ranker", "vmis-knn", "vstan", "markov"})
  void aModelOfAnyKindTeaches(String kind) throws IOException {
    Path teacher = teacher(kind);
    Path file = student("of-" + kind, teacher, 2);
    assertThat(ModelFile.read(file).kind()).isEqualTo("gru4rec");
    assertThat(ModelFile.read(file).config().network().distill()).isEqualTo(teacher.toString());
    // The same seed gives the same bytes.
    assertThat(student("again-" + kind, teacher, 2)).hasSameBinaryContentAs(file);
    assertThat(table(file)).isNotEqualTo(table(student("alone-" + kind, null, 2)));
    assertThat(ModelKinds.of(ModelFile.read(file)).catalogue().size()).isEqualTo(30);
  }

  @Test
  void aKilledRunGoesOnToTheSameBytes() throws IOException {
    Path teacher = teacher("vmis-knn");
    Path whole = student("whole", teacher, 1);
    Path out = folder.resolve("killed.kaseb");
    Train.Options options = Train.Options.of(dataset, out, config(teacher), 1);
    AtomicBoolean stop = new AtomicBoolean();
    TrainFigures none = null;
    try {
      none = Train.run(options, epoch -> failAfter(epoch, stop), Progress.NONE, stop::get);
    } catch (IllegalStateException e) {
      assertThat(stop).isTrue();
    }
    assertThat(none).isNull();
    assertThat(out).doesNotExist();
    Train.run(options.withResume(true), epoch -> {}, Progress.NONE, () -> false);
    assertThat(out).hasSameBinaryContentAs(whole);
  }

  private static void failAfter(TrainingEpoch epoch, AtomicBoolean stop) {
    if (epoch.epoch() == 2) {
      stop.set(true);
      throw new IllegalStateException("killed");
    }
  }

  @Test
  void aTeacherOfOtherItemsIsRefused() throws IOException {
    Path other = dataset("other", 40);
    Path out = folder.resolve("refused.kaseb");
    Path teacher = teacher("markov");
    assertThatThrownBy(
            () ->
                Train.run(
                    Train.Options.of(other, out, config(teacher), 1),
                    epoch -> {},
                    Progress.NONE,
                    () -> false))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("the teacher lacks item i3")
        .hasMessageContaining("has 30 items where the dataset has 40");
    assertThat(out).doesNotExist();
  }
}
