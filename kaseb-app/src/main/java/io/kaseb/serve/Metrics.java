package io.kaseb.serve;

import io.kaseb.forecast.SessionForecast;
import io.kaseb.serve.session.MemorySessions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/// Counts what happens in the server, as Prometheus reads it. Every name and its meaning stand in
/// docs/serving.md.
final class Metrics implements AutoCloseable {
  private static final Duration[] BUCKETS =
      LongStream.of(
              250, 500, 1000, 2000, 3000, 5000, 7500, 10_000, 15_000, 25_000, 50_000, 100_000,
              250_000, 500_000, 1_000_000, 5_000_000)
          .mapToObj(micros -> Duration.ofNanos(micros * 1000))
          .toArray(Duration[]::new);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, Timer> timers = new ConcurrentHashMap<>();
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, Drift> drifts = new ConcurrentHashMap<>();
  private final List<Meter.Id> perModel = new ArrayList<>();
  private final DistributionSummary buys =
      DistributionSummary.builder("kaseb.buy.probability")
          .description("Probability that the session buys, over all forecasts")
          .serviceLevelObjectives(.005, .01, .02, .05, .1, .2, .3, .5, .7, .9)
          .register(registry);

  Metrics() {
    // Micrometer's own JVM meters take tens of milliseconds a scrape, on the cores that forecast.
    Runtime runtime = Runtime.getRuntime();
    gauge("heap.used.bytes", () -> runtime.totalMemory() - runtime.freeMemory());
    gauge("heap.max.bytes", runtime::maxMemory);
    gauge(
        "cpu.seconds",
        () ->
            ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos()
                / 1e9);
  }

  /// Notes an answered request.
  ///
  /// @param route the route's pattern, never the path that was asked for
  void request(String route, int status, long nanos) {
    timers
        .computeIfAbsent(
            route + " " + status,
            k ->
                Timer.builder("kaseb.http.request")
                    .description("Time from the request's body to its answer")
                    .tags("route", route, "status", Integer.toString(status))
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry))
        .record(Duration.ofNanos(nanos));
  }

  /// Counts something.
  ///
  /// @param name as in `unknown.items`
  void count(String name) {
    count(name, 1);
  }

  /// Counts several.
  void count(String name, int n) {
    counters
        .computeIfAbsent(name, k -> Counter.builder("kaseb." + name).register(registry))
        .increment(n);
  }

  /// Shows a value that changes.
  void gauge(String name, Supplier<Number> value) {
    Gauge.builder("kaseb." + name, value).register(registry);
  }

  /// Shows how much is remembered in this process.
  void sessions(MemorySessions sessions) {
    gauge("sessions", sessions::size);
    gauge("session.bytes", sessions::bytes);
    gauge("sessions.evicted", sessions::evictions);
    gauge("sessions.expired", sessions::expiries);
  }

  /// Notes a forecast.
  void forecast(ServedModel model, String variant, SessionForecast forecast) {
    counters
        .computeIfAbsent(
            "forecasts " + model.name() + " " + variant,
            k ->
                Counter.builder("kaseb.forecasts")
                    .tags("model", model.name(), "variant", variant)
                    .register(registry))
        .increment();
    if (forecast.buyProbability() != null) {
      buys.record(forecast.buyProbability());
    }
    Drift drift = drifts.get(model.name() + " " + model.version());
    if (forecast.items().isEmpty()) {
      return;
    }
    SessionForecast.Next best = forecast.items().getFirst();
    if (best.source() == SessionForecast.Source.POPULAR) {
      count("forecasts.popular");
    } else if (drift != null) {
      drift.add(best.score());
    }
  }

  /// Shows the models that are served now, and watches their scores.
  synchronized void models(Deployment deployment) {
    perModel.forEach(registry::remove);
    perModel.clear();
    List<String> present = new ArrayList<>();
    for (ServedModel model : deployment.models().values()) {
      String key = model.name() + " " + model.version();
      present.add(key);
      Drift drift = drifts.computeIfAbsent(key, k -> new Drift());
      Tags tags =
          Tags.of(
              "model", model.name(),
              "version", model.version(),
              "kind", model.forecaster().name());
      perModel.add(
          Gauge.builder("kaseb.model.info", () -> 1).tags(tags).register(registry).getId());
      perModel.add(
          Gauge.builder("kaseb.score.drift", drift, Drift::index)
              .tags("model", model.name(), "version", model.version())
              .register(registry)
              .getId());
    }
    drifts.keySet().retainAll(present);
  }

  /// Returns everything in Prometheus' text format.
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    registry.close();
  }
}
