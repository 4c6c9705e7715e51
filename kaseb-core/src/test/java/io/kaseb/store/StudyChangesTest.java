package io.kaseb.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Segment;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is read of an experiment's file while others write to it.
class StudyChangesTest {
  private static final Goal LOSS = Goal.minimize("loss");

  @TempDir private Path folder;

  private static Trial waiting(int id) {
    return Trial.waiting(id, new Parameters(Map.of("x", .5)), Trial.Origin.SAMPLER);
  }

  private static Trial running(int id) {
    return waiting(id).started(new Segment(id, 0, 0, 3));
  }

  @Test
  void onlyWhatIsAskedForIsReadWithTheLastReport() throws Exception {
    Settings settings = Settings.of(Space.of(Map.of("x", Range.of(0, 1))), LOSS);
    try (Experiment writer = Experiment.create(folder.resolve("a"), settings);
        Experiment reader = Experiment.open(folder.resolve("a"))) {
      StudyChanges changes = reader.store().changes();
      long before = changes.version();
      assertThat(changes.version()).isEqualTo(before);
      for (int id = 0; id < 3; id++) {
        writer.store().save(waiting(id));
        writer.store().save(running(id));
      }
      writer.store().report(1, new Measurement(1, List.of(.9)));
      writer.store().report(1, new Measurement(2, List.of(.7)));
      assertThat(changes.version()).isNotEqualTo(before);
      List<Trial> some = changes.trials(1, 2, List.of(1));
      assertThat(some).extracting(Trial::id).containsExactly(1, 2);
      assertThat(some.getFirst().measurements()).containsExactly(new Measurement(2, List.of(.7)));
      assertThat(changes.curves(List.of(1)).get(1).values()).containsExactly(.9f, .7f);
      assertThat(changes.curves(null)).containsOnlyKeys(1);
      writer.store().save(running(1).ended(TrialState.SUCCEEDED, Outcome.of(.7), "", 2));
      writer.store().save(running(2).ended(TrialState.SUCCEEDED, Outcome.of(.1).within(1), "", 2));
      // The lower one breaks a constraint.
      assertThat(changes.counts(LOSS)).isEqualTo(new StudyChanges.Counts(3, 0, .7));
      Map<Integer, List<long[]>> times = changes.times(List.of(0, 1));
      assertThat(times.get(0).getFirst()[1]).isZero();
      assertThat(times.get(1).getFirst()[1]).isGreaterThanOrEqualTo(times.get(1).getFirst()[0]);
    }
  }

  @Test
  void filesOfBeforeHaveNeitherTimesNorNotesAndTakeNotes() throws Exception {
    Files.copy(
        Path.of("src/test/resources/formats/v1/experiment.db"), folder.resolve("experiment.db"));
    try (Experiment experiment = Experiment.open(folder)) {
      StudyChanges changes = experiment.store().changes();
      assertThat(changes.notes()).isEmpty();
      assertThat(changes.times(List.of(0, 1))).isEmpty();
      assertThat(changes.standingSince()).isEmpty();
      changes.note(StudyChanges.WHOLE, "all of it");
      changes.note(3, "one");
      changes.note(3, "another");
      changes.note(4, "none");
      changes.note(4, "");
    }
    try (Experiment experiment = Experiment.open(folder)) {
      assertThat(experiment.store().changes().notes())
          .isEqualTo(Map.of(StudyChanges.WHOLE, "all of it", 3, "another"));
      assertThat(experiment.store().trials()).hasSize(6);
    }
  }
}
