package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Progress;
import io.kaseb.config.IntentConfig;
import io.kaseb.config.TrainConfig;
import io.kaseb.eval.EvalConfig;
import io.kaseb.eval.Evaluation;
import io.kaseb.eval.Ties;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Items that came after the training are measured apart from those that were trained on.
class ItemsSinceTrainingTest {
  private static final int BRANDS = 12;
  private static final int NEW = 5;

  @TempDir private Path folder = Path.of("");

  /// Sessions that stay with one brand's items; in the last ones every second item is new.
  private Path log(boolean hasNew) throws IOException {
    Random random = new Random(3);
    List<String> lines = new ArrayList<>(List.of("visit,sku,at,brand"));
    for (int s = 0; s < 1_200; s++) {
      int brand = random.nextInt(BRANDS);
      for (int e = 0; e < 6; e++) {
        boolean isNew = hasNew && s >= 1_050 && e % 2 == 1;
        String item =
            isNew
                ? "new%d-%d".formatted(brand, random.nextInt(NEW))
                : "old%d-%d".formatted(brand, random.nextInt(8));
        lines.add("s%d,%s,%d,b%d".formatted(s, item, 1_700_000_000L + 100L * s + e, brand));
      }
    }
    return Files.write(folder.resolve("log.csv"), lines);
  }

  private Report report(boolean hasNew) throws IOException {
    Format format =
        Format.of("csv")
            .with(LogColumns.parse("session=visit,item=sku,time=at"))
            .withAttributes(LogAttribute.parse("brand:category@item"));
    Path dataset = folder.resolve("dataset");
    Logs.prepare(
        ClickSource.of(format, log(hasNew)), Logs.rules(Protocol.NONE, "time:0.15"), dataset);
    Path model = folder.resolve("m.kaseb");
    Train.run(
        Train.Options.of(
                dataset,
                model,
                TrainConfig.DEFAULT.with(Map.of("layers", "24", "n_epochs", "8")),
                1)
            .withIntent(IntentConfig.DEFAULT),
        epoch -> {},
        Progress.NONE,
        () -> false);
    EvalConfig how = new EvalConfig(List.of(20), Ties.CONSERVATIVE, 1, 200, 1);
    return Evaluate.run(model, dataset, how, null, false, null, false, "", Progress.NONE);
  }

  @Test
  void newItemsAreFoundByTheirBrandAndReportedApart() throws IOException {
    Report report = report(true);
    assertThat(report.newItems()).isNotNull();
    Evaluation fresh = report.newItems().fresh();
    Evaluation known = report.newItems().known();
    assertThat(known.events()).isGreaterThan(300);
    assertThat(known.metric("recall@20")).isBetween(.1, 1.0);
    assertThat(report.facts()).containsKey("known items beside");
    // Three of a session's five predictions are of new items.
    assertThat(fresh.events()).isEqualTo(fresh.sessions() * 3L).isGreaterThan(400);
    // 20 of 156 items at random would be .13; thirteen share the session's brand.
    assertThat(fresh.metric("recall@20")).isGreaterThan(.5);
    assertThat(report.facts().get("new since training"))
        .startsWith(
            "%d items, %,d predictions of them, recall@20 "
                .formatted(BRANDS * NEW, fresh.events()));
    assertThat(report.text()).contains("new since training");
  }

  @Test
  void nothingIsSaidWhereThereAreNone() throws IOException {
    Report report = report(false);
    assertThat(report.newItems()).isNull();
    assertThat(report.facts()).doesNotContainKey("new since training");
  }
}
