package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Json;
import io.kaseb.serve.Shop.Http;
import io.kaseb.serve.http.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What is promised: openapi.json against routes and answers, the examples of docs/http-api.md, and
/// nonsense.
class ContractTest {
  private static Server server;
  private static JsonNode api;

  @BeforeAll
  static void start() throws IOException {
    server = Shop.start();
    api = Shop.get(server, "/openapi.json").json();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void openApiHasTheRoutesAndNoOthers() {
    Map<String, TreeSet<String>> routes = new TreeMap<>();
    for (Route route : server.routes()) {
      routes.computeIfAbsent(route.path(), p -> new TreeSet<>()).add(route.method());
      JsonNode operation =
          api.path("paths").path(route.path()).path(route.method().toLowerCase(Locale.ROOT));
      assertThat(operation.has("security"))
          .as(route.path())
          .isEqualTo(route.kind() == Route.Kind.ADMIN);
      Matcher parameters = Pattern.compile("\\{(\\w+)}").matcher(route.path());
      while (parameters.find()) {
        assertThat(operation.path("parameters").findValuesAsString("name"))
            .contains(parameters.group(1));
      }
    }
    Map<String, TreeSet<String>> described = new TreeMap<>();
    api.path("paths")
        .properties()
        .forEach(
            p ->
                p.getValue()
                    .properties()
                    .forEach(
                        m ->
                            described
                                .computeIfAbsent(p.getKey(), k -> new TreeSet<>())
                                .add(m.getKey().toUpperCase(Locale.ROOT))));
    assertThat(described).isEqualTo(routes);
    assertThat(api.path("openapi").asString()).startsWith("3.1");
    for (String ref : api.findValuesAsString("$ref")) {
      assertThat(api.at(ref.substring(1)).isMissingNode()).as(ref).isFalse();
    }
  }

  @Test
  void answersHaveTheDescribedShapes() {
    String item = Shop.ITEMS.get(0);
    String one = "{\"clicks\":[{\"item\":\"" + item + "\"}]}";
    check(
        "post",
        "/v1/sessions/{id}/events",
        Shop.post(server, "/v1/sessions/c/events?explain=true", "{\"item\":\"" + item + "\"}"));
    check(
        "post",
        "/v1/sessions/{id}/events",
        Shop.post(server, "/v1/sessions/c/events", "{\"item\":\"no\"}"));
    check("post", "/v1/sessions/{id}/events", Shop.post(server, "/v1/sessions/c/events", "{}"));
    check("get", "/v1/sessions/{id}", Shop.get(server, "/v1/sessions/c"));
    check("get", "/v1/sessions/{id}", Shop.get(server, "/v1/sessions/none"));
    check(
        "post",
        "/v1/sessions/{id}/events",
        Shop.post(
            server,
            "/v1/sessions/c/events",
            "{\"item\":\"" + item + "\",\"user\":\"u\",\"user_consent\":true}"));
    check("get", "/v1/sessions/{id}", Shop.get(server, "/v1/sessions/c"));
    check("get", "/v1/users/{id}", Shop.get(server, "/v1/users/u"));
    check("get", "/v1/users/{id}", Shop.get(server, "/v1/users/none"));
    check("post", "/v1/forecast", Shop.post(server, "/v1/forecast", one));
    check("post", "/v1/forecast", Shop.post(server, "/v1/forecast", "[" + one + "]"));
    check(
        "get",
        "/v1/recommend",
        Shop.get(server, "/v1/recommend?session_id=1&item_id=" + item + "&user_consent=false"));
    check("get", "/v1/catalogue", Shop.get(server, "/v1/catalogue?query=" + item));
    check("get", "/v1/catalogue", Shop.get(server, "/v1/catalogue?limit=0"));
    check("get", "/v1/signals", Shop.get(server, "/v1/signals"));
    check("get", "/v1/replay", Shop.get(server, "/v1/replay"));
    check("get", "/v1/model/{name}", Shop.get(server, "/v1/model/default"));
    check("get", "/v1/model/{name}", Shop.get(server, "/v1/model/none"));
    check("get", "/v1/report", Shop.get(server, "/v1/report"));
    check("get", "/v1/model", Shop.get(server, "/v1/model"));
    check(
        "post",
        "/v1/model",
        Shop.post(server, "/v1/model", "{\"file\":\"other.kaseb\",\"name\":\"b\"}"));
    check("post", "/v1/model", Shop.post(server, "/v1/model", "{\"file\":\"none\"}"));
    check("put", "/v1/shares", Shop.send(server, "PUT", "/v1/shares", "{\"shares\":{}}"));
    check("post", "/v1/rules", Shop.send(server, "POST", "/v1/rules", null));
    check("get", "/v1/items", Shop.get(server, "/v1/items"));
    check("put", "/v1/items", Shop.send(server, "PUT", "/v1/items", "[]"));
    check("post", "/v1/items", Shop.send(server, "POST", "/v1/items", null));
    check("delete", "/v1/items/{id}", Shop.send(server, "DELETE", "/v1/items/none", null));
    check("get", "/health/live", Shop.get(server, "/health/live"));
    check("get", "/health/ready", Shop.get(server, "/health/ready"));
  }

  private static void check(String method, String path, Http http) {
    JsonNode response =
        api.path("paths")
            .path(path)
            .path(method)
            .path("responses")
            .path(Integer.toString(http.status()));
    assertThat(response.isMissingNode())
        .as("%s %s %d %s", method, path, http.status(), http.body())
        .isFalse();
    String type = http.headers().firstValue("Content-Type").orElse("");
    JsonNode schema = response.path("content").path(type).path("schema");
    assertThat(schema.isMissingNode()).as("%s of %s %s", type, method, path).isFalse();
    List<String> wrong = new ArrayList<>();
    check(schema, http.json(), "$", wrong);
    assertThat(wrong).as("%s %s %s", method, path, http.body()).isEmpty();
  }

  /// Checks the part of JSON Schema that openapi.json uses.
  private static void check(JsonNode schema, JsonNode value, String at, List<String> wrong) {
    if (schema.has("$ref")) {
      check(api.at(schema.path("$ref").asString().substring(1)), value, at, wrong);
      return;
    }
    if (schema.has("oneOf")) {
      int fits = 0;
      for (JsonNode option : schema.path("oneOf")) {
        List<String> own = new ArrayList<>();
        check(option, value, at, own);
        fits += own.isEmpty() ? 1 : 0;
      }
      if (fits != 1) {
        wrong.add(at + " fits " + fits + " of oneOf");
      }
      return;
    }
    if (schema.has("const") && !schema.path("const").equals(value)) {
      wrong.add(at + " is " + value);
    }
    if (schema.has("enum") && schema.path("enum").valueStream().noneMatch(value::equals)) {
      wrong.add(at + " is " + value);
    }
    if (schema.has("type") && !types(schema.path("type")).contains(type(value))) {
      if (!(type(value).equals("integer") && types(schema.path("type")).contains("number"))) {
        wrong.add(at + " is of type " + type(value));
      }
    }
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.asString())) {
        wrong.add(at + " lacks " + name.asString());
      }
    }
    if (value.isObject()) {
      value
          .properties()
          .forEach(
              e -> {
                JsonNode own = schema.path("properties").path(e.getKey());
                JsonNode others = schema.path("additionalProperties");
                if (!own.isMissingNode()) {
                  check(own, e.getValue(), at + "." + e.getKey(), wrong);
                } else if (others.isObject()) {
                  check(others, e.getValue(), at + "." + e.getKey(), wrong);
                } else if (others.isBoolean()) {
                  wrong.add(at + " has " + e.getKey());
                }
              });
    }
    if (value.isArray() && schema.has("items")) {
      value.forEach(e -> check(schema.path("items"), e, at + "[]", wrong));
    }
  }

  private static List<String> types(JsonNode type) {
    return type.isArray()
        ? type.valueStream().map(JsonNode::asString).toList()
        : List.of(type.asString());
  }

  private static String type(JsonNode value) {
    return value.isNull()
        ? "null"
        : value.isIntegralNumber()
            ? "integer"
            : value.isNumber()
                ? "number"
                : value.isString()
                    ? "string"
                    : value.isBoolean() ? "boolean" : value.isArray() ? "array" : "object";
  }

  @Test
  void theExamplesOfThePageRun(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/curl")), "/usr/bin/curl is missing");
    String page = Files.readString(Path.of("../docs/http-api.md"));
    String token = "a-token-of-16-or-more";
    Path model = folder.resolve("shop.kaseb");
    Files.copy(Shop.TRAINED, model);
    Files.copy(Shop.TRAINED, folder.resolve("tonight.kaseb"));
    ServeConfig plain = Shop.config(model, token, "memory");
    Matcher blocks = Pattern.compile("```console\\n(.*?)```", Pattern.DOTALL).matcher(page);
    int examples = 0;
    Path placing = GoalsTest.train(Files.createDirectory(folder.resolve("placing")));
    try (Server own = Shop.start(plain);
        Server withItems = Shop.start(Shop.config(placing, token, "memory"))) {
      while (blocks.find()) {
        String[] parts = blocks.group(1).split("(?m)^(?=\\$ )");
        for (String part : parts) {
          if (part.startsWith("$ ")) {
            // Only a model that was trained with attributes of items takes new ones.
            example(part, part.contains("/v1/items") ? withItems : own, token);
            examples++;
          }
        }
      }
    }
    assertThat(examples).isGreaterThan(12);
  }

  /// Runs one example. Its answer on the page is a pattern: numbers and ids stand for any.
  private static void example(String text, Server own, String token) throws Exception {
    int end = text.indexOf('\n');
    while (text.charAt(end - 1) == '\\') {
      end = text.indexOf('\n', end + 1);
    }
    String command =
        text.substring(2, end)
            .replace("localhost:8080", "127.0.0.1:" + own.port())
            .replace("214536502", Shop.ITEMS.get(0))
            .replace("214536500", Shop.ITEMS.get(1))
            .replace("$TOKEN", token);
    Process process = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(command + "\n" + output).isZero();
    String expected = text.substring(end + 1).strip();
    assertThat(shape(output)).as(command + "\n" + output).isEqualTo(shape(expected));
  }

  private static String shape(String text) {
    if (!text.startsWith("{") && !text.startsWith("[")) {
      return text.lines().findFirst().orElse("").replaceAll("[0-9.E-]+", "0");
    }
    StringBuilder out = new StringBuilder();
    shape(Json.MAPPER.readTree(text.replaceAll(",?\\s*\\.\\.\\.\\s*]", "]")), out);
    return out.toString();
  }

  /// Writes names and kinds of values; of an array the first.
  private static void shape(JsonNode node, StringBuilder out) {
    if (node.isObject()) {
      out.append('{');
      new TreeMap<>(
              Map.copyOf(
                  node.properties().stream()
                      .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))))
          .forEach(
              (k, v) -> {
                out.append(k).append(':');
                shape(v, out);
                out.append(' ');
              });
      out.append('}');
    } else if (node.isArray()) {
      out.append('[');
      if (!node.isEmpty()) {
        shape(node.get(0), out);
      }
      out.append(']');
    } else {
      out.append(node.isNumber() ? "number" : type(node));
    }
  }

  @Test
  void nonsenseGetsNoServerError() throws IOException {
    Random random = new Random(11);
    String sound =
        "{\"session\":\"s\",\"clicks\":[{\"item\":\""
            + Shop.ITEMS.get(0)
            + "\",\"time\":1700000000000,"
            + "\"category\":\"c\",\"price\":9.5,\"event_id\":\"e\"}],\"over\":false}";
    for (int i = 0; i < 3000; i++) {
      byte[] body = sound.getBytes(StandardCharsets.UTF_8);
      int changes = 1 + random.nextInt(4);
      for (int c = 0; c < changes; c++) {
        body[random.nextInt(body.length)] =
            random.nextBoolean()
                ? (byte) random.nextInt(256)
                : "{}[]\",:0e-".getBytes(StandardCharsets.UTF_8)[random.nextInt(10)];
      }
      if (i % 3 == 0) {
        random.nextBytes(body);
      }
      String text = new String(body, StandardCharsets.ISO_8859_1);
      Shop.Http response =
          Shop.post(server, i % 2 == 0 ? "/v1/forecast" : "/v1/sessions/f/events", text);
      assertThat(response.status()).as(text).isIn(200, 400, 422);
      assertThat(response.body()).doesNotContain("Exception", "io.kaseb");
    }
  }
}
