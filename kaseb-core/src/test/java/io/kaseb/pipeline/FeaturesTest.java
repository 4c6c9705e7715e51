package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.config.IntentConfig;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogAttribute;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Features that are found, and noise that is not.
class FeaturesTest {
  @TempDir private Path folder = Path.of("");

  /// Whether a session buys hangs on its device beside its last action, or on nothing.
  private Path dataset(boolean hasSign) throws IOException {
    Random random = new Random(11);
    List<String> lines = new ArrayList<>(List.of("visit,sku,at,what,device,price"));
    for (int s = 0; s < 3_000; s++) {
      long at = 1_700_000_000L + s * 1_000L;
      String device = random.nextBoolean() ? "phone" : "desktop";
      String last = random.nextBoolean() ? "search" : "page";
      int views = 1 + random.nextInt(3);
      for (int v = 0; v < views; v++) {
        int item = random.nextInt(30);
        lines.add(
            "s%d,i%d,%d,view,%s,%d".formatted(s, item, at + v, device, 1 + random.nextInt(90)));
      }
      lines.add("s%d,,%d,%s,%s,".formatted(s, at + 10, last, device));
      boolean fits = device.equals("phone") == last.equals("search");
      if (random.nextDouble() < (hasSign ? (fits ? .4 : .05) : .2)) {
        lines.add("s%d,i1,%d,purchase,%s,".formatted(s, at + 20, device));
      }
    }
    Format format =
        Format.of("csv")
            .with(LogColumns.parse("session=visit,item=sku,time=at,type=what"))
            .withAttributes(LogAttribute.parse("device:category@session,price:number@event"));
    Path out = folder.resolve("dataset");
    Logs.prepare(
        ClickSource.of(format, Files.write(folder.resolve("log.csv"), lines)),
        Logs.rules(Protocol.NONE),
        out);
    return out;
  }

  private static Features.Found run(Path dataset, int most, double millis) throws IOException {
    return Features.run(
        new Features.Options(dataset, "purchase", most, millis, 20_000, 2, 1), Progress.NONE);
  }

  @Test
  void aPlantedCrossIsFoundAndHelpsOnLaterSessions() throws IOException {
    Features.Found found = run(dataset(true), 3, Double.POSITIVE_INFINITY);
    assertThat(found.chosen()).isNotEmpty().hasSizeLessThanOrEqualTo(3);
    assertThat(found.chosen().getFirst()).isEqualTo("cross(device x last)");
    assertThat(found.ranking().getFirst().name()).isEqualTo("cross(device x last)");
    Features.Step first = found.steps().get(1);
    assertThat(first.auc()).isGreaterThan(.65);
    assertThat(first.aucGain().get(1)).isPositive();
    Path config = folder.resolve("features.yaml");
    Features.writeConfig(found, config);
    Map<String, String> read = Map.of("intent_generated", String.join(",", found.chosen()));
    assertThat(config).content().contains("intent_generated: \"cross(device x last)");
    assertThat(IntentConfig.DEFAULT.with(read).intentGenerated()).isEqualTo(found.chosen());
    Path page = folder.resolve("features.html");
    Features.writePage(found, "kaseb features <x>", page);
    assertThat(page)
        .content()
        .contains("cross(device x last)")
        .contains("kaseb features &lt;x&gt;");
  }

  @Test
  void noiseIsNotChosen() throws IOException {
    Features.Found found = run(dataset(false), 10, Double.POSITIVE_INFINITY);
    assertThat(found.candidates()).isGreaterThan(40);
    assertThat(found.chosen()).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void theBudgetIsKept() throws IOException {
    Features.Found found = run(dataset(true), 5, 1e-12);
    assertThat(found.chosen()).isEmpty();
    assertThat(found.milliseconds()).isZero();
  }

  @Test
  void wrongOptionsAreRefused() throws IOException {
    Path dataset = dataset(true);
    assertThatThrownBy(() -> run(dataset, 0, 1)).hasMessageContaining("1..200");
    assertThatThrownBy(() -> run(dataset, 5, 0)).hasMessageContaining("above 0");
    assertThatThrownBy(
            () ->
                Features.run(
                    new Features.Options(dataset, "fly", 5, 1, 20_000, 1, 1), Progress.NONE))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("purchase");
  }
}
