package io.kaseb.cli.terminal;

import io.kaseb.data.Manifest;
import java.io.PrintWriter;

/// Prints what a dataset holds.
public final class DatasetTable {
  private final PrintWriter out;

  /// Creates a table.
  public DatasetTable(PrintWriter out) {
    this.out = out;
  }

  /// Prints counts, rules, and what was left out.
  public void print(Manifest manifest) {
    out.printf(
        "%-6s %12s %12s %10s %10s %10s%n",
        "", "sessions", "events", "items", "buyers", "purchases");
    printPart("train", manifest.train());
    printPart("test", manifest.test());
    Manifest.Rules rules = manifest.rules();
    out.printf(
        "%n%s, protocol %s, split %s, times %s (%s)%n",
        rules.format(), rules.protocol(), rules.split(), manifest.times(), rules.timeZone());
    out.printf(
        "sessions of %d clicks or more, items of %d clicks or more%s%s%s%s%n",
        rules.minSessionLength(),
        rules.minItemSupport(),
        rules.filterToFixpoint() ? ", to a fixpoint" : "",
        rules.dropRepeats() ? ", repeats dropped" : "",
        rules.dropUnseenTestItems() ? ", test items unseen in train dropped" : "",
        rules.sessionGapSeconds() > 0
            ? ", sessions cut at gaps over %d s".formatted(rules.sessionGapSeconds())
            : "");
    printCleaning(manifest.cleaning());
  }

  private void printPart(String name, Manifest.Part part) {
    out.printf(
        "%-6s %,12d %,12d %,10d %,10d %,10d%n",
        name, part.sessions(), part.events(), part.items(), part.buyers(), part.purchases());
  }

  private void printCleaning(Manifest.Cleaning cleaning) {
    if (cleaning.duplicateClicks() > 0) {
      out.printf(
          "%,d clicks repeat session, item and time of another; kept%n",
          cleaning.duplicateClicks());
    }
    if (cleaning.strayPurchases() > 0) {
      out.printf("%,d purchases of sessions without clicks; left out%n", cleaning.strayPurchases());
    }
    if (cleaning.unmappedItems() > 0) {
      out.printf(
          "%,d items are not in the item map; named unmapped:ID%n", cleaning.unmappedItems());
    }
    if (cleaning.badRows() > 0) {
      out.printf(
          "%,d bad row%s; left out. The first:%n",
          cleaning.badRows(), cleaning.badRows() == 1 ? "" : "s");
      cleaning.firstBadRows().forEach(row -> out.printf("  %s%n", row));
    }
  }
}
