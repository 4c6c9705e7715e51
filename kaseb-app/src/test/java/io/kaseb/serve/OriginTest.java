package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.serve.http.ListenConfig;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a page of another origin can make a browser send here has no effect.
class OriginTest {
  private static Server server;
  private static Server named;

  @BeforeAll
  static void start() throws IOException {
    server = Shop.start();
    ServeConfig config = Shop.config(Shop.TRAINED, null, "memory");
    named =
        Shop.start(
            new ServeConfig(
                new ListenConfig(
                    "127.0.0.1", 0, null, null, null, List.of("shop.example", "[2001:db8::7]")),
                config.models(),
                config.sessions(),
                config.limits()));
  }

  @AfterAll
  static void stop() {
    server.close();
    named.close();
  }

  private static String status(Server to, String request, String headers, String body)
      throws IOException {
    String answer =
        Shop.raw(
            to,
            "%s HTTP/1.1\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                .formatted(request, headers.replace("; ", "\r\n"), body.length(), body));
    return answer.split(" ")[1];
  }

  private String click(String session, String headers) throws IOException {
    return status(
        server,
        "POST /v1/sessions/" + session + "/events",
        headers,
        "{\"item\":\"" + Shop.ITEMS.getFirst() + "\"}");
  }

  private static boolean isRemembered(String session) {
    return Shop.get(server, "/v1/sessions/" + session).status() == 200;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: localhost; Origin: https://evil.example; Content-Type: text/plain; ",
        "Host: localhost:8080; Origin: http://localhost:3000; ",
        "Host: localhost; Origin: null; ",
        "Host: localhost; Origin: file://; ",
        "Host: localhost; Origin: http://localhost.evil.example; ",
        "Host: localhost; Origin: http://localhost@evil.example; ",
        "Host: localhost; Origin: nonsense with blanks; ",
        "Host: localhost; Sec-Fetch-Site: cross-site; ",
        "Host: localhost; Sec-Fetch-Site: same-site; ",
      })
  void pagesOfOtherOriginsChangeNothing(String headers) throws IOException {
    assertThat(click("foreign", headers)).isEqualTo("403");
    assertThat(isRemembered("foreign")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.7"})
  void namesThatWereMadeToPointHereAreNotAnswered(String host) throws IOException {
    assertThat(click("rebound", "Host: " + host + "; ")).isEqualTo("421");
    assertThat(status(server, "GET /v1/model", "Host: " + host + "; ", "")).isEqualTo("421");
    assertThat(status(server, "GET /metrics", "Host: " + host + "; ", "")).isEqualTo("421");
    assertThat(status(server, "GET /health/live", "Host: " + host + "; ", "")).isEqualTo("200");
    assertThat(isRemembered("rebound")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "1, Host: localhost; ",
    "2, Host: LOCALHOST:8080; ",
    "3, Host: 127.0.0.1:1; ",
    "4, Host: [::1]:8080; ",
    "5, Host: localhost.; ",
    "6, Host: localhost:8080; Origin: http://localhost:8080; Sec-Fetch-Site: same-origin; ",
    "7, Host: localhost; Origin: https://localhost; ",
    "8, Host: localhost; Sec-Fetch-Site: none; ",
  })
  void itsOwnPagesAndProgramsMay(String session, String headers) throws IOException {
    assertThat(click("own" + session, headers.strip().replaceFirst(";$", "; "))).isEqualTo("200");
  }

  @Test
  void anImageElsewhereStoresNothing() throws IOException {
    String path =
        "GET /v1/recommend?session_id=image&user_consent=true&item_id=" + Shop.ITEMS.getFirst();
    assertThat(status(server, path, "Host: localhost; Sec-Fetch-Site: cross-site; ", ""))
        .isEqualTo("403");
    assertThat(isRemembered("image")).isFalse();
    assertThat(status(server, path, "Host: localhost; ", "")).isEqualTo("200");
    assertThat(isRemembered("image")).isTrue();
  }

  @Test
  void anAdminRouteAsksForItsTypeEvenWithoutABody() throws IOException {
    String request = "POST /v1/rules";
    assertThat(status(server, request, "Host: localhost; ", "")).isEqualTo("415");
    assertThat(status(server, request, "Host: localhost; Content-Type: text/plain; ", ""))
        .isEqualTo("415");
    assertThat(status(server, request, "Host: localhost; Content-Type: application/json; ", ""))
        .isEqualTo("200");
  }

  @Test
  void theHostsAreASetting() throws IOException {
    for (String host : List.of("shop.example", "Shop.Example:443", "[2001:db8::7]:80")) {
      assertThat(status(named, "GET /v1/model", "Host: " + host + "; ", "")).isEqualTo("200");
    }
    assertThat(status(named, "GET /v1/model", "Host: localhost; ", "")).isEqualTo("421");
    for (String wrong : List.of("http://shop.example", "shop.example:80", "", "a b")) {
      assertThatThrownBy(() -> new ListenConfig("127.0.0.1", 0, null, null, null, List.of(wrong)))
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("allowed");
    }
  }
}
