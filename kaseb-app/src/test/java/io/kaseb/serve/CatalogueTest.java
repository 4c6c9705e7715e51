package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.event.Event;
import io.kaseb.serve.http.ListenConfig;
import io.kaseb.serve.pages.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What there is to click, what the model reads, what can be played again, and where a model came
/// from, over HTTP.
class CatalogueTest {
  private static final String ITEM = Shop.ITEMS.get(3);
  private static final Replay REPLAY =
      new Replay(
          "log, test",
          List.of(
              new Replay.Visit(
                  List.of(new Event("view", ITEM, "S", 1_700_000_000_000L, Map.of("price", 5.5))),
                  Map.of("device", "phone"),
                  List.of(ITEM))),
          Map.of(ITEM, Map.of("brand", "Masbaba", "price", 5.5)));

  private static ServeConfig config(Path hidden, Path table, Path report) {
    ServeConfig plain = Shop.config(Shop.TRAINED, null, "memory");
    return new ServeConfig(
        plain.listen(),
        new ServeConfig.ModelFiles(Shop.TRAINED, Map.of(), Map.of(), hidden, null, 5, false),
        plain.sessions(),
        plain.limits(),
        plain.log(),
        new ServeConfig.Pages(true, table, report, REPLAY));
  }

  private static List<String> found(Server server, String query) {
    return Shop.get(server, "/v1/catalogue?" + query)
        .json()
        .path("items")
        .findValuesAsString("item");
  }

  @Test
  void itemsAreFoundByEveryWordThePopularFirst(@TempDir Path folder) throws IOException {
    Path table = folder.resolve("items.csv");
    Files.writeString(table, "id,title,colour\n" + Shop.ITEMS.get(4) + ",Große Lampe,red\n");
    try (Server server = Shop.start(config(null, table, null))) {
      assertThat(found(server, "limit=100")).hasSize(Math.min(100, Shop.ITEMS.size()));
      assertThat(found(server, "limit=3")).isEqualTo(found(server, "").subList(0, 3));
      assertThat(Shop.get(server, "/v1/catalogue?limit=3").json().path("more").asBoolean())
          .isTrue();
      assertThat(found(server, "query=masBABA")).containsExactly(ITEM);
      assertThat(found(server, "query=lampe+red")).containsExactly(Shop.ITEMS.get(4));
      assertThat(found(server, "query=lampe+blue")).isEmpty();
      assertThat(found(server, "query=" + ITEM)).contains(ITEM);
      JsonNode named =
          Shop.get(server, "/v1/catalogue?items=" + Shop.ITEMS.get(4) + ",none")
              .json()
              .path("items");
      assertThat(named.get(0).path("name").asString()).isEqualTo("Große Lampe");
      assertThat(named.get(0).path("attributes").propertyNames()).containsExactly("colour");
      assertThat(named.get(1).path("known").asBoolean()).isFalse();
      assertThat(Shop.get(server, "/v1/catalogue?limit=101").field()).isEqualTo("limit");
      assertThat(Shop.get(server, "/v1/catalogue?query=a&items=b").field()).isEqualTo("items");
      assertThat(Shop.get(server, "/v1/catalogue?query=" + "a".repeat(201)).field())
          .isEqualTo("query");
      assertThat(Shop.get(server, "/v1/catalogue?qery=a").field()).isEqualTo("qery");
    }
  }

  @Test
  void hiddenItemsAreNowhere(@TempDir Path folder) throws IOException {
    Path hidden = Files.writeString(folder.resolve("hidden.txt"), ITEM + "\n");
    try (Server server = Shop.start(config(hidden, null, null))) {
      assertThat(found(server, "query=" + ITEM)).doesNotContain(ITEM);
      assertThat(found(server, "query=masbaba")).isEmpty();
      assertThat(found(server, "items=" + ITEM)).isEmpty();
    }
  }

