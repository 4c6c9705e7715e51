package io.kaseb.nas;

import io.kaseb.base.AtomicFiles;
import io.kaseb.base.Json;
import io.kaseb.pipeline.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The files and the text of a search with shared weights.
public final class OneShotFiles {
  /// The winner's configuration.
  public static final String BEST = "best.yaml";

  /// The report as text.
  public static final String REPORT = "report.txt";

  /// The networks that shared weights let on to a search of the usual kind.
  public static final String SPACE = "space.json";

  /// One of so many goes on from a first rung, as ASHA has it.
  private static final int ETA = 3;

  private static final int ROWS = 10;

  private OneShotFiles() {}

  /// Writes the winner's configuration, the report, and, where shared weights order networks well
  /// enough, the space of those that they let on.
  static void write(OneShot.Options options, OneShotFigures figures) throws IOException {
    Path out = options.out();
    Files.createDirectories(out);
    OneShotFigures.Row winner = figures.winner();
    Map<String, String> keys = new LinkedHashMap<>(winner.keys());
    OneShotFigures.Trained own = winner.own();
    if (own != null) {
      keys.put("n_epochs", Integer.toString(own.epoch()));
    }
    ConfigFile.Resolved best = ConfigFile.changed("architecture", options.base(), keys);
    ConfigFile.write(
        out.resolve(BEST),
        best,
        false,
        "kaseb tune: %s, found with shared weights among %d networks, mrr@20 %s by itself on sessions held back from train"
            .formatted(winner.name(), figures.networks(), own == null ? "?" : own.mrr20()));
    RankCheck check = figures.check();
    if (check != null && check.good()) {
      Json.write(out.resolve(SPACE), space(figures.ranking()));
    }
    String text = text(figures);
    AtomicFiles.write(out.resolve(REPORT), path -> Files.writeString(path, text));
  }

  /// Returns the best third as a space that `tune` reads: the layers, under each the cells that it
  /// is good with, under each of those the embeddings.
  static Map<String, Object> space(List<OneShotFigures.Row> ranking) {
    int kept = Math.max(1, Math.ceilDiv(ranking.size(), ETA));
    return tree(
        ranking.subList(0, kept).stream().map(OneShotFigures.Row::keys).toList(),
        List.of("layers", "cell", "embedding"));
  }

  private static Map<String, Object> tree(List<Map<String, String>> rows, List<String> keys) {
    if (keys.isEmpty() || !rows.getFirst().containsKey(keys.getFirst())) {
      return Map.of();
    }
    String key = keys.getFirst();
    Map<String, List<Map<String, String>>> groups = new TreeMap<>();
    for (Map<String, String> row : rows) {
      groups.computeIfAbsent(row.get(key), k -> new ArrayList<>()).add(row);
    }
    List<Object> options = new ArrayList<>();
    groups.forEach(
        (value, group) -> {
          Map<String, Object> inner = tree(group, keys.subList(1, keys.size()));
          if (inner.isEmpty()) {
            options.add(value);
          } else {
            Map<String, Object> option = new LinkedHashMap<>(Map.of("_name", value));
            option.putAll(inner);
            options.add(option);
          }
        });
    return Map.of(key, Map.of("_type", "choice", "_value", options));
  }

  /// Returns figures as lines for a terminal.
  public static String text(OneShotFigures figures) {
    StringBuilder out = new StringBuilder();
    line(
        out,
        "%d networks share one network's weights: %d epochs in %.1f s; %d measured as parts of it",
        figures.networks(),
        figures.epochs(),
        figures.sharedSeconds(),
        figures.ranking().size());
    line(out, "");
    line(out, "%-28s %14s %14s", "mrr@20 on sessions held back", "shared weights", "by itself");
    List<OneShotFigures.Row> ranking = figures.ranking();
    ranking.subList(0, Math.min(ROWS, ranking.size())).forEach(row -> row(out, row));
    if (ranking.size() > ROWS) {
      line(out, "... the worst:");
      row(out, ranking.getLast());
    }
    line(out, "your configuration's:");
    row(out, figures.base());
    RankCheck check = figures.check();
    if (check != null) {
      line(out, "");
      line(
          out,
          "rank correlation of both columns over %s: Spearman %.2f%s, Kendall %.2f%s",
          check.networks() == figures.networks()
              ? "all networks"
              : check.networks() + " networks drawn at random",
          check.spearman(),
          interval(check.spearmanInterval()),
          check.kendall(),
          interval(check.kendallInterval()));
      line(
          out,
          check.good()
              ? "That is %.1f or more: shared weights can be the first rung of a search, which lets the best third on; %s names them."
              : "That is below %.1f: shared weights do not tell good networks from others here; there is no %s.",
          RankCheck.GOOD,
          SPACE);
    }
    OneShotFigures.Trained own = figures.winner().own();
    line(out, "");
    line(
        out,
        "winner: %s, %s, trained by itself",
        figures.winner().name(),
        own == null
            ? ""
            : String.format(
                Locale.ROOT,
                "mrr@20 %.4f, recall@20 %.4f, epoch %d",
                own.mrr20(),
                own.recall20(),
                own.epoch()));
    line(out, "%.1f s in all", figures.seconds());
    return out.toString();
  }

  private static void row(StringBuilder out, OneShotFigures.Row row) {
    OneShotFigures.Trained own = row.own();
    Double shared = row.shared();
    line(
        out,
        "  %-26s %14s %14s",
        row.name(),
        shared == null ? "-" : String.format(Locale.ROOT, "%.4f", shared),
        own == null ? "" : String.format(Locale.ROOT, "%.4f", own.mrr20()));
  }

  private static String interval(List<Double> interval) {
    return interval.isEmpty()
        ? ""
        : String.format(Locale.ROOT, " [%.2f, %.2f]", interval.getFirst(), interval.getLast());
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation is a library of its own
  private static void line(StringBuilder out, String format, Object... args) {
    out.append(args.length == 0 ? format : String.format(Locale.ROOT, format, args)).append('\n');
  }
}
