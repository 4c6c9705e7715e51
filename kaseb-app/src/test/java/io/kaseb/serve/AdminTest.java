package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.Await;
import io.kaseb.base.KasebException;
import io.kaseb.serve.Shop.Http;
import io.kaseb.serve.http.HttpLimits;
import io.kaseb.serve.http.ListenConfig;
import io.kaseb.serve.http.Route;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Changes to a running server.
class AdminTest {
  private static final String TOKEN = "a-token-of-16-or-more";
  @TempDir private Path folder;

  private Server start(ServeConfig.ModelFiles models) throws IOException {
    ServeConfig plain = Shop.config(Shop.TRAINED, TOKEN, "memory");
    return Shop.start(new ServeConfig(plain.listen(), models, plain.sessions(), plain.limits()));
  }

  private ServeConfig.ModelFiles models(Path hidden, Path categories) throws IOException {
    Path shop = folder.resolve("shop.kaseb");
    if (!Files.exists(shop)) {
      Files.copy(Shop.TRAINED, shop);
      Files.copy(Shop.OTHER, folder.resolve("other.kaseb"));
    }
    return new ServeConfig.ModelFiles(shop, Map.of(), Map.of(), hidden, categories, 5, true);
  }

  private static Http admin(Server server, String method, String path, String body) {
    return Shop.send(server, method, path, body, "Authorization", "Bearer " + TOKEN);
  }

