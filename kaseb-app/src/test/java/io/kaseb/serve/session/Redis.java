package io.kaseb.serve.session;

import io.kaseb.Await;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A redis-server of a test's own.
public final class Redis implements AutoCloseable {
  private final int port;
  private Process process;

  private Redis(int port) {
    this.port = port;
  }

  /// Starts one, or skips the test where there is none.
  public static Redis start() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/redis-server")),
        "/usr/bin/redis-server is missing: apt-get install redis-server");
    Redis redis;
    try (ServerSocket free = new ServerSocket(0)) {
      redis = new Redis(free.getLocalPort());
    }
    redis.begin();
    return redis;
  }

  /// Returns its address.
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /// Starts it where it does not run.
  public void begin() throws Exception {
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
    Await.until("redis-server answers", this::answers);
  }

  private boolean answers() {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() == '+';
    } catch (IOException e) {
      return false;
    }
  }

  /// Changes a setting while it runs.
  public void set(String name, String value) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      String command = "CONFIG SET " + name + " " + value + "\r\n";
      socket.getOutputStream().write(command.getBytes(StandardCharsets.US_ASCII));
      int reply = socket.getInputStream().read();
      if (reply != '+') {
        throw new IOException("redis-server refuses: " + command);
      }
    }
  }

  /// Kills it at once.
  public void end() {
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
