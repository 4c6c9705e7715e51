package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaseb.data.Dataset;
import io.kaseb.data.Manifest;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Protocol;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real samples under the folder that the environment variable `KASEB_DATA` names.
class PrepareRealSamplesTest {
  private static final String PLACE = System.getenv().getOrDefault("KASEB_DATA", "");

  @TempDir Path folder;

  @BeforeEach
  void samplesAreThere() {
    assumeTrue(
        !PLACE.isEmpty() && Files.isDirectory(Path.of(PLACE)),
        "KASEB_DATA names no folder with the real samples: skipped");
  }

  private static Path sample(String name) {
    return Path.of(PLACE).resolve(name);
  }

  private Manifest sessions(String name, @Nullable Path itemMap) {
    return Logs.prepare(
        new ClickSource(
            Format.of("sessions"),
            List.of(sample(name + "/train.txt.gz")),
            List.of(),
            List.of(sample(name + "/test.txt.gz")),
            itemMap),
        Prepare.Rules.DEFAULT,
        folder.resolve("dataset"));
  }

  private static void holds(Manifest.Part part, long sessions, long events, long items) {
    assertThat(List.of(part.sessions(), part.events(), part.items()))
        .containsExactly(sessions, events, items);
  }

  @Test
  void retailrocketSessions() {
    Manifest manifest = sessions("retailrocket", null);
    holds(manifest.train(), 119_860, 653_783, 36_736);
    assertThat(manifest.test().sessions()).isEqualTo(6_308);
    Dataset dataset = Logs.load(folder.resolve("dataset"));
    assertThat(dataset.train().events()).isEqualTo(653_783);
    assertThat(Logs.words(dataset, dataset.train().slice(0, 2)))
        .containsExactly("1 2 1 1", "3 4 3");
  }

  @Test
  void digineticaSessionsWithItsItemMap() {
    Manifest manifest = sessions("diginetica", sample("diginetica/item-map.tsv.gz"));
    holds(manifest.train(), 177_337, 861_262, 43_027);
    assertThat(manifest.test().sessions()).isEqualTo(9_333);
    assertThat(manifest.cleaning().unmappedItems()).isEqualTo(manifest.items() - 21_131L);
    assertThat(Logs.load(folder.resolve("dataset")).catalogue().index("166617")).isZero();
  }

  @Test
  void digineticaClicksAndBuys() {
    Path out = folder.resolve("dataset");
    ClickSource source =
        new ClickSource(
            Format.of("yoochoose"),
            List.of(sample("diginetica/clicks.csv")),
            List.of(sample("diginetica/buys.csv")),
            List.of(),
            null);
    Manifest whole = Logs.prepare(source, Logs.rules(Protocol.CHALLENGE), out);
    holds(whole.train(), 12_585, 60_913, 20_006);
    assertThat(whole.train().buyers()).isEqualTo(604);
    assertThat(whole.train().purchases()).isEqualTo(928);
    Manifest split = Logs.prepare(source, Logs.rules(Protocol.NONE, "days:2"), out);
    assertThat(split.train().sessions() + split.test().sessions()).isEqualTo(12_585);
    assertThat(split.train().buyers() + split.test().buyers()).isEqualTo(604);
    assertThat(split.test().sessions()).isGreaterThan(1_000);
  }

  @Test
  void rees46() {
    ClickSource source = ClickSource.of(Format.of("rees46"), sample("rees46/2019-Oct-head.csv.gz"));
    Manifest manifest =
        Logs.prepare(source, Logs.rules(Protocol.CHALLENGE), folder.resolve("dataset"));
    assertThat(manifest.train().buyers()).isEqualTo(200);
    assertThat(manifest.train().sessions()).isEqualTo(5_066);
    assertThat(manifest.cleaning().badRows()).isEqualTo(1);
    assertThat(manifest.cleaning().firstBadRows().getFirst())
        .endsWith("2019-Oct-head.csv.gz:17436: too few columns");
  }
}
