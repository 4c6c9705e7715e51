package io.kaseb.cli;

import io.kaseb.cli.terminal.ShellWords;
import io.kaseb.pipeline.ConfigFile;
import io.kaseb.pipeline.Quickstart;
import io.kaseb.pipeline.QuickstartStep;
import java.nio.file.Path;
import java.util.Map;

/// Says by which command a step of `kaseb quickstart` is made.
final class StepCommand {
  private StepCommand() {}

  /// Returns the command of one step.
  ///
  /// @param threads threads to work with; serving takes all there are
  static String of(QuickstartStep step, int threads) {
    String command =
        switch (step) {
          case QuickstartStep.Simulate s ->
              "simulate --sessions %d --seed %d --out %s"
                  .formatted(s.sessions(), s.seed(), ShellWords.quoted(s.log()));
          case QuickstartStep.Prepare p ->
              "prepare --format %s --clicks %s --buys %s --split %s --force --out %s"
                  .formatted(
                      p.format(),
                      ShellWords.quoted(p.clicks()),
                      ShellWords.quoted(p.buys()),
                      p.split(),
                      ShellWords.quoted(p.dataset()));
          case QuickstartStep.SimulateEvents s ->
              "simulate --sessions %d --events --seed %d --out %s"
                  .formatted(s.sessions(), s.seed(), ShellWords.quoted(s.log()));
          case QuickstartStep.PrepareEvents p -> prepare(p);
          case QuickstartStep.Serve s ->
              "serve %s --replay %s --report %s"
                  .formatted(
                      ShellWords.quoted(s.model()),
                      ShellWords.quoted(s.dataset()),
                      ShellWords.quoted(s.report()));
          case QuickstartStep.Train t ->
              "train %s --force --out %s --valid %s%s"
                  .formatted(
                      ShellWords.quoted(t.dataset()),
                      ShellWords.quoted(t.model()),
                      t.valid(),
                      settings(t.seed(), t.settings()));
          case QuickstartStep.Evaluate e ->
              "evaluate %s %s --baselines --html %s"
                  .formatted(
                      ShellWords.quoted(e.model()),
                      ShellWords.quoted(e.dataset()),
                      ShellWords.quoted(e.page()));
          case QuickstartStep.Forecast f ->
              "forecast %s --clicks %s%s --out %s"
                  .formatted(
                      ShellWords.quoted(f.model()),
                      ShellWords.quoted(f.clicks()),
                      f.next() == null ? "" : " --next " + f.next(),
                      ShellWords.quoted(f.answers()));
          case QuickstartStep.Score s ->
              "score %s --clicks %s --buys %s"
                  .formatted(
                      ShellWords.quoted(s.answers()),
                      ShellWords.quoted(s.clicks()),
                      ShellWords.quoted(s.buys()));
        };
    return "kaseb "
        + command
        + (step instanceof QuickstartStep.Serve ? "" : " --threads " + threads);
  }

  private static String prepare(QuickstartStep.PrepareEvents p) {
    return "prepare --format csv --clicks %s --columns %s --attributes %s --protocol %s --split %s --force --out %s"
        .formatted(
            ShellWords.quoted(p.events()),
            p.columns(),
            p.attributes(),
            p.protocol(),
            p.split(),
            ShellWords.quoted(p.dataset()));
  }

  /// Returns the command of all steps.
  ///
  /// @param sessions simulated sessions
  /// @param folder where everything goes
  /// @param isServed whether it ends in the live shop
  static String ofAll(
      long sessions, Path folder, ConfigFile.Resolved config, int threads, boolean isServed) {
    return "kaseb quickstart%s --sessions %d --out %s%s --threads %d"
        .formatted(
            isServed ? " --serve" : "",
            sessions,
            ShellWords.quoted(folder),
            settings(config.config().seed(), Quickstart.changes(config)),
            threads);
  }

  private static String settings(long seed, Map<String, String> settings) {
    StringBuilder options = new StringBuilder(" --seed " + seed);
    settings.forEach(
        (key, value) -> options.append(" --set " + ShellWords.quoted(key + "=" + value)));
    return options.toString();
  }
}
