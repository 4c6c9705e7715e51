package io.kaseb.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorPartsTest {
  @RepeatedTest(240)
  void shuffleIsAPermutation(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    Random random = new Random(seed);
    int size = seed <= 70 ? seed : 1 + random.nextInt(3_000);
    Shuffle shuffle = new Shuffle(size, random.nextLong());
    BitSet places = new BitSet();
    for (int i = 0; i < size; i++) {
      places.set((int) shuffle.at(i));
    }
    assertThat(places.cardinality()).isEqualTo(size);
    assertThat(places.length()).isEqualTo(size);
  }

  @RepeatedTest(200)
  void guideTableFindsTheShareThatHoldsTheNumber(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    double[] weights = new double[1 + random.nextInt(40)];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextInt(3) == 0 ? 0 : random.nextDouble();
      sum += weights[i];
    }
    if (sum == 0) {
      weights[0] = 1;
    }
    GuideTable table = GuideTable.of(weights);
    int[] drawn = new int[weights.length];
    int draws = 20_000;
    for (int k = 0; k < draws; k++) {
      drawn[table.draw((k + .5) / draws)]++;
    }
    for (int i = 0; i < weights.length; i++) {
      double share = sum == 0 ? weights[i] : weights[i] / sum;
      assertThat((double) drawn[i] / draws).isCloseTo(share, within(2.0 / draws));
    }
  }

  @Test
  void theFileThatIsFullIsNamed(@TempDir Path folder) throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "needs /dev/full");
    List<Path> names = List.of(folder.resolve("clicks"), folder.resolve("buys"));
    try (SimulatedFolder.Streams streams =
        new SimulatedFolder.Streams(List.of(full, folder.resolve("x")), names)) {
      assertThatThrownBy(() -> streams.write(List.of(new byte[1 << 16], new byte[1])))
          .isInstanceOf(FileSystemException.class)
          .hasMessageStartingWith(names.get(0) + ": ");
    }
  }

  @Test
  void textIsTheOriginals() {
    YoochooseText text = new YoochooseText();
    text.click(1, 1_396_867_869_277L, 214_536_502, 0);
    text.click(20, 1_412_121_599_004L, 214_000_000, SimulatedWorld.SPECIAL);
    text.buy(7, 1_396_828_800_000L, 214_536_506, 12_462, 1);
    assertThat(new String(text.toBytes(), StandardCharsets.US_ASCII))
        .isEqualTo(
            """
            1,2014-04-07T10:51:09.277Z,214536502,0
            20,2014-09-30T23:59:59.004Z,214000000,S
            7,2014-04-07T00:00:00.000Z,214536506,12462,1
            """);
  }
}
