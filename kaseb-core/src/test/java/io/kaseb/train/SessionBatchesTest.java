package io.kaseb.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.model.Sessions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class SessionBatchesTest {
  /// Every consecutive pair of clicks of every session is used once, in order, whatever the batch.
  @RepeatedTest(336)
  void usesEveryEventOnce(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    int size = 1 + seed % 8;
    List<Integer> lengths = new Random(seed).ints(seed % 21, 0, 7).boxed().toList();
    int[] offsets = new int[lengths.size() + 1];
    for (int s = 0; s < lengths.size(); s++) {
      offsets[s + 1] = offsets[s] + lengths.get(s);
    }
    int[] items = new int[offsets[lengths.size()]];
    List<Integer> expected = new ArrayList<>();
    for (int s = 0; s < lengths.size(); s++) {
      for (int e = offsets[s]; e < offsets[s + 1]; e++) {
        items[e] = e;
        if (e + 1 < offsets[s + 1]) {
          expected.add(e);
        }
      }
    }
    SessionBatches batches = new SessionBatches(new Sessions(offsets, items, null), size);
    List<Integer> seen = new ArrayList<>();
    int[] last = new int[size];
    batches.start();
    while (batches.active() > 0) {
      int[] before = last.clone();
      for (int slot = 0; slot < batches.active(); slot++) {
        int input = batches.input()[slot];
        assertThat(batches.target()[slot]).isEqualTo(input + 1);
        if (!batches.fresh()[slot]) {
          assertThat(input).isEqualTo(before[batches.movedFrom()[slot]] + 1);
          assertThat(batches.movedFrom()[slot]).isGreaterThanOrEqualTo(slot);
        }
        last[slot] = input;
        seen.add(input);
      }
      batches.advance();
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
  }
}
