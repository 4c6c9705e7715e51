package io.kaseb.cli.option;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.cli.terminal.ShellWords;
import io.kaseb.data.OpenDataset;
import io.kaseb.search.Tune;
import io.kaseb.search.TuneConfirm;
import io.kaseb.search.TuneFigures;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Option;

/// The options that decide how a search's winner is confirmed on the test part.
public final class ConfirmOptions {
  @Option(
      names = "--confirm",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Then train the best trials and the base configuration with so many new seeds on all of"
              + " train, and compare them on the test part; 5 is a good number, and costs as many"
              + " full trainings of each. Default: not.")
  private int seeds;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many of the best trials --confirm takes. Default: ${DEFAULT-VALUE}.")
  private int top;

  @Option(
      names = "--against-random",
      description =
          "With --confirm: also search at random for as many steps, and compare with its winner."
              + " Costs as much as the search again.")
  private boolean random;

  /// Returns whether the winner is to be confirmed.
  public boolean wanted() {
    return seeds != 0;
  }

  /// Checks before anything long begins that the winner can be confirmed.
  ///
  /// @param dataset the experiment's
  public void check(OpenDataset dataset) throws IOException {
    if (seeds < 0 || seeds == 1 || top < 1) {
      throw new KasebException(
          "--confirm %d --top %d: must be 0 or 2 and more, and 1 or more".formatted(seeds, top));
    }
    if (seeds > 0) {
      dataset.withTest();
    }
  }

  /// Confirms where that is wanted; returns false where it was stopped.
  ///
  /// @param dataset the experiment's
  public boolean run(
      PrintWriter output,
      Path folder,
      OpenDataset dataset,
      JsonOption json,
      Progress progress,
      BooleanSupplier stop)
      throws IOException {
    if (seeds == 0) {
      String honest =
          dataset.manifest().test().sessions() > 0
              ? "; kaseb experiment resume %s --confirm 5 tests the winner honestly."
                  .formatted(ShellWords.quoted(folder))
              : "; the dataset has no test part to test the winner on.";
      output.printf("%nThe values above are of the sessions that the search chose by%s%n", honest);
      return true;
    }
    TuneConfirm.Options options = new TuneConfirm.Options(folder, seeds, top, random);
    TuneFigures figures = TuneConfirm.run(options, dataset, progress, stop);
    if (figures == null || figures.confirmation() == null) {
      output.printf(
          "%nStopped. kaseb experiment resume %s --confirm %d goes on.%n",
          ShellWords.quoted(folder), seeds);
      return false;
    }
    json.write(figures);
    output.printf("%n%s", Tune.confirmationText(figures));
    return true;
  }
}
