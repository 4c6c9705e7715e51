package io.kaseb.intent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PairCountsTest {
  @Test
  void countsAsAMapDoes() {
    PairCounts pairs = new PairCounts();
    Map<Long, int[]> expected = new HashMap<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int k = 0; k < 60_000; k++) {
      int one = random.nextInt(150);
      int other = 150 + random.nextInt(150);
      boolean buys = random.nextInt(10) == 0;
      pairs.add(k % 2 == 0 ? one : other, k % 2 == 0 ? other : one, buys);
      int[] counts = expected.computeIfAbsent(one * 1000L + other, key -> new int[2]);
      counts[0]++;
      counts[1] += buys ? 1 : 0;
    }
    PairCounts again = PairCounts.of(pairs.rows());
    expected.forEach(
        (key, counts) -> {
          int low = (int) (key / 1000);
          int high = (int) (key % 1000);
          for (PairCounts each : new PairCounts[] {pairs, again}) {
            int at = each.at(high, low);
            if (counts[0] < PairCounts.FEWEST) {
              assertThat(at).isNegative();
            } else {
              assertThat(each.sessions(at)).isEqualTo(counts[0]);
              assertThat(each.buyers(at)).isEqualTo(counts[1]);
            }
          }
        });
    assertThat(again.rows()).isEqualTo(pairs.rows());
    assertThat(pairs.at(1, 2)).isNegative();
  }

  @Test
  void theRarestGiveWayWhereItIsFull() {
    PairCounts pairs = new PairCounts();
    for (int k = 0; k < 5; k++) {
      pairs.add(7, 9, true);
    }
    for (int k = 0; k < 2_200_000; k++) {
      pairs.add(k / 1_500, 10_000 + k % 1_500, false);
    }
    int at = pairs.at(9, 7);
    assertThat(pairs.sessions(at)).isEqualTo(5);
    assertThat(pairs.buyers(at)).isEqualTo(5);
    assertThat(pairs.rows()).hasSize(4);
  }
}
