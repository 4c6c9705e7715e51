package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.TrainConfig;
import io.kaseb.duckdb.Resources;
import io.kaseb.eval.EvalConfig;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Split;
import io.kaseb.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model on another shop's dataset.
class KnownItemsTest {
  @TempDir private Path folder = Path.of("");
  private Path model = Path.of("");

  /// A model that knows items 0 to 19.
  @BeforeEach
  void model() throws IOException {
    model = folder.resolve("m.kaseb");
    Train.Options options =
        Train.Options.of(dataset("own", 0, 20), model, TrainConfig.DEFAULT, 1)
            .withIntent(IntentConfig.NONE);
    TrainModel.run(
        new TrainModel.Options("markov", options, Map.of(), 3),
        epoch -> {},
        Progress.NONE,
        () -> false);
  }

  /// A dataset of sessions of three clicks on neighbours in a ring of items.
  private Path dataset(String name, int from, int items) throws IOException {
    StringBuilder log = new StringBuilder();
    for (int s = 0; s < 200; s++) {
      for (int c = 0; c < 3; c++) {
        log.append(from + (s + c) % items).append(c < 2 ? ' ' : '\n');
      }
    }
    Prepare.run(
        ClickSource.of(
            Format.of("sessions"), Files.writeString(folder.resolve(name + ".txt"), log)),
        Prepare.Rules.DEFAULT.with(Split.parse("time:0.2")),
        Resources.DEFAULT,
        folder.resolve(name),
        true,
        Progress.NONE);
    return folder.resolve(name);
  }

  private Report evaluate(Path dataset) throws IOException {
    return Evaluate.run(model, dataset, config(), null, true, null, false, "", Progress.NONE);
  }

  private static EvalConfig config() {
    return EvalConfig.defaults().withThreads(1);
  }

  @Test
  void aStrangersItemsAreAnError() throws IOException {
    Path strange = dataset("strange", 100, 20);
    assertThatThrownBy(() -> evaluate(strange))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("m.kaseb: knows none of the 20 items")
        .hasMessageContaining("strange");
    assertThatThrownBy(() -> Compare.run(List.of(model), strange, config(), "", Progress.NONE))
        .hasMessageContaining("m.kaseb: knows none of the 20 items");
  }

  @Test
  void aShopThatSharesItemsByHalfIsWarnedOf() throws IOException {
    Path half = dataset("half", 10, 20);
    Report report = evaluate(half);
    assertThat(report.facts().get("warning"))
        .contains("10 of 20 test items (50.0 %), 50.0 % of the test clicks", "another shop's");
    assertThat(report.text()).contains("warning: the model knows only");
    assertThat(Compare.run(List.of(model), half, config(), "", Progress.NONE).report().facts())
        .containsKey("warning");
  }

  @Test
  void itsOwnShopIsNot() throws IOException {
    assertThat(evaluate(folder.resolve("own")).facts())
        .doesNotContainKey("warning")
        .containsEntry(
            "known to the model", "20 of 20 test items (100.0 %), 100.0 % of the test clicks");
  }

  @Test
  void knownItemsThatNeverMeetGiveNothingToPredict() throws IOException {
    // Of the items 19 to 38 the model knows 19 alone: no session has two clicks that it knows.
    Path edge = dataset("edge", 19, 20);
    assertThatThrownBy(() -> evaluate(edge))
        .hasMessageContaining("has nothing to predict")
        .hasMessageContaining("(1 of 20)");
  }
}
