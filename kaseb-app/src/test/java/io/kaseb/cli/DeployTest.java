package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What `deploy/` offers to run a server with fits the command and the server of today.
class DeployTest {
  private static final Path DEPLOY = Path.of("..", "deploy");
  private static final Path SYSTEMD_ANALYZE = Path.of("/usr/bin/systemd-analyze");

  @TempDir private Path folder;

  private static JsonNode deployment() throws IOException {
    String[] parts = Files.readString(DEPLOY.resolve("kubernetes/kaseb.yaml")).split("\n---\n");
    assertThat(parts).hasSize(2);
    JsonNode service = new YAMLMapper().readTree(parts[1]);
    JsonNode deployment = new YAMLMapper().readTree(parts[0]);
    assertThat(deployment.at("/kind").asString()).isEqualTo("Deployment");
    assertThat(service.at("/kind").asString()).isEqualTo("Service");
    assertThat(service.at("/spec/selector")).isEqualTo(deployment.at("/spec/selector/matchLabels"));
    assertThat(service.at("/spec/selector"))
        .isEqualTo(deployment.at("/spec/template/metadata/labels"));
    assertThat(service.at("/spec/ports/0/targetPort"))
        .isEqualTo(deployment.at("/spec/template/spec/containers/0/ports/0/name"));
    return deployment.at("/spec/template/spec");
  }

  private static List<String> parsed(List<String> arguments) {
    CommandLine.ParseResult parsed =
        new CommandLine(new Main()).parseArgs(arguments.toArray(String[]::new));
    assertThat(parsed.subcommand().commandSpec().name()).isEqualTo("serve");
    return arguments;
  }

  @Test
  void kubernetesProbesAskWhatTheServerAnswers() throws IOException {
    JsonNode container = deployment().at("/containers/0");
    JsonNode paths;
    try (var in = Main.class.getResourceAsStream("/io/kaseb/serve/openapi.json")) {
      paths = new JsonMapper().readTree(in).at("/paths");
    }
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      JsonNode http = container.at("/" + probe + "/httpGet");
      assertThat(paths.has(http.at("/path").asString())).as(probe).isTrue();
      assertThat(http.at("/port")).isEqualTo(container.at("/ports/0/name"));
    }
    assertThat(container.at("/readinessProbe/httpGet/path").asString()).endsWith("ready");
    assertThat(container.at("/livenessProbe/httpGet/path").asString()).endsWith("live");
  }

  @Test
  void kubernetesRunsTheCommandAsNobodySpecial() throws IOException {
    JsonNode pod = deployment();
    JsonNode container = pod.at("/containers/0");
    List<String> arguments = new ArrayList<>();
    container.at("/args").forEach(argument -> arguments.add(argument.asString()));
    assertThat(parsed(arguments)).contains(container.at("/ports/0/containerPort").asString());
    // Off loopback the server wants a token.
    assertThat(container.at("/env/0/name").asString()).isEqualTo("KASEB_TOKEN");
    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.at("/securityContext/runAsUser").asInt()).isPositive();
    assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(pod.at("/terminationGracePeriodSeconds").asInt()).isGreaterThan(5);
  }

  private static String start(String unit) {
    return unit.lines().filter(line -> line.startsWith("ExecStart=")).findFirst().orElseThrow();
  }

  @Test
  void theSystemdUnitRunsTheCommand() throws IOException {
    String unit = Files.readString(DEPLOY.resolve("kaseb.service"));
    List<String> words = List.of(start(unit).replace("ExecStart=", "").split(" "));
    assertThat(words.getFirst()).isEqualTo("/opt/kaseb/kaseb");
    parsed(words.subList(1, words.size()));
    assertThat(unit).contains("DynamicUser=yes", "StateDirectory=kaseb", "SuccessExitStatus=143");
  }

  @Test
  void systemdFindsNothingWrongWithTheUnit() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(SYSTEMD_ANALYZE), "needs systemd-analyze");
    String unit = Files.readString(DEPLOY.resolve("kaseb.service"));
    // It looks for the program, which is not installed here.
    Path copy = folder.resolve("kaseb.service");
    Files.writeString(copy, unit.replace("ExecStart=/opt/kaseb/kaseb", "ExecStart=/bin/sh"));
    Process process =
        new ProcessBuilder(SYSTEMD_ANALYZE.toString(), "verify", copy.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    assertThat(output.lines().filter(line -> line.contains("kaseb.service"))).isEmpty();
  }
}
