package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class ServeDefaultsTest {
  @TempDir private Path folder;

  private static CommandSpec parsed(Map<String, String> environment, String... args) {
    CommandLine line = new CommandLine(new ServeCommand());
    line.setDefaultValueProvider(new ServeDefaults(environment));
    line.parseArgs(args);
    return line.getCommandSpec();
  }

  private static Object option(CommandSpec spec, String name) {
    return spec.findOption(name).getValue();
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("serve.yaml"), text);
  }

  @Test
  void theCommandLineComesFirstThenTheEnvironmentThenTheFile() throws IOException {
    Path file =
        file(
            """
            model: shop.kaseb
            port: 1
            max_body: 2048
            max_waiting: 3
            allowed_hosts: [a.example, b.example]
            share: {default: 90, b: 10}
            """);
    CommandSpec spec =
        parsed(
            Map.of("KASEB_MAX_BODY", "4096", "KASEB_PORT", "2"),
            "--config",
            file.toString(),
            "--port",
            "3");
    assertThat(option(spec, "--port")).isEqualTo(3);
    assertThat(option(spec, "--max-body")).isEqualTo(4096);
    assertThat(option(spec, "--max-waiting")).isEqualTo(3);
    assertThat(option(spec, "--host")).isEqualTo("127.0.0.1");
    assertThat(option(spec, "--allowed-hosts")).asString().isEqualTo("[a.example, b.example]");
    assertThat(option(spec, "--share")).isEqualTo(Map.of("default", 90, "b", 10));
    assertThat(spec.positionalParameters().getFirst().<Path>getValue())
        .isEqualTo(Path.of("shop.kaseb"));
    assertThat(option(parsed(Map.of("KASEB_CONFIG", file.toString())), "--max-waiting"))
        .isEqualTo(3);
  }

  @Test
  void modelsStandTogether() throws IOException {
    Path file = file("model: {default: a.kaseb, b: b.kaseb}\n");
    CommandSpec spec = parsed(Map.of(), "--config", file.toString());
    assertThat(spec.positionalParameters().getFirst().<Path>getValue())
        .isEqualTo(Path.of("a.kaseb"));
    assertThat(option(spec, "--model")).isEqualTo(Map.of("b", Path.of("b.kaseb")));
    assertThat(
            parsed(Map.of("KASEB_MODEL", "x.kaseb"))
                .positionalParameters()
                .getFirst()
                .<Path>getValue())
        .isEqualTo(Path.of("x.kaseb"));
  }

  @Test
  void whatIsWrongInTheFileIsNamed() throws IOException {
    String[][] cases = {
      {"prot: 1\n", "prot", "port"},
      {"port: {a: {b: 1}}\n", "port", "a text"},
      {"- 1\n", "serve.yaml", "keys"},
      {"port: 1\nport: 2\n", "port stands twice", "serve.yaml"},
      {"config: x\n", "config", "no such key"},
    };
    for (String[] c : cases) {
      Path file = file(c[0]);
      assertThatThrownBy(() -> parsed(Map.of(), "m.kaseb", "--config", file.toString()))
          .as(c[0])
          .isInstanceOf(CommandLine.ParameterException.class)
          .hasMessageContainingAll(c[1], c[2]);
    }
  }
}
