package io.kaseb.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.Progress;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Protocol;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Prepare;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.trial.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trials in other processes than their study's, some of which are lost.
class TrialWorkerTest {
  @TempDir private static Path folder;
  private static Path dataset;

  @BeforeAll
  static void prepare() throws IOException {
    Path log = folder.resolve("log");
    Simulator.write(new SimulatorConfig(800, 2, 1), log, Progress.NONE);
    dataset = folder.resolve("dataset");
    Prepare.run(
        ClickSource.of(Format.of("yoochoose"), log.resolve(Simulator.CLICKS)),
        Prepare.Rules.DEFAULT.with(Protocol.NONE),
        Resources.DEFAULT,
        dataset,
        false,
        Progress.NONE);
  }

  private static Path create(String name, String fidelity) throws IOException {
    Path out = folder.resolve(name);
    Tune.create(
        new Tune.Options(
            dataset,
            out,
            new Tune.Subject(
                ConfigFile.resolve(
                    null,
                    List.of(
                        "n_epochs=4", "layers=8", "n_sample=16", "batch_size=32", "intent=off")),
                null),
            Tune.Goals.of("mrr@20"),
            new Tune.Part(.1, 5_000, 1, fidelity),
            new Tune.Search(4, null, 1, null, MethodSpec.of("ASHA"), true, null),
            1));
    return out;
  }

  /// A segment that is lost with its machine at a step, or never.
  private static final class Work implements TrialWork {
    final List<String> reports = new ArrayList<>();
    private final int from;
    private final int until;
    private final int budget;
    private final int lostAt;
    private final int asksUntilLost;
    private int repeat;
    int asked;

    Work(int from, int until, int budget, int lostAt, int asksUntilLost) {
      this.from = from;
      this.until = until;
      this.budget = budget;
      this.lostAt = lostAt;
      this.asksUntilLost = asksUntilLost;
    }

    @Override
    public int id() {
      return 1;
    }

    @Override
    public int origin() {
      return 1;
    }

    @Override
    public Parameters parameters() {
      return new Parameters(Map.of("learning_rate", .1));
    }

    @Override
    public int repeat() {
      return repeat;
    }

    @Override
    public int from() {
      return from;
    }

    @Override
    public int until() {
      return until;
    }

    @Override
    public int budget() {
      return budget;
    }

    @Override
    public void report(int step, double... values) {
      if (step == lostAt) {
        throw new IllegalStateException("lost");
      }
      reports.add(step + ": " + List.of(values[0]));
    }

    @Override
    public boolean stopped() {
      if (++asked == asksUntilLost) {
        throw new IllegalStateException("lost");
      }
      return false;
    }
  }

  @Test
  void goesOnFromTheLastEpochOfALostTry() throws IOException {
    Work whole = new Work(0, 4, 4, -1, -1);
    Outcome expected = TrialWorker.open(create("whole", "epochs")).run(whole);
    assertThat(whole.reports).hasSize(4);
    Path experiment = create("lost", "epochs");
    Work lost = new Work(0, 4, 4, 4, -1);
    assertThatThrownBy(() -> TrialWorker.open(experiment).run(lost)).hasMessage("lost");
    Work again = new Work(0, 4, 4, -1, -1);
    assertThat(TrialWorker.open(experiment).run(again)).isEqualTo(expected);
    assertThat(again.reports).isEqualTo(whole.reports);
    // One epoch of four was left to train.
    assertThat(again.asked).isLessThan(whole.asked / 2);
    assertThat(experiment.resolve("trials")).isEmptyDirectory();
  }

  @Test
  void goesOnWithinALaterSegment() throws IOException {
    Path one = create("segments", "epochs");
    TrialWorker.open(one).run(new Work(0, 1, 4, -1, -1));
    Work whole = new Work(1, 4, 4, -1, -1);
    Outcome expected = TrialWorker.open(one).run(whole);
    Path two = create("segments-lost", "epochs");
    TrialWorker.open(two).run(new Work(0, 1, 4, -1, -1));
    assertThatThrownBy(() -> TrialWorker.open(two).run(new Work(1, 4, 4, 3, -1)))
        .hasMessage("lost");
    Work again = new Work(1, 4, 4, -1, -1);
    assertThat(TrialWorker.open(two).run(again)).isEqualTo(expected);
    assertThat(again.reports).isEqualTo(whole.reports).hasSize(3);
  }

  @Test
  void goesOnWhereSegmentsAreOfSessions() throws IOException {
    Work whole = new Work(0, 3, 9, -1, -1);
    Outcome expected = TrialWorker.open(create("shares", "sessions")).run(whole);
    Path experiment = create("shares-lost", "sessions");
    Work lost = new Work(0, 3, 9, -1, whole.asked * 3 / 4);
    assertThatThrownBy(() -> TrialWorker.open(experiment).run(lost)).hasMessage("lost");
    try (var left = Files.list(experiment.resolve("trials"))) {
      assertThat(left.map(file -> file.getFileName().toString())).containsExactly("1-3.going");
    }
    Work again = new Work(0, 3, 9, -1, -1);
    assertThat(TrialWorker.open(experiment).run(again)).isEqualTo(expected);
    assertThat(again.reports).isEqualTo(whole.reports);
    assertThat(again.asked).isLessThan(whole.asked);
  }

  @Test
  void aRepeatTrainsWithAnotherSeed() throws IOException {
    TrialWorker worker = TrialWorker.open(create("repeats", "epochs"));
    Work first = new Work(0, 4, 4, -1, -1);
    Work again = new Work(0, 4, 4, -1, -1);
    again.repeat = 1;
    worker.run(first);
    worker.run(again);
    assertThat(again.reports).hasSize(4).doesNotContainAnyElementsOf(first.reports);
  }
}
