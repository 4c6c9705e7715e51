package io.kaseb.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.Objective;
import io.kaseb.tune.study.Request;
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
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentTest {
  private static final Objective OBJECTIVE = Objective.of(p -> p.number("x"));
  private static final Settings SETTINGS =
      Settings.of(Space.of(Map.of("x", Range.of(0, 1))), Goal.minimize("f")).withMaxTrials(5);

  @TempDir private Path folder;

  private Experiment finished(String name) throws IOException {
    Experiment experiment = Experiment.create(folder.resolve(name), SETTINGS);
    experiment.lock();
    Study.open(experiment.store()).run(OBJECTIVE);
    return experiment;
  }

  @Test
  void oneProcessRunsAnExperiment() throws IOException {
    try (Experiment first = Experiment.create(folder.resolve("a"), SETTINGS);
        Experiment second = Experiment.open(folder.resolve("a"))) {
      assertThat(second.running()).isFalse();
      first.lock();
      assertThat(second.running()).isTrue();
      assertThatThrownBy(second::lock)
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("runs in another process");
      second.request(new Request.Stop());
      assertThat(first.store().requests()).containsExactly(new Request.Stop());
    }
    assertThatThrownBy(() -> Experiment.create(folder.resolve("a"), SETTINGS))
        .hasMessageContaining("an experiment already");
    assertThatThrownBy(() -> Experiment.open(folder.resolve("b")))
        .hasMessageContaining("no experiment");
  }

  @Test
  void aKilledExperimentIsStopped() throws IOException {
    try (Experiment experiment = Experiment.create(folder.resolve("a"), SETTINGS)) {
      experiment.store().status(new StudyStatus(StudyState.RUNNING, "", 3));
      assertThat(experiment.status().status()).isEqualTo(StudyState.STOPPED);
      experiment.lock();
      assertThat(experiment.status().status()).isEqualTo(StudyState.RUNNING);
    }
  }

  @Test
  void whatHasNoTrialsHasNoneToKill() throws IOException {
    try (Experiment experiment = Experiment.create(folder.resolve("a"), SETTINGS)) {
      experiment.store().status(new StudyStatus(StudyState.RUNNING, "", 3));
      experiment.lock();
      assertThatThrownBy(() -> experiment.request(new Request.Kill(0)))
          .hasMessageContaining("has no trial 0: none has begun");
    }
  }

  @Test
  void requestsAreCheckedAtOnce() throws IOException {
    finished("a").close();
    try (Experiment experiment = Experiment.open(folder.resolve("a"))) {
      assertThatThrownBy(() -> experiment.request(new Request.Stop()))
          .hasMessageContaining("does not run (DONE)");
      assertThatThrownBy(() -> experiment.request(new Request.Kill(9)))
          .hasMessageContaining("trial 9; must be 0..4");
      assertThatThrownBy(() -> experiment.request(new Request.Kill(1)))
          .hasMessageContaining("trial 1 is SUCCEEDED already");
      assertThatThrownBy(
              () -> experiment.request(new Request.Enqueue(new Parameters(Map.of("x", 2)))))
          .hasMessageContaining("x=2; must be a number of 0.0..1.0");
      experiment.request(
          new Request.Change(OptionalInt.empty(), OptionalInt.of(8), OptionalDouble.empty(), null));
      Study.open(experiment.store()).run(OBJECTIVE);
      assertThat(experiment.store().trials()).hasSize(8);
      assertThatThrownBy(() -> experiment.request(trials(7)))
          .hasMessageContaining("max_trials=7: must be 8 or more");
      experiment.request(trials(8));
      assertThat(Experiment.begun(experiment.store().trials())).isEqualTo(8);
    }
  }

  private static Request trials(int most) {
    return new Request.Change(
        OptionalInt.empty(), OptionalInt.of(most), OptionalDouble.empty(), null);
  }

  @Test
  void resultsAreImportedOnceAndLearnedFrom() throws IOException {
    try (Experiment experiment = Experiment.create(folder.resolve("a"), SETTINGS)) {
      List<Results.Imported> results =
          List.of(
              new Results.Imported("a", new Parameters(Map.of("x", .5)), Outcome.of(.5)),
              new Results.Imported("b", new Parameters(Map.of("x", 1)), Outcome.of(1)));
      assertThat(experiment.add(results)).isEqualTo(new Experiment.Added(2, 0, List.of()));
      assertThat(experiment.add(results)).isEqualTo(new Experiment.Added(0, 2, List.of()));
      Study study = Study.open(experiment.store());
      study.run(OBJECTIVE);
      assertThat(study.trials()).hasSize(7);
      assertThat(study.trials().getFirst().origin()).isEqualTo(Trial.Origin.IMPORT);
      Experiment.Added outside =
          experiment.add(
              List.of(
                  new Results.Imported("entry 1", new Parameters(Map.of("y", .5)), Outcome.of(.5)),
                  new Results.Imported(
                      "entry 2", new Parameters(Map.of("x", .25)), Outcome.of(.25)),
                  new Results.Imported("entry 3", new Parameters(Map.of("x", 7)), Outcome.of(7))));
      assertThat(outside.added()).isEqualTo(1);
      assertThat(outside.refused()).hasSize(2);
      assertThat(outside.refused().getFirst()).startsWith("entry 1: x is missing");
      assertThat(outside.refused().getLast()).startsWith("entry 3: x=7; must be");
      assertThat(study.trials()).hasSize(7);
    }
  }

  @Test
  void experimentsAreListedCopiedAndDeleted() throws IOException {
    finished("b").close();
    finished("a").close();
    assertThat(Experiment.list(folder)).containsExactly(folder.resolve("a"), folder.resolve("b"));
    try (Experiment a = Experiment.open(folder.resolve("a"))) {
      a.copyTo(folder.resolve("c"), true);
      a.copyTo(folder.resolve("d"), false);
      a.delete(() -> {});
    }
    assertThat(Files.exists(folder.resolve("a"))).isFalse();
    try (Experiment c = Experiment.open(folder.resolve("c"));
        Experiment d = Experiment.open(folder.resolve("d"))) {
      assertThat(c.store().trials()).hasSize(5);
      assertThat(d.store().trials()).isEmpty();
      assertThat(c.settings()).isEqualTo(SETTINGS);
    }
  }
}
