import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Sends random bodies and mutated JSON: `java Nonsense.java URL ITEM COUNT`.
public final class Nonsense {
  private static final byte[] MARKS = "{}[]\",:0e-\\".getBytes(StandardCharsets.US_ASCII);

  private Nonsense() {}

  public static void main(String[] args) throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    Random random = new Random(5);
    byte[] sound =
        ("{\"session\":\"s\",\"clicks\":[{\"item\":\"" + args[1] + "\",\"time\":1700000000000,"
                + "\"category\":\"c\",\"price\":9.5,\"event_id\":\"e\"}],\"over\":false}")
            .getBytes(StandardCharsets.UTF_8);
    Map<Integer, Integer> statuses = new TreeMap<>();
    for (int i = 0; i < Integer.parseInt(args[2]); i++) {
      byte[] body = sound.clone();
      if (i % 3 == 0) {
        body = new byte[random.nextInt(300)];
        random.nextBytes(body);
      } else {
        for (int c = 0; c <= random.nextInt(4); c++) {
          body[random.nextInt(body.length)] =
              random.nextBoolean() ? (byte) random.nextInt(256) : MARKS[random.nextInt(MARKS.length)];
        }
      }
      String path = i % 2 == 0 ? "/v1/forecast" : "/v1/sessions/n" + i % 100 + "/events";
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(args[0] + path))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      statuses.merge(response.statusCode(), 1, Integer::sum);
      if (response.statusCode() >= 500 || response.body().matches("(?s).*(Exception|io\\.kaseb|\tat ).*")) {
        throw new IllegalStateException(response.statusCode() + " " + response.body());
      }
    }
    System.out.println("answers by status: " + statuses);
  }
}
