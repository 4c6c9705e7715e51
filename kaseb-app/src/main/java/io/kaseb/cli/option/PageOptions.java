package io.kaseb.cli.option;

import io.kaseb.base.Workers;
import io.kaseb.pipeline.SampleSessions;
import io.kaseb.serve.ServeConfig;
import io.kaseb.serve.pages.Replay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of the server's own pages.
public final class PageOptions {
  private static final int VISITS = 200;
  private static final int SEED = 1;

  @Option(
      names = "--no-pages",
      description = "No web pages (live shop, model, operations): the API alone.")
  private boolean hasNone;

  @Option(
      names = "--item-table",
      paramLabel = "FILE",
      description =
          "Names for the live shop: CSV with a header, whose column name (or title) is an item's"
              + " name; the first column, or id, has the ids.")
  private @Nullable Path itemTable;

  @Option(
      names = "--replay",
      paramLabel = "DATASET",
      description = "Sessions that the live shop can play again, and what is known of items.")
  private @Nullable Path replay;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "For the model's page: what kaseb compare or evaluate wrote with --json.")
  private @Nullable Path report;

  /// Returns the pages, the sessions read.
  public ServeConfig.Pages pages() throws IOException {
    return hasNone
        ? new ServeConfig.Pages(false, itemTable, report, Replay.NONE)
        : new ServeConfig.Pages(true, itemTable, report, replay(replay));
  }

  /// Reads sessions of a dataset to play again.
  ///
  /// @param dataset null for none
  public static Replay replay(@Nullable Path dataset) throws IOException {
    if (dataset == null) {
      return Replay.NONE;
    }
    SampleSessions.Sample sample = SampleSessions.draw(dataset, VISITS, SEED, Workers.ofAllCores());
    return new Replay(
        "%s, %s".formatted(dataset, sample.part()),
        sample.sessions().stream()
            .map(s -> new Replay.Visit(s.events(), s.attributes(), List.copyOf(s.bought())))
            .toList(),
        sample.items());
  }
}
