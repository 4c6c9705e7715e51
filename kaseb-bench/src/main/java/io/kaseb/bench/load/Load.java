package io.kaseb.bench.load;

import io.kaseb.base.Progress;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// Load on a server: clicks of many sessions side by side. Closed: every connection sends its next
/// click as soon as it has an answer. Open: clicks are due at a fixed rate, whatever the answers
/// do, and an answer's time runs from when its click was due, so that a stall counts for every
/// click that it held up.
final class Load {
  private static final long HIGHEST = Duration.ofSeconds(60).toNanos();

  private static final Duration TICK = Duration.ofMillis(500);

  private final URI server;
  private final int connections;
  private final double rate;
  private final List<String> items;
  private final AtomicLong ticket = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private volatile String firstError = "";

  /// Describes a load.
  ///
  /// @param rate clicks a second; 0 for closed
  /// @param items ids to click
  Load(URI server, int connections, double rate, List<String> items) {
    this.server = server;
    this.connections = connections;
    this.rate = rate;
    this.items = items;
  }

  /// What came of it.
  ///
  /// @param latencies nanoseconds of every answer
  /// @param seconds how long it took
  record Result(Histogram latencies, long errors, String firstError, double seconds) {
    /// Returns a percentile in milliseconds.
    double milliseconds(double percentile) {
      return latencies.getValueAtPercentile(percentile) / 1e6;
    }
  }

  /// Runs for some time without measuring, then measures: in one go, over the same connections and
  /// by the same code, for a start is slower than what follows.
  ///
  /// @param measuring called when the measurement begins
  Result run(Duration warmUp, Duration time, Runnable measuring, Progress progress)
      throws InterruptedException {
    Histogram[][] histograms = new Histogram[connections][2];
    for (Histogram[] warmUpAndMeasured : histograms) {
      Arrays.setAll(warmUpAndMeasured, i -> new Histogram(HIGHEST, 3));
    }
    long start = System.nanoTime();
    long measured = start + warmUp.toNanos();
    long end = measured + time.toNanos();
    List<Thread> threads = new ArrayList<>();
    for (int c = 0; c < connections; c++) {
      Histogram[] both = histograms[c];
      SplittableRandom random = new SplittableRandom(start + c);
      String prefix = "load-" + Long.toHexString(start) + "-" + c + "-";
      threads.add(
          Thread.ofPlatform().start(() -> connection(start, measured, end, both, random, prefix)));
    }
    sleepUntil(measured, "warming up", warmUp, progress);
    measuring.run();
    sleepUntil(end, "measuring", time, progress);
    for (Thread thread : threads) {
      thread.join();
    }
    double seconds = (System.nanoTime() - measured) / 1e9;
    Histogram all = new Histogram(HIGHEST, 3);
    for (Histogram[] both : histograms) {
      all.add(both[1]);
    }
    return new Result(all, errors.get(), firstError, seconds);
  }

  private static void sleepUntil(long end, String task, Duration whole, Progress progress)
      throws InterruptedException {
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      progress.at(task, whole.minusNanos(left).toSeconds(), whole.toSeconds(), "seconds");
      Thread.sleep(Duration.ofNanos(Math.min(left, TICK.toNanos())));
    }
    progress.at(task, whole.toSeconds(), whole.toSeconds(), "seconds");
  }

  /// @param both the histograms of the warm-up and of the measurement
  private void connection(
      long start,
      long measured,
      long end,
      Histogram[] both,
      SplittableRandom random,
      String prefix) {
    try (LoadClient client = new LoadClient(server)) {
      int session = 0;
      while (true) {
        long due = System.nanoTime();
        if (rate > 0) {
          due = start + (long) (ticket.getAndIncrement() * 1e9 / rate);
          for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
          }
        }
        if (due >= end) {
          return;
        }
        // A session goes on with probability 3/4: four clicks on average.
        session += random.nextInt(4) == 0 ? 1 : 0;
        String item = items.get(random.nextInt(items.size()));
        click(client, "/v1/sessions/" + prefix + session + "/events", item);
        // Without a branch: one that turns for the first time when the measurement begins makes the
        // JIT compile this loop anew, on the server's cores.
        int phase = 1 + (int) ((due - measured) >> 63);
        both[phase].recordValue(Math.min(HIGHEST, System.nanoTime() - due));
      }
    } catch (IOException e) {
      failed(e.toString());
    }
  }

  private void click(LoadClient client, String path, String item) {
    try {
      LoadClient.Response response = client.post(path, "{\"item\":\"" + item + "\"}");
      if (response.status() != 200) {
        failed(response.status() + " " + client.body());
      }
    } catch (IOException e) {
      failed(e.toString());
    }
  }

  private void failed(String what) {
    if (errors.getAndIncrement() == 0) {
      firstError = what;
    }
  }
}
