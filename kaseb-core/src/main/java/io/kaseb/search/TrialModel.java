package io.kaseb.search;

import io.kaseb.base.Build;
import io.kaseb.compress.KeptItems;
import io.kaseb.compress.ModelForm;
import io.kaseb.forecast.Forecaster;
import io.kaseb.intent.IntentFile;
import io.kaseb.intent.IntentModel;
import io.kaseb.kernel.Kernels;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Provenance;
import io.kaseb.model.Tensor;
import io.kaseb.model.TrainingEpoch;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.train.Training;
import io.kaseb.train.TrainingData;
import io.kaseb.trial.FormChoice;
import java.util.List;
import java.util.Map;

/// The model that a trial stands for: its network as it is now, in the form that its parameters
/// choose.
final class TrialModel {
  private final TuneObjective objective;
  private final ConfigFile.Resolved resolved;
  private final ModelForm form;
  private final Training training;
  private final List<TrainingEpoch> history;

  /// @param history the epochs so far, to which more are added
  TrialModel(
      TuneObjective objective,
      ConfigFile.Resolved resolved,
      ModelForm form,
      Training training,
      List<TrainingEpoch> history) {
    this.objective = objective;
    this.resolved = resolved;
    this.form = form;
    this.training = training;
    this.history = history;
  }

  /// Returns what forecasts next items as the model in its form does.
  Forecaster forecaster() {
    return form.equals(ModelForm.TRAINED)
        ? Forecaster.of(training.model())
        : KeptItems.forecaster(objective.data().catalogue(), file(Map.of()));
  }

  /// Returns the bytes of the model's file, as `export` would write it.
  ///
  /// @param intents the forecasts of actions that goals have trained, by action
  double bytes(Map<String, IntentModel> intents) {
    return file(intents).size();
  }

  private ModelFile file(Map<String, IntentModel> intents) {
    Map<String, Tensor> weights = training.forecasting();
    Tensor table = weights.get("Wy.weight");
    IntentFile intent =
        intents.isEmpty()
            ? null
            : IntentFile.ofGoals(intents, table == null ? new float[0] : table.data());
    TrainingData data = objective.data();
    return FormChoice.file(
        form, resolved, data.catalogue(), data.train(), weights, history, intent, provenance());
  }

  private Provenance provenance() {
    TunePlan plan = objective.plan();
    TrainingData data = objective.data();
    return new Provenance(
        plan.datasetHash(),
        "",
        data.train().count(),
        data.train().events(),
        0,
        resolved.config().seed(),
        plan.threads(),
        Kernels.BEST.description(),
        Build.version(),
        Build.commit(),
        Runtime.version().toString());
  }
}
