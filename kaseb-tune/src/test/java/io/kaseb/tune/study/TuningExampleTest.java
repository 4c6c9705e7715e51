package io.kaseb.tune.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.example.TuningExample;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The examples of docs/tuning.md, compiled and run.
class TuningExampleTest {
  @Test
  void theTopIsFound() {
    Study study = TuningExample.tune();
    assertThat(study.trials()).hasSize(60);
    assertThat(study.best().orElseThrow().values().getFirst()).isBetween(.99, 1.);
  }

  @Test
  void stepsAreSaved() {
    Study study = TuningExample.trainInSteps();
    int steps = study.trials().stream().mapToInt(Trial::lastStep).sum();
    assertThat(study.best().orElseThrow().values().getFirst()).isLessThan(1e-3);
    assertThat(steps).isLessThan(40 * 27 / 2);
  }

  @Test
  void thePageShowsThisCode() throws IOException {
    String page = squeezed(Files.readString(Path.of("../docs/tuning.md")));
    String source = Files.readString(Path.of("src/test/java/io/kaseb/example/TuningExample.java"));
    for (String tag : List.of("plain", "steps")) {
      int from = source.indexOf("// tag::" + tag) + ("// tag::" + tag).length();
      String code = squeezed(source.substring(from, source.indexOf("// end::" + tag)));
      assertThat(page).contains(code.replace("TuningExample::", "Example::"));
    }
  }

  private static String squeezed(String text) {
    return Arrays.stream(text.split("\\s+")).collect(Collectors.joining(" ")).strip();
  }
}
