package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.forecast.PurchaseForecaster;
import io.kaseb.intent.IntentModel;
import io.kaseb.intent.IntentState;
import io.kaseb.intent.PurchaseKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Purchase models of earlier builds forecast what they did then. `purchase-scores.csv` holds the
/// log odds, before calibration, that the builds which wrote the models gave: after every click of
/// some sessions, for the session, finished or not, and for each of its items.
@Tag("kernels")
class CommittedForecastsTest {
  private static final Path FORMATS = Path.of("src/test/resources/formats");
  private static final double TOLERANCE = 1e-4;

  @ParameterizedTest
  @ValueSource(strings = {"v2/model", "v3/purchases"})
  void purchases(String name) throws IOException {
    List<String[]> rows =
        Files.readAllLines(FORMATS.resolve("purchase-scores.csv")).stream()
            .map(line -> line.split(","))
            .filter(row -> row[0].equals(name))
            .toList();
    assertThat(rows).hasSize(72);
    PurchaseForecaster forecaster = PurchaseForecaster.load(FORMATS.resolve(name + ".kaseb"));
    IntentModel model = forecaster.model();
    int items = forecaster.catalogue().size();
    IntentState session = model.newSession();
    for (String[] row : rows) {
      session.reset();
      follow(model, session, items, Integer.parseInt(row[1]), Integer.parseInt(row[2]));
      PurchaseKind kind = row[3].equals("gru") ? PurchaseKind.GRU : PurchaseKind.BLEND;
      String where = "%s, session %s after %s clicks, by %s".formatted(name, row[1], row[2], kind);
      assertThat(model.sessionScore(session, kind, true))
          .as(where + ", finished")
          .isCloseTo(Double.parseDouble(row[4]), within(TOLERANCE));
      assertThat(model.sessionScore(session, kind, false))
          .as(where + ", running")
          .isCloseTo(Double.parseDouble(row[5]), within(TOLERANCE));
      String[] expected = row[6].split(" ");
      assertThat(session.distinct()).isEqualTo(expected.length);
      for (int i = 0; i < expected.length; i++) {
        assertThat(model.itemScore(session, kind, i))
            .as(where + ", item " + i)
            .isCloseTo(Double.parseDouble(expected[i]), within(TOLERANCE));
      }
    }
  }

  /// Clicks of session `s`: known and unknown items, categories and none, odd gaps.
  private static void follow(IntentModel model, IntentState session, int items, int s, int clicks) {
    long time = 1_400_000_000_000L + s * 9_000_000L;
    for (int t = 0; t < clicks; t++) {
      int item = (s * 37 + t * t * 5 + t) % (items + 3);
      time += 1_000L + (s * 7_919L + t * 104_729L) % 90_000;
      int category = model.category(t % 3 == 0 ? "S" : "" + (1 + t % 12));
      model.click(session, item, item < items ? item : -1, category, time, true);
    }
  }
}
