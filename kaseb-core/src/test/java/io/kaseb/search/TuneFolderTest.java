package io.kaseb.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.logfile.Protocol;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Logs;
import io.kaseb.store.Experiment;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.study.StudyState;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How searches begin and end: what is refused, what lies in the folder, what is said.
class TuneFolderTest {
  @TempDir private static Path shared;
  private static Path dataset;

  @TempDir private Path folder;

  @BeforeAll
  static void prepare() {
    List<String> lines = new ArrayList<>();
    for (int s = 0; s < 400; s++) {
      int start = s * 37 % 60;
      lines.add("%d %d %d".formatted(start, (start + 1) % 60, (start + 2) % 60));
    }
    Path log = Logs.write(shared.resolve("log.txt"), lines.toArray(String[]::new));
    dataset = shared.resolve("data");
    Logs.prepare("sessions", log, Logs.rules(Protocol.NONE, "time:0.2"), dataset);
  }

  private static Tune.Search search(int trials, int workers, String pruner) {
    return new Tune.Search(trials, null, workers, null, MethodSpec.of(pruner), true, null);
  }

  private Tune.Options options(String name, String space, Tune.Search search, String... sets)
      throws IOException {
    Path file = space.isEmpty() ? null : shared.resolve(name.replace('/', '-') + "-space.json");
    if (file != null) {
      Files.writeString(file, space);
    }
    List<String> all =
        new ArrayList<>(
            List.of("n_epochs=2", "layers=12", "n_sample=32", "batch_size=32", "intent=off"));
    all.addAll(List.of(sets));
    return new Tune.Options(
        dataset,
        folder.resolve(name),
        new Tune.Subject(ConfigFile.resolve(null, all), file),
        Tune.Goals.of("mrr@20"),
        Tune.Part.DEFAULT,
        search,
        2);
  }

