package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// One command that ends in the live shop.
class QuickstartServeTest {
  private static JsonNode get(HttpClient client, String url) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(url).isEqualTo(200);
    return Json.MAPPER.readTree(answer.body());
  }

  private static List<String> command(Path folder) {
    List<String> command = new ArrayList<>(Cli.command());
    command.addAll(
        List.of("quickstart", "--serve", "--port", "0", "--sessions", "2000", "--threads", "2"));
    for (String set :
        List.of(
            "n_epochs=1",
            "layers=8",
            "n_sample=16",
            "intent_units=4",
            "intent_epochs=1",
            "intent_seeds=1",
            "intent_trees=5")) {
      command.addAll(List.of("--set", set));
    }
    command.addAll(List.of("--out", folder.resolve("q").toString()));
    return command;
  }

  @Test
  void itEndsInTheLiveShopOfAShopWithCarts(@TempDir Path folder) throws Exception {
    Process process =
        new ProcessBuilder(command(folder))
            .redirectError(folder.resolve("err.txt").toFile())
            .directory(folder.toFile())
            .start();
    List<String> lines = new ArrayList<>();
    try (BufferedReader out = process.inputReader();
        HttpClient client = HttpClient.newHttpClient()) {
      for (String line = out.readLine();
          line != null && !line.startsWith("Ready:");
          line = out.readLine()) {
        lines.add(line);
      }
      String log = String.join("\n", lines) + Files.readString(folder.resolve("err.txt"));
      assertThat(lines)
          .as(log)
          .anyMatch(line -> line.startsWith("$ kaseb simulate --sessions 2000 --events"))
          .anyMatch(line -> line.startsWith("$ kaseb prepare --format csv"))
          .anyMatch(line -> line.startsWith("$ kaseb serve ") && line.contains(" --replay "));
      String shop =
          lines.stream()
              .filter(line -> line.startsWith("The live shop: "))
              .findFirst()
              .orElseThrow()
              .substring("The live shop: ".length());
      HttpResponse<String> page =
          client.send(
              HttpRequest.newBuilder(URI.create(shop)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(page.body()).contains("<h1>Live shop</h1>");
      JsonNode signals = get(client, shop + "v1/signals");
      assertThat(signals.path("actions").valueStream().map(JsonNode::asString)).contains("cart");
      assertThat(signals.path("attributes").findValuesAsString("name")).contains("device");
      assertThat(get(client, shop + "v1/replay").path("events").size()).isGreaterThan(2);
      JsonNode report = get(client, shop + "v1/report");
      assertThat(report.path("rows").findValuesAsString("name"))
          .contains("gru4rec", "markov", "popularity");
      assertThat(report.path("purchases").get(0).path("metrics").has("auc")).isTrue();
      JsonNode items = get(client, shop + "v1/catalogue?limit=1").path("items");
      assertThat(items.get(0).path("attributes").has("category")).isTrue();
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  @Test
  void aPortInUseIsToldBeforeTheWork(@TempDir Path folder) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Path out = folder.resolve("q");
      Cli run = Cli.run("quickstart", "--serve", "--port", taken.getLocalPort(), "--out", out);
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.err()).contains("--port", "in use");
      assertThat(out).doesNotExist();
    }
  }
}
