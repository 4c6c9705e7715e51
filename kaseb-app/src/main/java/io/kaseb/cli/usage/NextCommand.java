package io.kaseb.cli.usage;

import io.kaseb.cli.terminal.ShellWords;
import io.kaseb.compress.ModelForm;
import io.kaseb.data.Manifest;
import io.kaseb.intent.IntentFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Says which command comes next, as a line that can be pasted and will run: real names, quoted,
/// and only what the files at hand allow.
public final class NextCommand {
  private NextCommand() {}

  /// Returns what to do with a prepared dataset.
  public static String afterPrepare(Path dataset) {
    Path name = dataset.toAbsolutePath().normalize().getFileName();
    return "kaseb train %s --out %s"
        .formatted(
            ShellWords.quoted(dataset),
            ShellWords.quoted(fresh(name == null ? "model" : name.toString())));
  }

  /// Returns what to do with a trained model: measure it where the dataset has a test part, else
  /// use it.
  public static String afterTrain(Path model, Path dataset) throws IOException {
    return Manifest.read(dataset).test().sessions() > 0
        ? "kaseb evaluate " + ShellWords.quoted(model) + " " + ShellWords.quoted(dataset)
        : "kaseb serve " + ShellWords.quoted(model);
  }

  /// Returns how to train with what a search found.
  public static String afterTune(String dataset, Path config) {
    return afterTune(dataset, config, List.of());
  }

  /// Does the same where the search was about forecasts of some actions and chose the form that the
  /// model is kept in.
  public static String afterTune(String dataset, Path config, List<String> actions, ModelForm form)
      throws IOException {
    String train = afterTune(dataset, config, actions);
    if (form.equals(ModelForm.TRAINED)) {
      return train;
    }
    if (Manifest.read(Path.of(dataset)).test().sessions() == 0) {
      return "%s%nIts results are those of tables as %s, which kaseb export makes of the model where a dataset has a test part."
          .formatted(train, form.name());
    }
    return "%s && kaseb export %s --to %s%s%s --against %s --out %s"
        .formatted(
            train,
            ShellWords.quoted(fresh("best")),
            form.storage(),
            form.rank() == 0 ? "" : " --rank " + form.rank(),
            form.keep() == 1 ? "" : " --keep " + form.kept(),
            ShellWords.quoted(dataset),
            ShellWords.quoted(fresh("best-" + form.storage())));
  }

  private static String afterTune(String dataset, Path config, List<String> actions) {
    boolean isUsual = actions.isEmpty() || actions.equals(List.of(IntentFile.PURCHASE));
    return "kaseb train %s --config %s%s --out %s"
        .formatted(
            ShellWords.quoted(dataset),
            ShellWords.quoted(config),
            isUsual ? "" : " --goal " + ShellWords.quoted(String.join(",", actions)),
            ShellWords.quoted(fresh("best")));
  }

  /// Returns a model's name that nothing has in the present folder.
  private static String fresh(String base) {
    String name = base + ".kaseb";
    for (int i = 2; Files.exists(Path.of(name)); i++) {
      name = base + i + ".kaseb";
    }
    return name;
  }
}
