package io.kaseb.serve;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A redis-server of a test's own.
final class Redis implements AutoCloseable {
  private final int port;
  private Process process;

  private Redis(int port) {
    this.port = port;
  }

  /// Starts one, or skips the test where there is none.
  static Redis start() throws IOException {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/redis-server")),
        "/usr/bin/redis-server is missing: apt-get install redis-server");
    try (ServerSocket free = new ServerSocket(0)) {
      Redis redis = new Redis(free.getLocalPort());
      free.close();
      redis.begin();
      return redis;
    }
  }

  String url() {
    return "redis://127.0.0.1:" + port;
  }

  void begin() throws IOException {
    process =
        new ProcessBuilder(
                "/usr/bin/redis-server",
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    for (int i = 0; i < 500; i++) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket
            .getOutputStream()
            .write("PING\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        if (socket.getInputStream().read() == '+') {
          return;
        }
      } catch (IOException e) {
        sleep();
      }
    }
    throw new IOException("redis-server did not answer");
  }

  static void sleep() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Kills it at once.
  void end() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end();
  }
}
