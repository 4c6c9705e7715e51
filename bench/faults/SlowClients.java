import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Opens many connections that send a request one byte at a time, and meanwhile clicks as a quick
/// client: `java SlowClients.java URL ITEM CONNECTIONS SECONDS`.
public final class SlowClients {
  private static final int PROBES_A_SECOND = 20;

  private SlowClients() {}

  public static void main(String[] args) throws Exception {
    URI server = URI.create(args[0]);
    int count = Integer.parseInt(args[2]);
    InetSocketAddress address = new InetSocketAddress(server.getHost(), server.getPort());
    byte[] request =
        ("POST /v1/forecast HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nX: "
                + "y".repeat(2000))
            .getBytes(StandardCharsets.US_ASCII);
    List<SocketChannel> slow = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open(address);
      channel.configureBlocking(false);
      channel.write(ByteBuffer.wrap(request, 0, 1 + i % 60));
      slow.add(channel);
    }
    System.out.println(slow.size() + " slow clients are connected");
    HttpClient quick = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpRequest click =
        HttpRequest.newBuilder(server.resolve("/v1/sessions/quick/events"))
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofString("{\"item\":\"" + args[1] + "\"}"))
            .build();
    int probes = PROBES_A_SECOND * Integer.parseInt(args[3]);
    double[] times = new double[probes];
    for (int p = 0; p < probes; p++) {
      for (int i = p % PROBES_A_SECOND; i < slow.size(); i += PROBES_A_SECOND) {
        try {
          slow.get(i).write(ByteBuffer.wrap(request, 60 + p, 1));
        } catch (IOException closed) {
          // The server has had enough of this one.
        }
      }
      long before = System.nanoTime();
      int status = quick.send(click, HttpResponse.BodyHandlers.ofString()).statusCode();
      times[p] = (System.nanoTime() - before) / 1e6;
      if (status != 200) {
        throw new IllegalStateException("the quick client got " + status);
      }
      Thread.sleep(1000 / PROBES_A_SECOND);
    }
    Arrays.sort(times);
    System.out.printf(
        "the quick client: %d answers, median %.1f ms, p99 %.1f ms, slowest %.1f ms%n",
        probes, times[probes / 2], times[probes * 99 / 100], times[probes - 1]);
  }
}
