package io.kaseb.trial;

import io.kaseb.base.KasebException;
import io.kaseb.config.TrainConfig;
import io.kaseb.intent.IntentFile;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ModelConfig;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Provenance;
import io.kaseb.model.Tensor;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.model.TrainingMetrics;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.tune.space.Parameters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The form in which a trial's model is kept: what a search can choose of a model beyond what it is
/// trained with. No configuration says it; `export` makes it of a trained model.
///
/// @param tables how the item tables are stored
public record ModelForm(ModelFile.Tables tables) {
  /// The parameter that chooses how item tables are stored.
  public static final String TABLES = "tables";

  /// As `train` writes it.
  public static final ModelForm TRAINED = new ModelForm(ModelFile.Tables.FLOAT32);

  /// Returns whether a parameter is about the form.
  public static boolean claims(String name) {
    return name.equals(TABLES);
  }

  /// Returns the form that parameters say.
  public static ModelForm of(Parameters parameters) {
    Object tables = parameters.flat().get(TABLES);
    return tables == null ? TRAINED : new ModelForm(tables(tables));
  }

  /// Returns the names of the ways to store tables.
  public static List<String> names() {
    return Arrays.stream(ModelFile.Tables.values()).map(ModelForm::name).toList();
  }

  private static String name(ModelFile.Tables tables) {
    return tables.name().toLowerCase(Locale.ROOT);
  }

  /// Returns the way to store tables of a name.
  public static ModelFile.Tables tables(Object name) {
    for (ModelFile.Tables tables : ModelFile.Tables.values()) {
      if (name(tables).equals(name)) {
        return tables;
      }
    }
    throw KasebException.ofUnknown(TABLES, name.toString(), names());
  }

  /// Returns what is to be said of a configuration whose results are those of this form: empty for
  /// that of a model as it is trained.
  public String remark() {
    return equals(TRAINED)
        ? ""
        : "; measured with tables as %s, which export makes of the trained model".formatted(name());
  }

  /// Returns what the tables are called.
  public String name() {
    return name(tables);
  }

  /// Returns the model file of a trial's network.
  ///
  /// @param weights the network's
  /// @param history its epochs
  /// @param intent the purchase forecast, where a goal trains one
  /// @param provenance where it comes from
  public ModelFile file(
      ConfigFile.Resolved resolved,
      Catalogue catalogue,
      Map<String, Tensor> weights,
      List<TrainingEpoch> history,
      @Nullable IntentFile intent,
      Provenance provenance) {
    TrainConfig config = resolved.config();
    Map<String, Tensor> tensors = new LinkedHashMap<>(weights);
    if (intent != null) {
      tensors.putAll(intent.tensors());
    }
    return new ModelFile(
            ModelFile.GRU4REC,
            Architecture.of(config),
            catalogue,
            tensors,
            ModelConfig.of(config, intent == null ? null : resolved.intent()),
            provenance,
            TrainingMetrics.of(config.nEpochs(), history, null),
            intent == null ? null : intent.json())
        .as(tables);
  }
}