  @Test
  @Timeout(60)
  void aSpaceMayComeThroughAPipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    Tune.Options plain = options("piped", "", search(2, 1, "None"));
    Tune.Options options =
        new Tune.Options(
            plain.dataset(),
            plain.out(),
            new Tune.Subject(plain.subject().base(), pipe),
            plain.goals(),
            plain.part(),
            plain.search(),
            plain.threads());
    Thread writer =
        Thread.startVirtualThread(
            () -> {
              try {
                Files.writeString(
                    pipe, "{\"learning_rate\": {\"_type\": \"uniform\", \"_value\": [0.1, 0.2]}}");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    Tune.create(options);
    writer.join();
    try (Experiment made = Experiment.open(plain.out())) {
      assertThat(made.settings().space().parameters()).hasSize(1);
    }
  }

  private static Tune.Result run(Tune.Options options) throws IOException {
    Tune.create(options);
    return Tune.run(options.out(), trial -> {}, () -> false);
  }

  @Test
  void anExperimentBeginsInAnEmptyFolderAndTakesOnlyItsOwnFilesWithIt() throws IOException {
    Path out = folder.resolve("deep/search");
    Tune.Options options = options("deep/search", "", search(1, 1, "None"));
    Tune.Options purchases =
        new Tune.Options(
            dataset,
            out,
            options.subject(),
            Tune.Goals.of("purchase_auc"),
            options.part(),
            options.search(),
            2);
    assertThatThrownBy(() -> Tune.create(purchases)).isInstanceOf(KasebException.class);
    assertThat(folder).isEmptyDirectory();

    Files.createDirectories(out);
    Path mine = Files.writeString(out.resolve("mine.txt"), "thesis");
    assertThatThrownBy(() -> Tune.create(options))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("is not empty (it holds mine.txt)");
    assertThat(out).isDirectoryContaining(mine::equals);
    Files.delete(mine);

    run(options);
    Files.writeString(mine, "thesis");
    Path trials = Files.createDirectories(out.resolve("trials"));
    Path state = Files.writeString(trials.resolve("0-1.checkpoint"), "own");
    Path other = Files.writeString(trials.resolve("notes"), "mine");
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Path there = Files.writeString(elsewhere.resolve("1-44.json"), "mine");
    Path link = Files.createSymbolicLink(out.resolve("confirm"), elsewhere);
    assertThat(Experiments.remove(out)).containsExactly(link, mine, trials);
    assertThat(state).doesNotExist();
    assertThat(mine).hasContent("thesis");
    assertThat(other).exists();
    assertThat(there).exists();
    assertThat(out.resolve("experiment.db")).doesNotExist();
    assertThat(out.resolve("best.yaml")).doesNotExist();
    assertThatThrownBy(() -> Experiments.remove(out)).hasMessageContaining("no experiment");
  }

  @Test
  void anExhaustedSpaceIsSaid() throws IOException {
    Tune.Result result =
        run(
            options(
                "finite",
                "{\"hidden_size\": {\"_type\": \"choice\", \"_value\": [4, 5, 12]}}",
                search(20, 1, "None"),
                "n_epochs=1"));
    assertThat(result.status().status()).isEqualTo(StudyState.DONE);
    assertThat(result.figures().trials()).isEqualTo(3);
    assertThat(result.figures().reason())
        .isEqualTo("the space has 3 configurations; all were tried");
    assertThat(Tune.text(folder.resolve("finite"), result.figures()))
        .contains("the space has 3 configurations; all were tried");
  }

  @Test
  void whereNoTrialKeepsTheConstraintTheNearestIsNamed() throws IOException {
    Tune.Options options =
        options(
            "bound",
            "{\"hidden_size\": {\"_type\": \"choice\", \"_value\": [4, 8, 12]}}",
            search(3, 1, "None"),
            "n_epochs=1");
    Tune.Result result =
        run(
            new Tune.Options(
                dataset,
                options.out(),
                options.subject(),
                new Tune.Goals(List.of("mrr@20"), List.of("recall@20>1.5")),
                options.part(),
                options.search(),
                2));
    assertThat(result.figures().best()).isNull();
    TuneFigures.NearMiss nearest = result.figures().nearest();
    assertThat(nearest).isNotNull();
    double best = Double.POSITIVE_INFINITY;
    try (Experiment opened = Experiment.open(options.out())) {
      for (Trial trial : opened.store().trials()) {
        Outcome outcome = Objects.requireNonNull(trial.outcome());
        best = Math.min(best, outcome.constraints().getFirst());
      }
    }
    assertThat(nearest.excess()).containsExactly(Map.entry("recall@20>1.5", best));
    assertThat(Tune.text(options.out(), result.figures()))
        .contains("No trial keeps the constraints", "nearest: trial " + nearest.trial().trial())
        .contains("breaks recall@20>1.5 by");
    assertThat(options.out().resolve("best.yaml")).doesNotExist();
  }

  @Test
  void aValueThatIsNoneOfItsKeysIsNamedBeforeAnyTrial() throws IOException {
    for (String[] bad :
        new String[][] {
          {
            "learning_rate",
            "\"choice\", \"_value\": [0.1, \"abc\"]",
            "learning_rate=abc; must be a number"
          },
          {"n_epochs", "\"choice\", \"_value\": [1.5]", "n_epochs=1.5; must be a whole number"},
          {"batch_size", "\"randint\", \"_value\": [0, 5]", "batch_size=0; must be 1..65536"},
          {"dropout_p_hidden", "\"uniform\", \"_value\": [0, 2]", "dropout_p_hidden="},
          {"loss", "\"choice\", \"_value\": [\"mse\"]", "loss=mse; must be"},
          {"constrained_embedding", "\"choice\", \"_value\": [3]", "must be true or false"},
          {"layers", "\"choice\", \"_value\": [[100, \"x\"]]", "must be a whole number or several"}
        }) {
      Tune.Options options =
          options(
              "bad", "{\"%s\": {\"_type\": %s}}".formatted(bad[0], bad[1]), search(1, 1, "None"));
      assertThatThrownBy(() -> Tune.create(options))
          .as(bad[0])
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("bad-space.json: parameter " + bad[0])
          .hasMessageContaining(bad[2]);
      assertThat(folder.resolve("bad")).doesNotExist();
    }
    Tune.Options whole =
        options(
            "whole",
            "{\"n_epochs\": {\"_type\": \"choice\", \"_value\": [1.0, 2.0]}}",
            search(1, 1, "None"));
    Tune.create(whole);
  }

  @Test
  void theReportIsAPageThatNeedsNoNetwork() throws IOException {
    Tune.Options options = options("page", "", search(9, 2, "ASHA"), "n_epochs=3");
    Tune.Result result = run(options);
    String page = Files.readString(options.out().resolve(Tune.PAGE));
    assertThat(page.substring(0, page.indexOf("<script>")))
        .contains("Search page", "Best trials", "prefers-color-scheme: dark", "id=\"charts\"")
        .contains(options.out().resolve("best.yaml") + " holds the best")
        .doesNotContain("{{", "src=\"", "http:", "NaN");
    String data = page.substring(page.indexOf("id=\"data\">") + "id=\"data\">".length());
    var numbers = Json.MAPPER.readTree(data.substring(0, data.indexOf("</script>")));
    var changes = numbers.get("changes");
    assertThat(changes.get("trials").get("ids").size()).isEqualTo(9);
    assertThat(changes.get("curves").get("trials").size()).isEqualTo(9);
    assertThat(changes.get("overview").get("goals").get(0).get("maximize").asBoolean()).isTrue();
    assertThat(numbers.get("importance").size()).isPositive();
    assertThat(Objects.requireNonNull(result.figures().best()).metric()).isPositive();
  }
}
