package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.Await;
import io.kaseb.serve.session.Redis;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Servers that share their sessions through Redis.
class SharedSessionsTest {
  @Test
  void twoNodesAnswerAsOneAndAnswersGoOnWithoutRedis() throws Exception {
    try (Redis own = Redis.start();
        Server first = Shop.start(Shop.config(Shop.TRAINED, null, own.url()));
        Server second = Shop.start(Shop.config(Shop.TRAINED, null, own.url()));
        Server alone = Shop.start()) {
      String time = ",\"time\":1700000000000}";
      for (int i = 0; i < 6; i++) {
        String body = "{\"item\":\"" + Shop.ITEMS.get(i) + "\"" + time;
        String path = "/v1/sessions/s/events";
        Shop.Http both = Shop.post(i % 2 == 0 ? first : second, path, body);
        assertThat(both.status()).as(both.body()).isEqualTo(200);
        assertThat(both.body()).isEqualTo(Shop.post(alone, path, body).body());
        assertThat(both.headers().firstValue("Kaseb-Degraded")).isEmpty();
      }
      own.end();
      Shop.Http without = Shop.click(first, "s", Shop.ITEMS.get(1));
      assertThat(without.status()).isEqualTo(200);
      assertThat(without.headers().firstValue("Kaseb-Degraded")).contains("sessions");
      assertThat(without.json().path("clicks").asInt()).isEqualTo(1);
      assertThat(Shop.get(first, "/health/ready").json().path("sessions").asString())
          .isEqualTo("degraded");
      assertThat(Shop.get(first, "/v1/sessions/s").status()).isEqualTo(503);
      assertThat(Shop.send(first, "DELETE", "/v1/sessions/s", null).status()).isEqualTo(503);
      assertThat(Shop.get(first, "/metrics").body())
          .contains("kaseb_sessions_degraded_total 1.0", "kaseb_session_store_up 0.0");
      own.begin();
      Await.until("the first node finds Redis again", () -> isKept(first, Shop.ITEMS.get(1)));
      Await.until("the second node finds Redis again", () -> isKept(second, Shop.ITEMS.get(2)));
      Shop.Http other = Shop.click(second, "again", Shop.ITEMS.get(3));
      assertThat(Shop.get(first, "/v1/sessions/again").json().path("recent"))
          .extracting(click -> click.path("item").asString())
          .contains(Shop.ITEMS.get(1), Shop.ITEMS.get(2))
          .endsWith(Shop.ITEMS.get(3));
      assertThat(other.json().path("clicks").asInt()).isGreaterThan(1);
    }
  }

  @Test
  void aFullRedisIsSaidAndComesBack() throws Exception {
    try (Redis own = Redis.start();
        Server server = Shop.start(Shop.config(Shop.TRAINED, null, own.url()))) {
      assertThat(isKept(server, Shop.ITEMS.get(1))).isTrue();
      assertThat(Shop.get(server, "/health/ready").json().path("sessions").asString())
          .isEqualTo("up");
      own.set("maxmemory-policy", "noeviction");
      own.set("maxmemory", "1");
      JsonNode ready = Shop.get(server, "/health/ready").json();
      assertThat(ready.path("sessions").asString()).isEqualTo("degraded");
      assertThat(ready.path("reason").asString()).contains("memory limit", "maxmemory");
      assertThat(isKept(server, Shop.ITEMS.get(2))).isFalse();
      assertThat(Shop.get(server, "/metrics").body())
          .contains(
              "kaseb_sessions_degraded_total 1.0",
              "kaseb_sessions_refused_total 1.0",
              "kaseb_session_store_up 0.0");
      own.set("maxmemory", "0");
      assertThat(Shop.get(server, "/health/ready").json().path("sessions").asString())
          .isEqualTo("up");
      assertThat(isKept(server, Shop.ITEMS.get(3))).isTrue();
      assertThat(Shop.get(server, "/metrics").body()).contains("kaseb_session_store_up 1.0");
    }
  }

  private static boolean isKept(Server node, String item) {
    return Shop.click(node, "again", item).headers().firstValue("Kaseb-Degraded").isEmpty();
  }
}
