package io.kaseb.pipeline;

import io.kaseb.base.KasebException;
import io.kaseb.base.TextFiles;
import io.kaseb.config.KeyType;
import io.kaseb.export.NetworkFile;
import io.kaseb.model.Architecture;
import io.kaseb.model.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes a model of a network that GRU4Rec's official PyTorch version trained: it then forecasts,
/// serves, and is trained further like any other.
public final class Import {
  /// What was found.
  ///
  /// @param items items that it scores
  /// @param cell the recurrent cell of all layers, as in `gru`
  /// @param layers units of each layer, first to last
  /// @param embedding how items enter: `constrained`, `separate` or `none`
  public record Imported(int items, String cell, List<Integer> layers, String embedding) {
    /// Copies the list.
    public Imported {
      layers = List.copyOf(layers);
    }
  }

  private Import() {}

  /// Reads a state dict that was saved as safetensors and writes a model.
  ///
  /// @param items a text file with an item id a line, in the order of the tables' rows; null where
  ///   the file has them, as one of Kaseb's own exports
  /// @param force whether a model at `out` is replaced
  /// @throws KasebException where the file holds no such network, or the ids do not fit it
  public static Imported run(Path weights, @Nullable Path items, Path out, boolean force)
      throws IOException {
    try (ModelTarget target = ModelTarget.take(out)) {
      target.checkReplaced(force, false);
      ModelFile model = NetworkFile.read(weights, items == null ? null : ids(items));
      model.write(out);
      Architecture shape = model.shape();
      return new Imported(
          model.catalogue().size(),
          KeyType.text(shape.cell()),
          shape.layers(),
          KeyType.text(shape.embedding()));
    }
  }

  private static List<String> ids(Path file) throws IOException {
    List<String> lines = TextFiles.read(file).lines().map(String::strip).toList();
    int empty = lines.indexOf("");
    if (empty >= 0) {
      throw new KasebException(
          new KasebException.Problem(
              file + ":" + (empty + 1), "is empty", "an item id on each line", null));
    }
    return lines;
  }
}
