package io.kaseb.examples;

import io.kaseb.base.Progress;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Quickstart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A small model of a simulated shop, with a purchase forecast.
final class Models {
  private Models() {}

  static Path train(Path folder) throws IOException {
    Quickstart.run(
        1_500,
        folder,
        ConfigFile.resolve(
            null,
            List.of("layers=16", "n_epochs=1", "intent=gru", "intent_units=8", "intent_epochs=1")),
        1,
        "",
        new Quickstart.Listener(step -> {}, epoch -> {}),
        Progress.NONE,
        () -> false);
    return folder.resolve("model.kaseb");
  }
}
