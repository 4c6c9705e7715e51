package io.kaseb.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.base.LockFile;
import io.kaseb.base.NewFolder;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.data.Dataset;
import io.kaseb.data.Manifest;
import io.kaseb.duckdb.Resources;
import io.kaseb.ingest.ClickLog;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.Protocol;
import io.kaseb.model.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The dataset folder: equal inputs give equal bytes, and damage is noticed.
class DatasetFolderTest {
  @TempDir Path folder;

  private Path prepared() {
    Path log = Logs.write(folder.resolve("log.dat"), Logs.click(1, 0, 5), Logs.click(1, 9, 6));
    Path out = folder.resolve("dataset");
    Logs.prepare("yoochoose", log, Logs.rules(Protocol.NONE), out);
    return out;
  }

  private void fails(Path dataset, String... parts) {
    assertThatThrownBy(() -> Dataset.load(dataset, Workers.ONE))
        .isInstanceOf(KasebException.class)
        .hasMessageContainingAll(parts);
  }

  private void again(Path out) {
    Logs.prepare("yoochoose", folder.resolve("log.dat"), Logs.rules(Protocol.NONE), out);
  }

  @Test
  void whatIsNotTheDatasetsIsNeverReplaced() throws IOException {
    Path out = prepared();
    Path notes = Files.writeString(out.resolve("test/notes.txt"), "thesis");
    assertThatThrownBy(() -> again(out))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("notes.txt: is no part of a dataset and would be lost");
    assertThat(notes).hasContent("thesis");
    Files.delete(notes);
    Path strange = Files.createDirectories(folder.resolve("strange/train")).getParent();
    Files.writeString(strange.resolve(Manifest.FILE), "{}");
    Path own = Files.writeString(strange.resolve("train/events.parquet"), "mine");
    assertThatThrownBy(() -> again(strange)).isInstanceOf(KasebException.class);
    assertThat(own).hasContent("mine");
  }

  @Test
  void aLinkToADatasetStaysALink() throws IOException {
    Path out = prepared();
    Path link = Files.createSymbolicLink(folder.resolve("link"), out);
    again(link);
    assertThat(link).isSymbolicLink();
    assertThat(Dataset.load(out, Workers.ONE).train().count()).isEqualTo(1);
    Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nothing"));
    assertThatThrownBy(() -> NewFolder.make(dangling))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("is a link to nothing");
    assertThat(dangling).isSymbolicLink();
  }

  @Test
  void twoPreparesDoNotMakeOneDataset() throws IOException {
    Path out = prepared();
    try (LockFile other = LockFile.take(LockFile.of(out))) {
      assertThat(other).isNotNull();
      assertThatThrownBy(() -> again(out))
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("another prepare is making it");
    }
    Path mine = Files.writeString(LockFile.of(out), "my notes");
    assertThatThrownBy(() -> again(out))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("is no lock of Kaseb's");
    assertThat(mine).hasContent("my notes");
  }

  @Test
  void equalInputsGiveEqualBytesWhateverTheThreads() throws IOException {
    Path log = bigLog();
    ClickSource source = ClickSource.of(Format.of("yoochoose"), log);
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    Manifest first = prepare(source, new Resources("500MB", 1), one);
    Manifest second = prepare(source, new Resources("1GB", 4), two);
    assertThat(first).isEqualTo(second);
    for (Manifest.Source file : first.files()) {
      assertThat(two.resolve(file.name())).hasSameBinaryContentAs(one.resolve(file.name()));
    }
    assertThat(two.resolve(Manifest.FILE)).hasSameBinaryContentAs(one.resolve(Manifest.FILE));
    try (var left = Files.walk(one)) {
      assertThat(left.filter(Files::isRegularFile)).hasSize(8);
    }
  }

  private static Manifest prepare(ClickSource source, Resources resources, Path out)
      throws IOException {
    return Prepare.run(source, Logs.rules(Protocol.RSC15), resources, out, false, Progress.NONE)
        .manifest();
  }

  private Path bigLog() {
    SplittableRandom random = new SplittableRandom(1);
    String[] lines = new String[300_000];
    for (int i = 0; i < lines.length; i++) {
      long start = i / 4 * 9L;
      lines[i] = Logs.click(i / 4, start + random.nextInt(500), random.nextInt(2000));
    }
    return Logs.write(folder.resolve("big.dat"), lines);
  }

  @Test
  void theManifestReadsBackAndVerifies() throws IOException {
    Path dataset = prepared();
    Manifest manifest = Manifest.read(dataset);
    manifest.verify(dataset);
    assertThat(manifest.formatVersion()).isEqualTo(Manifest.FORMAT_VERSION);
    assertThat(manifest.rules().protocol()).isEqualTo("none");
    assertThat(manifest.sources().getFirst().name()).isEqualTo("log.dat");
    assertThat(manifest.datasetHash()).hasSize(64);
  }

  @Test
  void aFlippedBitIsFoundByVerify() throws IOException {
    Path dataset = prepared();
    Path events = dataset.resolve("train/events.parquet");
    byte[] bytes = Files.readAllBytes(events);
    bytes[bytes.length / 2] ^= 1;
    Files.write(events, bytes);
    Manifest manifest = Manifest.read(dataset);
    assertThatThrownBy(() -> manifest.verify(dataset))
        .isInstanceOf(KasebException.class)
        .hasMessageContainingAll("events.parquet", "content has changed");
  }

  @Test
  void whatIsNoDatasetOrDamagedIsAnError() throws IOException {
    fails(folder, "is no dataset", "prepare one from a click log");
    Path dataset = prepared();
    Path events = dataset.resolve("train/events.parquet");
    byte[] bytes = Files.readAllBytes(events);
    Files.write(events, Arrays.copyOf(bytes, bytes.length - 9));
    fails(dataset, "events.parquet: has", "the file is damaged");
    Files.write(events, new byte[bytes.length]);
    fails(dataset, "a data file is damaged");
    Files.delete(events);
    fails(dataset, "events.parquet: the file is missing");
    Path manifest = dataset.resolve(Manifest.FILE);
    String json = Files.readString(manifest);
    Files.writeString(
        manifest, json.replaceFirst("\"format_version\" : 2", "\"format_version\" : 3"));
    fails(dataset, "format_version=3; this Kaseb reads up to 2");
    Files.writeString(manifest, json.substring(0, json.length() / 2));
    fails(dataset, "dataset.json: is damaged");
  }

  @Test
  void aClickLogIsReadAsItIsForForecasts() throws IOException {
    Path log =
        Logs.write(
            folder.resolve("log.dat"),
            Logs.click("b", 100, 5),
            Logs.click("a", 0, 6),
            Logs.click("b", 50, 7),
            "c,never,5,0");
    ClickLog clicks =
        ClickLog.read(
            ClickSource.of(Format.of("yoochoose"), log),
            Catalogue.of(List.of("7", "5")),
            0.5,
            Logs.SMALL,
            Progress.NONE);
    assertThat(clicks.sessionIds()).containsExactly("a", "b");
    assertThat(clicks.sessions().offsets()).containsExactly(0, 1, 3);
    assertThat(clicks.sessions().items()).containsExactly(-1, 0, 1);
    assertThat(clicks.sessions().times()).isNotNull();
    assertThat(clicks.badRows()).hasSize(1);
  }
}
