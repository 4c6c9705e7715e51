package io.kaseb.studio;

import io.kaseb.serve.http.Compressed;
import io.kaseb.serve.http.Reply;
import io.kaseb.serve.http.Route;
import io.kaseb.watch.ChartFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The files of the pages, as they lie in the jar.
final class Pages {
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  private Pages() {}

  private static final List<String> MODULES =
      List.of(
          "dom",
          "live",
          "list",
          "experiment",
          "overview",
          "table",
          "trial",
          "notes",
          "compare",
          "studio");

  /// Returns the routes of the files.
  static List<Route> routes() throws IOException {
    List<Route> routes = new ArrayList<>();
    routes.add(page("/", "index.html", "text/html; charset=utf-8"));
    routes.add(page("/studio.css", "studio.css", "text/css; charset=utf-8"));
    for (String module : MODULES) {
      routes.add(page("/" + module + ".js", module + ".js", SCRIPT));
    }
    for (String module : ChartFiles.MODULES) {
      routes.add(shared("/" + module + ".js", ChartFiles.module(module)));
    }
    routes.add(shared("/echarts.min.js", ChartFiles.library()));
    return routes;
  }

  private static Route shared(String path, String script) {
    byte[] bytes = script.getBytes(StandardCharsets.UTF_8);
    return Route.get(
        path,
        call -> {
          Reply reply = Compressed.of(call, SCRIPT, bytes);
          for (Map.Entry<String, String> header : Reply.PAGE.entrySet()) {
            reply = reply.with(header.getKey(), header.getValue());
          }
          return reply;
        });
  }

  private static Route page(String path, String file, String type) throws IOException {
    try (InputStream in = Pages.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the jar has no " + file);
      }
      byte[] bytes = in.readAllBytes();
      return Route.get(path, call -> new Reply(200, type, bytes, Reply.PAGE));
    }
  }
}
