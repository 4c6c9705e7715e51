package io.kaseb.studio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.serve.http.Problem;
import io.kaseb.store.Experiment;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.trial.Goal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedExperimentsTest {
  @TempDir private Path folder;

  @Test
  void opensNothingOnceItIsClosed() throws IOException {
    Space space = Space.of(Map.of("rate", Range.of(0, 1)));
    Experiment.create(folder.resolve("one"), Settings.of(space, Goal.maximize("score"))).close();
    WatchedExperiments watched = new WatchedExperiments(List.of(folder));
    String id = watched.list().experiments().getFirst().id();
    assertThat(watched.find(id).isNews("")).isTrue();
    watched.close();
    assertThatThrownBy(() -> watched.find(id)).isInstanceOf(Problem.class);
    assertThatThrownBy(watched::list).isInstanceOf(Problem.class);
  }
}
