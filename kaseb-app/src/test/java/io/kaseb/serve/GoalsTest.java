package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Progress;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.TrainConfig;
import io.kaseb.duckdb.Resources;
import io.kaseb.forecast.Forecaster;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.pipeline.Prepare;
import io.kaseb.pipeline.Train;
import io.kaseb.simulate.ShopperLog;
import io.kaseb.simulate.SimulatorConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A model of several goals, of actions and of attributes, over HTTP.
class GoalsTest {
  static Path train(Path folder) throws IOException {
    ShopperLog.write(new SimulatorConfig(1_000, 1, 1), folder, Progress.NONE);
    Format format =
        Format.of("csv")
            .with(LogColumns.parse(ShopperLog.COLUMNS))
            .withAttributes(LogAttribute.parse(ShopperLog.ATTRIBUTES));
    Path dataset = folder.resolve("dataset");
    Prepare.run(
        ClickSource.of(format, folder.resolve(ShopperLog.EVENTS)),
        Prepare.Rules.DEFAULT.with(Protocol.CHALLENGE),
        Resources.DEFAULT,
        dataset,
        true,
        Progress.NONE);
    Path model = folder.resolve("m.kaseb");
    Train.run(
        Train.Options.of(
                dataset, model, TrainConfig.DEFAULT.with(Map.of("layers", "8", "n_epochs", "1")), 1)
            .withIntent(
                IntentConfig.DEFAULT.with(
                    Map.of("intent_units", "4", "intent_epochs", "1", "intent_trees", "10")))
            .withGoals(List.of("purchase", "cart")),
        e -> {},
        Progress.NONE,
        () -> false);
    return model;
  }

  @Test
  void everyGoalIsAnsweredAndACartMovesThePurchase(@TempDir Path folder) throws IOException {
    Path model = train(folder);
    String item = Forecaster.load(model).catalogue().id(0);
    try (Server server = Shop.start(Shop.config(model, null, "memory"))) {
      String events = "/v1/sessions/v/events";
      String device = ",\"session_attributes\":{\"device\":\"phone\"}}";
      JsonNode looked = Shop.post(server, events, "{\"item\":\"" + item + "\"" + device).json();
      assertThat(looked.path("goals").propertyNames()).containsExactly("purchase", "cart");
      assertThat(looked.path("goals").path("purchase").asDouble())
          .isEqualTo(looked.path("buy_probability").asDouble());
      JsonNode carted =
          Shop.post(server, events, "{\"action\":\"cart\",\"item\":\"" + item + "\"}").json();
      assertThat(carted.path("buy_probability").asDouble())
          .isGreaterThan(looked.path("buy_probability").asDouble());
      assertThat(carted.path("items")).isEqualTo(looked.path("items"));
      JsonNode reasons =
          Shop.post(server, events + "?explain=true", "{\"action\":\"search\"}")
              .json()
              .at("/explain/reasons");
      assertThat(reasons.findValuesAsString("feature"))
          .contains("cart", "view", "search", "device=phone")
          .doesNotHaveDuplicates();
      JsonNode cart =
          reasons
              .valueStream()
              .filter(reason -> reason.path("feature").asString().equals("cart"))
              .findFirst()
              .orElseThrow();
      assertThat(cart.path("item").asString()).isEqualTo(item);
      assertThat(cart.path("log_odds").asDouble()).isGreaterThan(.5);
    }
  }

  @Test
  void theItemsOfAnotherActionCanBeAskedFor(@TempDir Path folder) throws IOException {
    Path model = train(folder);
    String item = Forecaster.load(model).catalogue().id(0);
    String body = "{\"item\":\"" + item + "\"}";
    try (Server server = Shop.start(Shop.config(model, null, "memory"))) {
      JsonNode orders = Shop.post(server, "/v1/sessions/v/events?target=order&k=5", body).json();
      assertThat(orders.path("target").asString()).isEqualTo("purchase");
      assertThat(orders.at("/items/0/item").asString()).isEqualTo(item);
      assertThat(orders.at("/items/0/source").asString()).isEqualTo("session");
      assertThat(orders.at("/items/0/probability")).isEqualTo(orders.at("/bought/0/probability"));
      assertThat(orders.path("items")).hasSize(5);
      assertThat(Shop.post(server, "/v1/sessions/v/events?k=5", body).json().has("target"))
          .isFalse();
      Shop.Http refused = Shop.post(server, "/v1/sessions/v/events?target=wishlist", body);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.json().toString()).contains("target", "view, purchase, cart");
      // What is refused leaves no click behind.
      assertThat(Shop.post(server, "/v1/sessions/v/events", body).json().path("clicks").asInt())
          .isEqualTo(3);
    }
  }
}
