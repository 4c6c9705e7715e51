package io.kaseb.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.tune.study.Request;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Experiments as the released versions wrote them are read for ever.
class StoreVersionsTest {
  @TempDir private Path folder;

  @Test
  void experimentVersion1() throws Exception {
    Files.copy(
        Path.of("src/test/resources/formats/v1/experiment.db"), folder.resolve("experiment.db"));
    try (Experiment experiment = Experiment.open(folder)) {
      Settings settings = experiment.settings();
      assertThat(settings.name()).isEqualTo("version 1");
      assertThat(settings.goals())
          .containsExactly(Goal.maximize("mrr@20"), Goal.minimize("seconds"));
      assertThat(settings.space().size()).isPositive();
      assertThat(experiment.status().status()).isEqualTo(StudyState.DONE);
      assertThat(experiment.store().requests()).containsExactly(new Request.Kill(1));
      Study study = Study.open(experiment.store());
      assertThat(study.trials()).hasSize(6).allMatch(t -> t.state().finished());
      Trial failed = study.trials().get(2);
      assertThat(failed.state()).isEqualTo(TrialState.FAILED);
      assertThat(failed.reason()).isEqualTo("IllegalStateException: diverged");
      for (Trial trial : study.trials()) {
        assertThat(settings.space().checked(trial.parameters())).isEqualTo(trial.parameters());
      }
      assertThat(study.trials().getFirst().measurements().getFirst().values())
          .containsExactly(.1, 1.);
      assertThat(study.trials().get(5).outcome()).isNotNull();
      assertThat(study.trials().get(5).outcome().violation()).isEqualTo(1);
    }
  }

  @Test
  void newerAndForeignFilesAreRefused() throws Exception {
    Path newer = folder.resolve("newer.db");
    SqliteStore.open(newer).close();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + newer);
        var statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA user_version = 99");
    }
    assertThatThrownBy(() -> SqliteStore.open(newer))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("format 99; this one reads up to 1");
    Path foreign = Files.writeString(folder.resolve("foreign.db"), "no database ".repeat(200));
    assertThatThrownBy(() -> SqliteStore.open(foreign))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("not a study's SQLite file");
  }
}
