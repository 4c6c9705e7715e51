package io.kaseb.export;

import io.kaseb.base.Json;
import io.kaseb.base.KasebException;
import io.kaseb.config.Cell;
import io.kaseb.config.KeyType;
import io.kaseb.config.TrainConfig;
import io.kaseb.config.TrainKeys;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Embedding;
import io.kaseb.model.Gru4Rec;
import io.kaseb.model.ModelConfig;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Provenance;
import io.kaseb.model.Tensor;
import io.kaseb.model.TrainingMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/// A next-item network as a PyTorch state dict, with the names that GRU4Rec's official version has
/// (those of [Architecture]), out of and into a model.
public final class NetworkFile {
  private static final String ITEMS = "items";
  private static final List<Integer> MATRIX = List.of(2);

  private NetworkFile() {}

  /// Writes a model's network. The item ids go along as metadata.
  ///
  /// @throws KasebException where it has none
  public static void write(ModelFile file, Path out) throws IOException {
    // GRU4Rec's official version knows whole tables alone.
    ModelFile model = file.expanded();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : model.shape().shapes(model.catalogue().size()).keySet()) {
      Tensor tensor = model.tensors().get(name);
      if (tensor != null) {
        tensors.put(name, tensor);
      }
    }
    String ids = Json.MAPPER.writeValueAsString(model.catalogue().ids());
    new StateDict(Map.of(ITEMS, ids), tensors).write(out);
  }

  /// Makes a model of a network's parameters. Cell, layers and embedding are told by their names
  /// and shapes.
  ///
  /// @param items the ids in the order of the tables' rows, or null where the file has them
  /// @throws KasebException where the parameters are no GRU4Rec's, or the ids do not fit them
  public static ModelFile read(Path file, @Nullable List<String> items) throws IOException {
    StateDict state = StateDict.read(file);
    Architecture architecture = architecture(file, state);
    int rows = state.get(file, "Wy.weight", MATRIX).shape()[0];
    List<String> ids = items == null ? ids(file, state) : items;
    if (ids.size() != rows) {
      throw fault(file, "has %,d items, but %,d ids are given".formatted(rows, ids.size()));
    }
    long different = ids.stream().distinct().count();
    if (different != rows) {
      throw fault(file, "of its %,d item ids only %,d are different".formatted(rows, different));
    }
    Map<String, int[]> shapes = architecture.shapes(rows);
    state.tensors().keySet().stream()
        .filter(name -> !shapes.containsKey(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new KasebException(
                  new KasebException.Problem(
                      file.toString(),
                      "tensor " + name + " is no part of such a network",
                      String.join(", ", shapes.keySet()),
                      null));
            });
    ModelFile model =
        new ModelFile(
            ModelFile.GRU4REC,
            architecture,
            Catalogue.of(ids),
            state.tensors(),
            ModelConfig.of(config(file, architecture), null),
            Provenance.untrained("imported"),
            TrainingMetrics.NONE);
    return ModelFile.whole(
        file,
        () -> {
          Gru4Rec.of(architecture, model.catalogue(), model.tensors());
          return model;
        });
  }

  private static List<String> ids(Path file, StateDict state) {
    String text = state.metadata().get(ITEMS);
    if (text == null) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(),
              "does not say which items its rows are",
              null,
              "give their ids by " + KasebException.setting("items", "FILE")));
    }
    try {
      return Json.MAPPER.readValue(text, new TypeReference<List<String>>() {});
    } catch (JacksonException e) {
      throw fault(file, "its metadata " + ITEMS + " is no JSON list of texts");
    }
  }

  private static Architecture architecture(Path file, StateDict state) {
    boolean oneHot = state.tensors().keySet().stream().anyMatch(name -> name.startsWith("GE."));
    boolean separate = state.tensors().containsKey("E.weight");
    if (!oneHot && !state.tensors().containsKey("G.0.weight_hh")) {
      throw new KasebException(
          new KasebException.Problem(
              file.toString(),
              "holds no GRU4Rec: it has neither G.0.weight_hh nor GE.*, but "
                  + state.tensors().keySet().stream().limit(6).collect(Collectors.joining(", ")),
              null,
              "save the state dict of the model that GRU4Rec's PyTorch version trains"));
    }
    List<Integer> layers = new ArrayList<>();
    Cell cell = Cell.GRU;
    if (oneHot) {
      boolean gru = state.tensors().containsKey("GE.Wh0");
      int[] shape = state.get(file, gru ? "GE.Wh0" : "GE.weight_hh", MATRIX).shape();
      cell = gru ? Cell.GRU : cell(shape, Cell.LSTM);
      layers.add(shape[1]);
    }
    for (int k = 0; state.tensors().containsKey("G." + k + ".weight_hh"); k++) {
      int[] shape = state.get(file, "G." + k + ".weight_hh", MATRIX).shape();
      cell = cell(shape, cell);
      layers.add(shape[1]);
    }
    Embedding embedding =
        oneHot ? Embedding.NONE : separate ? Embedding.SEPARATE : Embedding.CONSTRAINED;
    int size =
        switch (embedding) {
          case NONE -> 0;
          case SEPARATE -> state.get(file, "E.weight", MATRIX).shape()[1];
          case CONSTRAINED -> layers.getLast();
        };
    Cell found = cell;
    return ModelFile.whole(file, () -> new Architecture(found, embedding, size, layers));
  }

  /// Returns the cell whose hidden weights have this shape, or another where none's have.
  private static Cell cell(int[] shape, Cell otherwise) {
    for (Cell cell : Cell.values()) {
      if (shape[1] > 0 && shape[0] == cell.gates() * shape[1]) {
        return cell;
      }
    }
    return otherwise;
  }

  private static TrainConfig config(Path file, Architecture architecture) {
    boolean constrained = architecture.embedding() == Embedding.CONSTRAINED;
    return TrainKeys.TABLE.changed(
        file.toString(),
        TrainConfig.DEFAULT,
        Map.of(
            "cell",
            KeyType.text(architecture.cell()),
            "layers",
            architecture.layers().toString(),
            "constrained_embedding",
            Boolean.toString(constrained),
            "embedding",
            constrained ? "0" : Integer.toString(architecture.embeddingSize())));
  }

  private static KasebException fault(Path file, String what) {
    return new KasebException(new KasebException.Problem(file.toString(), what, null, null));
  }
}
