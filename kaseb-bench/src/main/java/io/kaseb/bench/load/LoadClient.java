package io.kaseb.bench.load;

import io.kaseb.serve.http.Text;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One keep-alive HTTP/1.1 connection that costs next to nothing, so that a load generator on the
/// same cores measures the server and not itself. Plain HTTP, answers with a Content-Length.
final class LoadClient implements Closeable {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final InetSocketAddress address;
  private final String host;
  private Socket socket = new Socket();
  private InputStream in = InputStream.nullInputStream();
  private OutputStream out = OutputStream.nullOutputStream();
  private boolean isOpen;
  private byte[] body = new byte[4096];
  private int length;

  /// What came back.
  ///
  /// @param status HTTP status
  /// @param isClosing whether the server closes the connection
  record Response(int status, boolean isClosing) {}

  LoadClient(URI server) {
    address = new InetSocketAddress(server.getHost(), server.getPort());
    host = server.getHost() + ":" + server.getPort();
  }

  private void open() throws IOException {
    socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(address, TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream(), 16_384);
    out = socket.getOutputStream();
    isOpen = true;
  }

  /// Posts JSON and reads the answer; connects where there is no connection.
  Response post(String path, String json) throws IOException {
    byte[] content = json.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + content.length
            + "\r\n\r\n";
    byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
    byte[] request = new byte[start.length + content.length];
    System.arraycopy(start, 0, request, 0, start.length);
    System.arraycopy(content, 0, request, start.length, content.length);
    return send(request);
  }

  /// Gets a path.
  Response get(String path) throws IOException {
    return send(
        ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
  }

  private Response send(byte[] request) throws IOException {
    try {
      if (!isOpen) {
        open();
      }
      out.write(request);
      return read();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private Response read() throws IOException {
    String status = line();
    if (!status.startsWith("HTTP/1.1 ")) {
      throw new IOException("no HTTP answer: " + Text.quoted(status));
    }
    length = 0;
    boolean isClosing = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).strip());
      } else if (lower.startsWith("connection:")) {
        isClosing = lower.contains("close");
      }
    }
    if (body.length < length) {
      body = new byte[length];
    }
    if (in.readNBytes(body, 0, length) < length) {
      throw new EOFException("the answer was cut");
    }
    if (isClosing) {
      close();
    }
    return new Response(Integer.parseInt(status.substring(9, 12)), isClosing);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /// Returns the body of the last answer.
  String body() {
    return new String(body, 0, length, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    isOpen = false;
    socket.close();
  }
}
