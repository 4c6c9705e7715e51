package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.Await;
import io.kaseb.base.Json;
import io.kaseb.serve.http.ListenConfig;
import io.kaseb.studio.Studio;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The studio over HTTP, with a small search that has ended.
class StudioTest {
  private static final String JSON = "application/json";

  @TempDir private static Path folder;
  private static Studio studio;
  private static HttpClient client;

  @BeforeAll
  static void tune() throws IOException {
    StringBuilder log = new StringBuilder();
    for (int s = 0; s < 300; s++) {
      int start = s * 37 % 60;
      log.append("%d %d %d%n".formatted(start, (start + 1) % 60, (start + 2) % 60));
    }
    Path data = folder.resolve("data");
    Path clicks = Files.writeString(folder.resolve("log.txt"), log);
    Path space =
        Files.writeString(
            folder.resolve("space.json"),
            """
            {"hidden_size": {"_type": "randint", "_value": [4, 12]}}
            """);
    Cli.run("prepare", "--format", "sessions", "--clicks", clicks, "--out", data);
    Cli tuned =
        Cli.run(
            "tune",
            data,
            "--space",
            space,
            "--max-trials",
            "2",
            "--set",
            "n_epochs=1",
            "--set",
            "n_sample=16",
            "--set",
            "batch_size=16",
            "--studio",
            "0",
            "--out",
            folder.resolve("search"));
    assertThat(tuned.exit()).as(tuned.err()).isZero();
    assertThat(tuned.out()).startsWith("Studio at http://127.0.0.1:");
    studio = Studio.start(new ListenConfig("127.0.0.1", 0, null, null, null), List.of(folder));
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void close() {
    client.close();
    studio.close();
  }

  private static HttpResponse<String> send(String method, String path, String... headers)
      throws IOException, InterruptedException {
    return send(method, path, HttpRequest.BodyPublishers.noBody(), headers);
  }

  private static HttpResponse<String> send(
      String method, String path, HttpRequest.BodyPublisher body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + studio.port() + path))
            .method(method, body)
            .headers(headers)
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode list() throws IOException, InterruptedException {
    HttpResponse<String> answer = send("GET", "/v1/experiments", "Content-Type", JSON);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.MAPPER.readTree(answer.body()).get("experiments");
  }

  private static String one() throws IOException, InterruptedException {
    return "/v1/experiments/" + list().get(0).get("id").asString();
  }

  @Test
  void pagesAllowNoScriptButTheirOwn() throws Exception {
    for (String path : List.of("/", "/studio.js", "/charts.js", "/echarts.min.js", "/studio.css")) {
      HttpResponse<String> answer = send("GET", path, "Accept", "*/*");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'none'", "script-src 'self'")
          .doesNotContain("unsafe");
    }
  }

  @Test
  void listAndTrialsAreThoseOfTheSearch() throws Exception {
    assertThat(list().size()).isEqualTo(1);
    assertThat(list().get(0).get("best").asDouble()).isPositive();
    assertThat(list().get(0).get("running").asBoolean()).isFalse();
    HttpResponse<String> answer = send("GET", one() + "/trials", "Content-Type", JSON);
    JsonNode changes = Json.MAPPER.readTree(answer.body());
    assertThat(changes.get("whole").asBoolean()).isTrue();
    assertThat(changes.get("trials").get("ids").size()).isEqualTo(2);
    assertThat(changes.get("trials").get("parameters").has("hidden_size")).isTrue();
    assertThat(changes.get("trials").get("times").size()).isEqualTo(2);
    String since = "?since=" + changes.get("version").asString();
    JsonNode later =
        Json.MAPPER.readTree(send("GET", one() + "/trials" + since, "Content-Type", JSON).body());
    assertThat(later.get("whole").asBoolean()).isFalse();
    assertThat(later.has("overview")).isFalse();
    assertThat(later.get("trials").get("ids").size()).isZero();
  }

  @Test
  void whatIsAskedIsChecked() throws Exception {
    var wrong = HttpRequest.BodyPublishers.ofString("{\"concurrency\": 0}");
    HttpResponse<String> refused = send("POST", one() + "/update", wrong, "Content-Type", JSON);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("concurrency");
    var right = HttpRequest.BodyPublishers.ofString("{\"max_trials\": 7}");
    assertThat(send("POST", one() + "/update", right, "Content-Type", JSON).statusCode())
        .isEqualTo(204);
    assertThat(send("POST", one() + "/continue", "Content-Type", JSON).statusCode()).isEqualTo(409);
    assertThat(send("GET", "/v1/experiments/no/trials", "Content-Type", JSON).statusCode())
        .isEqualTo(404);
  }

