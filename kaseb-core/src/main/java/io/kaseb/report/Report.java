package io.kaseb.report;

import io.kaseb.base.AtomicFiles;
import io.kaseb.eval.ActionRecall;
import io.kaseb.eval.Difference;
import io.kaseb.eval.Measured;
import io.kaseb.eval.NewAndKnown;
import io.kaseb.eval.PurchaseEvaluation;
import io.kaseb.model.TrainingEpoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a training and an evaluation gave, for people: as a web page in one file, and as text.
///
/// @param title heading
/// @param simulated whether the data is simulated; the report then says so at the top
/// @param facts what the dataset holds, label to value
/// @param epochs the training table, may be empty
/// @param models the measured models, the one that matters first; may be empty
/// @param provenance where the data, the model and the figures come from, one line each
/// @param command the command that repeats it
/// @param purchases purchase forecasts, by view, the model first in each; may be empty
/// @param differences how far the first model lies from each other; may be empty
/// @param curves the training tables of several models by name, where there are more than one
/// @param newItems predictions of items that came after the first model's training, by their
///   attributes, and of others beside them; null where there are none
/// @param actions items that sessions act on next, by action; null where that was not measured
public record Report(
    String title,
    boolean simulated,
    Map<String, String> facts,
    List<TrainingEpoch> epochs,
    List<Measured> models,
    List<String> provenance,
    String command,
    List<PurchaseEvaluation> purchases,
    List<Difference> differences,
    Map<String, List<TrainingEpoch>> curves,
    @Nullable NewAndKnown newItems,
    @Nullable ActionRecall actions) {
  /// Creates a report of one model's training.
  public Report(
      String title,
      boolean simulated,
      Map<String, String> facts,
      List<TrainingEpoch> epochs,
      List<Measured> models,
      List<String> provenance,
      String command,
      List<PurchaseEvaluation> purchases) {
    this(
        title,
        simulated,
        facts,
        epochs,
        models,
        provenance,
        command,
        purchases,
        List.of(),
        Map.of(),
        null,
        null);
  }

  /// Creates a report without purchase forecasts.
  public Report(
      String title,
      boolean simulated,
      Map<String, String> facts,
      List<TrainingEpoch> epochs,
      List<Measured> models,
      List<String> provenance,
      String command) {
    this(title, simulated, facts, epochs, models, provenance, command, List.of());
  }

  /// Copies the lists.
  public Report {
    epochs = List.copyOf(epochs);
    models = List.copyOf(models);
    provenance = List.copyOf(provenance);
    purchases = List.copyOf(purchases);
    differences = List.copyOf(differences);
  }

  /// Writes the web page: one file that needs no network.
  public void writeTo(Path file) throws IOException {
    String page = new ReportPage(this).html();
    AtomicFiles.write(file, path -> Files.writeString(path, page));
  }

  /// Returns the same as lines for a terminal.
  public String text() {
    return new ReportText(this).text();
  }

  /// Returns the deepest cut-off that was measured, 20 where nothing was.
  int cutoff() {
    return models.stream()
        .flatMap(m -> m.evaluation().metrics().keySet().stream())
        .filter(name -> name.startsWith("recall@"))
        .mapToInt(name -> Integer.parseInt(name.substring("recall@".length())))
        .max()
        .orElse(20);
  }
}
