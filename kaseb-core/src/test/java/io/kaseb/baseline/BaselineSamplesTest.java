package io.kaseb.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaseb.base.Progress;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Evaluator;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Sessions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Baselines on the real samples against figures that were found without Kaseb.
class BaselineSamplesTest {
  @ParameterizedTest
  @CsvSource({
    "retailrocket, markov, .375, .206",
    "diginetica, markov, .337, .130",
    "retailrocket, vs-knn, .548, .294",
    "diginetica, vs-knn, .513, .183"
  })
  void baselinesGiveTheKnownFigures(String sample, String kind, double recall, double mrr)
      throws IOException {
    String root = System.getenv("KASEB_DATA");
    assumeTrue(root != null, "KASEB_DATA names no folder with the samples: skipped");
    Path folder = Path.of(String.valueOf(root), sample);
    assumeTrue(Files.isDirectory(folder), folder + " is missing: skipped");

    Map<String, Integer> numbers = new TreeMap<>();
    List<String> ids = new ArrayList<>();
    Sessions train = read(folder.resolve("train.txt.gz"), numbers, ids);
    int known = ids.size();
    Sessions test = read(folder.resolve("test.txt.gz"), numbers, ids);
    Catalogue catalogue = Catalogue.of(ids.subList(0, known));

    Evaluation found =
        Evaluator.evaluate(
            Forecaster.of(ModelKinds.count(kind, catalogue, train, ModelKinds.settings(kind))),
            test,
            train.itemCounts(known),
            EvalConfig.defaults(),
            Progress.NONE);

    assertThat(found.metric("recall@20")).isCloseTo(recall, within(.0006));
    assertThat(found.metric("mrr@20")).isCloseTo(mrr, within(.0006));
    assertThat(found.interval("recall@20")[0]).isLessThan(recall);
    assertThat(found.interval("recall@20")[1]).isGreaterThan(recall);
  }

  private static Sessions read(Path file, Map<String, Integer> numbers, List<String> ids)
      throws IOException {
    List<Integer> offsets = new ArrayList<>(List.of(0));
    int[] items = new int[1 << 20];
    int n = 0;
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        for (String id : line.split(" ", -1)) {
          items[n++] =
              numbers.computeIfAbsent(
                  id,
                  fresh -> {
                    ids.add(fresh);
                    return ids.size() - 1;
                  });
        }
        offsets.add(n);
      }
    }
    return new Sessions(
        offsets.stream().mapToInt(Integer::intValue).toArray(),
        Arrays.copyOf(items, n),
        new long[n]);
  }
}
