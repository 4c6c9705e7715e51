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
  private final WatchedExperiments experiments;
  private final ResumedSearch resumed;

  private Studio(HttpServer http, WatchedExperiments experiments, ResumedSearch resumed) {
    this.http = http;
    this.experiments = experiments;
    this.resumed = resumed;
  }

  /// Begins to answer.
  ///
  /// @param folders experiments, or folders of them
  public static Studio start(ListenConfig listen, List<Path> folders) throws IOException {
    List<Route> routes = new ArrayList<>(Pages.routes());
    WatchedExperiments experiments = new WatchedExperiments(folders);
    ResumedSearch resumed = new ResumedSearch();
    routes.addAll(new ExperimentsApi(experiments, resumed).routes());
    HttpLimits limits = HttpLimits.DEFAULT;
    Studio studio =
        new Studio(
            HttpServer.start(
                listen,
                limits,
                routes,
                new ConcurrencyLimit(limits.waiting()),
                new RequestsInFlight(),
                answer -> {}),
            experiments,
            resumed);
    Thread.ofPlatform().daemon().name("kaseb-read-ahead").start(experiments::readAhead);
    return studio;
  }

  /// Returns the port that it listens on.
  public int port() {
    return http.port();
  }

  /// Returns the address of its first page.
  ///
  /// @param host that it was told to listen on
  public String address(String host) {
    String name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    return "http://" + name + ":" + port() + "/";
  }

  @Override
  public void close() {
    http.close();
    resumed.close();
    experiments.close();
  }
}
