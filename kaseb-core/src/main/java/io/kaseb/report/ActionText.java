package io.kaseb.report;

import io.kaseb.eval.ActionRecall;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Lays out how well the items of the next actions are found.
final class ActionText {
  private ActionText() {}

  static String heading(ActionRecall actions) {
    return "Items of the next actions, recall@" + actions.k() + " and mrr@" + actions.k();
  }

  static final String NOTE =
      "Each session is shown up to a random one of its events. Of the next click, and of all items"
          + " that it then puts into the cart or orders, how many a list of 20 names: the model's"
          + " for that action, its next clicks, the session's own items; of a model that has rankers"
          + " of actions, also what the action's ranker alone names. mrr is one over the place of"
          + " the first such item, on average. Weighted as"
          + " OTTO does: view .1, cart .3, purchase .6.";

  /// Returns the table, its headings first.
  static List<List<HtmlPage.Cell>> table(ActionRecall actions) {
    List<List<HtmlPage.Cell>> rows = new ArrayList<>();
    List<HtmlPage.Cell> headings = new ArrayList<>();
    headings.add(HtmlPage.Cell.of("action"));
    headings.add(HtmlPage.Cell.of("sessions"));
    headings.add(HtmlPage.Cell.of("items"));
    headings.add(HtmlPage.Cell.of("metric"));
    actions
        .targets()
        .getFirst()
        .recall()
        .keySet()
        .forEach(list -> headings.add(HtmlPage.Cell.of(list)));
    rows.add(headings);
    for (ActionRecall.Target target : actions.targets()) {
      List<HtmlPage.Cell> row = new ArrayList<>();
      row.add(HtmlPage.Cell.of(target.target()));
      row.add(HtmlPage.Cell.of(String.format(Locale.ROOT, "%,d", target.sessions())));
      row.add(
          HtmlPage.Cell.of(
              target.items() == 0 ? "" : String.format(Locale.ROOT, "%,d", target.items())));
      row.add(HtmlPage.Cell.of("recall@" + actions.k()));
      add(row, target.recall(), target.intervals());
      rows.add(row);
      if (!target.mrr().isEmpty()) {
        List<HtmlPage.Cell> second = new ArrayList<>();
        List.of("", "", "", "mrr@" + actions.k())
            .forEach(text -> second.add(HtmlPage.Cell.of(text)));
        add(second, target.mrr(), target.mrrIntervals());
        rows.add(second);
      }
    }
    return rows;
  }

  private static void add(
      List<HtmlPage.Cell> row, Map<String, Double> values, Map<String, double[]> intervals) {
    values.forEach(
        (list, value) -> {
          double[] ends = intervals.get(list);
          row.add(
              new HtmlPage.Cell(
                  ReportText.number("%.4f", value),
                  ends == null
                      ? ""
                      : String.format(Locale.ROOT, "[%.4f, %.4f]", ends[0], ends[1])));
        });
  }
}
