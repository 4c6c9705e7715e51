package io.kaseb.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Hashes;
import io.kaseb.base.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A seed's log has the same bytes in every version, on every machine.
class SimulatedBytesTest {
  private static final Map<String, String> HASHES =
      Map.of(
          Simulator.CLICKS,
          "6a38f3c7567d908a5f8ff9c0ba3be13ad9685c95556b8ae486ffd2203abcb889",
          Simulator.BUYS,
          "638191cedc2765cc8f7567fa5767b209f0222ec2238eef19473d7ba86760e707",
          Simulator.TEST_CLICKS,
          "d1a4ebe293ee69925e5b9a90f28e1f74681fa69d0f2284bc0e85ac6b08034e69",
          Simulator.TEST_BUYS,
          "a0721d40e0a155b78b68332c532400f1ce7f9bffb8f8fe54e9a70421ca77ab5c");

  @TempDir private Path folder;

  @Test
  void aSeedsLogHasTheSameBytes() throws IOException {
    Simulator.write(new SimulatorConfig(1_500, 5, 2), folder, Progress.NONE);
    Map<String, String> found = new LinkedHashMap<>();
    for (String file : HASHES.keySet()) {
      found.put(file, Hashes.sha256(folder.resolve(file)));
    }
    assertThat(found).isEqualTo(HASHES);
  }
}
