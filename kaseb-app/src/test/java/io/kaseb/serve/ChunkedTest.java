package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// Bodies in chunks, as RFC 9112 has them and as attackers send them; and what else breaks the
/// rules of HTTP.
class ChunkedTest {
  private static Server server;

  @BeforeAll
  static void start() throws IOException {
    server = Shop.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// Sends a body as it stands, `BODY` for one click's.
  private static String status(String chunks) throws IOException {
    String click = "{\"item\":\"" + Shop.ITEMS.getFirst() + "\"}";
    String answer =
        Shop.raw(
            server,
            "POST /v1/sessions/c/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + chunks
                    .replace("SIZE", Integer.toHexString(click.length()))
                    .replace("BODY", click));
    return answer.isEmpty() ? "" : answer.split(" ")[1];
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SIZE\r\nBODY\r\n0\r\n\r\n",
        "00SIZE\r\nBODY\r\n00\r\n\r\n",
        "SIZE;a\r\nBODY\r\n0\r\n\r\n",
        "SIZE;a=b;c=\"d e\"\r\nBODY\r\n0;x=y\r\n\r\n",
        "SIZE\r\nBODY\r\n0\r\nX-Trailer: 1\r\nY: 2\r\n\r\n",
      })
  void whatIsLegalIsRead(String chunks) throws IOException {
    assertThat(status(chunks)).isEqualTo("200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz\r\nBODY\r\n0\r\n\r\n",
        "-14\r\nBODY\r\n0\r\n\r\n",
        "+14\r\nBODY\r\n0\r\n\r\n",
        "0x14\r\nBODY\r\n0\r\n\r\n",
        "SIZE\nBODY\n0\n\n",
        "SIZE\r\nBODY\n0\r\n\r\n",
        "fffffffffffffffff\r\nBODY\r\n0\r\n\r\n",
        "\r\nBODY\r\n0\r\n\r\n",
        "SIZE\r\nBODYx\r\n0\r\n\r\n",
        " SIZE\r\nBODY\r\n0\r\n\r\n",
      })
  void whatIsNoChunkIsRefused(String chunks) throws IOException {
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    logged.start();
    root.addAppender(logged);
    try {
      assertThat(status(chunks)).isEqualTo("400");
    } finally {
      root.detachAppender(logged);
    }
    assertThat(logged.list).isEmpty();
    assertThat(Shop.click(server, "after", Shop.ITEMS.getFirst()).status()).isEqualTo(200);
  }

  @Test
  void methodsAreWrittenInCapitals() throws IOException {
    for (String method : new String[] {"get", "Get", "hEAD"}) {
      assertThat(
              Shop.raw(
                  server,
                  method
                      + " /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 405");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /health/live HTTP/1.1\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost : localhost\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\n X: folded\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
        "POST /v1/forecast HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "POST /v1/forecast HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        "POST /v1/forecast HTTP/1.1\r\nHost: localhost\r\nContent-Length: -2\r\n\r\n{}",
        "POST /v1/forecast HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked, x\r\n\r\n{}",
        "nonsense\r\n\r\n",
      })
  void whatBreaksTheRulesIsABadRequest(String request) throws IOException {
    assertThat(Shop.raw(server, request))
        .startsWith("HTTP/1.1 400")
        .contains("Connection: close", "application/problem+json", "urn:kaseb:problem:bad-request");
  }
}
