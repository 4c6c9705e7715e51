package io.kaseb.bench.load;

import io.kaseb.base.KasebException;
import io.kaseb.base.Progress;
import io.kaseb.forecast.Forecaster;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Measures a server in a process of its own, from outside, over HTTP.
public final class BenchServe {
  private static final Duration WATCH_EVERY = Duration.ofSeconds(1);

  /// What to measure.
  ///
  /// @param rate clicks a second, due whatever the answers do; 0: every connection sends its next
  ///   click as soon as it has an answer
  /// @param connections side by side, one thread each
  /// @param warmUp load before the measurement, at the same rate over the same connections
  /// @param time of the measurement
  public record Plan(double rate, int connections, Duration warmUp, Duration time) {
    /// Checks the ranges.
    public Plan {
      if (!(rate >= 0 && rate <= 1e6) || connections < 1 || connections > 10_000) {
        throw new KasebException(
            "--rate "
                + rate
                + ": must be 0..1000000; --connections "
                + connections
                + ": must be 1..10000");
      }
    }
  }

  /// What came of it; times of answers in milliseconds, from when a click was due.
  ///
  /// @param liveSeconds from the process's start to its first listening
  /// @param readySeconds from the process's start to its first forecast
  /// @param rate answers a second
  /// @param heapLows the least megabytes of heap in use, seen every two seconds, of each minute
  /// @param serverCores processor time that the server took, a second
  /// @param clientCores the same of the load
  public record Figures(
      int items,
      double liveSeconds,
      double readySeconds,
      double asked,
      int connections,
      double seconds,
      long requests,
      double rate,
      long errors,
      String firstError,
      double p50,
      double p90,
      double p99,
      double p999,
      double max,
      List<Double> heapLows,
      double serverCores,
      double clientCores) {}

  /// Figures with everything behind them.
  ///
  /// @param histogram every answer's time in nanoseconds
  public record Outcome(Figures figures, Histogram histogram) {
    /// Writes the distribution of times in HDR's text form, in milliseconds.
    public void writeTo(Path file) throws IOException {
      try (PrintStream out =
          new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8)) {
        histogram.outputPercentileDistribution(out, 1e6);
      }
    }
  }

  private BenchServe() {}

  /// Starts a server, loads it, and stops it.
  ///
  /// @param command starts `kaseb serve` with its model and `--port 0`
  /// @param model that model, for its item ids
  /// @param beside a command that runs beside the load, `{}` in it for the server's address; empty
  ///   for none
  public static Outcome run(
      List<String> command, Path model, List<String> beside, Plan plan, Progress progress)
      throws IOException, InterruptedException {
    List<String> items = Forecaster.load(model).catalogue().ids();
    long started = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String live = line(lines, "Live at ");
      double liveSeconds = seconds(started);
      URI server = URI.create(live.replaceFirst(" .*", ""));
      line(lines, "Ready: ");
      double readySeconds = seconds(started);
      try (Beside _ = Beside.start(beside, server)) {
        return measure(process, server, items, plan, progress, liveSeconds, readySeconds);
      }
    } finally {
      process.destroy();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  private static Outcome measure(
      Process process,
      URI server,
      List<String> items,
      Plan plan,
      Progress progress,
      double liveSeconds,
      double readySeconds)
      throws IOException, InterruptedException {
    HeapWatch watch = new HeapWatch(server);
    Thread watcher = Thread.ofVirtual().start(watch);
    // Asked once beforehand too: what runs for the first time takes cores from the measurement.
    double[] before = {cpu(process.toHandle()), cpu(ProcessHandle.current())};
    Runnable measuring =
        () -> {
          before[0] = cpu(process.toHandle());
          before[1] = cpu(ProcessHandle.current());
          watch.begin();
        };
    Load.Result result =
        new Load(server, plan.connections, plan.rate, items)
            .run(plan.warmUp, plan.time, measuring, progress);
    double serverCpu = cpu(process.toHandle()) - before[0];
    double clientCpu = cpu(ProcessHandle.current()) - before[1];
    watch.stop = true;
    watcher.join();
    Histogram h = result.latencies();
    return new Outcome(
        new Figures(
            items.size(),
            liveSeconds,
            readySeconds,
            plan.rate,
            plan.connections,
            result.seconds(),
            h.getTotalCount(),
            h.getTotalCount() / result.seconds(),
            result.errors(),
            result.firstError(),
            result.milliseconds(50),
            result.milliseconds(90),
            result.milliseconds(99),
            result.milliseconds(99.9),
            h.getMaxValue() / 1e6,
            watch.lows(),
            serverCpu / result.seconds(),
            clientCpu / result.seconds()),
        h);
  }

  /// A command at work beside the load; it and what it started end with the measurement.
  private record Beside(@Nullable Process process) implements AutoCloseable {
    static Beside start(List<String> command, URI server) throws IOException {
      if (command.isEmpty()) {
        return new Beside(null);
      }
      List<String> words = command.stream().map(w -> w.replace("{}", server.toString())).toList();
      return new Beside(
          new ProcessBuilder(words)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    }

    @Override
    public void close() {
      if (process != null) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
      }
    }
  }

  private static double cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  private static String line(BufferedReader lines, String start) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(start)) {
        return line.substring(start.length());
      }
    }
    throw new KasebException("the server ended before it said \"" + start.strip() + "\"");
  }

  private static double seconds(long started) {
    return (System.nanoTime() - started) / 1e9;
  }

  /// Reads the server's heap from its metrics.
  private static final class HeapWatch implements Runnable {
    private final URI server;
    private final List<Double> lows = new ArrayList<>();
    private long started = System.nanoTime();
    private volatile boolean stop;

    HeapWatch(URI server) {
      this.server = server;
    }

    /// Forgets what was seen: the measurement begins.
    void begin() {
      synchronized (lows) {
        lows.clear();
        started = System.nanoTime();
      }
    }

    @Override
    public void run() {
      try (LoadClient client = new LoadClient(server)) {
        while (!stop) {
          client.get("/metrics");
          double heap =
              client
                  .body()
                  .lines()
                  .filter(line -> line.startsWith("kaseb_heap_used_bytes "))
                  .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                  .sum();
          synchronized (lows) {
            int minute = (int) (seconds(started) / 60);
            if (lows.size() <= minute) {
              lows.add(heap / 1e6);
            }
            lows.set(minute, Math.min(lows.get(minute), heap / 1e6));
          }
          Thread.sleep(WATCH_EVERY);
        }
      } catch (IOException | InterruptedException e) {
        lows.clear();
      }
    }

    List<Double> lows() {
      return List.copyOf(lows);
    }
  }
}
