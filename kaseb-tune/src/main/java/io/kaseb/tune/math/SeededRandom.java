package io.kaseb.tune.math;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Random numbers that depend on a seed and a number alone, so that nothing need be saved to go on
/// and threads can share the work. Every place that turns numbers into a seed takes a method of
/// this class; which one is part of what a seed means, and therefore never changes.
///
/// All of them build on SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number
/// generators"), the algorithm of [SplittableRandom].
public final class SeededRandom {
  /// SplitMix64's increment: 2^64 divided by the golden ratio, made odd.
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  /// The same for 32 bits.
  private static final int GOLDEN_GAMMA_32 = 0x9e3779b9;

  /// Odd numbers far from the increment, so that sequences that begin with different numbers do not
  /// overlap.
  private static final long STEP_GAMMA = 0xd1342543de82ef95L;

  private static final long RESAMPLE_GAMMA = 0xd1b54a32d192ed03L;

  private SeededRandom() {}

  /// Returns the random numbers that belong to a seed and a number: a study's `number`-th
  /// suggestion, say.
  public static RandomGenerator of(long seed, long number) {
    return new SplittableRandom(mix(seed, number));
  }

  /// Mixes two numbers into one.
  public static long mix(long seed, long number) {
    return step(nth(seed, 0), number);
  }

  /// Spreads a number over all 64 bits: SplitMix64's finaliser, which maps 0 to 0 and no two
  /// numbers to the same one.
  public static long mix64(long number) {
    long a = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }

  /// Returns the `n`-th number, from 0, of the sequence that [SplittableRandom] makes of a seed.
  public static long nth(long seed, long n) {
    return mix64(spread(n + 1, seed));
  }

  /// Returns the seed of a training's `step`-th step.
  ///
  /// @param seed of the epoch
  public static long step(long seed, long step) {
    return mix64(seed + step * STEP_GAMMA);
  }

  /// Returns the seed of a bootstrap's `sample`-th resample.
  public static long resample(long seed, long sample) {
    return spread(seed, sample * RESAMPLE_GAMMA);
  }

  /// Returns numbers that lie far apart for neighbouring `number`s: `number` times SplitMix64's
  /// increment, plus `offset`.
  public static long spread(long number, long offset) {
    return number * GOLDEN_GAMMA + offset;
  }

  /// Joins two numbers as `List.hashCode` does. Its results lie close together, so it is a seed for
  /// [SplittableRandom] and nothing else; the purchase forecast's models depend on it.
  public static long join(long first, long second) {
    return 31 * first + second;
  }

  /// Spreads a number over all 64 bits as [#nth] does, but without the finaliser's first shift: the
  /// bytes of simulated logs depend on it.
  public static long scramble(long number) {
    long a = (number + GOLDEN_GAMMA) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }

  /// Folds a seed into 32 bits, different ones for each `part`.
  public static int fold(long seed, int part) {
    return (int) (seed >>> 32) ^ (part * GOLDEN_GAMMA_32) ^ (int) seed;
  }
}
