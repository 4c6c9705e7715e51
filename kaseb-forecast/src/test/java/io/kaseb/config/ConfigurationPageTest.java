package io.kaseb.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The tables of docs/configuration.md are what the tables of keys give. Where the page differs,
/// the new one lies in `target/configuration.md`; with `-Dkaseb.docs.update=true` it replaces the
/// page.
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("../docs/configuration.md");
  private static final Path NEW_PAGE = Path.of("target/configuration.md");
  private static final String END = "<!-- end -->";

  @Test
  void thePageSaysWhatTheTablesOfKeysSay() throws IOException {
    String page = Files.readString(PAGE);
    String fresh = page;
    for (Map.Entry<String, String> part : parts().entrySet()) {
      fresh = replaced(fresh, part.getKey(), part.getValue());
    }
    if (!fresh.equals(page)) {
      Path out = Boolean.getBoolean("kaseb.docs.update") ? PAGE : NEW_PAGE;
      Files.createDirectories(out.toAbsolutePath().getParent());
      Files.writeString(out, fresh);
    }
    assertThat(page)
        .as("docs/configuration.md; copy %s over it", NEW_PAGE.toAbsolutePath())
        .isEqualTo(fresh);
  }

  private static Map<String, String> parts() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put(
        "network", table(TrainKeys.TABLE, TrainKeys.TABLE.json(TrainConfig.DEFAULT), "default"));
    parts.put(
        "purchases",
        table(IntentKeys.TABLE, IntentKeys.TABLE.json(IntentConfig.DEFAULT), "default"));
    parts.put("knn", knn());
    parts.put("names", names());
    parts.put("searched", searched());
    return parts;
  }

  private static String replaced(String page, String name, String text) {
    String begin = "<!-- generated: " + name + " -->\n";
    int from = page.indexOf(begin);
    assertThat(from).as("marker of %s", name).isNotNegative();
    int to = page.indexOf(END, from);
    assertThat(to).as("end of %s", name).isPositive();
    return page.substring(0, from + begin.length()) + "\n" + text + "\n" + page.substring(to);
  }

  private static String table(KeyTable<?> table, Map<String, JsonNode> defaults, String heading) {
    StringBuilder out = new StringBuilder();
    row(out, "key", heading, "allowed", "meaning");
    row(out, "---", "---", "---", "---");
    for (Key<?> key : table.keys()) {
      if (key.own()) {
        JsonNode known = defaults.get(key.name());
        // Files leave some values out, such as an empty list, or true where that is usual.
        String value =
            known != null
                ? shown(known)
                : switch (key.fallback()) {
                  case Boolean truth -> "" + truth;
                  case Float number ->
                      new BigDecimal("" + number).stripTrailingZeros().toPlainString();
                  case Integer number -> "" + number;
                  default -> "";
                };
        row(out, "`" + key.name() + "`", value, key.type().range(), key.doc());
      }
    }
    return out.toString();
  }

  private static String knn() {
    List<Map<String, JsonNode>> kinds =
        Stream.of(KnnSettings.VMIS_KNN, KnnSettings.VS_KNN, KnnSettings.STAN, KnnSettings.VSTAN)
            .map(KnnKeys.TABLE::json)
            .toList();
    StringBuilder out = new StringBuilder();
    row(out, "key", "vmis-knn, hybrid", "vs-knn", "stan", "vstan", "allowed", "meaning");
    row(out, "---", "---", "---", "---", "---", "---", "---");
    for (Key<?> key : KnnKeys.TABLE.keys()) {
      List<String> cells = new ArrayList<>(List.of("`" + key.name() + "`"));
      for (Map<String, JsonNode> kind : kinds) {
        JsonNode value = kind.get(key.name());
        // Files leave out what is off.
        cells.add(value == null ? "0" : shown(value));
      }
      cells.add(key.type().range());
      cells.add(key.doc());
      row(out, cells.toArray(String[]::new));
    }
    return out.toString();
  }

  private static String names() {
    StringBuilder out = new StringBuilder();
    row(out, "you may write", "for");
    row(out, "---", "---");
    for (Key<?> key : TrainKeys.TABLE.keys()) {
      key.aliases().forEach(alias -> row(out, "`" + alias + "`", "`" + key.name() + "`"));
      if (!key.own()) {
        row(out, "`" + key.name() + "`", key.doc() + " (" + key.type().range() + ")");
      }
    }
    return out
        + "\nThese mean nothing here; they are passed over with one warning: "
        + new TreeSet<>(TrainKeys.TABLE.ignored())
            .stream().map(key -> "`" + key + "`").collect(Collectors.joining(", "))
        + ".\n";
  }

  private static String searched() {
    StringBuilder out = new StringBuilder();
    row(out, "key", "tried", "only with");
    row(out, "---", "---", "---");
    List<Key<?>> all = new ArrayList<>(TrainKeys.TABLE.keys());
    all.addAll(IntentKeys.TABLE.keys());
    for (Key<?> key : all) {
      for (Search search : key.searches()) {
        Search.Condition under = search.under();
        row(
            out,
            "`" + key.name() + "`",
            tried(search.domain()),
            under == null ? "" : "`" + under.key() + ": " + under.option() + "`");
      }
    }
    return out.toString();
  }

  private static String tried(Search.Domain domain) {
    return switch (domain) {
      case Search.Options options -> String.join(", ", options.texts());
      case Search.Span span -> {
        String steps = span.step() > 1 ? ", in steps of " + number(span.step()) : "";
        String scale = span.log() ? ", by their logarithm" : "";
        yield number(span.low()) + ".." + number(span.high()) + steps + scale;
      }
    };
  }

  private static String number(double x) {
    return BigDecimal.valueOf(x).stripTrailingZeros().toPlainString();
  }

  private static String shown(JsonNode value) {
    return value.isFloat() || value.isDouble()
        ? new BigDecimal(value.asString()).stripTrailingZeros().toPlainString()
        : value.isArray() ? value.toString() : value.asString();
  }

  private static void row(StringBuilder out, String... cells) {
    out.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
