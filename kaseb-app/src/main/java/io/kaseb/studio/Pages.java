package io.kaseb.studio;

import io.kaseb.serve.http.Reply;
import io.kaseb.serve.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/// The files of the pages, as they lie in the jar.
final class Pages {
  // Nothing inline and nothing from elsewhere: text that gets into a page cannot run.
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
              + " img-src 'self' data:; base-uri 'none'; form-action 'none';"
              + " frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cache-Control",
          "no-cache");

  private Pages() {}

  /// Returns the routes of the files.
  static List<Route> routes() throws IOException {
    return List.of(
        page("/", "index.html", "text/html; charset=utf-8"),
        page("/studio.css", "studio.css", "text/css; charset=utf-8"),
        page("/studio.js", "studio.js", "text/javascript; charset=utf-8"));
  }

  private static Route page(String path, String file, String type) throws IOException {
    try (InputStream in = Pages.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the jar has no " + file);
      }
      byte[] bytes = in.readAllBytes();
      return Route.get(path, call -> new Reply(200, type, bytes, HEADERS));
    }
  }
}
