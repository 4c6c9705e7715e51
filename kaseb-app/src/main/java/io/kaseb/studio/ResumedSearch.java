package io.kaseb.studio;

import io.kaseb.base.KasebException;
import io.kaseb.search.Experiments;
import io.kaseb.search.Tune;
import io.kaseb.serve.http.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The search that a studio goes on with in its own process: one at a time, as each takes all the
/// threads that it was begun with. It ends by itself, by the page's buttons as any other, and with
/// the studio; what it has done is kept.
final class ResumedSearch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ResumedSearch.class);

  /// Milliseconds that a search has to begin or to say why it cannot.
  private static final long BEGIN = 5_000;

  private static final long EVERY = 20;

  private @Nullable Thread thread;
  private @Nullable Path folder;
  private volatile @Nullable Exception failure;
  private volatile boolean isClosed;

  /// Goes on with an experiment, and returns once it runs or has ended.
  synchronized void begin(Path experiment) throws IOException {
    if (Experiments.running(experiment)) {
      throw Problem.of(409, "Conflict", "it runs already");
    }
    Thread before = thread;
    if (before != null && before.isAlive()) {
      throw Problem.of(
          409, "Conflict", "this studio goes on with " + folder + " already; stop that first");
    }
    failure = null;
    folder = experiment;
    Thread search = Thread.ofPlatform().name("kaseb-search").unstarted(() -> run(experiment));
    thread = search;
    search.start();
    awaitBegin(search, experiment);
    switch (failure) {
      case null -> {}
      case KasebException e ->
          throw Problem.of(422, "Cannot go on", String.valueOf(e.getMessage()));
      case UncheckedIOException e -> throw new IOException(e.getMessage(), e);
      case Exception e -> throw new IllegalStateException(e);
    }
  }

  private static void awaitBegin(Thread search, Path experiment) throws IOException {
    long end = System.nanoTime() + BEGIN * 1_000_000;
    try {
      while (!search.join(Duration.ofMillis(EVERY))
          && !Experiments.running(experiment)
          && System.nanoTime() < end) {
        // It reads its dataset before it begins.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Path experiment) {
    try {
      Tune.run(experiment, trial -> {}, () -> isClosed);
    } catch (IOException e) {
      ended(experiment, new UncheckedIOException(e));
    } catch (RuntimeException e) {
      ended(experiment, e);
    }
  }

  private void ended(Path experiment, Exception e) {
    failure = e;
    LOG.warn("the search {} cannot go on: {}", experiment, e.getMessage());
  }

  /// Stops the search, and returns when it has written what it has done.
  @Override
  public void close() {
    isClosed = true;
    Thread search;
    synchronized (this) {
      search = thread;
    }
    if (search == null) {
      return;
    }
    try {
      search.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
