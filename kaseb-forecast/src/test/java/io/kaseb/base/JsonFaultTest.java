package io.kaseb.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;

class JsonFaultTest {
  /// Something with a value of each kind.
  record Thing(
      String name,
      int count,
      double share,
      boolean on,
      List<Integer> sizes,
      Map<String, String> more,
      Thread.State state) {
    /// Checks a range.
    Thing {
      if (count < 0) {
        throw new IllegalArgumentException("count must be 0 or more");
      }
    }
  }

  private static String fault(String json) {
    return JsonFault.of(
        catchThrowableOfType(
            JacksonException.class, () -> Json.MAPPER.readValue(json, Thing.class)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"name\":{}}|name: must be text",
        "{\"count\":\"many\"}|count: must be a whole number",
        "{\"count\":99999999999}|too large",
        "{\"share\":[]}|share: must be a number",
        "{\"on\":\"perhaps\"}|on: must be true or false",
        "{\"sizes\":5}|sizes: must be a list",
        "{\"sizes\":[1,\"x\"]}|sizes[1]: must be a whole number",
        "{\"more\":7}|more: must be an object of keys and values",
        "{\"state\":\"asleep\"}|state: must be one of [NEW",
        "{\"name\":|ends before it is complete",
        "{\"count\":-1,\"share\":1,\"on\":true}|count must be 0 or more",
        "{\"name\": nope}|unexpected word nope",
        "{\"name\" 5}|unexpected character",
        "[]|must be an object of keys and values"
      })
  void saysWhatIsWrongInPlainWords(String json, String words) {
    assertThat(fault(json)).contains(words).doesNotContain("tools.jackson", "java.lang", "Token");
  }

  @Test
  void aFileIsNamed(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("thing.json"), "null");
    assertThatThrownBy(() -> Json.read(file, Thing.class))
        .isInstanceOf(KasebException.class)
        .hasMessageContainingAll("thing.json", "is damaged (holds nothing)");
    Files.writeString(file, "{\"count\":\"many\"}");
    assertThatThrownBy(() -> Json.read(file, Thing.class))
        .isInstanceOf(KasebException.class)
        .hasMessageContainingAll("thing.json", "is damaged (count: must be a whole number)");
  }
}
