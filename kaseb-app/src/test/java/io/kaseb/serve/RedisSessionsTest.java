package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisSessionsTest extends SessionStoreContract {
  private static Redis redis;

  @BeforeAll
  static void start() throws IOException {
    redis = Redis.start();
  }

  @AfterAll
  static void stop() {
    if (redis != null) {
      redis.close();
    }
  }

  private static ServeConfig.Sessions config(String url) {
    return new ServeConfig.Sessions(
        url,
        Duration.ofMillis(IDLE_MILLIS),
        Duration.ofMillis(LIFETIME_MILLIS),
        1 << 20,
        100,
        Duration.ofSeconds(20));
  }

  @Override
  SessionStore open() {
    RedisSessions made = new RedisSessions(config(redis.url()), clock);
    while (!made.isUp()) {
      Redis.sleep();
    }
    return made;
  }

  @Test
  void redisItselfDropsIdleSessions() throws Exception {
    store().update("ttl", t -> t.plus(click("x", 1), 9));
    try (RedisClient client = RedisClient.create(redis.url());
        var connection = client.connect()) {
      assertThat(connection.sync().pttl("kaseb:session:ttl"))
          .isBetween(IDLE_MILLIS - 20_000, IDLE_MILLIS);
      pass(LIFETIME_MILLIS - 5000);
      store().update("ttl", t -> t.plus(click("x", 1), 9));
      assertThat(connection.sync().pttl("kaseb:session:ttl")).isLessThanOrEqualTo(5000);
      connection.sync().set("kaseb:session:odd", "no session");
      assertThat(store().find("odd")).isNull();
      assertThat(store().update("odd", t -> t.plus(click("x", 1), 9)).count()).isEqualTo(1);
    }
  }

  @Test
  void anInvalidUrlIsNotRepeated() {
    assertThatThrownBy(() -> new RedisSessions(config("redis://:secret@bad host"), clock))
        .isInstanceOf(KasebException.class)
        .hasMessageNotContaining("secret");
  }

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
      Shop.Http back = without;
      for (int i = 0; i < 500 && back.headers().firstValue("Kaseb-Degraded").isPresent(); i++) {
        Redis.sleep();
        back = Shop.click(first, "again", Shop.ITEMS.get(1));
      }
      assertThat(back.headers().firstValue("Kaseb-Degraded")).isEmpty();
      Shop.Http other = Shop.click(second, "again", Shop.ITEMS.get(2));
      for (int i = 0; i < 500 && other.headers().firstValue("Kaseb-Degraded").isPresent(); i++) {
        Redis.sleep();
        other = Shop.click(second, "again", Shop.ITEMS.get(2));
      }
      assertThat(other.json().path("clicks").asInt()).isGreaterThan(1);
    }
  }
}
