package io.kaseb.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.forecast.Forecaster;
import io.kaseb.tune.study.Study;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples that need nothing around them.
class ExamplesTest {
  @TempDir private Path folder;

  @Test
  void forecastsInsideAProgram() throws IOException {
    Forecaster forecaster = Forecaster.load(Models.train(folder));
    List<String> ids = forecaster.catalogue().ids();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    EmbedForecaster.run(
        forecaster,
        new BufferedReader(
            new StringReader(
                "s1 %s\ns2 %s\ns1 %s\nnonsense\ns2 no-such-item\n"
                    .formatted(ids.get(0), ids.get(1), ids.get(2)))),
        new PrintStream(bytes, true, StandardCharsets.UTF_8));
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0))
        .matches("s1: next (\\d+ \\d+% ){2}\\d+ \\d+%; buys [\\d.]+%, most likely " + ids.get(0));
    assertThat(lines.get(1)).startsWith("s2: next ").isNotEqualTo(lines.get(0));
    assertThat(lines.get(3)).isEqualTo("no click, passed over: nonsense");
    assertThat(lines.get(4)).endsWith("(new item)");
  }

  @Test
  void tunesAnyFunction() {
    Study study = TuneAnyFunction.tune(40);
    assertThat(study.trials()).hasSize(40);
    double best = study.best().orElseThrow().values().getFirst();
    double first = study.trials().getFirst().values().getFirst();
    assertThat(best).isLessThan(first);
    assertThat(best).isEqualTo(TuneAnyFunction.cost(study.best().orElseThrow().parameters()));
  }
}