  @Test
  void adminRoutesNeedTheToken() throws IOException {
    try (Server server = start(models(null, null))) {
      List<Route> changing =
          server.routes().stream().filter(route -> route.kind() == Route.Kind.ADMIN).toList();
      assertThat(changing).hasSize(8);
      for (Route route : changing) {
        String path = route.path().replaceAll("[{]\\w+}", "x");
        assertThat(Shop.send(server, route.method(), path, null).status()).isEqualTo(401);
        Http wrong =
            Shop.send(
                server, route.method(), path, "{}", "Authorization", "Bearer nonsense-token-x");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.headers().firstValue("WWW-Authenticate")).isPresent();
      }
      Http form =
          Shop.send(
              server,
              "POST",
              "/v1/model",
              "{}",
              "Authorization",
              "Bearer " + TOKEN,
              "Content-Type",
              "text/plain");
      assertThat(form.status()).isEqualTo(415);
      assertThat(Shop.get(server, "/v1/model").status()).isEqualTo(200);
    }
  }

  @Test
  void modelsAreLoadedSharedAndTakenOut() throws IOException {
    try (Server server = start(models(null, null))) {
      Http loaded = admin(server, "POST", "/v1/model", "{\"file\":\"other.kaseb\",\"name\":\"b\"}");
      assertThat(loaded.status()).as(loaded.body()).isEqualTo(200);
      assertThat(loaded.json().path("items").asInt()).isEqualTo(50);
      assertThat(loaded.json().path("purchases").asBoolean()).isFalse();
      Http shared = admin(server, "PUT", "/v1/shares", "{\"shares\":{\"default\":50,\"b\":50}}");
      assertThat(shared.json().path("shares").path("b").asInt()).isEqualTo(50);
      Map<String, Integer> variants = new TreeMap<>();
      for (int i = 0; i < 60; i++) {
        JsonNode answer = Shop.click(server, "s" + i, Shop.ITEMS.get(0)).json();
        variants.merge(
            answer.path("model").path("name").asString()
                + answer.path("model").path("variant").asString(),
            1,
            Integer::sum);
      }
      assertThat(variants).containsOnlyKeys("defaulta", "bb");
      assertThat(admin(server, "DELETE", "/v1/model/b", null).status()).isEqualTo(409);
      assertThat(admin(server, "DELETE", "/v1/model/default", null).status()).isEqualTo(409);
      assertThat(admin(server, "DELETE", "/v1/model/none", null).status()).isEqualTo(404);
      assertThat(admin(server, "PUT", "/v1/shares", "{\"shares\":{}}").status()).isEqualTo(200);
      assertThat(admin(server, "DELETE", "/v1/model/b", null).status()).isEqualTo(204);
      for (String wrong :
          List.of(
              "{\"default\":100}",
              "{\"default\":60,\"b\":40}",
              "{\"default\":\"x\",\"b\":1}",
              "[]")) {
        assertThat(admin(server, "PUT", "/v1/shares", "{\"shares\":" + wrong + "}").field())
            .isEqualTo("shares");
      }
      String uneven = "{\"shares\":{\"default\":60,\"b\":30}}";
      assertThat(admin(server, "PUT", "/v1/shares", uneven).json().path("detail").asString())
          .startsWith("must be none, or two models' percentages that make 100");
    }
  }

  @Test
  void whatIsNoModelChangesNothing() throws IOException {
    try (Server server = start(models(null, null))) {
      String before = Shop.get(server, "/v1/model").body();
      byte[] bytes = Files.readAllBytes(folder.resolve("other.kaseb"));
      bytes[bytes.length / 2] ^= 1;
      Files.write(folder.resolve("flipped.kaseb"), bytes);
      Files.write(folder.resolve("cut.kaseb"), Arrays.copyOf(bytes, 700));
      Files.writeString(folder.resolve("text.kaseb"), "no model");
      Files.createSymbolicLink(folder.resolve("link.kaseb"), Shop.OTHER);
      for (String file :
          List.of(
              "flipped.kaseb",
              "cut.kaseb",
              "text.kaseb",
              "link.kaseb",
              "none.kaseb",
              "../shop.kaseb",
              "/etc/passwd",
              "a\\u0000b",
              ".",
              "..",
              "")) {
        Http http = admin(server, "POST", "/v1/model", "{\"file\":\"" + file + "\"}");
        assertThat(http.status()).as("%s: %s", file, http.body()).isEqualTo(400);
        assertThat(http.field()).isEqualTo("file");
        assertThat(http.body()).doesNotContain(folder.toString());
      }
      Http cut = admin(server, "POST", "/v1/model", "{\"file\":\"cut.kaseb\"}");
      assertThat(cut.json().path("detail").asString())
          .isEqualTo(
              "the model stays as it was: cut.kaseb: not a whole model file: it is cut short within"
                  + " its header; make or copy it again");
      assertThat(
              admin(server, "POST", "/v1/model", "{\"file\":\"other.kaseb\",\"name\":\"../b\"}")
                  .field())
          .isEqualTo("name");
      assertThat(Shop.get(server, "/v1/model").body()).isEqualTo(before);
      assertThat(Shop.get(server, "/metrics").body())
          .containsPattern("kaseb_model_refused_total [1-9]");
    }
  }

  @Test
  void swapsUnderLoadDropNothingAndMixNothing() throws Exception {
    try (Server server = start(models(null, null))) {
      Files.copy(Shop.TRAINED, folder.resolve("again.kaseb"));
      AtomicBoolean stop = new AtomicBoolean();
      AtomicInteger answers = new AtomicInteger();
      List<String> failures = Collections.synchronizedList(new ArrayList<>());
      // One answer for each version: the session is stateless, so any other would be a mixture.
      Map<String, String> bodies = new ConcurrentHashMap<>();
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      while (!stop.get()) {
                        Http http =
                            Shop.post(
                                server,
                                "/v1/forecast",
                                "{\"session\":\"s\",\"clicks\":[{\"item\":\""
                                    + Shop.ITEMS.get(0)
                                    + "\",\"time\":1}]}");
                        answers.incrementAndGet();
                        String version =
                            http.status() + http.json().path("model").path("version").asString();
                        String first = bodies.putIfAbsent(version, http.body());
                        if (http.status() != 200 || (first != null && !first.equals(http.body()))) {
                          failures.add(http.body());
                        }
                      }
                    }));
      }
      for (int i = 0; i < 12; i++) {
        String file = i % 2 == 0 ? "other.kaseb" : "again.kaseb";
        assertThat(admin(server, "POST", "/v1/model", "{\"file\":\"" + file + "\"}").status())
            .isEqualTo(200);
        admin(server, "POST", "/v1/model", "{\"file\":\"none.kaseb\"}");
      }
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures).isEmpty();
      assertThat(bodies).hasSize(2);
      assertThat(answers.get()).isGreaterThan(50);
    }
  }

  @Test
  void hiddenItemsNeverLeakAndCategoriesFilter() throws IOException {
    Path hidden = folder.resolve("hidden.txt");
    Path categories = folder.resolve("categories.tsv");
    List<String> items = Shop.ITEMS;
    Files.writeString(hidden, String.join("\n", items.subList(0, 40)) + "\nnever seen\n");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < items.size(); i++) {
      lines.append(items.get(i)).append('\t').append(i % 10 == 1 ? "few" : "many").append('\n');
    }
    Files.writeString(categories, lines);
    try (Server server = start(models(hidden, categories))) {
      for (int i = 0; i < 60; i++) {
        String item = items.get(i * 7 % items.size());
        String path = "/v1/sessions/h" + i / 5 + "/events?k=1000&explain=true";
        Http http = Shop.post(server, path, "{\"item\":\"" + item + "\"}");
        List<String> seen = new ArrayList<>(http.json().findValuesAsString("item"));
        seen.addAll(Shop.get(server, "/v1/sessions/h" + i / 5).json().findValuesAsString("item"));
        Shop.get(
                server,
                "/v1/recommend?session_id=x" + i + "&item_id=" + item + "&user_consent=true")
            .json()
            .forEach(id -> seen.add(id.asString()));
        assertThat(seen).doesNotContainAnyElementsOf(items.subList(0, 40));
        assertThat(http.json().path("items")).hasSize(items.size() - 40);
      }
      String query = "/v1/forecast?k=1000&category=few";
      String body = "{\"clicks\":[{\"item\":\"" + items.get(3) + "\"}]}";
      List<String> few =
          Shop.post(server, query, body).json().path("items").findValuesAsString("item");
      assertThat(few)
          .isNotEmpty()
          .allMatch(id -> items.indexOf(id) % 10 == 1 && items.indexOf(id) >= 40);
      JsonNode none = Shop.post(server, "/v1/forecast?category=none", body).json().path("items");
      assertThat(none.isArray()).isTrue();
      assertThat(none).isEmpty();

      Files.writeString(categories, "a line without tab\n");
      assertThat(admin(server, "POST", "/v1/rules", null).status()).isEqualTo(409);
      assertThat(Shop.post(server, query, body).json().path("items")).hasSameSizeAs(few);
      Files.writeString(categories, lines);
      Files.writeString(hidden, items.get(45));
      assertThat(admin(server, "POST", "/v1/rules", null).json().path("hidden_items").asInt())
          .isEqualTo(1);
      assertThat(Shop.post(server, "/v1/forecast?k=1000", body).json().path("items"))
          .hasSize(items.size() - 1);
    }
  }

  @Test
  void noForecastBeforeTheModelIsReady() throws IOException {
    ServeConfig config = Shop.config(Shop.TRAINED, null, "memory");
    try (Server server = Shop.begin(config)) {
      assertThat(Shop.get(server, "/health/live").status()).isEqualTo(200);
      assertThat(Shop.get(server, "/health/ready").status()).isEqualTo(503);
      Http http = Shop.click(server, "s", Shop.ITEMS.get(0));
      assertThat(http.status()).isEqualTo(503);
      assertThat(http.headers().firstValue("Retry-After")).contains("1");
      server.load();
      assertThat(Shop.get(server, "/health/ready").status()).isEqualTo(200);
      assertThatThrownBy(
              () ->
                  Shop.begin(
                      new ServeConfig(
                          new ListenConfig("127.0.0.1", server.port(), null, null, null),
                          config.models(),
                          config.sessions(),
                          config.limits())))
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("in use");
    }
    Server broken = Shop.begin(Shop.config(folder.resolve("none.kaseb"), null, "memory"));
    assertThatThrownBy(broken::load).isInstanceOf(IOException.class);
    broken.close();
  }

  @Test
  void drainingAnswersWhatComesAndKeepsSessions() throws Exception {
    Path file = folder.resolve("sessions");
    ServeConfig plain = Shop.config(Shop.TRAINED, null, "file:" + file);
    ServeConfig config =
        new ServeConfig(
            plain.listen(),
            plain.models(),
            plain.sessions(),
            new HttpLimits(
                200_000, 8192, Duration.ofSeconds(5), 256, 1000, Duration.ofSeconds(20)));
    Server server = Shop.start(config);
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger sent = new AtomicInteger();
    List<String> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      String session = "drain" + t;
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (HttpClient client = HttpClient.newHttpClient()) {
                      boolean isClosing = false;
                      while (!isClosing) {
                        sent.incrementAndGet();
                        HttpResponse<String> response =
                            client.send(
                                HttpRequest.newBuilder(
                                        URI.create(
                                            server.url() + "/v1/sessions/" + session + "/events"))
                                    .version(HttpClient.Version.HTTP_1_1)
                                    .header("Content-Type", "application/json")
                                    .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                            "{\"item\":\"" + Shop.ITEMS.get(1) + "\"}"))
                                    .build(),
                                HttpResponse.BodyHandlers.ofString());
                        isClosing =
                            response.headers().firstValue("connection").orElse("").equals("close");
                        answered.addAndGet(response.statusCode() == 200 ? 1 : 0);
                      }
                    } catch (IOException | InterruptedException e) {
                      failures.add(e.toString());
                    }
                  }));
    }
    Await.until("50 answers", () -> answered.get() >= 50 || !failures.isEmpty());
    server.drain();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(answered.get()).isEqualTo(sent.get());
    try (Server next = Shop.start(config)) {
      int clicks = 0;
      for (int t = 0; t < 4; t++) {
        clicks += Shop.get(next, "/v1/sessions/drain" + t).json().path("clicks").asInt();
      }
      assertThat(clicks).isEqualTo(answered.get());
    }
  }
}
