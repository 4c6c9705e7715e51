package io.kaseb.report;

import io.kaseb.eval.PurchaseEvaluation;
import io.kaseb.eval.PurchaseMetrics;
import io.kaseb.eval.SampleSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Lays out how early purchases are forecast: after the first events, before the last ones, and how
/// long before the purchase buyers are flagged. Headings come first.
public final class EarlyText {
  private static final String AFTER = "auc_after_";
  private static final String WARNING = "early_warning_";

  private EarlyText() {}

  /// Returns the AUC after the first events.
  public static List<List<String>> after(List<PurchaseEvaluation> here) {
    List<String> names =
        here.getFirst().metrics().keySet().stream().filter(n -> n.startsWith(AFTER)).toList();
    List<List<String>> rows = new ArrayList<>();
    List<String> headings = new ArrayList<>(List.of("auc after events"));
    names.forEach(name -> headings.add(name.substring(AFTER.length())));
    rows.add(headings);
    for (PurchaseEvaluation e : here) {
      List<String> row = new ArrayList<>(List.of(e.name()));
      names.forEach(name -> row.add(PurchaseText.ranked(e, name)));
      if (!isEmpty(row)) {
        rows.add(row);
      }
    }
    return rows;
  }

  /// Returns what there is beside: the tables of [#cuts] and the early warning.
  static List<List<List<HtmlPage.Cell>>> tables(List<PurchaseEvaluation> here) {
    List<List<List<HtmlPage.Cell>>> tables = cuts(here);
    tables.add(warning(here));
    tables.removeIf(List::isEmpty);
    return tables;
  }

  /// Returns AUC and average precision with the last events cut.
  static List<List<List<HtmlPage.Cell>>> cuts(List<PurchaseEvaluation> here) {
    List<List<List<HtmlPage.Cell>>> tables = new ArrayList<>();
    tables.add(withoutLast(here, "auc", "auc"));
    tables.add(withoutLast(here, "average_precision", "avg precision"));
    return tables;
  }

  /// Returns a metric with the last events of every session cut; nothing where no cut left enough.
  ///
  /// @param metric `auc` or `average_precision`
  /// @param heading its name in the table
  private static List<List<HtmlPage.Cell>> withoutLast(
      List<PurchaseEvaluation> here, String metric, String heading) {
    String prefix = metric + PurchaseMetrics.WITHOUT_LAST;
    List<String> names =
        here.getFirst().metrics().keySet().stream().filter(n -> n.startsWith(prefix)).toList();
    List<List<HtmlPage.Cell>> rows = new ArrayList<>();
    if (names.isEmpty()) {
      return rows;
    }
    List<HtmlPage.Cell> headings =
        new ArrayList<>(List.of(HtmlPage.Cell.of(heading + ", last events cut")));
    List<HtmlPage.Cell> left = new ArrayList<>(List.of(HtmlPage.Cell.of("sessions (buyers) left")));
    for (String name : names) {
      String events = name.substring(prefix.length());
      headings.add(HtmlPage.Cell.of(events));
      left.add(HtmlPage.Cell.of(left(here.getFirst(), events)));
    }
    rows.add(headings);
    rows.add(left);
    for (PurchaseEvaluation e : here) {
      List<HtmlPage.Cell> row = new ArrayList<>(List.of(HtmlPage.Cell.of(e.name())));
      names.forEach(name -> row.add(PurchaseText.bounded(e, name)));
      if (!isEmpty(row.stream().map(HtmlPage.Cell::value).toList())) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static String left(PurchaseEvaluation e, String events) {
    return String.format(
        Locale.ROOT,
        "%,d (%,d)",
        e.counts().get("sessions" + PurchaseMetrics.WITHOUT_LAST + events),
        e.counts().get("buyers" + PurchaseMetrics.WITHOUT_LAST + events));
  }

  /// Returns how early buyers are flagged; nothing where too few sessions or buyers tell.
  private static List<List<HtmlPage.Cell>> warning(List<PurchaseEvaluation> here) {
    List<List<HtmlPage.Cell>> rows = new ArrayList<>();
    if (here.stream().noneMatch(e -> e.metrics().containsKey(WARNING + "share"))) {
      return rows;
    }
    rows.add(
        List.of(
            HtmlPage.Cell.of("early warning"),
            HtmlPage.Cell.of("threshold"),
            HtmlPage.Cell.of("buyers flagged %"),
            HtmlPage.Cell.of("events before")));
    for (PurchaseEvaluation e : here) {
      if (e.metrics().containsKey(WARNING + "share")) {
        rows.add(
            List.of(
                HtmlPage.Cell.of(e.name()),
                HtmlPage.Cell.of(ReportText.number("%.4f", e.metric(WARNING + "threshold"))),
                new HtmlPage.Cell(
                    ReportText.number("%.1f", 100 * e.metric(WARNING + "share")),
                    PurchaseText.interval(e, WARNING + "share", "%.1f", 100)),
                new HtmlPage.Cell(
                    ReportText.number("%.1f", e.metric(WARNING + "events")),
                    PurchaseText.interval(e, WARNING + "events", "%.1f", 1))));
      }
    }
    return rows;
  }

  /// Says how the tables are to be read.
  static List<String> notes(List<PurchaseEvaluation> here) {
    PurchaseEvaluation first = here.getFirst();
    List<String> notes = new ArrayList<>();
    if (!warning(here).isEmpty()) {
      notes.add(
          "Early warning: a session is flagged at its first event whose running score reaches the"
              + " threshold, the lowest one at which half of the flagged sessions buy. Events"
              + " before: the median, over flagged buyers, of the events still to come before the"
              + " purchase (of fewer than %d flagged buyers none is given)."
                  .formatted(SampleSize.LEAST_OF_A_CLASS));
    }
    List<String> few =
        first.counts().keySet().stream()
            .filter(name -> name.startsWith("sessions" + PurchaseMetrics.WITHOUT_LAST))
            .map(name -> name.substring(name.lastIndexOf('_') + 1))
            .filter(k -> !first.metrics().containsKey("auc" + PurchaseMetrics.WITHOUT_LAST + k))
            .toList();
    if (first.suffices() && !few.isEmpty()) {
      notes.add(
          "Left out with the last %s events cut, as too few sessions have events left: %s."
              .formatted(
                  String.join(", ", few),
                  String.join(", ", few.stream().map(k -> left(first, k)).toList())));
    }
    return notes;
  }

  private static boolean isEmpty(List<String> row) {
    return row.subList(1, row.size()).stream().allMatch("-"::equals);
  }
}
