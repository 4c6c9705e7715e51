package io.kaseb.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.Progress;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Evaluator;
import io.kaseb.eval.Ties;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Gru4Rec;
import io.kaseb.model.Sessions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The official version's evaluation of its trained networks, repeated by ours.
class GoldenEvaluationTest {
  static Stream<Path> fixtures() throws IOException {
    List<Path> with = new ArrayList<>();
    for (Path file : Golden.fixtures().toList()) {
      if (Golden.read(file).has("eval")) {
        with.add(file);
      }
    }
    return with.stream();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void recallAndMrrAreTheSame(Path file) throws IOException {
    JsonNode golden = Golden.read(file);
    List<String> ids = new ArrayList<>();
    golden.get("item_ids").forEach(id -> ids.add(id.asString()));
    Catalogue catalogue = Catalogue.of(ids);
    Gru4Rec model =
        Gru4Rec.of(
            GoldenTest.architecture(golden.get("config")),
            catalogue,
            Golden.tensors(golden.get("final")));
    for (Ties ties : List.of(Ties.STANDARD, Ties.CONSERVATIVE)) {
      Evaluation found =
          Evaluator.evaluate(
              Forecaster.of(model),
              sessions(golden.get("eval").get("sessions"), catalogue),
              Golden.longs(golden.get("item_counts")),
              new EvalConfig(List.of(1, 5, 20), ties, 2, 0, 1),
              Progress.NONE);
      JsonNode expected = golden.get("eval").get(ties.toString());
      for (String metric : List.of("recall", "mrr")) {
        for (String k : List.of("1", "5", "20")) {
          assertThat(found.metric(metric + "@" + k))
              .as("%s %s@%s", ties, metric, k)
              .isCloseTo(
                  expected.get(metric).get(k).asDouble(),
                  within(1e-7)); // The reference sums floats.
        }
      }
    }
  }

  private static Sessions sessions(JsonNode rows, Catalogue catalogue) {
    TreeMap<Long, List<Integer>> bySession = new TreeMap<>();
    for (JsonNode row : rows) {
      int item = catalogue.index(row.get(1).asString());
      bySession
          .computeIfAbsent(row.get(0).asLong(), s -> new ArrayList<>())
          .add(item < 0 ? Sessions.UNKNOWN : item);
    }
    int[] offsets = new int[bySession.size() + 1];
    int[] items = new int[rows.size()];
    int s = 0;
    int n = 0;
    for (List<Integer> session : bySession.values()) {
      for (int item : session) {
        items[n++] = item;
      }
      offsets[++s] = n;
    }
    return new Sessions(offsets, items, null);
  }
}
