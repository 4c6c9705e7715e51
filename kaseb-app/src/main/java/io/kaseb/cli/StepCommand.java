package io.kaseb.cli;

import io.kaseb.cli.terminal.ShellWords;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Quickstart;
import io.kaseb.pipeline.QuickstartStep;
import java.util.Map;

/// Says by which command a step of `kaseb quickstart` is made.
final class StepCommand {
  private StepCommand() {}

  /// Returns the command of one step.
  static String of(QuickstartStep step) {
    return switch (step) {
      case QuickstartStep.Simulate s ->
          "kaseb simulate --sessions " + s.sessions() + " --out " + ShellWords.quoted(s.log());
      case QuickstartStep.Prepare p ->
          "kaseb prepare --format %s --clicks %s --buys %s --split %s --force --out %s"
              .formatted(
                  p.format(),
                  ShellWords.quoted(p.clicks()),
                  ShellWords.quoted(p.buys()),
                  p.split(),
                  ShellWords.quoted(p.dataset()));
      case QuickstartStep.Train t ->
          "kaseb train %s --force --out %s --valid %s%s"
              .formatted(
                  ShellWords.quoted(t.dataset()),
                  ShellWords.quoted(t.model()),
                  t.valid(),
                  settings(t.seed(), t.settings()));
      case QuickstartStep.Evaluate e ->
          "kaseb evaluate %s %s --baselines --html %s"
              .formatted(
                  ShellWords.quoted(e.model()),
                  ShellWords.quoted(e.dataset()),
                  ShellWords.quoted(e.page()));
      case QuickstartStep.Forecast f ->
          "kaseb forecast %s --clicks %s%s --out %s"
              .formatted(
                  ShellWords.quoted(f.model()),
                  ShellWords.quoted(f.clicks()),
                  f.next() == null ? "" : " --next " + f.next(),
                  ShellWords.quoted(f.answers()));
      case QuickstartStep.Score s ->
          "kaseb score %s --clicks %s --buys %s"
              .formatted(
                  ShellWords.quoted(s.answers()),
                  ShellWords.quoted(s.clicks()),
                  ShellWords.quoted(s.buys()));
    };
  }

  /// Returns the command of all steps.
  ///
  /// @param sessions simulated sessions
  static String ofAll(long sessions, ConfigFile.Resolved config) {
    return "kaseb quickstart --sessions "
        + sessions
        + settings(config.config().seed(), Quickstart.changes(config));
  }

  private static String settings(long seed, Map<String, String> settings) {
    StringBuilder options = new StringBuilder(" --seed " + seed);
    settings.forEach(
        (key, value) -> options.append(" --set " + ShellWords.quoted(key + "=" + value)));
    return options.toString();
  }
}
