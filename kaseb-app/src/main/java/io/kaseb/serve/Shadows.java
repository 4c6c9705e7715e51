package io.kaseb.serve;

import io.kaseb.event.Visitor;
import io.kaseb.forecast.Session;
import io.kaseb.forecast.SessionForecast;
import io.kaseb.serve.session.Click;
import io.kaseb.serve.session.SessionClicks;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the shadow models what they would have answered, after the answer, and notes how far they
/// agree. One thread does it; what it has no time for is skipped, so that no answer waits.
final class Shadows implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Shadows.class);
  private static final int MOST_WAITING = 256;

  private final BlockingQueue<Task> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Metrics metrics;
  private final Thread thread;

  private record Task(
      ServedModel shadow,
      SessionClicks session,
      @Nullable Visitor visitor,
      SessionForecast answered,
      int k,
      boolean over) {}

  /// How far a shadow agrees with what was answered.
  ///
  /// @param overlap share of the answered items that it has too, 1 where none were answered
  /// @param isSameFirst whether its first item is the answered one
  /// @param buyDifference distance of the purchase probabilities; null where one has none
  record Agreement(double overlap, boolean isSameFirst, @Nullable Double buyDifference) {
    static Agreement of(SessionForecast answered, SessionForecast shadow) {
      List<String> first = answered.items().stream().map(SessionForecast.Next::item).toList();
      List<String> second = shadow.items().stream().map(SessionForecast.Next::item).toList();
      Set<String> both = new HashSet<>(first);
      both.retainAll(new HashSet<>(second));
      Double a = answered.buyProbability();
      Double b = shadow.buyProbability();
      return new Agreement(
          first.isEmpty() ? 1 : (double) both.size() / first.size(),
          !first.isEmpty() && !second.isEmpty() && first.getFirst().equals(second.getFirst()),
          a == null || b == null ? null : (Double) Math.abs(a - b));
    }
  }

  Shadows(Metrics metrics) {
    this.metrics = metrics;
    thread = Thread.ofVirtual().name("kaseb-shadow").start(this::work);
  }

  /// Asks each shadow later.
  ///
  /// @param answered what was answered, before hidden items were left out of what was clicked
  void ask(
      List<ServedModel> shadows,
      SessionClicks session,
      @Nullable Visitor visitor,
      SessionForecast answered,
      int k,
      boolean over) {
    for (ServedModel shadow : shadows) {
      if (!waiting.offer(new Task(shadow, session, visitor, answered, k, over))) {
        metrics.count("shadow.skipped");
      }
    }
  }

  private void work() {
    try {
      while (true) {
        Task task = waiting.take();
        try {
          metrics.shadow(task.shadow.name(), agreement(task));
        } catch (RuntimeException e) {
          metrics.count("shadow.failed");
          LOG.debug("a shadow failed", e);
        }
        Thread.yield();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Agreement agreement(Task task) {
    Session followed = task.shadow.forecaster().newSession();
    if (task.visitor != null) {
      followed.visitor(task.visitor);
    }
    for (Click click : task.session.recent()) {
      followed.event(Forecasts.event(click, task.session.attributes(), task.shadow));
    }
    int k = Math.min(task.k, task.shadow.forecaster().catalogue().size());
    return Agreement.of(
        task.answered, followed.forecast(k, task.shadow.allowed(List.of(), List.of()), task.over));
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
