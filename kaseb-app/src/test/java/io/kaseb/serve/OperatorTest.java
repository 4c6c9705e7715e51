package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.Await;
import io.kaseb.base.KasebException;
import io.kaseb.serve.Shop.Http;
import io.kaseb.serve.http.ListenConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What who runs the server needs besides forecasts.
class OperatorTest {
  private static final String TOKEN = "a-token-of-16-or-more";
  private static final String SHARES = "{\"shares\":{\"default\":50,\"b\":50}}";
  @TempDir private Path folder;

  @BeforeEach
  void models() throws IOException {
    Files.copy(Shop.TRAINED, folder.resolve("shop.kaseb"));
    Files.copy(Shop.OTHER, folder.resolve("other.kaseb"));
  }

  private ServeConfig config(Map<String, Path> shadows, Path state) {
    ServeConfig plain = Shop.config(folder.resolve("shop.kaseb"), null, "memory");
    return new ServeConfig(
        plain.listen(),
        new ServeConfig.ModelFiles(
            folder.resolve("shop.kaseb"), Map.of(), Map.of(), null, null, 5, true, shadows, state),
        plain.sessions(),
        plain.limits());
  }

  private static int status(int port, String path) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theAdminPortHasWhatIsForOperatorsAlone() throws IOException {
    ServeConfig plain = config(Map.of(), null);
    ServeConfig two =
        new ServeConfig(
            new ListenConfig("127.0.0.1", 0, null, null, null, List.of(), 0, null),
            plain.models(),
            plain.sessions(),
            plain.limits());
    try (Server server = Shop.start(two)) {
      int admin = server.adminPort();
      assertThat(admin).isNotEqualTo(server.port());
      for (String path : List.of("/metrics", "/v1/model")) {
        assertThat(status(server.port(), path)).isEqualTo(404);
        assertThat(status(admin, path)).isEqualTo(200);
      }
      assertThat(Shop.send(server, "POST", "/v1/rules", null).status()).isEqualTo(404);
      assertThat(status(admin, "/health/ready")).isEqualTo(200);
      assertThat(status(server.port(), "/health/ready")).isEqualTo(200);
      assertThat(status(admin, "/v1/sessions/x")).isEqualTo(404);
      assertThat(Shop.click(server, "x", Shop.ITEMS.getFirst()).status()).isEqualTo(200);
      assertThat(status(admin, "/v1/sessions/x")).isEqualTo(404);
    }
  }