  @Test
  void aModelTellsWhatItReads(@TempDir Path folder) throws IOException {
    Path model = GoalsTest.train(folder);
    try (Server server = Shop.start(Shop.config(model, null, "memory"))) {
      JsonNode signals = Shop.get(server, "/v1/signals").json();
      assertThat(signals.path("actions").valueStream().map(JsonNode::asString))
          .contains("view", "cart", "remove", "search");
      assertThat(signals.path("goals").valueStream().map(JsonNode::asString))
          .containsExactly("purchase", "cart");
      assertThat(signals.path("attributes").findValuesAsString("name"))
          .contains("device", "brand", "price", "query");
      JsonNode device = signals.path("attributes").get(0);
      assertThat(device.path("level").asString()).isEqualTo("session");
      assertThat(device.path("values").get(0).asString()).isEqualTo("phone");
      assertThat(signals.path("visits").asInt()).isZero();
      assertThat(Shop.get(server, "/v1/replay").status()).isEqualTo(404);
    }
    try (Server server = Shop.start(Shop.config(Shop.OTHER, null, "memory"))) {
      JsonNode signals = Shop.get(server, "/v1/signals").json();
      assertThat(signals.path("purchases").asBoolean()).isFalse();
      assertThat(signals.path("actions").valueStream().map(JsonNode::asString))
          .containsExactly("view");
    }
  }

  @Test
  void aVisitIsToldAsTheRouteOfEventsTakesIt() throws IOException {
    try (Server server = Shop.start(config(null, null, null))) {
      JsonNode visit = Shop.get(server, "/v1/replay?visit=1").json();
      assertThat(visit.path("bought").get(0).asString()).isEqualTo(ITEM);
      assertThat(visit.path("session_attributes").path("device").asString()).isEqualTo("phone");
      assertThat(
              Shop.post(server, "/v1/sessions/r/events", visit.path("events").get(0).toString())
                  .status())
          .isEqualTo(200);
      assertThat(Shop.get(server, "/v1/replay?visit=2").field()).isEqualTo("visit");
    }
  }

  @Test
  void aModelTellsWhereItCameFromWhileItsFileIsThere(@TempDir Path folder) throws IOException {
    Path model = folder.resolve("m.kaseb");
    Files.copy(Shop.TRAINED, model);
    Path report = Files.writeString(folder.resolve("r.json"), "{\"metrics\":{\"recall@20\":0.5}}");
    ServeConfig plain = Shop.config(model, null, "memory");
    ServeConfig config =
        new ServeConfig(
            plain.listen(),
            plain.models(),
            plain.sessions(),
            plain.limits(),
            plain.log(),
            new ServeConfig.Pages(true, null, report, Replay.NONE));
    try (Server server = Shop.start(config)) {
      JsonNode facts = Shop.get(server, "/v1/model/default").json();
      assertThat(facts.path("provenance").path("dataset_hash").asString()).hasSize(64);
      assertThat(facts.path("config").path("layers").get(0).asInt()).isEqualTo(8);
      assertThat(facts.path("report").asBoolean()).isTrue();
      assertThat(Shop.get(server, "/v1/report").json().at("/metrics/recall@20").asDouble())
          .isEqualTo(.5);
      Files.copy(Shop.OTHER, model, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      assertThat(Shop.get(server, "/v1/model/default").status()).isEqualTo(409);
      assertThat(Shop.get(server, "/v1/model/none").status()).isEqualTo(404);
    }
  }

  @Test
  void whatIsNoReportIsRefused(@TempDir Path folder) throws IOException {
    for (String text : List.of("no json", "[]", "{\"rows\":7}")) {
      Path report = Files.writeString(folder.resolve("r.json"), text);
      try (Server server = Shop.begin(config(null, null, report))) {
        assertThatThrownBy(server::load)
            .isInstanceOf(KasebException.class)
            .hasMessageContaining("r.json")
            .hasMessageContaining("kaseb compare or evaluate");
      }
    }
  }

  @Test
  void whoMayHaveNoForecastsGetsNoItems() throws IOException {
    ServeConfig plain = config(null, null, null);
    ServeConfig guarded =
        new ServeConfig(
            new ListenConfig(
                "127.0.0.1", 0, null, null, null, List.of(), null, "forecast-token-of-16"),
            plain.models(),
            plain.sessions(),
            plain.limits(),
            plain.log(),
            plain.pages());
    try (Server server = Shop.start(guarded)) {
      for (String path : List.of("/v1/catalogue", "/v1/signals", "/v1/replay")) {
        assertThat(Shop.get(server, path).status()).as(path).isEqualTo(401);
        assertThat(
                Shop.send(server, "GET", path, null, "Authorization", "Bearer forecast-token-of-16")
                    .status())
            .as(path)
            .isEqualTo(200);
      }
      assertThat(Shop.get(server, "/").status()).isEqualTo(200);
    }
  }
}
