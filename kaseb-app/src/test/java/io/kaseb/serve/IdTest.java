package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Different ids are different sessions; what is not text in UTF-8 is refused, wherever it stands.
class IdTest {
  private static Server server;

  @BeforeAll
  static void start() throws IOException {
    server = Shop.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String status(String request, String headers, byte[] body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(
        "%s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(request, headers, body.length)
            .getBytes(StandardCharsets.ISO_8859_1));
    bytes.write(body);
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(bytes.toByteArray());
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return answer.isEmpty() ? "" : answer.split(" ")[1];
    }
  }

  private static byte[] click(Charset charset) {
    return ("{\"item\":\"" + Shop.ITEMS.getFirst() + "\"}").getBytes(charset);
  }

  private static String event(String id) throws IOException {
    return status("POST /v1/sessions/" + id + "/events", "", click(StandardCharsets.UTF_8));
  }

  private static String seen(String id) {
    return Shop.get(server, "/v1/sessions/" + id).json().path("session").asString("none");
  }

  @Test
  void aSemicolonIsAPartOfAnId() throws IOException {
    assertThat(event("m1;x")).isEqualTo("200");
    assertThat(seen("m1;x")).isEqualTo("m1;x");
    assertThat(seen("m1%3Bx")).isEqualTo("m1;x");
    assertThat(seen("m1;y")).isEqualTo("none");
    assertThat(seen("m1")).isEqualTo("none");
  }

  /// The router takes these for a session's route; a part of the path must not pass for the id.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "//v1/sessions/p1/events",
        "/v1//sessions/p2/events",
        "/v1/./sessions/p3/events",
        "/v1/a/../sessions/p4/events",
        "/v1;p=1/sessions/p5/events"
      })
  void aPathThatIsNotPlainNamesNoSession(String path) throws IOException {
    assertThat(status("POST " + path, "", click(StandardCharsets.UTF_8))).isEqualTo("404");
    for (String id : List.of("v1", "sessions", "..", ".", "a")) {
      assertThat(seen(id)).isEqualTo("none");
    }
  }

  @Test
  void percentAndPlusMeanWhatTheyMeanInAPath() throws IOException {
    assertThat(event("a+b")).isEqualTo("200");
    assertThat(event("%C3%A9")).isEqualTo("200");
    assertThat(seen("a+b")).isEqualTo("a+b");
    assertThat(seen("a%2Bb")).isEqualTo("a+b");
    assertThat(seen("%c3%a9")).isEqualTo("\u00e9");
    assertThat(seen("a%20b")).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m2%ff",
        "m2%fe",
        "%C3",
        "%ED%A0%80",
        "%C0%AF",
        "%80",
        "m2%zz",
        "m2%f",
        "m2%",
        "%00",
        "%7F"
      })
  void idsThatAreNoTextAreRefused(String id) throws IOException {
    assertThat(event(id)).isEqualTo("400");
    assertThat(
            status(
                "GET /v1/recommend?session_id=" + id + "&item_id=1&user_consent=false",
                "",
                new byte[0]))
        .isEqualTo("400");
  }

  @Test
  void bodiesThatAreNoUtf8AreRefused() throws IOException {
    String path = "POST /v1/sessions/body/events";
    for (Charset charset :
        List.of(
            StandardCharsets.UTF_16,
            StandardCharsets.UTF_16LE,
            StandardCharsets.UTF_16BE,
            Charset.forName("UTF-32"))) {
      assertThat(status(path, "", click(charset))).as("%s", charset).isEqualTo("400");
    }
    byte[] latin = "{\"item\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(status(path, "", latin)).isEqualTo("400");
    assertThat(status(path, "Content-Type: application/json; charset=latin1\r\n", latin))
        .isEqualTo("415");
    byte[] plain = click(StandardCharsets.UTF_8);
    assertThat(status(path, "Content-Type: application/json; charset=utf-16\r\n", plain))
        .isEqualTo("415");
    for (String encoding : List.of("gzip", "deflate", "br", "identity, gzip")) {
      assertThat(status(path, "Content-Encoding: " + encoding + "\r\n", plain)).isEqualTo("415");
    }
    assertThat(seen("body")).isEqualTo("none");
    assertThat(status(path, "Content-Type: application/json; charset=\"UTF-8\"\r\n", plain))
        .isEqualTo("200");
  }
}
