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
    printActions(manifest);
    printAttributes(manifest);
    Manifest.Rules rules = manifest.rules();
    out.printf(
        "%n%s, protocol %s, split %s, times %s (%s)%n",
        rules.format(), rules.protocol(), rules.split(), manifest.times(), rules.timeZone());
    out.printf(
        "sessions of %1$d %3$s or more, items of %2$d %3$s or more%4$s%5$s%6$s%7$s%n",
        rules.minSessionLength(),
        rules.minItemSupport(),
        manifest.hasClicks() ? "clicks" : "events",
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

  private void printActions(Manifest manifest) {
    if (!manifest.actions().isEmpty()) {
      out.printf("%n%-20s %12s %12s%n", "action", "train", "test");
      manifest
          .actions()
          .forEach(a -> out.printf("%-20s %,12d %,12d%n", a.word(), a.train(), a.test()));
    }
  }

  private void printAttributes(Manifest manifest) {
    if (!manifest.attributes().isEmpty()) {
      out.printf("%n%-28s %12s %12s%n", "attribute", "rows", "missing");
      manifest
          .attributes()
          .forEach(
              a ->
                  out.printf(
                      "%-28s %,12d %11.1f%%%n",
                      a.attribute(), a.rows(), a.rows() == 0 ? 0 : 100. * a.missing() / a.rows()));
    }
    if (manifest.hasUsers()) {
      out.printf("%n%,d users%n", manifest.users());
    }
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
