package io.kaseb.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.base.Progress;
import io.kaseb.serve.Server;
import io.kaseb.serve.Shop;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The load generator against a real server.
class LoadTest {
  @Test
  void theLoadCountsEveryAnswer() throws Exception {
    try (Server server = Shop.start()) {
      for (double rate : new double[] {0, 200}) {
        Load load = new Load(URI.create(server.url()), 3, rate, Shop.ITEMS);
        AtomicInteger began = new AtomicInteger();
        Load.Result result =
            load.run(
                Duration.ofMillis(100),
                Duration.ofMillis(300),
                began::incrementAndGet,
                Progress.NONE);
        assertThat(began).hasValue(1);
        assertThat(result.errors()).as(result.firstError()).isZero();
        if (rate > 0) {
          // What was due in the warm-up is not measured.
          assertThat(result.latencies().getTotalCount()).isEqualTo(60);
        }
        assertThat(result.milliseconds(50)).isPositive();
      }
      Load wrong = new Load(URI.create(server.url()), 1, 50, List.of("never seen"));
      assertThat(wrong.run(Duration.ZERO, Duration.ofMillis(100), () -> {}, Progress.NONE))
          .satisfies(r -> assertThat(r.errors()).isEqualTo(5))
          .satisfies(r -> assertThat(r.firstError()).startsWith("422"));
    }
  }
}
