package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.serve.Shop.Http;
import io.kaseb.serve.http.ConcurrencyLimit;
import io.kaseb.serve.http.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Batches are bounded by the work that they ask for, and take nobody else's place.
class BatchTest {
  private static Server server;

  @BeforeAll
  static void start() throws IOException {
    server = Shop.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String batch(int sessions) {
    return "["
        + String.join(
            ",",
            Collections.nCopies(
                sessions, "{\"clicks\":[{\"item\":\"" + Shop.ITEMS.getFirst() + "\"}]}"))
        + "]";
  }

  @Test
  void aBatchThatAsksForTooMuchIsRefused() {
    int items = Shop.ITEMS.size();
    int most = ForecastApi.MOST_BATCH_ITEMS / items;
    assertThat(most).isLessThan(ForecastApi.MOST_SESSIONS);
    Http whole = Shop.post(server, "/v1/forecast?k=1000", batch(most));
    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.json()).hasSize(most);
    assertThat(whole.json().get(most - 1).path("items")).hasSize(items);
    Http refused = Shop.post(server, "/v1/forecast?k=1000", batch(most + 1));
    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.field()).isEqualTo("k");
    assertThat(Shop.post(server, "/v1/forecast?k=5", batch(1000)).json()).hasSize(1000);
    assertThat(Shop.post(server, "/v1/forecast", "[]").body()).isEqualTo("[]");
  }

  @Test
  void manyBatchesAtOnceAreAnsweredOrToldToComeAgain() throws Exception {
    List<Integer> statuses = Collections.synchronizedList(new ArrayList<>());
    List<Integer> clicks = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    String body = batch(600);
    for (int i = 0; i < 10; i++) {
      String session = "beside" + i;
      threads.add(
          Thread.ofVirtual()
              .start(() -> statuses.add(Shop.post(server, "/v1/forecast?k=100", body).status())));
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> clicks.add(Shop.click(server, session, Shop.ITEMS.getFirst()).status())));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(statuses).hasSize(10).contains(200).isSubsetOf(200, 503);
    assertThat(clicks).hasSize(10).containsOnly(200);
    assertThat(Shop.get(server, "/metrics").body()).contains("kaseb_forecasts_waiting 0.0");
  }

  @Test
  void theLimitCountsForecasts() {
    ConcurrencyLimit limit = new ConcurrencyLimit(10);
    limit.enterBatch(1000);
    assertThatThrownBy(() -> limit.enterBatch(1))
        .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.status()).isEqualTo(503));
    limit.enter();
    assertThat(limit.waiting()).isEqualTo(1001);
    limit.leaveBatch(980);
    limit.enterBatch(20);
    assertThatThrownBy(() -> limit.enterBatch(1)).isInstanceOf(Problem.class);
  }
}
