package io.kaseb.serve;

import io.kaseb.base.Json;
import io.kaseb.base.Progress;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.TrainConfig;
import io.kaseb.duckdb.Resources;
import io.kaseb.forecast.Forecaster;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Protocol;
import io.kaseb.pipeline.Prepare;
import io.kaseb.pipeline.Train;
import io.kaseb.serve.http.HttpLimits;
import io.kaseb.serve.http.ListenConfig;
import io.kaseb.serve.session.SessionConfig;
import io.kaseb.simulate.Simulator;
import io.kaseb.simulate.SimulatorConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/// A folder with a small trained model, made once for all tests, and a client for its servers.
public final class Shop {
  static final Path FOLDER = folder();
  static final Path TRAINED = FOLDER.resolve("shop.kaseb");

  /// A network over fifty other items, without a purchase forecast.
  static final Path OTHER = FOLDER.resolve("other.kaseb");

  public static final List<String> ITEMS = items();

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Shop() {}

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("kaseb-serve-test");
      train(folder);
      trainOther(folder);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> items() {
    try {
      return Forecaster.load(TRAINED).catalogue().ids();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void train(Path folder) throws IOException {
    Path log = folder.resolve("log");
    Simulator.write(new SimulatorConfig(600, 3, 1), log, Progress.NONE);
    Path dataset = folder.resolve("dataset");
    ClickSource source =
        new ClickSource(
            Format.of("yoochoose"),
            List.of(log.resolve(Simulator.CLICKS)),
            List.of(log.resolve(Simulator.BUYS), log.resolve(Simulator.TEST_BUYS)),
            List.of(log.resolve(Simulator.TEST_CLICKS)),
            null);
    Prepare.run(
        source,
        Prepare.Rules.DEFAULT.with(Protocol.of("challenge")),
        Resources.DEFAULT,
        dataset,
        true,
        Progress.NONE);
    IntentConfig intent =
        IntentConfig.DEFAULT.with(
            Map.of("intent_units", "4", "intent_epochs", "1", "intent_trees", "3"));
    Train.run(
        Train.Options.of(dataset, folder.resolve("shop.kaseb"), config(), 1).withIntent(intent),
        e -> {},
        Progress.NONE,
        () -> false);
  }

  private static void trainOther(Path folder) throws IOException {
    Random random = new Random(5);
    StringBuilder log = new StringBuilder();
    for (int s = 0; s < 200; s++) {
      int start = random.nextInt(50);
      log.append(900_000_000 + start).append(' ').append(900_000_000 + (start + 1) % 50);
      log.append('\n');
    }
    Path clicks = Files.writeString(folder.resolve("other.txt"), log);
    Path dataset = folder.resolve("other-dataset");
    Prepare.run(
        ClickSource.of(Format.of("sessions"), clicks),
        Prepare.Rules.DEFAULT.with(Protocol.NONE),
        Resources.DEFAULT,
        dataset,
        true,
        Progress.NONE);
    Train.run(
        Train.Options.of(dataset, folder.resolve("other.kaseb"), config(), 1),
        e -> {},
        Progress.NONE,
        () -> false);
  }

  private static TrainConfig config() {
    return TrainConfig.DEFAULT.with(
        Map.of("layers", "8", "n_epochs", "1", "n_sample", "16", "batch_size", "32"));
  }

  /// Returns a configuration; the token is null or 16 characters.
  public static ServeConfig config(Path model, String token, String sessions) {
    return new ServeConfig(
        new ListenConfig("127.0.0.1", 0, token, null, null),
        new ServeConfig.ModelFiles(model, Map.of(), Map.of(), null, null, 5, false),
        new SessionConfig(
            sessions,
            Duration.ofMinutes(30),
            Duration.ofHours(12),
            64 << 20,
            20,
            Duration.ofSeconds(20)),
        new HttpLimits(200_000, 8192, Duration.ofSeconds(5), 256, 1000, Duration.ofMillis(300)));
  }

  /// Starts a ready server over the trained model.
  public static Server start() throws IOException {
    return start(config(TRAINED, null, "memory"));
  }

  /// Starts a server that is not ready yet and will not warm up for long.
  public static Server begin(ServeConfig config) {
    return Server.start(config, InstantSource.system(), Duration.ZERO);
  }

  public static Server start(ServeConfig config) throws IOException {
    Server server = begin(config);
    server.load();
    return server;
  }

  /// An answer.
  record Http(int status, String body, HttpHeaders headers) {
    JsonNode json() {
      return Json.MAPPER.readTree(body);
    }

    String field() {
      return json().path("field").asString("");
    }
  }

  /// Sends a request.
  ///
  /// @param body null for none
  static Http send(Server server, String method, String path, String body, String... headers) {
    return exchange(
        server,
        method,
        path,
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body),
        headers);
  }

  /// Posts a body that does not say how long it is.
  static Http chunked(Server server, String path, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return exchange(
        server,
        "POST",
        path,
        HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)));
  }

  private static Http exchange(
      Server server, String method, String path, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .method(method, body)
            .timeout(Duration.ofSeconds(20));
    List<String> all = new ArrayList<>(List.of("Content-Type", "application/json"));
    all.addAll(List.of(headers));
    for (int i = 0; i < all.size(); i += 2) {
      request.setHeader(all.get(i), all.get(i + 1));
    }
    try {
      HttpResponse<String> response =
          CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Http(response.statusCode(), response.body(), response.headers());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Sends bytes and returns all that comes back until the server closes the connection.
  static String raw(Server server, String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static Http get(Server server, String path) {
    return send(server, "GET", path, null);
  }

  static Http post(Server server, String path, String body) {
    return send(server, "POST", path, body);
  }

  /// Clicks an item of a session.
  static Http click(Server server, String session, String item) {
    return post(server, "/v1/sessions/" + session + "/events", "{\"item\":\"" + item + "\"}");
  }
}
