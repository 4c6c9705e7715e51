package io.kaseb.serve;

import io.kaseb.base.KasebException;
import io.kaseb.serve.http.Answered;
import io.kaseb.serve.http.Reply;
import io.kaseb.serve.http.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes one line for each answered request. Queries and bodies are left out: they may say who the
/// shopper is.
final class AccessLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final OutputStream out;
  private final boolean isJson;
  private boolean hasFailed;

  private AccessLog(OutputStream out, boolean isJson) {
    this.out = out;
    this.isJson = isJson;
  }

  /// Opens the file, behind what it holds; null where there is to be none.
  static @Nullable AccessLog open(ServeConfig.Log config) {
    if (config.access() == null) {
      return null;
    }
    try {
      // What turns files over may cut this one off: each line goes to its end as it is then.
      return new AccessLog(
          Files.newOutputStream(
              config.access(), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
          config.isJson());
    } catch (IOException e) {
      throw new KasebException(
          new KasebException.Problem(
              KasebException.setting("access_log", config.access()),
              null,
              null,
              "cannot be written: " + e),
          e);
    }
  }

  /// Writes a line. Where that fails the log says so once, and requests go on.
  void note(Answered answer) {
    byte[] line = (isJson ? json(answer) : text(answer)).getBytes(StandardCharsets.UTF_8);
    lock.lock();
    try {
      out.write(line);
      hasFailed = false;
    } catch (IOException e) {
      if (!hasFailed) {
        LOG.warn("the access log cannot be written: {}", e.toString());
      }
      hasFailed = true;
    } finally {
      lock.unlock();
    }
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private static String text(Answered answer) {
    return "%s %s %s %d %d bytes %d us%n"
        .formatted(
            now(),
            answer.clientAddress(),
            Text.quoted(answer.method() + " " + answer.path()),
            answer.status(),
            answer.bytes(),
            answer.nanos() / 1000);
  }

  private static String json(Answered answer) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", now());
    line.put("client", answer.clientAddress());
    line.put("method", answer.method());
    line.put("path", answer.path());
    line.put("route", answer.route());
    line.put("status", answer.status());
    line.put("bytes", answer.bytes());
    line.put("micros", answer.nanos() / 1000);
    return new String(Reply.json(line), StandardCharsets.UTF_8) + "\n";
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      LOG.warn("the access log cannot be closed: {}", e.toString());
    }
  }
}
