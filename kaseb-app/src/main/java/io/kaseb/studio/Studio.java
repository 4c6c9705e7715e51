package io.kaseb.studio;

import io.kaseb.serve.http.ConcurrencyLimit;
import io.kaseb.serve.http.HttpLimits;
import io.kaseb.serve.http.HttpServer;
import io.kaseb.serve.http.ListenConfig;
import io.kaseb.serve.http.RequestsInFlight;
import io.kaseb.serve.http.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Shows experiments as web pages, until it is closed.
public final class Studio implements AutoCloseable {
  private final HttpServer http;

  private Studio(HttpServer http) {
    this.http = http;
  }

  /// Begins to answer.
  ///
  /// @param folders experiments, or folders of them
  public static Studio start(ListenConfig listen, List<Path> folders) throws IOException {
    List<Route> routes = new ArrayList<>(Pages.routes());
    routes.addAll(new ExperimentsApi(folders).routes());
    HttpLimits limits = HttpLimits.DEFAULT;
    return new Studio(
        HttpServer.start(
            listen,
            limits,
            routes,
            new ConcurrencyLimit(limits.waiting()),
            new RequestsInFlight(),
            answer -> {}));
  }

  /// Returns the port that it listens on.
  public int port() {
    return http.port();
  }

  @Override
  public void close() {
    http.close();
  }
}
