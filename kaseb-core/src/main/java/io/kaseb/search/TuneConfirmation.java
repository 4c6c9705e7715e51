package io.kaseb.search;

import io.kaseb.base.MaybeNumber;
import io.kaseb.eval.SampleSize;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

/// What configurations are worth on the test part, which the search never saw.
///
/// @param events predictions of the test part
/// @param entries the winner first, then the other best trials, the base configuration, and the
///   winner of random search
/// @param seconds it took
public record TuneConfirmation(long events, List<Entry> entries, double seconds) {
  /// One configuration.
  ///
  /// @param name as in `trial 12`, `base`, `random search`
  /// @param config what was trained, with the first seed
  /// @param mrr mrr@20 of each seed
  /// @param recall recall@20 of each seed
  /// @param winnerAhead by how much the winner's mrr@20 lies above it, mean over seeds; 0 for the
  ///   winner
  /// @param low the 95 % interval's lower end, over sessions and seeds; NaN, and null in JSON, of
  ///   too few sessions, as is `high`
  /// @param high its upper end
  public record Entry(
      String name,
      String config,
      List<Double> mrr,
      List<Double> recall,
      double winnerAhead,
      @JsonSerialize(using = MaybeNumber.Writer.class)
          @JsonDeserialize(using = MaybeNumber.Reader.class)
          double low,
      @JsonSerialize(using = MaybeNumber.Writer.class)
          @JsonDeserialize(using = MaybeNumber.Reader.class)
          double high) {
    /// Returns whether the winner is really better, or really worse; false where that is not known.
    public boolean distinguishable() {
      return low > 0 || high < 0;
    }
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  private static double deviation(List<Double> values) {
    double mean = mean(values);
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / Math.max(1, values.size() - 1));
  }

  /// Returns lines for a terminal.
  String text() {
    StringBuilder out = new StringBuilder();
    int seeds = entries.getFirst().mrr().size();
    TuneReport.line(
        out,
        "confirmed on the test part, which the search never saw (%,d predictions, %d seeds each)",
        events,
        seeds);
    TuneReport.line(out, "  %-16s %-17s  %-9s  winner ahead in mrr@20", "", "mrr@20", "recall@20");
    for (Entry entry : entries) {
      String ahead =
          entry == entries.getFirst()
              ? ""
              : Double.isNaN(entry.low())
                  ? String.format(
                      Locale.ROOT,
                      "%+.4f; no interval: fewer than %d test sessions",
                      entry.winnerAhead(),
                      SampleSize.LEAST_SESSIONS)
                  : String.format(
                      Locale.ROOT,
                      "%+.4f [%+.4f, %+.4f]%s",
                      entry.winnerAhead(),
                      entry.low(),
                      entry.high(),
                      entry.distinguishable() ? "" : "  not distinguishable");
      TuneReport.line(
          out,
          "  %-16s %.4f +- %.4f   %.4f     %s",
          entry.name(),
          mean(entry.mrr()),
          deviation(entry.mrr()),
          mean(entry.recall()),
          ahead);
    }
    return out.toString();
  }
}
