package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.Session;
import io.kaseb.forecast.SessionForecast;
import io.kaseb.newitem.NewItem;
import io.kaseb.serve.Shop.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Items that come after the training: over HTTP and from a file, at once and for the next start.
class ItemsTest {
  private static final String FRESH =
      "[{\"id\":\"fresh\",\"attributes\":{\"brand\":\"fibamas\",\"price\":12.5}}]";
  @TempDir private static Path shared;
  private static Path model;
  @TempDir private Path folder;

  @BeforeAll
  static void train() throws IOException {
    model = GoalsTest.train(shared);
  }

  private Server start(Path file, Path state, Path newItems) throws IOException {
    ServeConfig plain = Shop.config(model, null, "memory");
    ServeConfig.ModelFiles models =
        new ServeConfig.ModelFiles(
            file, Map.of(), Map.of(), null, null, 5, false, Map.of(), state, newItems);
    return Shop.start(new ServeConfig(plain.listen(), models, plain.sessions(), plain.limits()));
  }

  private static Http put(Server server, String body) {
    return Shop.send(server, "PUT", "/v1/items", body);
  }

  private static JsonNode item(Server server, String session, String clicked, String wanted) {
    Http http =
        Shop.post(
            server, "/v1/sessions/" + session + "/events?k=1000", "{\"item\":\"" + clicked + "\"}");
    assertThat(http.status()).as(http.body()).isEqualTo(200);
    for (JsonNode next : http.json().path("items")) {
      if (next.path("item").asString().equals(wanted)) {
        return next;
      }
    }
    return null;
  }