  @Test
  void aSearchThatHasEndedGoesOn(@TempDir Path other) throws Exception {
    Path copy = other.resolve("copy");
    Cli cloned = Cli.run("experiment", "clone", folder.resolve("search"), "--out", copy);
    assertThat(cloned.exit()).as(cloned.err()).isZero();
    try (Studio ours =
        Studio.start(new ListenConfig("127.0.0.1", 0, null, null, null), List.of(other))) {
      String base = "http://127.0.0.1:" + ours.port() + "/v1/experiments";
      String id = listed(base).get("id").asString();
      assertThat(post(base + "/" + id + "/update", "{\"max_trials\": 3}").statusCode())
          .isEqualTo(204);
      HttpResponse<String> resumed = post(base + "/" + id + "/resume", "{}");
      assertThat(resumed.statusCode()).as(resumed.body()).isEqualTo(204);
      Await.until(
          "the search is done",
          () ->
              listed(base).get("status").asString().equals("DONE")
                  && !listed(base).get("running").asBoolean());
      assertThat(listed(base).get("trials").asInt()).isEqualTo(3);
      Files.delete(copy.resolve("plan.json"));
      HttpResponse<String> refused = post(base + "/" + id + "/resume", "{}");
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body()).contains("plan.json");
    }
  }

  private static JsonNode listed(String base) throws IOException, InterruptedException {
    return Json.MAPPER.readTree(get(base).body()).get("experiments").get(0);
  }

  private static HttpResponse<String> post(String url, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", JSON)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void notesAreKeptAndComeAsAChange() throws Exception {
    JsonNode before =
        Json.MAPPER.readTree(send("GET", one() + "/trials", "Content-Type", JSON).body());
    var note = HttpRequest.BodyPublishers.ofString("{\"trial\": 1, \"text\": \"look here\"}");
    assertThat(send("PUT", one() + "/notes", note, "Content-Type", JSON).statusCode())
        .isEqualTo(204);
    String since = "?since=" + before.get("version").asString();
    JsonNode after =
        Json.MAPPER.readTree(send("GET", one() + "/trials" + since, "Content-Type", JSON).body());
    assertThat(after.get("trials").get("ids").size()).isEqualTo(1);
    assertThat(after.get("trials").get("notes").get("1").asString()).isEqualTo("look here");
    var none = HttpRequest.BodyPublishers.ofString("{\"trial\": 9, \"text\": \"x\"}");
    assertThat(send("PUT", one() + "/notes", none, "Content-Type", JSON).statusCode())
        .isEqualTo(400);
  }

  @Test
  void aNewTrialIsCheckedAgainstTheSpace() throws Exception {
    var wrong = HttpRequest.BodyPublishers.ofString("{\"parameters\": {\"hidden_size\": \"99\"}}");
    HttpResponse<String> refused = send("POST", one() + "/trials", wrong, "Content-Type", JSON);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("hidden_size=99", "4..11");
    var right = HttpRequest.BodyPublishers.ofString("{\"parameters\": {\"hidden_size\": \"5\"}}");
    assertThat(send("POST", one() + "/trials", right, "Content-Type", JSON).statusCode())
        .isEqualTo(204);
  }

  @Test
  void eventsTellWhatCameAfterAVersion() throws Exception {
    URI events = URI.create("http://127.0.0.1:" + studio.port() + one() + "/events?since=none");
    HttpRequest request = HttpRequest.newBuilder(events).GET().header("Content-Type", JSON).build();
    try (var lines = client.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      List<String> first = lines.filter(line -> !line.startsWith(":")).limit(3).toList();
      assertThat(first.get(1)).isEqualTo("event: change");
      assertThat(first.get(2)).startsWith("data: {").contains("\"whole\":true", "\"curves\":{");
    }
  }

  @Test
  void aFinishedSearchIsSavedAsOnePage() throws Exception {
    HttpResponse<String> page = send("GET", one() + "/page", "Content-Type", JSON);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body().substring(0, page.body().indexOf("<script>")))
        .contains("<!doctype html>", "id=\"charts\"")
        .doesNotContain("src=\"");
  }

  @Test
  void whatCannotBeReadIsSaidAndIsNoFailureOfTheStudio(@TempDir Path other) throws Exception {
    Files.writeString(
        Files.createDirectory(other.resolve("bad")).resolve("experiment.db"), "no db ".repeat(99));
    try (Studio damaged =
        Studio.start(new ListenConfig("127.0.0.1", 0, null, null, null), List.of(other))) {
      String base = "http://127.0.0.1:" + damaged.port() + "/v1/experiments";
      HttpResponse<String> listed = get(base);
      JsonNode listing = Json.MAPPER.readTree(listed.body());
      assertThat(listing.get("experiments").size()).isZero();
      assertThat(listing.get("damaged").get(0).asString()).contains("not a study's SQLite file");
      String id =
          UUID.nameUUIDFromBytes(
                  other
                      .resolve("bad")
                      .toAbsolutePath()
                      .normalize()
                      .toString()
                      .getBytes(StandardCharsets.UTF_8))
              .toString();
      for (String what : List.of("/trials", "/curves", "/importance", "/page", "/events")) {
        HttpResponse<String> answer = get(base + "/" + id + what);
        assertThat(answer.statusCode()).as(what + answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("not a study's SQLite file");
      }
    }
  }

  @Test
  void offLoopbackItAsksForATokenInItsOwnWords() {
    Cli open = Cli.run("studio", folder, "--host", "0.0.0.0", "--port", "0");
    assertThat(open.exit()).isEqualTo(1);
    assertThat(open.err()).contains("could read and steer the experiments", "--token-file");
    Cli none = Cli.run("studio", folder.resolve("nowhere"));
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.err()).contains("nowhere", "no such folder");
  }

  private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(url)).header("Content-Type", JSON).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void otherPagesReadAndChangeNothing() throws Exception {
    String stop = one() + "/stop";
    for (String path : List.of("/v1/experiments", one() + "/trials")) {
      assertThat(
              send("GET", path, "Content-Type", JSON, "Origin", "http://evil.example").statusCode())
          .isEqualTo(403);
    }
    assertThat(
            send("POST", stop, "Content-Type", JSON, "Origin", "http://evil.example").statusCode())
        .isEqualTo(403);
    assertThat(send("POST", stop, "Content-Type", "text/plain").statusCode()).isEqualTo(415);
  }
}
