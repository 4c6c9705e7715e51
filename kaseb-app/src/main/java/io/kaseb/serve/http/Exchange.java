package io.kaseb.serve.http;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// One request on its way through its route and back: reads its body as it comes, without a thread
/// that waits for it, and sends the answer. What is over its bounds is read to its end all the
/// same, as long as that takes no longer than allowed: a connection that closes on bytes not read
/// is reset, and the client may lose the answer that says why.
final class Exchange {
  // Bytes that a header field has beside its name and value: colon, blank and the end of its line.
  private static final int FRAME = 4;
  private static final int STREAM_BUFFER = 16 << 10;

  private final RequestHandler handler;
  private final @Nullable Route route;
  private final Request request;
  private final Response response;
  private final Callback callback;
  private final long deadline;
  private byte[] body = new byte[0];
  private int length;
  private long held;
  private @Nullable Reply refusal;
  private long arrived;
  private long sent;
  private int status;
  private volatile long answerBegan;

  Exchange(
      RequestHandler handler,
      @Nullable Route route,
      Request request,
      Response response,
      Callback callback) {
    this.handler = handler;
    this.route = route;
    this.request = request;
    this.response = response;
    this.callback = callback;
    deadline = request.getBeginNanoTime() + handler.limits().timeout().toNanos();
  }

  /// Reads the request, answers it, and sends the answer.
  ///
  /// @param otherwise the answer where no route fits
  void begin(@Nullable Reply otherwise) {
    refusal = otherwise == null ? headRefusal() : otherwise;
    boolean isAwaited = request.getHeaders().contains(HttpHeader.EXPECT, "100-continue");
    if (refusal == null && request.getLength() > handler.limits().body()) {
      refusal = tooLarge().reply();
    }
    if (refusal != null && isAwaited) {
      // Its client waits to be asked for the body.
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
      arrived();
      return;
    }
    read();
  }

  private @Nullable Reply headRefusal() {
    HttpLimits limits = handler.limits();
    HttpURI uri = request.getHttpURI();
    int target = uri.getPath().length() + (uri.getQuery() == null ? 0 : uri.getQuery().length());
    if (target > limits.headers()) {
      return Problem.of(
              414, "URI too long", "path and query have more than " + limits.headers() + " bytes")
          .reply();
    }
    int bytes = 0;
    for (HttpField field : request.getHeaders()) {
      bytes += field.getName().length() + FRAME;
      bytes += field.getValue() == null ? 0 : field.getValue().length();
    }
    if (bytes > limits.headers()) {
      return Problem.of(
              431,
              "Request header fields too large",
              "the header fields have more than " + limits.headers() + " bytes")
          .reply();
    }
    return isPlain() ? null : notPlain().reply();
  }

  private boolean isPlain() {
    if (request.getLength() == 0) {
      return true;
    }
    String encoding = request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    String lower = type == null ? "" : type.toLowerCase(Locale.ROOT);
    int at = lower.indexOf("charset=");
    boolean isUtf8 =
        at < 0
            || lower.substring(at + "charset=".length()).replace("\"", "").strip().equals("utf-8");
    return isUtf8 && (encoding == null || encoding.equalsIgnoreCase("identity"));
  }

  private static Problem notPlain() {
    return Problem.of(
        415,
        "Unsupported media type",
        "the body must be UTF-8 and not compressed; Content-Type or Content-Encoding says otherwise");
  }

  private Problem tooLarge() {
    return Problem.of(
        413, "Content too large", "the body has more than " + handler.limits().body() + " bytes");
  }

