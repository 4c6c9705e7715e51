package io.kaseb.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.Progress;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.TrainConfig;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Protocol;
import io.kaseb.model.ItemMask;
import io.kaseb.pipeline.Prepare;
import io.kaseb.pipeline.Train;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model file embedded: both halves of a forecast, and without the libraries around them.
class ForecasterTest {
  @TempDir private static Path folder;
  private static Path dataset;
  private static Path file;
  private static Forecaster forecaster;

  @BeforeAll
  static void train() throws IOException {
    Path log = folder.resolve("log");
    Simulator.write(new SimulatorConfig(2_000, 3, 1), log, Progress.NONE);
    dataset = folder.resolve("dataset");
    ClickSource source =
        new ClickSource(
            Format.of("yoochoose"),
            List.of(log.resolve(Simulator.CLICKS)),
            List.of(log.resolve(Simulator.BUYS), log.resolve(Simulator.TEST_BUYS)),
            List.of(log.resolve(Simulator.TEST_CLICKS)),
            null);
    Prepare.run(
        source,
        Prepare.Rules.DEFAULT.with(Protocol.of("challenge")),
        Resources.DEFAULT,
        dataset,
        true,
        Progress.NONE);
    file = train("model.kaseb", Map.of());
    forecaster = Forecaster.load(file);
  }

  private static Path train(String name, Map<String, String> more) throws IOException {
    Map<String, String> keys =
        new HashMap<>(
            Map.of("layers", "12", "n_epochs", "1", "n_sample", "32", "batch_size", "32"));
    keys.putAll(more);
    TrainConfig config = TrainConfig.DEFAULT.with(keys);
    IntentConfig intent =
        IntentConfig.DEFAULT.with(
            name.equals("model.kaseb")
                ? Map.of("intent_units", "8", "intent_epochs", "1", "intent_trees", "5")
                : Map.of("intent", "off"));
    Path model = folder.resolve(name);
    Train.run(
        Train.Options.of(dataset, model, config, 1).withIntent(intent),
        e -> {},
        Progress.NONE,
        () -> false);
    return model;
  }

  @Test
  void aVisitForecastsWhatItsHalvesDo() throws IOException {
    List<String> ids = forecaster.catalogue().ids();
    Session visit = forecaster.newSession();
    PurchaseForecaster.Session purchase = PurchaseForecaster.load(file).newSession();
    Forecaster.State next = forecaster.newState();
    assertThat(visit.forecast(3).items())
        .hasSize(3)
        .allMatch(item -> item.source() == SessionForecast.Source.POPULAR);
    long time = 1_396_000_000_000L;
    for (String item : List.of(ids.get(3), "never seen", ids.get(5), ids.get(3))) {
      assertThat(visit.click(item, "0", time)).isEqualTo(!item.startsWith("never"));
      purchase.click(item, "0", time);
      if (!item.startsWith("never")) {
        next.click(forecaster.catalogue().index(item));
      }
      time += 20_000;
    }
    SessionForecast forecast = visit.forecast(ids.size());
    PurchaseForecaster.Purchase bought = purchase.forecast(false);
    assertThat(forecaster.version()).hasSize(12);
    assertThat(forecast.clicks()).isEqualTo(4);
    assertThat(forecast.buyProbability()).isEqualTo(bought.probability());
    assertThat(forecast.bought()).containsExactlyInAnyOrderElementsOf(bought.items());
    assertThat(forecast.bought())
        .isSortedAccordingTo((a, b) -> Double.compare(b.probability(), a.probability()));
    float[][] scores = new float[1][ids.size()];
    forecaster.scores(new Forecaster.State[] {next}, 1, scores);
    assertThat(forecast.items()).hasSize(ids.size());
    double sum = 0;
    for (SessionForecast.Next item : forecast.items()) {
      assertThat(item.score()).isEqualTo(scores[0][forecaster.catalogue().index(item.item())]);
      sum += item.probability();
    }
    assertThat(forecaster.probabilities()).isTrue();
    assertThat(sum).isCloseTo(1, within(1e-4));
  }

  @Test
  void aMaskHidesItemsAndKeepsProbabilities() {
    Session visit = forecaster.newSession();
    visit.click(forecaster.catalogue().id(0));
    List<SessionForecast.Next> all = visit.forecast(5).items();
    ItemMask mask =
        ItemMask.all(forecaster.catalogue().size())
            .without(forecaster.catalogue().index(all.getFirst().item()));
    List<SessionForecast.Next> rest = visit.forecast(4, mask, false).items();
    assertThat(rest).isEqualTo(all.subList(1, 5));
    assertThat(visit.forecast(0, mask, false).items()).isEmpty();
  }

  @Test
  void otherLossesHaveNoProbabilities() throws IOException {
    for (Map<String, String> keys : List.of(Map.of("loss", "bpr-max"), Map.of("logq", "0"))) {
      Forecaster other = Forecaster.load(train("other.kaseb", keys));
      assertThat(other.probabilities()).isFalse();
      Session visit = other.newSession();
      visit.click(other.catalogue().id(1));
      assertThat(visit.forecast(2).items()).hasSize(2).allMatch(n -> n.probability() == null);
    }
  }
}
