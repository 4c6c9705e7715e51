package io.kaseb.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What `/metrics` says, read by a strict parser of Prometheus' text format.
class MetricsTextTest {
  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") (\\S.*)");
  private static final Pattern TYPE =
      Pattern.compile("# TYPE (" + NAME + ") (counter|gauge|histogram|summary|untyped)");
  private static final String LABEL =
      "[a-zA-Z_][a-zA-Z0-9_]*=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\"";
  private static final Pattern SAMPLE =
      Pattern.compile("(%s)(?:\\{(%s(?:,%s)*)?,?\\})? (\\S+)".formatted(NAME, LABEL, LABEL));

  /// Checks the text, and returns the value of each sample by its name and labels.
  private static Map<String, Double> parse(String text) {
    Map<String, String> types = new HashMap<>();
    Map<String, Double> samples = new HashMap<>();
    Set<String> helped = new HashSet<>();
    Map<String, Double> lastBucket = new HashMap<>();
    String family = "";
    assertThat(text).endsWith("\n");
    for (String line : text.split("\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      if (line.startsWith("# HELP")) {
        Matcher help = HELP.matcher(line);
        assertThat(help.matches()).as(line).isTrue();
        assertThat(helped.add(help.group(1))).as("once: " + line).isTrue();
        family = help.group(1);
        continue;
      }
      if (line.startsWith("#")) {
        Matcher type = TYPE.matcher(line);
        assertThat(type.matches()).as(line).isTrue();
        assertThat(type.group(1)).as("HELP before: " + line).isEqualTo(family);
        assertThat(types.put(family, type.group(2))).as("once: " + line).isNull();
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      assertThat(sample.matches()).as(line).isTrue();
      String name = sample.group(1);
      String type = types.get(family);
      assertThat(type).as(line).isNotNull();
      switch (type) {
        case "counter" -> assertThat(name).as(line).isEqualTo(family).endsWith("_total");
        case "histogram" ->
            assertThat(name).as(line).isIn(family + "_bucket", family + "_sum", family + "_count");
        case "summary" ->
            assertThat(name).as(line).isIn(family, family + "_sum", family + "_count");
        default -> assertThat(name).as(line).isEqualTo(family).doesNotEndWith("_total");
      }
      String key = line.substring(0, line.lastIndexOf(' '));
      double value = value(sample.group(sample.groupCount()));
      assertThat(samples.put(key, value)).as("once: " + line).isNull();
      if (name.endsWith("_bucket")) {
        String series = key.replaceFirst(",?le=\"[^\"]*\"", "");
        assertThat(value).as(line).isGreaterThanOrEqualTo(lastBucket.getOrDefault(series, 0.0));
        lastBucket.put(series, value);
      } else if (name.endsWith("_count") && type.equals("histogram")) {
        String series = key.replace("_count", "_bucket");
        assertThat(lastBucket.get(series.contains("{") ? series : series + "{}"))
            .as("+Inf of " + line)
            .isEqualTo(value);
      }
    }
    assertThat(types.keySet()).isEqualTo(helped);
    return samples;
  }

  private static double value(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      case "NaN" -> Double.NaN;
      default -> Double.parseDouble(text);
    };
  }

  @Test
  void everyLineIsOfTheFormat() throws IOException {
    try (Server server = Shop.start()) {
      Shop.click(server, "m", Shop.ITEMS.getFirst());
      Shop.click(server, "m", "unknown");
      Shop.get(server, "/nowhere");
      Shop.post(server, "/v1/model", "{\"file\":\"shop.kaseb\",\"name\":\"b\",\"shadow\":true}");
      Map<String, Double> samples = parse(Shop.get(server, "/metrics").body());
      assertThat(samples.get("kaseb_unknown_items_total")).isEqualTo(1);
      assertThat(samples.get("process_start_time_seconds"))
          .isBetween(1.6e9, System.currentTimeMillis() / 1e3);
      assertThat(samples)
          .containsKeys(
              "kaseb_gc_collections_total",
              "kaseb_gc_seconds_total",
              "kaseb_cpu_seconds_total",
              "kaseb_sessions_evicted_total",
              "kaseb_sessions_expired_total");
      assertThat(samples.keySet()).anyMatch(k -> k.startsWith("kaseb_build_info{java=\""));
    }
  }
}
