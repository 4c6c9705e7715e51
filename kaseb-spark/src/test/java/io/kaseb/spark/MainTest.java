package io.kaseb.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.base.KasebException;
import io.kaseb.data.Manifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands as spark-submit gives them.
class MainTest {
  @TempDir private Path folder;

  private static String run(String... args) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertThat(Main.run(LocalSpark.session(), List.of(args), print)).isTrue();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void refuses(String message, String... args) {
    assertThatThrownBy(() -> run(args))
        .isInstanceOf(KasebException.class)
        .satisfies(
            e ->
                assertThat(((KasebException) e).message((name, value) -> "--" + name))
                    .contains(message));
  }

  @Test
  void preparesAndSearches() throws IOException {
    StringBuilder log = new StringBuilder("at,visit,sku\n");
    for (int i = 0; i < 2_000; i++) {
      log.append("%d,v%d,i%d%n".formatted(1_700_000_000 + i, i / 4, (i * 7 + i / 9) % 40));
    }
    Path file = Files.writeString(folder.resolve("log.csv"), log);
    String dataset = folder.resolve("shop").toString();
    assertThat(
            run(
                "prepare",
                "--format=csv",
                "--columns",
                "session=visit,item=sku,time=at",
                "--clicks",
                file.toString(),
                "--protocol",
                "none",
                "--out",
                dataset))
        .contains("2,000 clicks of 500 sessions to train on");
    assertThat(Manifest.read(Path.of(dataset)).items()).isEqualTo(40);
    String experiment = folder.resolve("search").toString();
    assertThat(
            run(
                "tune",
                dataset,
                "--max-trials",
                "2",
                "--preset",
                "retailrocket-2026",
                "--set",
                "n_epochs=1",
                "--set",
                "intent=off",
                "--concurrency",
                "1",
                "--out",
                experiment))
        .contains("trial 1: SUCCEEDED", "best");
    assertThat(Files.readString(Path.of(experiment, "plan.json"))).contains("0.78330374");
  }

  @Test
  void saysWhatAClusterDoesNotDo() throws IOException {
    String file = Files.writeString(folder.resolve("lines.txt"), "a b c\n").toString();
    refuses("--memory: a cluster does not do that; kaseb prepare does", "prepare", "--memory", "x");
    refuses(
        "--threads: a cluster does not do that; kaseb forecast does",
        "forecast",
        "m",
        "--threads",
        "1");
    refuses("give --out FOLDER", "forecast", "m", "--clicks", file);
    refuses("give both or none", "forecast", "m", "--out", "x", "--wrong-nudge", "1");
    refuses(
        "not with --next",
        "forecast",
        "m",
        "--probabilities",
        "x",
        "--wrong-nudge",
        "1",
        "--caught-buyer",
        "2");
    refuses("--warm-start: a cluster does not", "tune", "d", "--warm-start");
    refuses(
        "--items",
        "prepare",
        "--format",
        "tsv",
        "--clicks",
        file,
        "--item-columns",
        "id=x",
        "--out",
        "y");
    refuses(
        "kaseb prepare does", "prepare", "--format", "sessions", "--clicks", file, "--out", "y");
    refuses("protocol", "prepare", "--protocl", "none");
    refuses("--clicks", "prepare", "--format", "tsv", "--out", "y");
    refuses("--format is missing", "prepare", "--clicks", "x");
  }
}
