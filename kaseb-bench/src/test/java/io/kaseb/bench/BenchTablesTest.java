package io.kaseb.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.base.Workers;
import io.kaseb.tune.space.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTablesTest {
  @TempDir private Path folder;

  @BeforeEach
  void spaces() throws IOException {
    Files.writeString(
        folder.resolve("spaces.json"),
        """
        {"net": {"direction": "maximize", "parameters": {
           "units": [16, 32, 64, 128, 256, 512, 1024, 2048],
           "rate": [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0],
           "cell": ["gru", "lstm", "mgu"]}}}
        """);
    List<String> lines = new ArrayList<>();
    for (int units = 0; units < 8; units++) {
      for (int rate = 0; rate < 8; rate++) {
        for (int cell = 0; cell < 3; cell++) {
          double good = 10 - Math.abs(units - 5) - Math.abs(rate - 2) - (cell == 1 ? 0 : 1);
          lines.add("%d%d%d\t%s\t%s".formatted(units, rate, cell, good - .1, good + .1));
        }
      }
    }
    Files.write(folder.resolve("net-hill.tsv"), lines);
  }

  @Test
  void theIncumbentIsJudgedByItsMean() throws IOException {
    HpoTable table = HpoTable.all(folder).getFirst();
    assertThat(table.name()).isEqualTo("net-hill");
    String key = table.key(new Parameters(Map.of("units", 512L, "rate", .01, "cell", "lstm")));
    assertThat(key).isEqualTo("521");
    assertThat(table.meanLoss(key)).isCloseTo(-10, within(1e-9));
    assertThat(table.regret(table.meanLoss("520"))).isCloseTo(1, within(1e-9));
    assertThat(table.shareBetter(table.meanLoss(key))).isZero();
    // One is better, and none of its equals.
    assertThat(table.shareBetter(table.meanLoss("520"))).isCloseTo(1 / 192., within(1e-12));
  }

  @Test
  void samplersAreRankedWithTheirPeers() throws IOException {
    List<HpoTable> tables = HpoTable.all(folder);
    List<BenchTables.Incumbent> peers = new ArrayList<>();
    for (int seed = 0; seed < 4; seed++) {
      for (int after : new int[] {10, 20, 40}) {
        peers.add(new BenchTables.Incumbent("net-hill", "peer", seed, after, 99));
      }
    }
    BenchTables.Result result =
        BenchTables.run(
            tables,
            BenchTune.specs(List.of("random", "auto")),
            peers,
            40,
            4,
            Workers.of(2),
            Progress.NONE);
    assertThat(result.rows()).hasSize(3 * 3 * 2);
    BenchTables.Row chance = row(result, "random", 40);
    BenchTables.Row auto = row(result, "auto", 40);
    BenchTables.Row peer = row(result, "peer", 40);
    assertThat(peer.rank()).isEqualTo(3);
    assertThat(auto.rank()).isLessThan(chance.rank());
    assertThat(auto.better()).isLessThanOrEqualTo(chance.better());
    assertThat(auto.rankLow()).isLessThanOrEqualTo(auto.rank());
    assertThat(result.millis()).containsOnlyKeys("random", "auto");
    // Again the same, on one thread.
    BenchTables.Result again =
        BenchTables.run(
            tables,
            BenchTune.specs(List.of("random", "auto")),
            peers,
            40,
            4,
            Workers.ONE,
            Progress.NONE);
    assertThat(again.incumbents()).isEqualTo(result.incumbents());
    assertThatThrownBy(
            () ->
                BenchTables.run(
                    tables,
                    BenchTune.specs(List.of("random")),
                    peers.subList(0, 6),
                    40,
                    4,
                    Workers.ONE,
                    Progress.NONE))
        .isInstanceOf(KasebException.class)
        .hasMessageContaining("no 4 runs of peer");
  }

  private static BenchTables.Row row(BenchTables.Result result, String sampler, int after) {
    return result.rows().stream()
        .filter(r -> r.sampler().equals(sampler) && r.after() == after && r.table().equals("all"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void brokenTablesNameTheirPlace() throws IOException {
    Path table = folder.resolve("net-hill.tsv");
    for (String line : List.of("991\t1", "52\t1", "521\tx", "521\tNaN", "521", "000\t1")) {
      Files.writeString(table, "000\t1\n" + line + "\n");
      assertThatThrownBy(() -> HpoTable.all(folder))
          .as(line)
          .isInstanceOf(KasebException.class)
          .hasMessageContaining("net-hill.tsv:2");
    }
    Files.move(table, folder.resolve("other-hill.tsv"));
    assertThatThrownBy(() -> HpoTable.all(folder)).hasMessageContaining("is of no family");
    Files.delete(folder.resolve("other-hill.tsv"));
    assertThatThrownBy(() -> HpoTable.all(folder)).hasMessageContaining("has no table");
    Files.delete(folder.resolve("spaces.json"));
    assertThatThrownBy(() -> HpoTable.all(folder)).hasMessageContaining("spaces.json");
  }
}
