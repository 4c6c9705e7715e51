package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.Json;
import io.kaseb.base.Workers;
import io.kaseb.data.AttributeColumn;
import io.kaseb.data.LabelledSessions;
import io.kaseb.data.OpenDataset;
import io.kaseb.data.Purchases;
import io.kaseb.data.Visitors;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.event.Attribute;
import io.kaseb.event.Event;
import io.kaseb.event.Visitor;
import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.Session;
import io.kaseb.serve.session.Redis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Users over HTTP: what they did in earlier sessions counts as it does in training, with their
/// consent and not without.
class UsersTest {
  private static final int MOST_EVENTS = 20;

  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void train() throws IOException {
    model = GoalsTest.train(folder);
  }

  /// An event of the dataset's, to be sent.
  ///
  /// @param row its session's row
  /// @param isLast whether it is the last before the session's purchase, or its end
  private record Sent(int row, Event event, boolean isLast) {}

  /// The training sessions of a dataset, as rows.
  private record Rows(List<String> items, LabelledSessions sessions, int[] users) {
    static Rows of(Path dataset) throws Exception {
      OpenDataset open = OpenDataset.of(dataset, Workers.of(1));
      try (DuckDatabase database = DuckDatabase.inMemory(Workers.of(1))) {
        List<List<String>> users =
            database.rows(
                "SELECT coalesce(\"user\", -1)::BIGINT FROM read_parquet(%s) ORDER BY session"
                    .formatted(DuckDatabase.file(dataset.resolve("train/sessions.parquet"))));
        return new Rows(
            open.dataset().catalogue().ids(),
            open.labelledTrain(),
            users.stream().mapToInt(u -> Integer.parseInt(u.getFirst())).toArray());
      }
    }

    /// Returns the events up to a row's purchase, and the purchases, in order of their times.
    List<Sent> events(int row) {
      List<Sent> events = new ArrayList<>();
      Purchases purchases = sessions.purchases();
      int live = Math.min(purchases.firstPlace(row), length(row));
      int start = sessions.sessions().start(row);
      for (int e = start; e < start + live; e++) {
        events.add(new Sent(row, event(row, e), e == start + live - 1));
      }
      for (int p = purchases.offsets()[row]; p < purchases.offsets()[row + 1]; p++) {
        String item = items.get(purchases.items()[p]);
        events.add(new Sent(row, Event.of("purchase", item, purchases.times()[p]), false));
      }
      for (int e = start + live; e < start + length(row); e++) {
        events.add(new Sent(row, event(row, e), false));
      }
      return events;
    }

    int length(int row) {
      return sessions.sessions().end(row) - sessions.sessions().start(row);
    }

    private Event event(int row, int e) {
      int item = sessions.sessions().items()[e];
      Map<String, Object> values = new HashMap<>();
      for (AttributeColumn column : sessions.signals().attributes()) {
        int at =
            switch (column.attribute().level()) {
              case ITEM -> item;
              case EVENT -> e;
              case SESSION, USER -> row;
            };
        Object value = at < 0 ? null : value(column, at);
        if (value != null) {
          values.put(column.attribute().name(), value);
        }
      }
      return new Event(
          sessions.signals().names().word(sessions.signals().action(e)),
          item < 0 ? null : items.get(item),
          sessions.categories()[e] < 0
              ? null
              : sessions.categoryNames().get(sessions.categories()[e]),
          sessions.sessions().times()[e],
          values);
    }

    private static Object value(AttributeColumn column, int at) {
      if (column.attribute().kind() == Attribute.Kind.NUMBER) {
        return Float.isNaN(column.numbers()[at]) ? null : column.numbers()[at];
      }
      if (column.attribute().kind() == Attribute.Kind.CATEGORY) {
        return column.codes()[at] < 0 ? null : column.names().get(column.codes()[at]);
      }
      return Arrays.stream(column.codes(), column.offsets()[at], column.offsets()[at + 1])
          .mapToObj(column.names()::get)
          .collect(Collectors.joining(" "));
    }

    Visitor visitor(int row) {
      Visitors all = sessions.signals().visitors();
      Set<String> seen = new HashSet<>();
      Set<String> taken = new HashSet<>();
      for (int i = all.offsets()[row]; i < all.offsets()[row + 1]; i++) {
        (all.taken()[i] ? taken : seen).add(items.get(all.items()[i]));
      }
      return new Visitor(all.sessions()[row], all.bought()[row], all.ended()[row], seen, taken);
    }
  }

