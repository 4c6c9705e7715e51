package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.KasebException;
import io.kaseb.config.IntentKeys;
import io.kaseb.config.KnnKeys;
import io.kaseb.config.TrainKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OptionNamesTest {
  private static final OptionNames NAMES = new OptionNames(Main.commandLine());

  @Test
  void optionsAreNamedAsUsersWriteThem() {
    KasebException wrong = KasebException.ofSetting("session_gap", -1, "0 or more");
    assertThat(wrong.message(NAMES::show)).isEqualTo("--session-gap -1: must be 0 or more");
    assertThat(wrong).hasMessage("session_gap=-1: must be 0 or more");
    KasebException hint =
        new KasebException("give " + KasebException.setting("test") + ", or leave it out");
    assertThat(hint.message(NAMES::show)).isEqualTo("give --test, or leave it out");
  }

  @Test
  void keysOfTheConfigurationAreNoOptions() {
    KasebException wrong = KasebException.ofSetting("batch_size", 0, "1..65536");
    assertThat(KasebException.at("gru4rec.yaml", wrong).message(NAMES::show))
        .isEqualTo("gru4rec.yaml: batch_size=0: must be 1..65536");
  }

  /// A typing error in a name would show users an option that no command has.
  @Test
  void everySettingThatAMessageNamesExists() throws IOException {
    Pattern named =
        Pattern.compile("KasebException\\.(?:setting|ofSetting|ofUnknown)\\(\\s*\"([^\"]*)\"");
    Set<String> settings = new TreeSet<>();
    Path root = Path.of("..").toRealPath();
    for (String module : List.of("kaseb-forecast", "kaseb-core", "kaseb-app")) {
      try (Stream<Path> sources = Files.walk(root.resolve(module + "/src/main/java"))) {
        for (Path source : sources.filter(f -> f.toString().endsWith(".java")).toList()) {
          named.matcher(Files.readString(source)).results().forEach(m -> settings.add(m.group(1)));
        }
      }
    }
    assertThat(settings)
        .contains("valid", "session_gap", "token_file")
        .allMatch(
            name ->
                NAMES.has(name)
                    || TrainKeys.TABLE.has(name)
                    || IntentKeys.TABLE.has(name)
                    || KnnKeys.TABLE.has(name));
  }
}
