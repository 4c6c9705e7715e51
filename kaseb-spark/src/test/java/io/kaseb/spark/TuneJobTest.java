package io.kaseb.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.search.Tune;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Searches whose trials are tasks of Spark's.
class TuneJobTest {
  @TempDir private static Path folder;
  private static Path dataset;

  @BeforeAll
  static void prepare() throws IOException {
    dataset = Searches.dataset(folder, 1_000);
  }

  @Test
  void triesWhatOneMachineTries() throws IOException {
    Path here = Searches.create(dataset, folder.resolve("here"), 8, 3, Searches.SPACE);
    Path there = Searches.create(dataset, folder.resolve("there"), 8, 3, Searches.SPACE);
    Tune.run(here, trial -> {}, () -> false);
    Tune.Result result = TuneJob.run(LocalSpark.session(), there, trial -> {}, () -> false);
    assertThat(result.status().status()).isEqualTo(StudyState.DONE);
    List<Trial> trials = Searches.trials(there);
    assertThat(trials.stream().map(Searches::told))
        .isEqualTo(Searches.trials(here).stream().map(Searches::told).toList());
    assertThat(trials.stream().map(Trial::state))
        .contains(TrialState.SUCCEEDED, TrialState.EARLY_STOPPED);
    assertThat(there.resolve(Tune.BEST)).exists();
    assertThat(there.resolve("trials"))
        .satisfiesAnyOf(
            place -> assertThat(place).doesNotExist(),
            place -> assertThat(place).isEmptyDirectory());
  }

  @Test
  void aStopReachesTrialsAtWork() throws IOException {
    Path out = Searches.create(dataset, folder.resolve("stopped"), 4, 5_000, Searches.SPACE);
    AtomicBoolean began = new AtomicBoolean();
    Tune.Result result =
        TuneJob.run(LocalSpark.session(), out, trial -> began.set(true), began::get);
    assertThat(result.status().status()).isEqualTo(StudyState.STOPPED);
    assertThat(LocalSpark.session().sparkContext().statusTracker().getActiveJobIds()).isEmpty();
  }

  @Test
  void strangersAreNotHeard() throws IOException {
    try (TrialServer server = TrialServer.start("127.0.0.1", "127.0.0.1")) {
      TrialServer.Address right = server.address();
      TrialServer.Address wrong = new TrialServer.Address("127.0.0.1", right.port(), "guess");
      try (TrialClient client = TrialClient.connect(wrong, 0)) {
        assertThat(reported(client)).isFalse();
      }
      try (TrialClient client = TrialClient.connect(right, 7)) {
        assertThat(reported(client)).as("a trial that is not at work").isFalse();
      }
      try (Socket noise = new Socket("127.0.0.1", right.port())) {
        noise.getOutputStream().write(new byte[] {0, 1, 2, 3});
      }
    }
  }

  private static boolean reported(TrialClient client) {
    try {
      client.report(1, .5);
      return true;
    } catch (IllegalStateException gone) {
      return false;
    }
  }
}
