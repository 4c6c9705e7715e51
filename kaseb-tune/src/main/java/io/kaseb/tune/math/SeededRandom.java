package io.kaseb.tune.math;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Chance that depends on a seed and a number alone, so that nothing need be saved to go on.
public final class SeededRandom {
  private SeededRandom() {}

  /// Returns the chance of the `number`-th suggestion.
  public static RandomGenerator of(long seed, long number) {
    return new SplittableRandom(mix(seed, number));
  }

  /// Mixes two numbers into one (the finaliser of SplitMix64, Steele et al. 2014, twice).
  public static long mix(long seed, long number) {
    return finish(finish(seed + 0x9e3779b97f4a7c15L) + number * 0xd1342543de82ef95L);
  }

  private static long finish(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