  @Test
  void anItemIsRecommendedAtOnceAsTheLibraryPlacesIt() throws IOException {
    Forecaster plain = Forecaster.load(model);
    String known = plain.catalogue().id(0);
    try (Server server = start(model, null, null)) {
      assertThat(Shop.post(server, "/v1/sessions/s/events", "{\"item\":\"fresh\"}").status())
          .isEqualTo(422);
      assertThat(item(server, "s", known, "fresh")).isNull();
      Http answer = put(server, FRESH);
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.json().path("items").asInt()).isEqualTo(1);
      assertThat(answer.json().path("unknown_attributes")).isEmpty();
      JsonNode placed = item(server, "t", known, "fresh");
      assertThat(placed).isNotNull();
      assertThat(placed.path("source").asString()).isEqualTo("new");
      NewItem same = new NewItem("fresh", Map.of("brand", "fibamas", "price", 12.5));
      Session session = Forecaster.load(model, List.of(same)).newSession();
      session.click(known);
      SessionForecast.Next expected =
          session.forecast(1000).items().stream()
              .filter(n -> n.item().equals("fresh"))
              .findFirst()
              .orElseThrow();
      assertThat((float) placed.path("score").asDouble()).isEqualTo(expected.score());
      assertThat(expected.source()).isEqualTo(SessionForecast.Source.NEW);
      assertThat(item(server, "t", known, known).path("source").asString()).isEqualTo("model");
      // Clicked, it is followed as any other.
      JsonNode clicked = Shop.post(server, "/v1/sessions/t/events", "{\"item\":\"fresh\"}").json();
      assertThat(clicked.path("unknown_items").asInt()).isZero();
      assertThat(Shop.get(server, "/v1/model").json().at("/models/0/items").asInt())
          .isEqualTo(plain.catalogue().size() + 1);
      assertThat(Shop.get(server, "/metrics").body()).contains("kaseb_new_items 1.0");
    }
  }

  @Test
  void changedItemsReplaceAndThoseThatThePurchaseForecastReads() throws IOException {
    String known = Forecaster.load(model).catalogue().id(0);
    try (Server server = start(model, null, null)) {
      put(server, FRESH);
      double before = item(server, "a", known, "fresh").path("score").asDouble();
      String lines =
          "{\"id\":\"fresh\",\"attributes\":{\"brand\":\"fibamas\",\"price\":\"9000\"}}\n\n"
              + "{\"id\":\""
              + known
              + "\",\"attributes\":{\"colour\":\"red\",\"price\":1}}\n";
      Http again =
          Shop.send(server, "PUT", "/v1/items", lines, "Content-Type", "application/x-ndjson");
      assertThat(again.status()).as(again.body()).isEqualTo(200);
      assertThat(again.json().path("put").asInt()).isEqualTo(2);
      assertThat(again.json().path("known").asInt()).isEqualTo(1);
      assertThat(again.json().path("unknown_attributes"))
          .extracting(JsonNode::asString)
          .containsExactly("colour");
      assertThat(item(server, "b", known, "fresh").path("score").asDouble()).isNotEqualTo(before);
      // The purchase forecast reads what was put where the event does not say.
      String one = "{\"clicks\":[{\"item\":\"fresh\",\"time\":1700000000000%s}]}";
      String price = ",\"attributes\":{\"brand\":\"fibamas\",\"price\":9000}";
      JsonNode told = Shop.post(server, "/v1/forecast", one.formatted(price)).json();
      JsonNode put = Shop.post(server, "/v1/forecast", one.formatted("")).json();
      assertThat(put.path("buy_probability")).isEqualTo(told.path("buy_probability"));
      assertThat(Shop.get(server, "/v1/items").json().path("put").asInt()).isEqualTo(2);
      assertThat(Shop.send(server, "DELETE", "/v1/items/fresh", null).status()).isEqualTo(204);
      assertThat(Shop.send(server, "DELETE", "/v1/items/fresh", null).status()).isEqualTo(404);
      assertThat(item(server, "c", known, "fresh")).isNull();
    }
  }

  @Test
  void refusalsNameTheItemAndTheAttribute() throws IOException {
    try (Server server = start(model, null, null)) {
      Map<String, String> wrong =
          Map.of(
              "[{\"id\":\"a\",\"attributes\":{\"price\":\"dear\"}}]", "[0].attributes.price",
              "[{\"id\":\"a\",\"attributes\":{\"brand\":[]}}]", "[0].attributes.brand",
              "[{\"id\":\"a\"}]", "[0].attributes",
              "{\"id\":\"a\",\"attributes\":{}}\n{\"id\":\"a\",\"attributes\":{}}", "[1]",
              "{\"id\":\"a\",\"attributes\":{}}\nno", "[1]",
              "[]", "body",
              "[{\"attributes\":{}}]", "[0].id",
              "[{\"id\":\"a\",\"atributes\":{}}]", "[0].atributes");
      wrong.forEach(
          (body, field) -> {
            Http http = put(server, body);
            assertThat(http.status()).as(body).isEqualTo(400);
            assertThat(http.field()).as(http.body()).isEqualTo(field);
          });
      assertThat(put(server, "[{\"id\":\"a\",\"attributes\":{\"price\":\"dear\"}}]").body())
          .contains("a", "price", "dear", "must be a number");
      assertThat(Shop.get(server, "/v1/items").json().path("items").asInt()).isZero();
      assertThat(Shop.get(server, "/metrics").body()).contains("kaseb_items_refused_total 9.0");
      assertThat(Shop.send(server, "POST", "/v1/items", null).status()).isEqualTo(409);
    }
    try (Server server = Shop.start()) {
      Http http = put(server, FRESH);
      assertThat(http.status()).isEqualTo(400);
      assertThat(http.body()).contains("knows no attributes of items");
    }
  }

  @Test
  void whatWasPutSurvivesARestartAndEveryModelHasIt() throws IOException {
    Path own = Files.copy(model, folder.resolve("m.kaseb"));
    Files.copy(model, folder.resolve("next.kaseb"));
    Path state = folder.resolve("serve.state");
    String known = Forecaster.load(model).catalogue().id(0);
    try (Server server = start(own, state, null)) {
      put(server, FRESH);
    }
    try (Server server = start(own, state, null)) {
      assertThat(item(server, "a", known, "fresh").path("source").asString()).isEqualTo("new");
      Http swapped = Shop.post(server, "/v1/model", "{\"file\":\"next.kaseb\"}");
      assertThat(swapped.status()).as(swapped.body()).isEqualTo(200);
      put(server, FRESH.replace("fresh", "later"));
      assertThat(Shop.send(server, "POST", "/v1/model/rollback", null).status()).isEqualTo(200);
      assertThat(item(server, "b", known, "fresh")).isNotNull();
      assertThat(item(server, "b", known, "later")).isNotNull();
    }
    Path kept = folder.resolve("serve.state.items");
    assertThat(Files.readAllLines(kept)).hasSize(3);
    Files.writeString(kept, "of something else");
    assertThatThrownBy(() -> start(own, state, null).close())
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("serve.state.items");
    assertThat(kept).content().isEqualTo("of something else");
  }

  @Test
  void aFileIsReadAtTheStartAndAgain() throws IOException {
    String known = Forecaster.load(model).catalogue().id(0);
    Path csv = folder.resolve("items.csv");
    Files.writeString(csv, "brand;id;price\n\"fib\"\"amas; x\";one;12.5\n;two;\n");
    try (Server server = start(model, null, csv)) {
      assertThat(item(server, "a", known, "one").path("source").asString()).isEqualTo("new");
      assertThat(item(server, "a", known, "two")).isNotNull();
      Files.writeString(csv, "id,brand,price\nthree,fibamas,7\n");
      assertThat(item(server, "a", known, "three")).isNull();
      put(server, FRESH);
      Http again = Shop.send(server, "POST", "/v1/items", null);
      assertThat(again.json().path("from_file").asInt()).isEqualTo(1);
      assertThat(again.json().path("items").asInt()).isEqualTo(2);
      assertThat(item(server, "a", known, "three")).isNotNull();
      assertThat(item(server, "a", known, "one")).isNull();
      Files.writeString(csv, "id,brand,price\nfour,fibamas,dear\n");
      Http refused = Shop.send(server, "POST", "/v1/items", null);
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.body())
          .contains("four", "price", "dear")
          .doesNotContain(folder.toString());
      assertThat(item(server, "a", known, "three")).isNotNull();
    }
    for (Map.Entry<String, String> wrong :
        Map.of(
                "id,brand,price\nfour,fibamas,dear\n", "items.csv:2",
                "id,brand\nfour\n", "2 values",
                "id\nfour\n", "a header that names",
                "id,brand\n\"four,x\n", "items.csv:2",
                "id,brand\na,x\n\na,y\n", "items.csv:4",
                "{\"id\":\"a\",\"attributes\":{}}\n{\"id\":7.5,\"attributes\":{}}", "items.csv:2")
            .entrySet()) {
      Files.writeString(csv, wrong.getKey());
      assertThatThrownBy(() -> start(model, null, csv).close())
          .as(wrong.getKey())
          .isInstanceOf(KasebException.class)
          .hasMessageContaining(wrong.getValue());
    }
    Files.writeString(csv, "{\"id\":\"five\",\"attributes\":{\"price\":3}}\n");
    try (Server server = start(model, null, csv)) {
      assertThat(item(server, "a", known, "five")).isNotNull();
    }
  }

  @Test
  void requestsGoOnWhileItemsAreSwapped() throws Exception {
    String known = Forecaster.load(model).catalogue().id(0);
    try (Server server = start(model, null, null)) {
      AtomicBoolean isOver = new AtomicBoolean();
      AtomicReference<String> failure = new AtomicReference<>();
      Thread client =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; !isOver.get(); i++) {
                      Http http = Shop.click(server, "s" + i % 9, known);
                      if (http.status() != 200) {
                        failure.set(http.body());
                      }
                    }
                  });
      for (int i = 0; i < 20; i++) {
        assertThat(put(server, FRESH.replace("fresh", "fresh" + i)).status()).isEqualTo(200);
        if (i % 3 == 0) {
          Shop.send(server, "DELETE", "/v1/items/fresh" + i, null);
        }
      }
      isOver.set(true);
      client.join();
      assertThat(failure.get()).isNull();
      assertThat(Shop.get(server, "/v1/items").json().path("items").asInt()).isEqualTo(13);
    }
  }
}
