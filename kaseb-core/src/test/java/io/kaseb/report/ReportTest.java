package io.kaseb.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Json;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Measured;
import io.kaseb.eval.SessionSums;
import io.kaseb.eval.Ties;
import io.kaseb.model.TrainingEpoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ReportTest {
  @Test
  void pageHoldsEverythingInOneFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("report.html");
    report().writeTo(file);
    String page = Files.readString(file);
    assertThat(page)
        .contains("Simulated data")
        .contains("<dt>train sessions</dt><dd>71,234</dd>")
        .contains("0.7012<small>[0.6912, 0.7112]</small>")
        .contains("conservative ties")
        .contains("kaseb quickstart --seed 1")
        .contains("commit abc")
        .contains("Apache Software Foundation")
        .doesNotContain("{{");
  }

  @Test
  void pageLoadsNothing(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("report.html");
    report().writeTo(file);
    String page = Files.readString(file);
    // The policy forbids the browser every load, the chart library's included.
    assertThat(page).contains("Content-Security-Policy\" content=\"default-src 'none'");
    int library = page.indexOf("<script>");
    String own = page.substring(0, library) + page.substring(page.indexOf("</script>", library));
    assertThat(own)
        .doesNotContain("http://", "https://", "@import", "fetch(", "XMLHttpRequest")
        .doesNotContainPattern("(src|href)\\s*=|url\\(");
  }

  @Test
  void chartsGetTheFigures(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("report.html");
    report().writeTo(file);
    String page = Files.readString(file);
    String mark = "id=\"data\">";
    int from = page.indexOf(mark) + mark.length();
    JsonNode data = Json.MAPPER.readTree(page.substring(from, page.indexOf("</script>", from)));
    assertThat(data.get("k").asInt()).isEqualTo(20);
    assertThat(data.get("models").get(0).get("metrics").get("recall@20").asDouble())
        .isEqualTo(.7012);
    assertThat(data.get("models").get(1).get("positions").get(2).asDouble()).isEqualTo(.5);
    assertThat(data.get("epochs").get(0).get("train_loss").asDouble()).isEqualTo(6.5);
    assertThat(data.get("epochs").get(1).get("valid_loss").isNull()).isTrue();
  }

  @Test
  void whatUsersNameIsEscaped(@TempDir Path folder) throws IOException {
    String evil = "</script><script>alert('{{command}}')</script>";
    Path file = folder.resolve("report.html");
    new Report(
            evil,
            false,
            Map.of(evil, evil),
            List.of(),
            List.of(new Measured(evil, evaluation(.1))),
            List.of(evil),
            evil)
        .writeTo(file);
    String page = Files.readString(file);
    assertThat(page).doesNotContain("<script>alert").doesNotContain("Simulated data");
    assertThat(page).contains("&lt;script&gt;alert(&#39;{{command}}&#39;)");
  }

  @Test
  void textShowsTheSameTables() {
    assertThat(report().text())
        .contains("SIMULATED data")
        .contains("train sessions: 71,234")
        .as("train has shown the training table")
        .doesNotContain("train loss")
        .containsPattern("gru4rec +0\\.7012 +\\[0\\.6912, 0\\.7112] +0\\.3506 ")
        .contains("9,000 predictions in 2,500 sessions, conservative ties, 12 clicks");
  }

  @Test
  void aReportOfNothingIsStillAReport(@TempDir Path folder) throws IOException {
    Evaluation nothing =
        new Evaluation(
            0,
            0,
            3,
            Ties.MEDIAN,
            Map.of(),
            Map.of(),
            List.of(),
            new SessionSums(List.of(20), 0),
            List.of());
    Report report =
        new Report(
            "Empty",
            false,
            Map.of(),
            List.of(),
            List.of(new Measured("markov", nothing)),
            List.of(),
            "");
    assertThat(report.text()).containsPattern("markov +- ");
    Path file = folder.resolve("report.html");
    report.writeTo(file);
    assertThat(file)
        .content()
        .contains("<td data-of=\"model\">markov</td><td data-of=\"recall@20\">-</td>");
  }

  private static Report report() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("train sessions", "71,234");
    facts.put("train clicks", "254,120");
    facts.put("items", "3,512");
    facts.put("test sessions", "2,500");
    facts.put("protocol", "rsc15");
    List<TrainingEpoch> epochs =
        List.of(
            new TrainingEpoch(1, 6.5, 6.25, .96, .6, .28, 200_000, 5.2, 40_120),
            new TrainingEpoch(2, 6.1, null, null, .66, .31, 200_000, 5.1, 41_000),
            new TrainingEpoch(3, 5.8, 5.9, 1.02, .7, .34, 200_000, 5.1, 41_000));
    return new Report(
        "Quickstart",
        true,
        facts,
        epochs,
        List.of(
            new Measured("gru4rec", evaluation(.7012)),
            new Measured("markov", evaluation(.5803)),
            new Measured("popularity", evaluation(.0412))),
        List.of("Kaseb 0.1.0, commit abc, JDK 25", "data: simulated, seed 1"),
        "kaseb quickstart --seed 1");
  }

  private static Evaluation evaluation(double recall) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("recall@10", recall * .8);
    metrics.put("recall@20", recall);
    metrics.put("mrr@20", recall / 2);
    metrics.put("ndcg@20", recall * .6);
    metrics.put("coverage@20", .9);
    metrics.put("popularity@20", 1.25);
    Map<String, double[]> intervals = new LinkedHashMap<>();
    intervals.put("recall@20", new double[] {recall - .01, recall + .01});
    intervals.put("mrr@20", new double[] {recall / 2 - .006, recall / 2 + .006});
    List<Evaluation.Position> positions = new ArrayList<>();
    positions.add(new Evaluation.Position(1, 2_500, recall * .9));
    positions.add(new Evaluation.Position(2, 1_400, recall * 1.05));
    positions.add(new Evaluation.Position(3, 800, .5));
    for (int p = 4; p <= 20; p++) {
      positions.add(new Evaluation.Position(p, 4_300 / p, recall * (1.1 - p * .01)));
    }
    return new Evaluation(
        9_000,
        2_500,
        12,
        Ties.CONSERVATIVE,
        metrics,
        intervals,
        positions,
        new SessionSums(List.of(20), 0),
        List.of());
  }
}
