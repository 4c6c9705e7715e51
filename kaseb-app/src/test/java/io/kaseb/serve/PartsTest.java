package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Catalogue;
import io.kaseb.serve.http.HttpLimits;
import io.kaseb.serve.http.ListenConfig;
import io.kaseb.serve.session.SessionConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small parts on their own.
class PartsTest {
  @Test
  void driftIsSeen() {
    Drift drift = new Drift();
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      assertThat(drift.index()).isNaN();
      drift.add((float) random.nextGaussian());
    }
    assertThat(drift.index()).isLessThan(.05);
    for (int i = 0; i < 5_000; i++) {
      drift.add((float) random.nextGaussian() + 1);
    }
    assertThat(drift.index()).isGreaterThan(.25);
  }

  @Test
  void equalScoresAreNoDrift() {
    Drift drift = new Drift();
    for (int i = 0; i < 20_000; i++) {
      drift.add(i % 3);
    }
    assertThat(drift.index()).isLessThan(.01);
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> new ListenConfig("::1", 70_000, null, null, null))
        .hasMessageContaining("port=70000: must be 0..65535");
    assertThatThrownBy(() -> new ListenConfig("::1", 7, "short", null, null))
        .hasMessageContaining("16");
    Duration hour = Duration.ofHours(1);
    assertThatThrownBy(() -> new SessionConfig("ftp://x:secret@y", hour, hour, 1 << 24, 10, hour))
        .hasMessageContaining("ftp")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(
            () -> new SessionConfig("memory", hour, Duration.ofMinutes(1), 1 << 24, 10, hour))
        .hasMessageContaining("lifetime=PT1M");
    assertThatThrownBy(() -> new HttpLimits(9, 9, hour, 1, 1, hour))
        .hasMessageContaining("max_body=9: must be 1024 or more");
    assertThatThrownBy(
            () ->
                new ServeConfig.ModelFiles(
                    Shop.FOLDER, Map.of("../x", Shop.FOLDER), Map.of(), null, null, 5, false))
        .hasMessageContaining("letters");
  }

  @Test
  void rulesAreReadWhateverEditorWroteThem(@TempDir Path folder) throws Exception {
    List<String> known = Forecaster.load(Shop.OTHER).catalogue().ids();
    Path hidden = folder.resolve("hidden.txt");
    Files.writeString(hidden, "\uFEFF%s\r\n\r\n %s \r\n".formatted(known.get(0), known.get(1)));
    Path categories = folder.resolve("categories.tsv");
    Files.writeString(
        categories, "\uFEFF%s\tshoes \r\n \r\n%s \tshoes".formatted(known.get(2), known.get(3)));
    ItemRules rules = ItemRules.read(hidden, categories);
    assertThat(rules.hidden()).containsExactlyInAnyOrder(known.get(0), known.get(1));
    assertThat(rules.categories()).containsOnly(Map.entry("shoes", known.subList(2, 4)));
    assertThat(rules.warnings(List.of(Catalogue.of(known)))).isEmpty();

    Files.writeString(hidden, "\"%s\"\nx1\nx2\nx3\n%s".formatted(known.get(0), known.get(1)));
    Files.writeString(categories, "x1\tshoes\n");
    assertThat(ItemRules.read(hidden, categories).warnings(List.of(Catalogue.of(known))))
        .hasSize(2)
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .contains("hidden", "4 of its 5 item ids", "x1", "...", "without quotation"),
            second ->
                assertThat(second)
                    .contains("categories", "1 of its 1 item ids", "x1")
                    .doesNotContain("quotation"));
  }

  @Test
  void sharesSplitSessionsForGood() throws Exception {
    ItemRules none = new ItemRules(Set.of(), Map.of());
    Forecaster forecaster = Forecaster.load(Shop.OTHER);
    ServedModel a = new ServedModel("default", Path.of("a"), forecaster, none);
    ServedModel b = new ServedModel("b", Path.of("b"), forecaster, none);
    Deployment deployment =
        new Deployment(Map.of("default", a, "b", b), Map.of("default", 90, "b", 10));
    int second = 0;
    for (int i = 0; i < 10_000; i++) {
      Deployment.Pick pick = deployment.pick("session-" + i, null);
      assertThat(deployment.pick("session-" + i, null)).isEqualTo(pick);
      assertThat(pick.variant()).isEqualTo(pick.model() == a ? "a" : "b");
      second += pick.model() == b ? 1 : 0;
    }
    assertThat(second).isBetween(900, 1100);
    assertThat(deployment.pick("session-1", "b").variant()).isEqualTo("pinned");
  }
}
