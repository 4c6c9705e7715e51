package io.kaseb.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaseb.model.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  @TempDir private Path folder;

  private static Map<String, String> identity(String config, int threads) {
    return Map.of("config", config, "threads", Integer.toString(threads));
  }

  @Test
  void onlyWhatChangedIsNamed() throws IOException {
    Path file = folder.resolve("m.kaseb.checkpoint");
    Map<String, Tensor> weights = Map.of("w", new Tensor(new int[] {1}, new float[] {1}));
    String config = "{\"batch_size\":32,\"layers\":[100,50],\"loss\":\"bpr-max\",\"n_epochs\":3}";
    new Checkpoint(identity(config, 2), 1, 10, 1, List.of(), weights, Map.of(), weights)
        .write(file);
    assertThat(Checkpoint.read(file, identity(config, 2)).steps()).isEqualTo(10);
    assertThatThrownBy(
            () ->
                Checkpoint.read(
                    file,
                    identity(config.replace("32", "64").replace("[100,50]", "[ 100,\n  20 ]"), 2)))
        .hasMessage(
            file
                + ": was made with another batch_size (32, now 64), another layers ([100,50], now"
                + " [100,20]); use the same, or delete the checkpoint to start again");
    assertThatThrownBy(() -> Checkpoint.read(file, identity(config, 1)))
        .hasMessageContaining("another threads (2, now 1);");
  }

  @Test
  void epochsMayGrow() throws IOException {
    Path file = folder.resolve("m.kaseb.checkpoint");
    Map<String, Tensor> weights = Map.of("w", new Tensor(new int[] {1}, new float[] {1}));
    String config = "{\"n_epochs\":3}";
    new Checkpoint(identity(config, 2), 1, 10, 1, List.of(), weights, Map.of(), weights)
        .write(file);
    Set<String> grows = Set.of("n_epochs");
    assertThat(Checkpoint.read(file, identity("{\"n_epochs\":10}", 2), grows).epoch()).isEqualTo(1);
    assertThatThrownBy(() -> Checkpoint.read(file, identity("{\"n_epochs\":2}", 2), grows))
        .hasMessageContaining("another n_epochs (3, now 2);");
  }
}