  @Test
  void forecastsMayNeedATokenOfTheirOwn() throws IOException {
    ServeConfig plain = config(Map.of(), null);
    String forecast = "forecasts-of-this-shop";
    ServeConfig guarded =
        new ServeConfig(
            new ListenConfig("127.0.0.1", 0, TOKEN, null, null, List.of(), null, forecast),
            plain.models(),
            plain.sessions(),
            plain.limits());
    String body = "{\"item\":\"" + Shop.ITEMS.getFirst() + "\"}";
    try (Server server = Shop.start(guarded)) {
      String path = "/v1/sessions/t/events";
      assertThat(Shop.post(server, path, body).status()).isEqualTo(401);
      assertThat(Shop.get(server, "/v1/sessions/t").status()).isEqualTo(401);
      for (String token : List.of(forecast, TOKEN)) {
        assertThat(
                Shop.send(server, "POST", path, body, "Authorization", "Bearer " + token).status())
            .isEqualTo(200);
      }
      assertThat(
              Shop.send(server, "POST", "/v1/rules", null, "Authorization", "Bearer " + forecast)
                  .status())
          .isEqualTo(401);
      assertThat(Shop.get(server, "/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void whatWasChangedHoldsAfterTheNextStart() throws IOException {
    Path state = folder.resolve("serve.state");
    try (Server server = Shop.start(config(Map.of(), state))) {
      assertThat(state).doesNotExist();
      Shop.post(server, "/v1/model", "{\"file\":\"other.kaseb\",\"name\":\"b\"}");
      Shop.send(server, "PUT", "/v1/shares", SHARES);
      Shop.post(
          server, "/v1/model", "{\"file\":\"shop.kaseb\",\"name\":\"aside\",\"shadow\":true}");
    }
    String served;
    try (Server server = Shop.start(config(Map.of(), state))) {
      Http models = Shop.get(server, "/v1/model");
      served = models.body();
      assertThat(models.json().path("shares").path("b").asInt()).isEqualTo(50);
      assertThat(models.json().at("/models/0/name").asString()).isEqualTo("aside");
      assertThat(models.json().at("/models/0/shadow").asBoolean()).isTrue();
      assertThat(models.json().at("/models/1/file").asString()).isEqualTo("other.kaseb");
      Shop.send(server, "DELETE", "/v1/model/aside", null);
    }
    assertThat(served).contains("aside");
    try (Server server =
        Shop.start(config(Map.of("aside", folder.resolve("other.kaseb")), state))) {
      assertThat(Shop.get(server, "/v1/model").json().path("models")).hasSize(2);
    }
    for (String foreign : List.of("{\"a\":1}", "text", "{\"kaseb_state\":1,\"models\":7}", "")) {
      Files.writeString(state, foreign);
      Server refused = Shop.begin(config(Map.of(), state));
      assertThatThrownBy(refused::load)
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("serve.state");
      refused.close();
      assertThat(state).hasContent(foreign);
    }
  }

  @Test
  void aShadowIsAskedAndNotAnswered() throws Exception {
    Map<String, Path> shadows =
        Map.of("same", folder.resolve("shop.kaseb"), "other", folder.resolve("other.kaseb"));
    try (Server server = Shop.start(config(shadows, null))) {
      for (int i = 0; i < 20; i++) {
        Http answer = Shop.click(server, "s" + i, Shop.ITEMS.get(i));
        assertThat(answer.json().at("/model/name").asString()).isEqualTo("default");
      }
      Await.until(
          "the shadows have been asked",
          () ->
              Shop.get(server, "/metrics")
                  .body()
                  .contains("kaseb_shadow_forecasts_total{model=\"other\"} 20.0"));
      Await.until(
          "both",
          () ->
              Shop.get(server, "/metrics")
                  .body()
                  .contains("kaseb_shadow_forecasts_total{model=\"same\"} 20.0"));
      assertThat(Shop.get(server, "/metrics").body())
          .contains("kaseb_shadow_overlap_sum{model=\"same\"} 20.0")
          .contains("kaseb_shadow_same_first_total{model=\"same\"} 20.0")
          .contains("kaseb_shadow_buy_difference_sum{model=\"same\"} 0.0")
          .contains("kaseb_shadow_overlap_sum{model=\"other\"} 0.0")
          .contains("kaseb_shadow_same_first_total{model=\"other\"} 0.0");
      String shares = "{\"shares\":{\"default\":50,\"same\":50}}";
      assertThat(Shop.send(server, "PUT", "/v1/shares", shares).json().path("detail").asString())
          .contains("is a shadow");
      String wrong = "{\"file\":\"other.kaseb\",\"shadow\":true}";
      assertThat(Shop.post(server, "/v1/model", wrong).field()).isEqualTo("shadow");
    }
  }

  @Test
  void theModelBeforeComesBack() throws IOException {
    try (Server server = Shop.start(config(Map.of(), null))) {
      String first = Shop.get(server, "/v1/model").json().at("/models/0/version").asString();
      assertThat(Shop.post(server, "/v1/model/rollback", "").status()).isEqualTo(409);
      Shop.post(server, "/v1/model", "{\"file\":\"other.kaseb\"}");
      // Even where its file is gone.
      Files.delete(folder.resolve("shop.kaseb"));
      Http back = Shop.post(server, "/v1/model/rollback", "{\"name\":\"default\"}");
      assertThat(back.json().path("version").asString()).isEqualTo(first);
      assertThat(
              Shop.click(server, "r", Shop.ITEMS.getFirst()).json().at("/model/version").asString())
          .isEqualTo(first);
      Http forth = Shop.post(server, "/v1/model/rollback", "");
      assertThat(forth.json().path("file").asString()).isEqualTo("other.kaseb");
      assertThat(forth.json().path("previous").asString()).isEqualTo(first);
      assertThat(Shop.post(server, "/v1/model/rollback", "{\"name\":\"none\"}").status())
          .isEqualTo(409);
    }
  }

  @Test
  void eachRequestIsALineOfTheAccessLog() throws IOException {
    Path log = folder.resolve("access.log");
    ServeConfig plain = config(Map.of(), null);
    for (boolean isJson : new boolean[] {false, true}) {
      try (Server server =
          Shop.start(
              new ServeConfig(
                  plain.listen(),
                  plain.models(),
                  plain.sessions(),
                  plain.limits(),
                  new ServeConfig.Log(log, isJson),
                  ServeConfig.Pages.DEFAULT))) {
        Shop.click(server, "a%1B", Shop.ITEMS.getFirst());
        Shop.get(server, "/nowhere?secret=1");
      }
    }
    List<String> lines = Files.readAllLines(log);
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).contains("127.0.0.1", "\"POST /v1/sessions/a%1B/events\" 400 ");
    assertThat(lines.get(1)).contains("\"GET /nowhere\" 404 ").doesNotContain("secret");
    assertThat(lines.get(2))
        .startsWith("{\"time\":\"")
        .contains("\"route\":\"POST /v1/sessions/{id}/events\",\"status\":400");
  }
}
