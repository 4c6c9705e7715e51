package io.kaseb.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.KasebException;
import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Domain;
import io.kaseb.tune.space.NormalRange;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.space.Spaces;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Measurement;
import io.kaseb.tune.trial.Outcome;
import io.kaseb.tune.trial.Trial;
import io.kaseb.tune.trial.TrialState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatsTest {
  @TempDir private Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Space space(String text) throws IOException {
    return SpaceFile.read(file("space.json", text));
  }

  private static List<Domain> domains(Space space) {
    return space.parameters().stream().map(Parameter::domain).toList();
  }

  @Test
  void thePublishedSpaceOfHpt4RecIsRead() throws IOException {
    Space space =
        space(
            """
            {"num_layers": {"_type": "choice", "_value": [1, 2, 3]},
             "hidden_size": {"_type": "randint", "_value": [50, 1000]},
             "batch_size": {"_type": "choice", "_value": [32, 64, 128]},
             "lr": {"_type": "uniform", "_value": [0.01, 0.05]}}
            """);
    assertThat(space.parameters().stream().map(Parameter::name))
        .containsExactly("num_layers", "hidden_size", "batch_size", "lr");
    assertThat(domains(space))
        .containsExactly(
            Choice.of(1, 2, 3),
            Range.integers(50, 999),
            Choice.of(32, 64, 128),
            Range.of(.01, .05));
  }

  @Test
  void allTypesAreRead() throws IOException {
    assertThat(
            domains(
                space(
                    """
                    {"a": {"_type": "quniform", "_value": [2, 10, 5]},
                     "b": {"_type": "loguniform", "_value": [1e-4, 1]},
                     "c": {"_type": "qloguniform", "_value": [1, 100, 2]},
                     "d": {"_type": "normal", "_value": [0, 1]},
                     "e": {"_type": "qnormal", "_value": [0, 1, 0.5]},
                     "f": {"_type": "lognormal", "_value": [0, 1]},
                     "g": {"_type": "qlognormal", "_value": [0, 1, 2]},
                     "h": {"_type": "choice", "_value": [
                       {"_name": "adam"},
                       {"_name": "sgd", "momentum": {"_type": "uniform", "_value": [0, 1]}}]},
                     "i": {"_type": "choice", "_value": [[100], [100, 50], true, "x"]}}
                    """)))
        .containsExactly(
            new Range(2, 10, 5, false, false),
            Range.log(1e-4, 1),
            new Range(1, 100, 2, true, false),
            new NormalRange(0, 1, 0, false),
            new NormalRange(0, 1, .5, false),
            new NormalRange(0, 1, 0, true),
            new NormalRange(0, 1, 2, true),
            new Choice(
                List.of(
                    new Choice.Option("adam", true, List.of()),
                    new Choice.Option(
                        "sgd", true, List.of(new Parameter("momentum", Range.of(0, 1)))))),
            Choice.of(List.of(100), List.of(100, 50), true, "x"));
  }

  @Test
  void spacesComeBack() {
    Space space = Spaces.everything();
    assertThat(SpaceJson.read("here", ValueJson.read(ValueJson.text(SpaceJson.write(space)))))
        .isEqualTo(space);
  }

  @Test
  void yamlSpacesAreRead() throws IOException {
    Path yaml = file("space.yaml", "lr:\n  _type: uniform\n  _value: [0, 1]\n");
    assertThat(domains(SpaceFile.read(yaml))).containsExactly(Range.of(0, 1));
  }

  @Test
  void gru4RecsLinesAreRead() throws IOException {
    Space space =
        space(
            """
            {"name": "n_sample", "dtype": "int", "min": 32, "max": 2048, "step": 32}

            {"name": "learning_rate", "dtype": "float", "min": 0.01, "max": 0.25, "step": 0.005}
            {"name": "bpreg", "dtype": "float", "values": [0.0, 2.0], "step": 0.05}
            {"name": "sigma", "dtype": "float", "min": 0.001, "max": 1.0, "log": true}
            {"name": "units", "dtype": "int", "min": 1, "max": 512, "log": true}
            {"name": "loss", "dtype": "categorical", "values": ["cross-entropy", "bpr-max"]}
            """);
    assertThat(domains(space))
        .containsExactly(
            new Range(32, 2048, 32, false, true),
            new Range(.01, .25, .005, false, false),
            new Range(0, 2, .05, false, false),
            Range.log(.001, 1),
            new Range(1, 512, 1, true, true),
            Choice.of("cross-entropy", "bpr-max"));
    assertThatThrownBy(() -> space("{\"name\": \"x\", \"dtype\": \"double\", \"min\": 1}"))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("space.json:1: dtype double; must be int, float or categorical");
  }

  @Test
  void mistakesInSpacesAreNamed() {
    String[][] cases = {
      {
        "{\"x\": {\"_type\": \"unifrom\", \"_value\": [0, 1]}}",
        "x: _type unifrom; must be one of [choice, "
      },
      {"{\"x\": {\"_type\": \"uniform\", \"_value\": [0]}}", "x: uniform [0]; must be 2 numbers"},
      {"{\"x\": {\"_type\": \"randint\", \"_value\": [5, 5]}}", "x: randint [5, 5)"},
      {"{\"x\": {\"_type\": \"loguniform\", \"_value\": [0, 1]}}", "x: lower bound 0.0"},
      {"{\"x\": {\"_type\": \"quniform\", \"_value\": [0, 1, 0]}}", "x: step 0.0; must be above 0"},
      {"{\"x\": {\"_type\": \"choice\", \"_value\": [1, 1]}}", "x: option 1 stands twice"},
      {"{\"x\": {\"_type\": \"choice\", \"_value\": [null]}}", "x: an option is null"},
      {"{\"x\": 3}", "x: 3; must be {\"_type\""},
      {"{}", "must be names with {\"_type\""},
      {"{\"x\": ", "not valid JSON"}
    };
    for (String[] bad : cases) {
      assertThatThrownBy(() -> space(bad[0]))
          .as(bad[0])
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("space.json")
          .hasMessageContaining(bad[1]);
    }
  }

  private static final String EXPERIMENT =
      """
      experimentName: gru
      searchSpace:
        lr: {_type: loguniform, _value: [0.001, 0.1]}
      trialCommand: python main.py
      trialConcurrency: 2
      maxTrialNumber: 30
      maxExperimentDuration: 0.5h
      maxTrialDuration: 10m
      tuner:
        name: TPE
        classArgs:
          optimize_mode: minimize
          seed: 7
          tpe_args: {constant_liar_type: mean, n_startup_jobs: 5, prior_weight: 1.0}
      assessor:
        name: Curvefitting
        classArgs: {epoch_num: 20, start_step: 8, gap: 1}
      trainingService: {platform: local}
      """;

  @Test
  void nnisExperimentsAreRead() throws IOException {
    ExperimentFile.Read read =
        ExperimentFile.read(file("config.yaml", EXPERIMENT), Goal.maximize("mrr@20"), 10);
    Settings settings = read.settings();
    assertThat(read.ignored())
        .containsExactly(
            "assessor.classArgs.gap",
            "trainingService",
            "trialCommand",
            "tuner.classArgs.prior_weight");
    assertThat(settings.name()).isEqualTo("gru");
    assertThat(settings.goals()).containsExactly(Goal.minimize("mrr@20"));
    assertThat(settings.concurrency()).isEqualTo(2);
    assertThat(settings.maxTrials()).isEqualTo(30);
    assertThat(settings.limits()).isEqualTo(new Settings.Limits(1800, 600));
    assertThat(settings.seed()).isEqualTo(7);
    assertThat(settings.budget()).isEqualTo(20);
    assertThat(settings.sampler().args()).isEqualTo(Map.of("liar", "mean", "startup", 5L));
    assertThat(settings.pruner().args()).isEqualTo(Map.of("start_step", 8L));
    assertThat(domains(settings.space())).containsExactly(Range.log(.001, .1));
  }

  @Test
  void aSpaceBesideTheExperimentIsRead() throws IOException {
    space("{\"x\": {\"_type\": \"uniform\", \"_value\": [0, 1]}}");
    Path yaml =
        file(
            "config.yaml",
            "searchSpaceFile: space.json\nadvisor: {name: BOHB, classArgs: {max_budget: 9, eta: 3}}\n");
    Settings settings = ExperimentFile.read(yaml, Goal.maximize("f"), 5).settings();
    assertThat(domains(settings.space())).containsExactly(Range.of(0, 1));
    assertThat(settings.sampler().name()).isEqualTo("BOHB");
    assertThat(settings.budget()).isEqualTo(9);
    assertThat(settings.goals()).containsExactly(Goal.maximize("f"));
  }

  @Test
  void mistakesInExperimentsAreNamed() {
    String[][] cases = {
      {"maxTrialNumbr: 3", "unknown key maxTrialNumbr; did you mean maxTrialNumber?"},
      {"maxTrialNumber: 3", "no searchSpace and no searchSpaceFile"},
      {EXPERIMENT.replace("name: TPE", "name: TPEE"), "sampler TPEE; must be one of [Auto, TPE,"},
      {EXPERIMENT.replace("seed: 7", "sed: 7"), "TPE: unknown argument sed; known are [candidates"},
      {
        EXPERIMENT.replace("10m", "ten"),
        "maxTrialDuration: ten; must be a number with s, m, h or d"
      },
      {EXPERIMENT.replace("mode: minimize", "mode: min"), "optimize_mode: min; must be"},
      {EXPERIMENT.replace("Concurrency: 2", "Concurrency: 0"), "concurrency=0; must be 1..1024"}
    };
    for (String[] bad : cases) {
      assertThatThrownBy(
              () -> ExperimentFile.read(file("config.yaml", bad[0]), Goal.maximize("f"), 5))
          .isInstanceOf(KasebException.class)
          .hasMessageContaining(bad[1]);
    }
    assertThat(ExperimentFile.seconds("x", "1d")).isEqualTo(86_400);
    assertThat(ExperimentFile.seconds("x", "90")).isEqualTo(90);
    assertThat(ExperimentFile.seconds("x", "1.5m")).isCloseTo(90, within(1e-9));
  }

  @Test
  void resultsGoOutAndComeBack() throws IOException {
    List<Goal> goals = List.of(Goal.maximize("mrr"), Goal.minimize("seconds"));
    Parameters parameters =
        new Parameters(Map.of("loss", Map.of("_name", "bpr-max", "bpreg", 1.5)));
    List<Trial> trials =
        List.of(
            new Trial(
                0,
                TrialState.SUCCEEDED,
                parameters,
                Trial.Origin.SAMPLER,
                List.of(),
                List.of(new Measurement(1, List.of(.1, 2.)), new Measurement(2, List.of(.2, 4.))),
                Outcome.of(.2, 4),
                "",
                1),
            Trial.waiting(1, new Parameters(Map.of("loss", "a,b")), Trial.Origin.SAMPLER));
    assertThat(ResultsCsv.write(goals, trials, true))
        .isEqualTo(
            "trialJobId,reward,seconds,intermediate,loss,bpreg\n0,0.2,4.0,0.1 0.2,bpr-max,1.5\n");
    Path json = file("out.json", Results.json(goals, trials, true));
    Space space =
        Space.of(
            List.of(
                new Parameter(
                    "loss",
                    new Choice(
                        List.of(
                            new Choice.Option(
                                "bpr-max", true, List.of(new Parameter("bpreg", Range.of(0, 2)))),
                            new Choice.Option("a,b", false, List.of()))))));
    assertThat(Results.read(json, space, goals).results())
        .containsExactly(new Results.Imported("entry 1", parameters, Outcome.of(.2, 4)));
    Path csv = file("out.csv", ResultsCsv.write(goals, trials, true));
    assertThat(Results.read(csv, space, goals).results())
        .containsExactly(new Results.Imported("row 2", parameters, Outcome.of(.2, 4)));
    Path nni = file("in.json", "[{\"parameter\": {\"x\": 0.5}, \"value\": 0.98}]");
    assertThat(Results.read(nni, space, List.of(Goal.maximize("acc"))).results())
        .containsExactly(
            new Results.Imported("entry 1", new Parameters(Map.of("x", .5)), Outcome.of(.98)));
    assertThat(Results.read(nni, space, goals).skipped())
        .containsExactly("entry 1: no value of mrr");
  }

  @Test
  void whatHasNoFiniteValueIsLeftOutAndNamed() throws IOException {
    List<Goal> goal = List.of(Goal.maximize("acc"));
    Space space = Space.of(Map.of("x", Range.of(0, 1), "s", Choice.of("a,\"b", "c")));
    Path json =
        file(
            "bad.json",
            """
            [{"parameter": {"x": 0.1, "s": "c"}, "value": NaN},
             {"parameter": {"x": 0.2, "s": "c"}, "value": "0.5"},
             {"parameter": {"x": 0.3, "s": "c"}, "value": null},
             {"parameter": {"x": 0.4, "s": "c"}, "value": -Infinity},
             {"parameter": {"x": 0.5, "s": "c"}, "value": {"default": 0.75, "other": NaN}},
             {"parameter": {"x": 0.6, "s": "c"}, "value": {"other": 1}},
             {"parameter": {"x": 0.7, "s": "c"}, "value": [1]}]
            """);
    Results.Read read = Results.read(json, space, goal);
    assertThat(read.results().stream().map(r -> r.outcome().values().getFirst()))
        .containsExactly(.5, .75);
    assertThat(read.skipped()).hasSize(5);
    assertThat(read.skipped().getFirst()).isEqualTo("entry 1: acc=NaN; must be a finite number");
    Path csv =
        file(
            "bad.csv",
            "\uFEFFtrialJobId,reward,x,s\r\n0,0.5,0.25,\"a,\"\"b\"\r\nq,nan,0.5,c\r\n2,,0.5,c\r\n\r\n3,1,1,c");
    Results.Read table = Results.read(csv, space, goal);
    assertThat(table.results().stream().map(r -> r.parameters().values()))
        .containsExactly(Map.of("x", .25, "s", "a,\"b"), Map.of("x", 1.0, "s", "c"));
    assertThat(table.skipped())
        .containsExactly(
            "row 3: acc=nan; must be a finite number",
            "row 4: acc=nothing; must be a finite number");
    Path neither = file("neither.csv", "id,value\n1,2\n");
    assertThatThrownBy(() -> Results.read(neither, space, goal))
        .hasMessageContaining("neither a list of results (JSON) nor a table");
  }

  @Test
  void nnisFirstExperimentFormat() throws IOException {
    file("space.json", "{\"x\": {\"_type\": \"uniform\", \"_value\": [0, 1]}}");
    Path yaml =
        file(
            "config.yml",
            """
            authorName: default
            experimentName: example
            trialConcurrency: 2
            maxExecDuration: 1h
            maxTrialNum: 10
            trainingServicePlatform: local
            searchSpacePath: space.json
            useAnnotation: false
            tuner:
              builtinTunerName: Anneal
              classArgs:
                optimize_mode: minimize
            assessor:
              builtinAssessorName: Medianstop
              classArgs:
                start_step: 2
            trial:
              command: python3 mnist.py
              codeDir: .
              gpuNum: 0
            """);
    assertThat(ExperimentFile.isOne(yaml)).isTrue();
    ExperimentFile.Read read = ExperimentFile.read(yaml, Goal.maximize("acc"), 5);
    assertThat(read.ignored())
        .containsExactly("authorName", "trainingServicePlatform", "trial", "useAnnotation");
    assertThat(read.settings().name()).isEqualTo("example");
    assertThat(read.settings().maxTrials()).isEqualTo(10);
    assertThat(read.settings().concurrency()).isEqualTo(2);
    assertThat(read.settings().limits().study()).isEqualTo(3600);
    assertThat(read.settings().sampler().name()).isEqualTo("Anneal");
    assertThat(read.settings().pruner().name()).isEqualTo("Medianstop");
    assertThat(read.settings().goals()).containsExactly(Goal.minimize("acc"));
    Path own = file("own.yml", "searchSpacePath: space.json\ntuner:\n  className: Mine\n");
    assertThatThrownBy(() -> ExperimentFile.read(own, Goal.maximize("acc"), 5))
        .hasMessageContaining("tuner has no name");
    Path both =
        file("both.yml", "searchSpacePath: space.json\nmaxTrialNum: 1\nmaxTrialNumber: 2\n");
    assertThatThrownBy(() -> ExperimentFile.read(both, Goal.maximize("acc"), 5))
        .hasMessageContaining("maxTrialNum and maxTrialNumber say the same");
  }

  @Test
  void aKeyThatStandsTwiceIsAnErrorWithItsLine() throws IOException {
    Path json =
        file(
            "twice.json",
            """
            {"x": {"_type": "uniform", "_value": [0, 1]},
             "y": {"_type": "uniform", "_value": [0, 1]},
             "x": {"_type": "uniform", "_value": [0, 2]}}
            """);
    assertThatThrownBy(() -> SpaceFile.read(json))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("twice.json:3: x stands twice");
    Path yaml =
        file(
            "twice.yaml",
            "x:\n  _type: uniform\n  _value: [0, 1]\n  _type: normal\ny:\n  _type: uniform\n");
    assertThatThrownBy(() -> SpaceFile.read(yaml))
        .hasMessageContaining("twice.yaml:4: _type stands twice");
    Path lines =
        file(
            "twice.txt",
            """
            {"name": "x", "dtype": "int", "min": 1, "max": 2}
            {"name": "y", "dtype": "int", "min": 1, "min": 2, "max": 2}
            """);
    assertThatThrownBy(() -> SpaceFile.read(lines)).hasMessageContaining("min stands twice");
  }
}
