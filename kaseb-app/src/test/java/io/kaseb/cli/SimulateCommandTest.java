package io.kaseb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulateCommandTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void theCommandThatIsPrintedPreparesTheLog() {
    Path out = folder.resolve("shop");
    Cli simulated = Cli.run("simulate", "--sessions", 2_000, "--events", "--out", out);
    assertThat(simulated.exit()).as(simulated.err()).isZero();
    assertThat(simulated.out()).contains("SIMULATED", "2,000 sessions", "cart ", "search ");
    String command =
        simulated.out().lines().filter(l -> l.startsWith("Next: kaseb ")).findFirst().orElseThrow();
    Object[] words = command.substring("Next: kaseb ".length()).split(" ", -1);
    Cli prepared = Cli.run(words);
    assertThat(prepared.exit()).as(prepared.err()).isZero();
    assertThat(prepared.out()).contains("1,600", "400");
  }
}
