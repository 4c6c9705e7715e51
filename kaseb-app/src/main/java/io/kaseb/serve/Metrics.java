package io.kaseb.serve;

import io.kaseb.base.Build;
import io.kaseb.forecast.SessionForecast;
import io.kaseb.serve.http.Text;
import io.kaseb.serve.session.MemorySessions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
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

  /// What is counted, and what each count means.
  private static final Map<String, String> COUNTED =
      Map.ofEntries(
          Map.entry("events.duplicate", "Clicks sent twice"),
          Map.entry("events.late", "Clicks behind a later one of their session"),
          Map.entry("events.ahead", "Clicks of more than five minutes from now, taken as of now"),
          Map.entry("unknown.items", "Clicks on items that the model does not know"),
          Map.entry("forecasts.popular", "Answers from popularity alone"),
          Map.entry("sessions.degraded", "Answers without the session's earlier clicks"),
          Map.entry("sessions.refused", "Those that Redis answered with a refusal"),
          Map.entry("sessions.saved", "Times that the session file was written"),
          Map.entry("sessions.save.failed", "Times that it could not be"),
          Map.entry("model.refused", "Model files refused"),
          Map.entry("items.refused", "Times that new items were refused"),
          Map.entry("state.save.failed", "Times that the state file could not be written"),
          Map.entry("shadow.skipped", "Forecasts that no shadow was asked for, for want of time"),
          Map.entry("shadow.failed", "Forecasts that a shadow failed at"));

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, Timer> timers = new ConcurrentHashMap<>();
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, DistributionSummary> summaries = new ConcurrentHashMap<>();
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
    gauge(
        "kaseb.heap.used.bytes",
        "Heap in use, garbage among it",
        () -> runtime.totalMemory() - runtime.freeMemory());
    gauge("kaseb.heap.max.bytes", "What the heap may grow to", runtime::maxMemory);
    counter(
        "kaseb.cpu.seconds",
        "Processor time that the process took",
        () ->
            ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos()
                / 1e9);
    List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    counter(
        "kaseb.gc.collections",
        "Garbage collections",
        () -> collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum());
    counter(
        "kaseb.gc.seconds",
        "Time that garbage collections took",
        () -> collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum() / 1e3);
    double started = ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3;
    gauge("process.start.time.seconds", "When the process started, in Unix time", () -> started);
    Gauge.builder("kaseb.build.info", () -> 1)
        .description("Which Kaseb and which Java this is")
        .tags("version", Build.version(), "java", Runtime.version().toString())
        .register(registry);
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
        .computeIfAbsent(
            name,
            k ->
                Counter.builder("kaseb." + name)
                    .description(COUNTED.getOrDefault(name, name))
                    .register(registry))
        .increment(n);
  }

  /// Shows a value that changes.
  void gauge(String name, String help, Supplier<Number> value) {
    Gauge.builder(name, value).description(help).register(registry);
  }

  /// Shows a value that only grows.
  private void counter(String name, String help, Supplier<Number> value) {
    FunctionCounter.builder(name, this, m -> value.get().doubleValue())
        .description(help)
        .register(registry);
  }

  /// Shows how much is remembered in this process.
  void sessions(MemorySessions sessions) {
    gauge("kaseb.sessions", "Sessions remembered in this process", sessions::size);
    gauge("kaseb.session.bytes", "Memory that they take, about", sessions::bytes);
    counter("kaseb.sessions.evicted", "Sessions gone for want of memory", sessions::evictions);
    counter("kaseb.sessions.expired", "Sessions gone by age", sessions::expiries);
    gauge("kaseb.visitors", "Users remembered in this process", sessions::visitors);
    counter("kaseb.visitors.evicted", "Users gone for want of room", sessions::visitorEvictions);
    counter("kaseb.visitors.expired", "Users gone by age", sessions::visitorExpiries);
  }

  /// Notes what a shadow model would have answered beside what was answered.
  void shadow(String model, Shadows.Agreement agreement) {
    summary("kaseb.shadow.overlap", "Share of the answered items that the shadow has too", model)
        .record(agreement.overlap());
    Double difference = agreement.buyDifference();
    if (difference != null) {
      summary(
              "kaseb.shadow.buy.difference",
              "Distance of the shadow's purchase probability from the answered one",
              model)
          .record(difference);
    }
    counter("kaseb.shadow.forecasts", "Forecasts that a shadow made too", model).increment();
    Counter same =
        counter("kaseb.shadow.same.first", "Those with the answered item in first place", model);
    if (agreement.isSameFirst()) {
      same.increment();
    }
  }

  private Counter counter(String name, String help, String model) {
    return counters.computeIfAbsent(
        name + " " + model,
        k -> Counter.builder(name).description(help).tags("model", model).register(registry));
  }

  private DistributionSummary summary(String name, String help, String model) {
    return summaries.computeIfAbsent(
        name + " " + model,
        k ->
            DistributionSummary.builder(name)
                .description(help)
                .tags("model", model)
                .serviceLevelObjectives(.01, .05, .1, .25, .5, .75, .9, .999)
                .register(registry));
  }

  /// Notes a forecast.
  void forecast(ServedModel model, String variant, SessionForecast forecast) {
    counters
        .computeIfAbsent(
            "forecasts " + model.name() + " " + variant,
            k ->
                Counter.builder("kaseb.forecasts")
                    .description("Forecasts made")
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
              "kind", Text.plain(model.forecaster().name()));
      perModel.add(
          Gauge.builder("kaseb.model.info", () -> 1)
              .description("What is served")
              .tags(tags)
              .register(registry)
              .getId());
      perModel.add(
          Gauge.builder("kaseb.score.drift", drift, Drift::index)
              .description(
                  "Population stability index of the best scores, the last against the first")
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
