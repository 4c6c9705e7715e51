package io.kaseb.report;

import io.kaseb.base.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A web page in one file that needs no network: the frame, the style sheet (light, dark, on a
/// phone, on paper), the chart library, and the building blocks of its body. Everything that is put
/// in as text is escaped.
///
/// A page's own script draws by what `charts.js` has (`draw`, `base`, `axis`, `share`, `steps`,
/// `line`, `data`) and ends with `show()`.
public final class HtmlPage {
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

  /// A table of more columns becomes cards on a phone.
  private static final int MANY_COLUMNS = 4;

  private HtmlPage() {}

  /// Lays a page out.
  ///
  /// @param body its sections
  /// @param data what its charts are drawn from, as `data` in the script
  /// @param script the script that draws them
  public static String of(String title, String body, Object data, String script)
      throws IOException {
    String json = Json.MAPPER.writeValueAsString(data);
    String charts = resource("charts.js") + script;
    return of(title, body, json, resource("echarts.common.min.js"), charts);
  }

  /// Lays a page out that draws by scripts of its own.
  ///
  /// @param body its sections
  /// @param json what its charts are drawn from, in the element `data`
  /// @param library the charts' library
  /// @param script the script that draws them
  public static String of(String title, String body, String json, String library, String script)
      throws IOException {
    Map<String, String> parts = new HashMap<>();
    parts.put("title", escape(title));
    parts.put("style", resource("page.css"));
    parts.put("body", body);
    parts.put("echarts", library);
    parts.put("data", json.replace("<", "\\u003c"));
    parts.put("script", script);
    return fill(resource("page.html"), parts);
  }

  /// Fills the places of a template, as in `{{title}}`, in one pass: what is put in is never
  /// searched for places again.
  public static String fill(String template, Map<String, String> parts) {
    return PLACE
        .matcher(template)
        .replaceAll(place -> Matcher.quoteReplacement(parts.getOrDefault(place.group(1), "")));
  }

  /// Returns facts side by side, label over value.
  public static String facts(Map<String, String> facts) {
    StringBuilder out = new StringBuilder("<dl class=\"facts\">");
    facts.forEach(
        (label, value) ->
            out.append("<div><dt>" + escape(label) + "</dt><dd>" + escape(value) + "</dd></div>"));
    return out.append("</dl>").toString();
  }

  /// Returns charts under their caption, all on one printed page.
  ///
  /// @param caption HTML
  /// @param isTall whether they have many lines
  /// @param ids of one chart, or of two side by side
  public static String figure(String caption, boolean isTall, String... ids) {
    StringBuilder out = new StringBuilder("<figure><figcaption>" + caption + "</figcaption>");
    out.append(ids.length > 1 ? "<div class=\"pair\">" : "");
    for (String id : ids) {
      out.append(
          "<div class=\"chart" + (isTall ? " tall" : "") + "\" id=\"" + escape(id) + "\"></div>");
    }
    return out.append(ids.length > 1 ? "</div></figure>" : "</figure>").toString();
  }

  /// Returns a section.
  ///
  /// @param parts HTML
  public static String section(String heading, String... parts) {
    return "<section><h2>" + escape(heading) + "</h2>" + String.join("\n", parts) + "</section>\n";
  }

  /// Returns a paragraph of plain text.
  public static String paragraph(String text) {
    return "<p>" + escape(text) + "</p>";
  }

  /// Returns plain lines as a list, nothing where there are none.
  public static String notes(List<String> lines) {
    StringBuilder out = new StringBuilder();
    lines.forEach(line -> out.append("<li>" + escape(line) + "</li>"));
    return lines.isEmpty() ? "" : "<ul class=\"notes\">" + out + "</ul>";
  }

  /// A table's cell.
  ///
  /// @param aside small, below the value, empty for none
  public record Cell(String value, String aside) {
    /// Returns a cell of a value alone.
    public static Cell of(String value) {
      return new Cell(value, "");
    }
  }

  /// Returns a table of numbers.
  ///
  /// @param best the row to stress, -1 for none
  public static String table(List<String> headings, List<List<Cell>> rows, int best) {
    String many = headings.size() > MANY_COLUMNS ? " class=\"many\"" : "";
    StringBuilder out = new StringBuilder("<div class=\"scroll\"><table" + many + "><thead><tr>");
    headings.forEach(heading -> out.append("<th>" + escape(heading) + "</th>"));
    out.append("</tr></thead><tbody>");
    for (int r = 0; r < rows.size(); r++) {
      out.append(r == best ? "<tr class=\"best\">" : "<tr>");
      for (int c = 0; c < rows.get(r).size(); c++) {
        Cell cell = rows.get(r).get(c);
        String of = " data-of=\"" + escape(headings.get(c)) + "\"";
        String small = cell.aside().isEmpty() ? "" : "<small>" + escape(cell.aside()) + "</small>";
        out.append("<td" + of + ">" + escape(cell.value()) + small + "</td>");
      }
      out.append("</tr>");
    }
    return out.append("</tbody></table></div>").toString();
  }

  /// Returns a table of numbers from rows of text, headings first.
  public static String table(List<List<String>> rows) {
    return table(
        rows.getFirst(),
        rows.stream().skip(1).map(row -> row.stream().map(Cell::of).toList()).toList(),
        -1);
  }

  /// Returns a table of words: names at the left, what they say at the right.
  public static String words(Map<String, String> rows) {
    StringBuilder out = new StringBuilder("<table class=\"words\"><tbody>");
    rows.forEach(
        (name, words) ->
            out.append("<tr><td>" + escape(name) + "</td><td>" + escape(words) + "</td></tr>"));
    return out.append("</tbody></table>").toString();
  }

  /// Returns text as HTML.
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /// Reads a file that lies beside this class.
  static String resource(String name) throws IOException {
    return resource(HtmlPage.class, name);
  }

  /// Reads a file that lies beside a class.
  public static String resource(Class<?> beside, String name) throws IOException {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is missing from this build of Kaseb");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
