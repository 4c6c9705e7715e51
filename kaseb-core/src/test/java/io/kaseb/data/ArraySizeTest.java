package io.kaseb.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.duckdb.DuckDatabase;
import io.kaseb.duckdb.Resources;
import io.kaseb.logfile.ClickSource;
import io.kaseb.logfile.Format;
import io.kaseb.logfile.LogColumns;
import io.kaseb.logfile.Protocol;
import io.kaseb.pipeline.Prepare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Datasets that are larger than an array, or of several files.
class ArraySizeTest {
  @TempDir private Path folder;

  private Path dataset() throws IOException {
    StringBuilder log = new StringBuilder("s,i,t,c,k\n");
    for (int i = 0; i < 60; i++) {
      log.append("s%d,i%d,%d,c%d,view%n".formatted(i / 3, i % 7, 1_700_000_000 + i, i * i % 11));
      if (i % 2 == 0) {
        log.append("s%d,i%d,%d,,purchase%n".formatted(i / 3, i % 7, 1_700_000_000 + i));
      }
    }
    Path out = folder.resolve("dataset");
    Prepare.run(
        ClickSource.of(
            Format.of("csv").with(LogColumns.parse("session=s,item=i,time=t,category=c,type=k")),
            Files.writeString(folder.resolve("log.csv"), log)),
        Prepare.Rules.DEFAULT.with(Protocol.NONE),
        Resources.DEFAULT,
        out,
        false,
        Progress.NONE);
    return out;
  }

  @Test
  void saysWhatFitsIntoMemory() throws IOException {
    assertThat(ArraySize.of(5, "clicks", "here")).isEqualTo(5);
    Path dataset = dataset();
    Path manifest = dataset.resolve(Manifest.FILE);
    String text = Files.readString(manifest);
    assertThat(text).contains("\"events\" : 60");
    Files.writeString(manifest, text.replace("\"events\" : 60", "\"events\" : 3000000000"));
    assertThatThrownBy(() -> Dataset.load(dataset, Workers.ONE))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("train: has 3,000,000,000 clicks, and 2,147,483,639 at most")
        .hasMessageContaining("take the log in parts of fewer days");
  }

  @Test
  void whatSeveralFilesHoldStandsInItsPlace() throws IOException {
    Path dataset = dataset();
    LabelledSessions one = OpenDataset.of(dataset, Workers.ONE).labelledTrain();
    cut(dataset.resolve("train").resolve("events.parquet"), 20);
    cut(dataset.resolve("train").resolve("buys.parquet"), 10);
    Path manifest = dataset.resolve(Manifest.FILE);
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replaceAll("(?s)\"files\" : \\[.*?\\]", "\"files\" : [ ]"));
    LabelledSessions many = OpenDataset.of(dataset, Workers.ONE).labelledTrain();
    assertThat(many.sessions().items()).isEqualTo(one.sessions().items());
    assertThat(many.categoryNames()).isEqualTo(one.categoryNames());
    assertThat(many.categories()).isEqualTo(one.categories());
    assertThat(many.purchases().items()).hasSize(30).isEqualTo(one.purchases().items());
    assertThat(many.purchases().times()).isEqualTo(one.purchases().times());
  }

  private void cut(Path table, int rows) throws IOException {
    Path whole = Files.move(table, folder.resolve("whole-" + table.getFileName()));
    Files.createDirectory(table);
    try (DuckDatabase database = DuckDatabase.inMemory(Workers.ONE)) {
      for (int part = 0; part < 3; part++) {
        database.run(
            "cutting",
            "COPY (SELECT * FROM read_parquet(%s) LIMIT %d OFFSET %d) TO %s (FORMAT parquet)"
                .formatted(
                    DuckDatabase.file(whole),
                    rows,
                    part * rows,
                    DuckDatabase.text(table.resolve("part-00000" + part + ".parquet"))));
      }
    }
  }
}
