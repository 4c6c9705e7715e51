package io.kaseb.trial;

import io.kaseb.base.KasebException;
import io.kaseb.compress.ModelForm;
import io.kaseb.config.TrainConfig;
import io.kaseb.intent.IntentFile;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ModelConfig;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Provenance;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.model.TrainingMetrics;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.tune.space.Parameters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The form of a trial's model as a choice of a search, beyond what it is trained with. No
/// configuration says it; `export` makes it of a trained model.
public final class FormChoice {
  /// The parameter that chooses how item tables are stored.
  public static final String TABLES = "tables";

  /// The parameter that chooses how many floats an item's row has where tables are stored as
  /// products; 0, or as many as it has anyway, for tables as they are.
  public static final String RANK = "rank";

  /// The parameter that chooses how many of the items a model keeps: a share up to 1, or a number.
  public static final String KEEP = "keep";

  private FormChoice() {}

  /// Returns whether a parameter is about the form.
  public static boolean claims(String name) {
    return List.of(TABLES, RANK, KEEP).contains(name);
  }

  /// Returns the form that parameters say.
  public static ModelForm of(Parameters parameters) {
    ModelForm form = ModelForm.TRAINED;
    for (Map.Entry<String, Object> each : parameters.flat().entrySet()) {
      if (claims(each.getKey())) {
        form = with(form, each.getKey(), each.getValue());
      }
    }
    return form;
  }

  /// Returns a form with what one parameter says.
  ///
  /// @throws KasebException where it says nothing that can be
  public static ModelForm with(ModelForm form, String name, Object value) {
    return switch (name) {
      case TABLES -> new ModelForm(tables(value), form.rank(), form.keep());
      case RANK -> new ModelForm(form.tables(), (int) number(name, value, true), form.keep());
      case KEEP -> new ModelForm(form.tables(), form.rank(), number(name, value, false));
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static double number(String name, Object value, boolean whole) {
    double number;
    try {
      number = Double.parseDouble(value.toString());
    } catch (NumberFormatException e) {
      throw KasebException.ofSetting(name, value, "a number");
    }
    if (whole && (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE)) {
      throw KasebException.ofSetting(name, value, "a whole number");
    }
    return number;
  }

  /// Returns the names of the ways to store tables.
  public static List<String> names() {
    return Arrays.stream(ModelFile.Tables.values())
        .map(tables -> ModelForm.of(tables).storage())
        .toList();
  }

  private static ModelFile.Tables tables(Object name) {
    for (ModelFile.Tables tables : ModelFile.Tables.values()) {
      if (ModelForm.of(tables).storage().equals(name)) {
        return tables;
      }
    }
    throw KasebException.ofUnknown(TABLES, name.toString(), names());
  }

  /// Returns what is to be said of a configuration whose results are those of a form: empty for
  /// that of a model as it is trained.
  public static String remark(ModelForm form) {
    return form.equals(ModelForm.TRAINED)
        ? ""
        : "; measured as %s, which export makes of the trained model".formatted(form.name());
  }

  /// Returns the model file of a trial's network.
  ///
  /// @param form one of a rank or of items that the network lacks leaves them as they are
  /// @param train the sessions that it trains on
  /// @param weights the network's
  /// @param history its epochs
  /// @param intent the purchase forecast, where a goal trains one
  /// @param provenance where it comes from
  public static ModelFile file(
      ModelForm form,
      ConfigFile.Resolved resolved,
      Catalogue catalogue,
      Sessions train,
      Map<String, Tensor> weights,
      List<TrainingEpoch> history,
      @Nullable IntentFile intent,
      Provenance provenance) {
    TrainConfig config = resolved.config();
    Map<String, Tensor> tensors = new LinkedHashMap<>(weights);
    if (intent != null) {
      tensors.putAll(intent.tensors());
    }
    ModelFile trained =
        new ModelFile(
            ModelFile.GRU4REC,
            Architecture.of(config),
            catalogue,
            tensors,
            ModelConfig.of(config, intent == null ? null : resolved.intent()),
            provenance,
            TrainingMetrics.of(config.nEpochs(), history, null),
            intent == null ? null : intent.json());
    return form.within(trained).made(trained, train);
  }
}
