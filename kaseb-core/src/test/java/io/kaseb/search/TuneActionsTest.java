package io.kaseb.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Logs;
import io.kaseb.simulate.ShopperLog;
import io.kaseb.simulate.SimulatorConfig;
import io.kaseb.store.Experiment;
import io.kaseb.tune.study.MethodSpec;
import io.kaseb.tune.trial.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Searches by forecasts of a log's own actions.
class TuneActionsTest {
  @TempDir private Path folder;

  private static Tune.Search search(int trials) {
    return new Tune.Search(trials, null, 1, null, MethodSpec.of("None"), true, null);
  }

  private static Tune.Result run(Tune.Options options) throws IOException {
    Tune.create(options);
    return Tune.run(options.out(), trial -> {}, () -> false);
  }

  @Test
  void forecastsOfOtherActionsAreGoalsToo() throws IOException {
    ShopperLog.write(new SimulatorConfig(1_000, 1, 2), folder, Progress.NONE);
    Format format = Format.of("csv").with(LogColumns.parse(ShopperLog.COLUMNS));
    Path shop = folder.resolve("shop");
    Logs.prepare(
        ClickSource.of(format, folder.resolve(ShopperLog.EVENTS)),
        Logs.rules(Protocol.CHALLENGE),
        shop);
    String space =
        """
        {"hidden_size": {"_type": "choice", "_value": [4, 8]},
         "intent": {"_type": "choice", "_value": ["boosted"]}}
        """;
    Path file = Files.writeString(folder.resolve("space.json"), space);
    List<String> goals = List.of("cart_live_auc", "purchase_live_average_precision");
    Tune.Options options =
        new Tune.Options(
            shop,
            folder.resolve("e"),
            new Tune.Subject(
                ConfigFile.resolve(
                    null,
                    List.of(
                        "n_epochs=1", "layers=12", "n_sample=32", "batch_size=32", "intent=off")),
                file),
            new Tune.Goals(goals, List.of("cart_live_auc>0.1")),
            new Tune.Part(.3, 1_000, 1, "epochs"),
            search(2),
            1);
    TuneFigures figures = run(options).figures();
    assertThat(figures.best().values().keySet()).containsExactlyElementsOf(goals);
    assertThat(figures.best().values().get("cart_live_auc")).isBetween(.5, 1.0);
    assertThat(figures.best().values().get("purchase_live_average_precision")).isBetween(.02, .999);
    assertThat(TunePlan.read(options.out()).actions()).containsExactly("cart", "purchase");

    Tune.Options unknown =
        new Tune.Options(
            shop,
            folder.resolve("none"),
            options.subject(),
            Tune.Goals.of("nod_live_auc"),
            options.part(),
            search(1),
            1);
    assertThatThrownBy(() -> run(unknown))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("nod")
        .hasMessageContaining("view, cart");
    assertThat(unknown.out()).doesNotExist();
    assertThatThrownBy(() -> TuneGoal.of("_live_auc"))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("ACTION_live_auc");
  }

  /// The space of the page on tuning, over a log that has the parts of its features.
  @Test
  void featuresAreAChoice() throws IOException {
    ShopperLog.write(new SimulatorConfig(1_000, 1, 2), folder, Progress.NONE);
    Format format = Format.of("csv").with(LogColumns.parse(ShopperLog.COLUMNS));
    Path shop = folder.resolve("shop");
    Logs.prepare(
        ClickSource.of(format, folder.resolve(ShopperLog.EVENTS)),
        Logs.rules(Protocol.CHALLENGE),
        shop);
    String page = Files.readString(Path.of("../docs/tuning.md"));
    int at = page.indexOf("{\"intent_features\": {\"_type\": \"choice\"");
    String space = page.substring(at, page.indexOf("```", at));
    Path file = Files.writeString(folder.resolve("features.json"), space);
    Tune.Options options =
        new Tune.Options(
            shop,
            folder.resolve("e"),
            new Tune.Subject(
                ConfigFile.resolve(
                    null,
                    List.of(
                        "n_epochs=1",
                        "layers=12",
                        "n_sample=32",
                        "batch_size=32",
                        "intent=boosted",
                        "intent_epochs=1",
                        "intent_trees=10")),
                file),
            Tune.Goals.of("purchase_live_auc"),
            new Tune.Part(.3, 1_000, 1, "epochs"),
            search(6),
            1);
    TuneFigures figures = run(options).figures();
    assertThat(figures.failures()).isEmpty();
    // The user's own configuration, whose lists the space writes bare.
    assertThat(figures.base()).isNotNull();
    assertThat(figures.base().parameters()).containsEntry("intent_generated", "");
    Map<String, Double> seen = new HashMap<>();
    try (Experiment experiment = Experiment.open(options.out())) {
      for (Trial trial : experiment.store().trials()) {
        seen.put(
            trial.parameters().text("intent_features")
                + "/"
                + trial.parameters().text("intent_generated"),
            trial.values().getFirst());
      }
    }
    // Other features, other forecasts.
    assertThat(seen.values().stream().distinct().count()).isGreaterThan(1);
    ConfigFile.Resolved best = ConfigFile.resolve(options.out().resolve(Tune.BEST), List.of());
    assertThat(String.join(",", best.intent().intentGenerated()))
        .isEqualTo(figures.best().parameters().get("intent_generated"));
    assertThat(
            best.intent().intentFeatures().stream()
                .map(feature -> feature.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(",")))
        .isEqualTo(figures.best().parameters().get("intent_features"));
  }
}
