package io.kaseb.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The HTTP server with routes that know no model.
class HttpServerTest {
  private final RequestsInFlight inFlight = new RequestsInFlight();
  private final ConcurrencyLimit limit = new ConcurrencyLimit(1);
  private final Queue<String> log = new ConcurrentLinkedQueue<>();

  private HttpServer start(Route... routes) {
    return HttpServer.start(
        new ListenConfig("127.0.0.1", 0, null, null, null),
        HttpLimits.DEFAULT,
        List.of(routes),
        limit,
        inFlight,
        a -> log.add(a.route() + " " + a.status() + (a.nanos() < 0 ? " in no time" : "")));
  }

  private static HttpRequest get(HttpServer server, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build();
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @Test
  void whatARouteThrowsIsNotTold() throws Exception {
    Route broken =
        Route.get(
            "/broken",
            call -> {
              throw new IllegalStateException("a secret of the server's");
            });
    Route unreadable =
        Route.get(
            "/unreadable",
            call -> {
              throw new IOException("another secret");
            });
    try (HttpServer server = start(broken, unreadable);
        HttpClient client = client()) {
      for (String path : List.of("/broken", "/unreadable")) {
        HttpResponse<String> response =
            client.send(get(server, path), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.headers().firstValue("Content-Type"))
            .contains("application/problem+json");
        assertThat(response.body()).contains("the server's log").doesNotContain("secret");
      }
      Await.until("both are logged", () -> log.size() == 2);
      assertThat(log).containsExactly("GET /broken 500", "GET /unreadable 500");
      assertThat(inFlight.running()).isZero();
    }
  }

  @Test
  void oneTooManyIsRefusedAndTheStopWaitsForTheOther() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    Route slow =
        Route.forecast(
            "GET",
            "/slow",
            call -> {
              entered.countDown();
              try {
                return Reply.ok(Map.of("waited", mayGoOn.await(1, TimeUnit.MINUTES)));
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
            });
    try (HttpServer server = start(slow);
        HttpClient client = client()) {
      CompletableFuture<HttpResponse<String>> first =
          client.sendAsync(get(server, "/slow"), HttpResponse.BodyHandlers.ofString());
      entered.await();
      assertThat(inFlight.running()).isEqualTo(1);
      assertThat(limit.waiting()).isEqualTo(1);
      HttpResponse<String> refused =
          client.send(get(server, "/slow"), HttpResponse.BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");

      Thread drain = Thread.ofVirtual().start(() -> server.drain(Duration.ofMinutes(1)));
      Await.until("the server drains", inFlight::isDraining);
      HttpResponse<String> late =
          client.send(get(server, "/nowhere"), HttpResponse.BodyHandlers.ofString());
      assertThat(late.headers().firstValue("Connection")).contains("close");
      assertThat(drain.isAlive()).isTrue();
      mayGoOn.countDown();
      assertThat(first.join().body()).isEqualTo("{\"waited\":true}");
      assertThat(first.join().headers().firstValue("Connection")).contains("close");
      drain.join();
      assertThat(inFlight.running()).isZero();
    }
  }
}
