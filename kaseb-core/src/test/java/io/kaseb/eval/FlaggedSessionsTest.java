package io.kaseb.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FlaggedSessionsTest {
  private static final double NEVER = Double.NEGATIVE_INFINITY;

  /// Six sessions: buyers 0 (.2, .6, .9 before its purchase), 1 (.7, .7, .7, .7), 2 (.1), 3 (none);
  /// others reach .8 and .4.
  private static FlaggedSessions sessions() {
    double[][] rising = {{.2, .6, .9}, {.7, .7, .7, .7}, {.1}, {}, {}, {}};
    return new FlaggedSessions(
        new PurchaseForecasts.Running(new double[] {.9, .7, .1, NEVER, .8, .4}, rising),
        new boolean[] {true, true, true, true, false, false});
  }

  @Test
  void theLowestThresholdAtWhichHalfOfTheFlaggedBuyIsTaken() {
    // Down the list: buyer .9 (1 of 1), other .8 (1 of 2), buyer .7 (2 of 3), other .4 (2 of 4),
    // buyer .1 (3 of 5): all of those. The fourth buyer had no event before its purchase.
    FlaggedSessions.Found found = sessions().at(new int[] {1, 1, 1, 1, 1, 1});
    assertThat(found.threshold()).isEqualTo(.1);
    assertThat(found.share()).isCloseTo(3.0 / 4, within(1e-12));
    assertThat(found.lead()).as("three flagged buyers are too few for a median").isNaN();
  }

  @Test
  void aSessionIsFlaggedAtItsFirstEventThatReachesTheThreshold() {
    // With twenty others at .4, half of the flagged buy down to .7, where the buyers are flagged at
    // their third event, none to come, and at their first, three to come.
    FlaggedSessions.Found found = sessions().at(new int[] {5, 7, 1, 1, 1, 20});
    assertThat(found.threshold()).isEqualTo(.7);
    assertThat(found.share()).isCloseTo(12.0 / 14, within(1e-12));
    assertThat(found.lead()).isEqualTo(3);
    assertThat(sessions().at(new int[] {6, 6, 0, 2, 1, 20}).lead()).isEqualTo(1.5);
  }

  @Test
  void tiedSessionsAreFlaggedTogetherOrNotAtAll() {
    double[] highest = new double[4];
    Arrays.fill(highest, .5);
    double[][] rising = {{.5}, {}, {}, {}};
    FlaggedSessions tied =
        new FlaggedSessions(
            new PurchaseForecasts.Running(highest, rising),
            new boolean[] {true, false, false, false});
    FlaggedSessions.Found found = tied.at(new int[] {1, 1, 1, 1});
    assertThat(found.threshold()).isNaN();
    assertThat(found.share()).isZero();
    assertThat(tied.at(new int[] {3, 1, 1, 1}).share()).isEqualTo(1);
    assertThat(tied.at(new int[] {0, 1, 1, 1}).share()).as("no buyer").isNaN();
  }
}