  private static String body(Event event, int user) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("action", event.action()).put("time", event.time());
    body.put("user", "user-" + user).put("user_consent", true);
    if (event.item() != null) {
      body.put("item", event.item());
    }
    if (event.category() != null) {
      body.put("category", event.category());
    }
    body.set("attributes", Json.MAPPER.valueToTree(event.attributes()));
    return body.toString();
  }

  @Test
  void earlierSessionsCountAsInTheDataset() throws Exception {
    Rows rows = Rows.of(folder.resolve("dataset"));
    Forecaster forecaster = Forecaster.load(model);
    List<Sent> all = new ArrayList<>();
    for (int row = 0; row < rows.users.length; row++) {
      if (rows.users[row] >= 0 && rows.users[row] % 4 == 0) {
        all.addAll(rows.events(row));
      }
    }
    all.sort(Comparator.comparingLong(sent -> sent.event.time()));
    int returned = 0;
    int buyers = 0;
    try (Server server = Shop.start(Shop.config(model, null, "memory"))) {
      for (Sent sent : all) {
        JsonNode answer =
            Shop.post(
                    server,
                    "/v1/sessions/row-" + sent.row + "/events?k=1&unknown=follow",
                    body(sent.event, rows.users[sent.row]))
                .json();
        if (sent.isLast && rows.length(sent.row) <= MOST_EVENTS) {
          Session own = forecaster.newSession();
          Visitor visitor = rows.visitor(sent.row);
          own.visitor(visitor);
          rows.events(sent.row).stream()
              .takeWhile(e -> !e.event.action().equals("purchase"))
              .forEach(e -> own.event(e.event));
          Double expected = own.forecast(0).buyProbability();
          assertThat(answer.path("buy_probability").asDouble())
              .as("%s %s %s", sent, visitor, answer)
              .isCloseTo(expected, within(1e-9));
          returned += visitor.sessions() > 0 ? 1 : 0;
          buyers += visitor.bought() > 0 ? 1 : 0;
        }
      }
    }
    assertThat(returned).isGreaterThan(30);
    assertThat(buyers).isPositive();
  }

  private static String look(String item, String rest) {
    return "{\"item\":\"" + item + "\",\"time\":" + rest + "}";
  }

  private static String named(long time) {
    return time + ",\"user\":\"u 1\",\"user_consent\":true";
  }

  private static JsonNode send(Server server, String session, String body) {
    Shop.Http http = Shop.post(server, "/v1/sessions/" + session + "/events?k=1", body);
    assertThat(http.status()).as(http.body()).isEqualTo(200);
    return http.json();
  }

  /// Tells two sessions of a user, of which the first bought, and begins a third.
  private static JsonNode threeSessions(Server server, List<String> items) {
    long time = 1_700_000_000_000L;
    send(server, "a", look(items.get(0), named(time)));
    send(server, "a", look(items.get(1), (time + 1000) + ""));
    send(
        server,
        "a",
        "{\"action\":\"purchase\",\"item\":\""
            + items.get(1)
            + "\",\"time\":"
            + (time + 2000)
            + "}");
    send(server, "b", look(items.get(2), named(time + 90_000_000)));
    return send(server, "c", look(items.get(0), named(time + 180_000_000)));
  }

  private void isRemembered(Server first, Server second) throws IOException {
    List<String> items = Forecaster.load(model).catalogue().ids();
    JsonNode answer = threeSessions(first, items);
    JsonNode user = Shop.get(second, "/v1/users/u%201").json();
    assertThat(user.path("sessions").asInt()).isEqualTo(3);
    assertThat(user.path("bought").asInt()).isEqualTo(1);
    assertThat(user.path("items").size()).isEqualTo(3);
    assertThat(user.path("items").get(2).path("item").asString()).isEqualTo(items.get(1));
    assertThat(user.path("items").get(2).path("bought").asBoolean()).isTrue();
    String visitor =
        "{\"clicks\":[%s],\"visitor\":{\"sessions\":2,\"bought\":1,\"ended\":1700090000000,\"seen\":[\"%s\",\"%s\"],\"taken\":[\"%s\"]}}"
            .formatted(
                look(items.get(0), "1700180000000"), items.get(0), items.get(2), items.get(1));
    JsonNode whole = Shop.post(second, "/v1/forecast?k=1", visitor).json();
    assertThat(whole.path("buy_probability")).isEqualTo(answer.path("buy_probability"));
    JsonNode nobody = send(first, "d", look(items.get(0), "1700180000000"));
    assertThat(nobody.path("buy_probability")).isNotEqualTo(answer.path("buy_probability"));
    assertThat(Shop.send(second, "DELETE", "/v1/sessions/b", null).status()).isEqualTo(204);
    assertThat(Shop.get(first, "/v1/users/u%201").json().path("sessions").asInt()).isEqualTo(2);
    assertThat(Shop.send(second, "DELETE", "/v1/users/u%201", null).status()).isEqualTo(204);
    assertThat(Shop.get(first, "/v1/users/u%201").status()).isEqualTo(404);
    JsonNode forgotten = send(first, "c", look(items.get(0), "1700180001000"));
    assertThat(Shop.get(first, "/v1/users/u%201").status()).isEqualTo(404);
    assertThat(forgotten.path("clicks").asInt()).isEqualTo(2);
  }

  @Test
  void aUserIsRememberedAndForgottenInMemory() throws IOException {
    try (Server server = Shop.start(Shop.config(model, null, "memory"))) {
      isRemembered(server, server);
      assertThat(Shop.get(server, "/metrics").body()).contains("kaseb_visitors 0.0");
    }
  }

  @Test
  void aUserIsRememberedAndForgottenInRedis() throws Exception {
    try (Redis redis = Redis.start();
        Server first = Shop.start(Shop.config(model, null, redis.url()));
        Server second = Shop.start(Shop.config(model, null, redis.url()))) {
      isRemembered(first, second);
      redis.end();
      Shop.Http alone =
          Shop.post(
              first,
              "/v1/sessions/c/events?k=1",
              look(Forecaster.load(model).catalogue().id(0), named(1_700_180_002_000L)));
      assertThat(alone.status()).isEqualTo(200);
      assertThat(alone.headers().firstValue("Kaseb-Degraded")).contains("sessions");
      assertThat(Shop.get(first, "/v1/users/u%201").status()).isEqualTo(503);
      assertThat(Shop.send(first, "DELETE", "/v1/users/u%201", null).status()).isEqualTo(503);
    }
  }

  @Test
  void aUserIsInTheFileToo() throws IOException {
    String place = "file:" + folder.resolve("kept");
    JsonNode before;
    List<String> items = Forecaster.load(model).catalogue().ids();
    try (Server server = Shop.start(Shop.config(model, null, place))) {
      before = threeSessions(server, items);
    }
    try (Server server = Shop.start(Shop.config(model, null, place))) {
      JsonNode user = Shop.get(server, "/v1/users/u%201").json();
      assertThat(user.path("sessions").asInt()).isEqualTo(3);
      JsonNode again = send(server, "e", look(items.get(0), named(1_700_180_000_000L)));
      assertThat(again.path("buy_probability")).isEqualTo(before.path("buy_probability"));
    }
  }

  @Test
  void withoutConsentNothingIsKeptOrRead() throws IOException {
    List<String> items = Forecaster.load(model).catalogue().ids();
    try (Server server = Shop.start(Shop.config(model, null, "memory"))) {
      threeSessions(server, items);
      String refuses = ",\"user\":\"u 1\",\"user_consent\":false}";
      String click = "{\"item\":\"" + items.get(0) + "\",\"time\":1700180000000";
      JsonNode answer = send(server, "c", click + refuses);
      assertThat(answer.path("clicks").asInt()).isEqualTo(1);
      JsonNode nobody = Shop.post(server, "/v1/forecast", "{\"clicks\":[" + click + "}]}").json();
      assertThat(answer.path("buy_probability")).isEqualTo(nobody.path("buy_probability"));
      assertThat(Shop.get(server, "/v1/sessions/c").json().path("clicks").asInt()).isEqualTo(1);
      send(server, "new", click + refuses.replace("u 1", "u2"));
      assertThat(Shop.get(server, "/v1/sessions/new").status()).isEqualTo(404);
      assertThat(Shop.get(server, "/v1/users/u2").status()).isEqualTo(404);
      Shop.Http unsaid = Shop.post(server, "/v1/sessions/new/events", click + ",\"user\":\"u2\"}");
      assertThat(unsaid.status()).isEqualTo(400);
      assertThat(unsaid.field()).isEqualTo("user_consent");
      assertThat(Shop.get(server, "/v1/users/u2").status()).isEqualTo(404);
    }
  }

  @Test
  void aVisitorInABodyIsChecked() {
    try (Server server = Shop.start(Shop.config(model, null, "memory"))) {
      String clicks = "{\"clicks\":[{\"item\":\"x\"}],\"visitor\":";
      for (Map.Entry<String, String> e :
          Map.of(
                  "{\"sessions\":-1}", "visitor.sessions",
                  "{\"sessions\":1,\"bought\":2}", "visitor.bought",
                  "{\"seen\":[true]}", "visitor.seen[0]",
                  "{\"taken\":7}", "visitor.taken",
                  "{\"ended\":\"soon\"}", "visitor.ended",
                  "7", "visitor")
              .entrySet()) {
        Shop.Http http =
            Shop.post(server, "/v1/forecast?unknown=follow", clicks + e.getKey() + "}");
        assertThat(http.status()).as(http.body()).isEqualTo(400);
        assertThat(http.field()).isEqualTo(e.getValue());
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
