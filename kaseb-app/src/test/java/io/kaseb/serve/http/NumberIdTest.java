package io.kaseb.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A whole number is the same id in any form, as `prepare` reads it.
class NumberIdTest {
  private static String item(String json) {
    byte[] body = ("{\"item\":" + json + "}").getBytes(UTF_8);
    return JsonFields.of(JsonFields.parse(body), "", List.of("item")).needed("item");
  }

  @ParameterizedTest
  @CsvSource({
    "214536502.0, 214536502",
    "2.14536502e8, 214536502",
    "1e3, 1000",
    "7, 7",
    "-3.0, -3",
    "9007199254740992.0, 9007199254740992",
    "18446744073709551615, 18446744073709551615"
  })
  void wholeNumbers(String json, String id) {
    assertThat(item(json)).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.5", "1e999", "true", "[1]", "{}"})
  void nothingElse(String json) {
    assertThatThrownBy(() -> item(json)).isInstanceOf(Problem.class);
  }
}