  /// Takes what has come, and returns: the rest makes it run again.
  private void read() {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(this::read);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        broken(chunk.getFailure());
        return;
      }
      if (chunk.hasRemaining() && refusal == null) {
        take(chunk.getByteBuffer());
      }
      boolean isLast = chunk.isLast();
      chunk.release();
      if (!isLast && System.nanoTime() > deadline) {
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        if (refusal == null) {
          refusal =
              Problem.of(408, "Request timeout", "the request did not arrive in time").reply();
        }
        isLast = true;
      }
      if (isLast) {
        arrived();
        return;
      }
    }
  }

  private void take(ByteBuffer bytes) {
    int n = bytes.remaining();
    if (length + n > handler.limits().body()) {
      refuse(tooLarge());
      return;
    }
    if (length + n > body.length) {
      long known = request.getLength();
      int size = (int) Math.max(known, Math.max(length + n, 2L * body.length));
      size = Math.min(size, handler.limits().body());
      // Of a length that is only said nothing is kept free but what has come, twice.
      size = Math.min(size, Math.max(1024, 2 * (length + n)));
      if (!handler.memory().take(size - body.length)) {
        refuse(Problem.busy("too much is being sent at once; come again"));
        return;
      }
      held += size - body.length;
      body = Arrays.copyOf(body, size);
    }
    bytes.get(body, length, n);
    length += n;
  }

  private void refuse(Problem problem) {
    refusal = problem.reply();
    drop();
  }

  private void drop() {
    handler.memory().giveBack(held);
    held = 0;
    body = new byte[0];
    length = 0;
  }

  /// The rest will not come: the client breaks the rules, went away, or was cut off.
  private void broken(Throwable failure) {
    drop();
    boolean isBadMessage = failure instanceof HttpException && !isEarlyEnd(failure);
    // Jetty hands either to ProtocolErrors, which notes bad messages; nobody hears another answer.
    if (!isBadMessage) {
      request.setAttribute(ProtocolErrors.NOTED, true);
    }
    end(408, !isBadMessage);
    callback.failed(failure);
  }

  private static boolean isEarlyEnd(Throwable failure) {
    return "Early EOF".equals(failure.getMessage());
  }

  private void arrived() {
    arrived = System.nanoTime();
    Reply reply = refusal;
    if (reply == null && route != null) {
      byte[] whole = length == body.length ? body : Arrays.copyOf(body, length);
      reply = handler.answer(route, new Call(request, route.path(), whole));
    }
    drop();
    if (reply != null) {
      send(reply);
    }
  }

  private void send(Reply reply) {
    status = reply.status();
    response.setStatus(status);
    reply.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    if (handler.inFlight().isDraining()) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    answerBegan = System.nanoTime();
    if (reply.stream() != null) {
      stream(reply.stream(), reply.type());
      return;
    }
    byte[] bytes = reply.body();
    if (status != 204) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.type());
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    }
    boolean isHead = HttpMethod.HEAD.is(request.getMethod());
    sent = isHead ? 0 : bytes.length;
    Sending sending = new Sending();
    response.write(true, ByteBuffer.wrap(isHead ? new byte[0] : bytes), sending);
    sending.watch();
  }

  private void stream(Reply.Stream stream, String type) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    handler.timeouts().answering(this);
    Throwable failure = null;
    try (stream;
        OutputStream out =
            new BufferedOutputStream(Content.Sink.asOutputStream(response), STREAM_BUFFER) {
              @Override
              public synchronized void write(byte[] b, int off, int len) throws IOException {
                sent += len;
                super.write(b, off, len);
              }
            }) {
      stream.writeTo(out);
    } catch (IOException e) {
      // The client has gone, or did not take it.
      failure = e;
    } catch (RuntimeException | Error e) {
      handler.internalError(route, e);
      failure = e;
    }
    handler.timeouts().answered(this);
    end(status, true);
    if (failure == null) {
      callback.succeeded();
    } else {
      cutOff();
      callback.failed(failure);
    }
  }

  /// Waits for the answer's way out; watched where that takes longer than a moment.
  private final class Sending implements Callback {
    private volatile boolean isDone;

    @Override
    public void succeeded() {
      done();
      callback.succeeded();
    }

    @Override
    public void failed(Throwable failure) {
      done();
      callback.failed(failure);
    }

    private void done() {
      isDone = true;
      handler.timeouts().answered(Exchange.this);
      end(status, true);
    }

    void watch() {
      if (!isDone) {
        handler.timeouts().answering(Exchange.this);
        if (isDone) {
          handler.timeouts().answered(Exchange.this);
        }
      }
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }

  private void end(int status, boolean isNoted) {
    if (isNoted) {
      long nanos = arrived == 0 ? 0 : System.nanoTime() - arrived;
      handler.answered(
          Answered.of(route == null ? "none" : route.label(), status, nanos, sent, request));
    }
    handler.inFlight().end();
  }

  /// Returns when the answer began to be sent, as the system's nanoseconds.
  long answerBegan() {
    return answerBegan;
  }

  /// Closes the connection on a client that does not take its answer.
  void cutOff() {
    request.getConnectionMetaData().getConnection().getEndPoint().close();
  }
}
