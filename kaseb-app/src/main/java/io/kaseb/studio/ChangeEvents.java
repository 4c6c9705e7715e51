package io.kaseb.studio;

import io.kaseb.base.KasebException;
import io.kaseb.serve.http.Call;
import io.kaseb.serve.http.Problem;
import io.kaseb.serve.http.Reply;
import io.kaseb.watch.Watched;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// Server-sent events of one experiment: `change`, with what has changed since the version that the
/// reader has, and `gone` where it can no longer be read. Ends after a while, and the reader asks
/// again with the version that it has then: no connection lives long enough to be cut off.
final class ChangeEvents implements Reply.Stream {
  private static final Duration LIFE = Duration.ofSeconds(45);
  private static final Duration EVERY = Duration.ofMillis(500);

  /// Beats of silence after which a comment shows that the connection lives.
  private static final int QUIET_BEATS = 20;

  private final Source source;
  private String version;
  private volatile boolean isClosed;

  /// Finds the experiment, read as far as it is now.
  interface Source {
    Watched find() throws IOException;
  }

  private ChangeEvents(Source source, String version) {
    this.source = source;
    this.version = version;
  }

  static Reply reply(Call call, Source source, String version) {
    Map<String, String> headers = Map.of("Cache-Control", "no-store", "X-Accel-Buffering", "no");
    String type = "text/event-stream";
    return call.isHead()
        ? new Reply(200, type, new byte[0], headers)
        : new Reply(200, type, new byte[0], headers, new ChangeEvents(source, version));
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    long end = System.nanoTime() + LIFE.toNanos();
    int quiet = 0;
    write(out, ": here\n\n".getBytes(StandardCharsets.UTF_8));
    while (!isClosed && System.nanoTime() < end) {
      try {
        Watched watched = source.find();
        if (watched.isNews(version)) {
          quiet = 0;
          Watched.News news = watched.news(version, true);
          version = news.version();
          out.write("event: change\ndata: ".getBytes(StandardCharsets.UTF_8));
          out.write(news.json());
          write(out, "\n\n".getBytes(StandardCharsets.UTF_8));
        }
      } catch (KasebException | Problem e) {
        byte[] why = Reply.json(String.valueOf(e.getMessage()));
        out.write("event: gone\ndata: ".getBytes(StandardCharsets.UTF_8));
        out.write(why);
        write(out, "\n\n".getBytes(StandardCharsets.UTF_8));
        return;
      }
      if (++quiet % QUIET_BEATS == 0) {
        write(out, ": still here\n\n".getBytes(StandardCharsets.UTF_8));
      }
      try {
        Thread.sleep(EVERY);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static void write(OutputStream out, byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
