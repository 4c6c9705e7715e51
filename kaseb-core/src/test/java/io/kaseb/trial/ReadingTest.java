package io.kaseb.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadingTest {
  @Test
  void oneRoundThatWasDisturbedMovesLittle() {
    Reading calm = Reading.median(1.0, 1.1, 1.2, 1.3, 1.4);
    assertThat(Reading.median(1.4, 1.1, 1.2, 1.3, 1.0)).isEqualTo(calm);
    assertThat(Reading.median(99, 1.1, 1.2, 1.3, 1.0)).isEqualTo(calm);
    assertThat(calm.value()).isEqualTo(1.2);
    assertThat(Reading.median(2, 2, 2, 2, 2)).isEqualTo(Reading.exact(2));
    assertThat(calm.times(10).value()).isEqualTo(12);
    assertThat(calm.times(10).error()).isEqualTo(10 * calm.error());
  }

  /// Twice the error holds the truth in about 19 of 20 cases, over many rounds.
  @Test
  void theErrorIsThatOfTheMedian() {
    Random random = new Random(3);
    int held = 0;
    double squares = 0;
    double errors = 0;
    for (int i = 0; i < 4_000; i++) {
      double[] rounds = new double[25];
      for (int r = 0; r < rounds.length; r++) {
        rounds[r] = 10 + random.nextGaussian();
      }
      Reading reading = Reading.median(rounds);
      held += Math.abs(reading.value() - 10) <= 2 * reading.error() ? 1 : 0;
      squares += (reading.value() - 10) * (reading.value() - 10);
      errors += reading.error();
    }
    assertThat(held / 4_000.0).isBetween(.90, .97);
    assertThat(errors / 4_000).isCloseTo(Math.sqrt(squares / 4_000), offset(.03));
  }

  @Test
  void measuresFiveTimes() {
    AtomicInteger calls = new AtomicInteger();
    assertThat(Reading.median(calls::incrementAndGet).value()).isEqualTo(3);
    assertThat(calls).hasValue(Reading.ROUNDS);
  }
}
