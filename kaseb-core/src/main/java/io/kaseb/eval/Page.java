package io.kaseb.eval;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the web pages of reports have in common: one file each that needs no network.
public final class Page {
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");
  private static final Pattern STYLE = Pattern.compile("(?s)<style>(.*?)</style>");

  private Page() {}

  /// Fills the places of a template, as in `{{title}}`; what is put in is never searched for places
  /// again. `style` and `echarts` are the reports' style and their chart library.
  public static String fill(String template, Map<String, String> parts) throws IOException {
    Matcher style = STYLE.matcher(resource("report.html"));
    String css = style.find() ? style.group(1) : "";
    String charts = resource("echarts.common.min.js");
    return PLACE
        .matcher(template)
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    switch (place.group(1)) {
                      case "style" -> css;
                      case "echarts" -> charts;
                      default -> parts.getOrDefault(place.group(1), "");
                    }));
  }

  /// Writes text so that a page shows it as it is.
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private static String resource(String name) throws IOException {
    return resource(Page.class, name);
  }

  /// Returns a file that lies beside a class.
  public static String resource(Class<?> beside, String name) throws IOException {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is missing from this build of Kaseb");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
