package io.kaseb.serve.pages;

import io.kaseb.serve.http.Reply;
import io.kaseb.serve.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The files of the pages. They hold nothing of the shop's: what they show they ask for by the
/// routes that everyone uses, which are guarded.
public final class PageFiles {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String NAVIGATION = "<!-- navigation -->";
  private static final List<String> SCRIPTS =
      List.of(
          "page.js", "chart.js", "shop.js", "visit.js", "model.js", "operations.js", "metrics.js");

  private PageFiles() {}

  /// A page of the navigation.
  private record Page(String path, String name, String file, Route.Kind kind) {}

  private static final List<Page> PAGES =
      List.of(
          new Page("/", "Live shop", "shop.html", Route.Kind.PLAIN),
          new Page("/model", "Model", "model.html", Route.Kind.OPERATOR),
          new Page("/operations", "Operations", "operations.html", Route.Kind.OPERATOR));

  /// Returns the routes of all pages.
  ///
  /// @param hasAdminPort whether what is for operators has a port of its own: the pages of one port
  ///   then know nothing of the other's
  public static List<Route> routes(boolean hasAdminPort) {
    List<Route> routes = new ArrayList<>();
    for (Page page : PAGES) {
      String html = text(page.file).replace(NAVIGATION, navigation(page, hasAdminPort));
      routes.add(route(page.path, page.kind, HTML, html));
    }
    // Both ports have them; with one port the second takes the place of the first.
    for (Route.Kind kind : List.of(Route.Kind.OPERATOR, Route.Kind.PLAIN)) {
      routes.add(route("/pages/page.css", kind, "text/css; charset=utf-8", text("page.css")));
      for (String script : SCRIPTS) {
        routes.add(route("/pages/" + script, kind, "text/javascript; charset=utf-8", text(script)));
      }
    }
    return routes;
  }

  private static String navigation(Page shown, boolean hasAdminPort) {
    StringBuilder links = new StringBuilder();
    for (Page page : PAGES) {
      if (!hasAdminPort || page.kind == shown.kind) {
        links
            .append("<a href=\"")
            .append(page.path)
            .append(page == shown ? "\" aria-current=\"page\">" : "\">")
            .append(page.name)
            .append("</a>");
      }
    }
    return links.toString();
  }

  private static Route route(String path, Route.Kind kind, String type, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Route("GET", path, kind, call -> new Reply(200, type, bytes, Reply.PAGE));
  }

  private static String text(String file) {
    try (InputStream in = PageFiles.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the jar has no " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
