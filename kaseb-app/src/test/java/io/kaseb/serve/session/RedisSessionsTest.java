package io.kaseb.serve.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisSessionsTest extends SessionStoreContract {
  private static Redis redis;

  @BeforeAll
  static void start() throws Exception {
    redis = Redis.start();
  }

  @AfterAll
  static void stop() {
    if (redis != null) {
      redis.close();
    }
  }

  private static SessionConfig config(String url) {
    return new SessionConfig(
        url,
        Duration.ofMillis(IDLE_MILLIS),
        Duration.ofMillis(LIFETIME_MILLIS),
        1 << 20,
        100,
        Duration.ofSeconds(20),
        null,
        VISITORS);
  }

  @Override
  SessionStore open() {
    RedisSessions made = RedisSessions.connect(config(redis.url()), clock);
    assertThat(made.trouble()).isNull();
    return made;
  }

  @Test
  void redisItselfDropsIdleSessions() throws Exception {
    store().update("ttl", s -> s.plus(click("x", 1), 9));
    try (RedisClient client = RedisClient.create(redis.url());
        var connection = client.connect()) {
      assertThat(connection.sync().pttl("kaseb:session:ttl"))
          .isBetween(IDLE_MILLIS - 20_000, IDLE_MILLIS);
      pass(LIFETIME_MILLIS - 5000);
      store().update("ttl", s -> s.plus(click("x", 1), 9));
      assertThat(connection.sync().pttl("kaseb:session:ttl")).isLessThanOrEqualTo(5000);
      connection.sync().set("kaseb:session:odd", "no session");
      assertThat(store().find("odd")).isNull();
      assertThat(store().update("odd", s -> s.plus(click("x", 1), 9)).count()).isEqualTo(1);
    }
  }

  @BeforeEach
  void empty() {
    try (RedisClient client = RedisClient.create(redis.url());
        var connection = client.connect()) {
      connection.sync().flushall();
    }
  }

  @Test
  void redisItselfDropsVisitors() throws Exception {
    store().updateVisitor("v", v -> with(v, 1, "x", 5));
    try (RedisClient client = RedisClient.create(redis.url());
        var connection = client.connect()) {
      long idle = VISITORS.idle().toMillis();
      assertThat(connection.sync().pttl("kaseb:visitor:v")).isBetween(idle - 20_000, idle);
      assertThat(connection.sync().zcard("kaseb:visitors")).isEqualTo(1);
      connection.sync().set("kaseb:visitor:odd", "no visitor");
      assertThat(store().findVisitor("odd")).isNull();
      pass(idle + 1);
      store().updateVisitor("w", v -> with(v, 1, "x", 5));
      assertThat(connection.sync().zcard("kaseb:visitors")).isEqualTo(1);
      store().deleteVisitor("w");
      assertThat(connection.sync().zcard("kaseb:visitors")).isZero();
    }
  }

  @Test
  void whyALostConnectionDoesNotComeBackIsSaid() throws Exception {
    try (Redis own = Redis.start();
        SessionStore store = RedisSessions.connect(config(own.url()), clock);
        RedisClient client = RedisClient.create(own.url());
        var connection = client.connect()) {
      assertThat(store.trouble()).isNull();
      connection.sync().configSet("requirepass", "secret");
      connection.sync().clientKill(KillArgs.Builder.typeNormal().skipme());
      assertThat(eventually(store, "Redis wants a password and was given none")).isTrue();
      connection.sync().configSet("requirepass", "");
      assertThat(eventually(store, null)).isTrue();
    }
  }

  private static boolean eventually(SessionStore store, @Nullable String trouble)
      throws InterruptedException {
    for (int i = 0; i < 1_000 && !Objects.equals(store.trouble(), trouble); i++) {
      Thread.sleep(20);
    }
    return Objects.equals(store.trouble(), trouble);
  }

  @Test
  void anInvalidUrlIsNotRepeated() {
    assertThatThrownBy(() -> RedisSessions.connect(config("redis://:secret@bad host"), clock))
        .isInstanceOf(KasebException.class)
        .hasMessageNotContaining("secret");
  }
}
