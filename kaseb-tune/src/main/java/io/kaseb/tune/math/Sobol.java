package io.kaseb.tune.math;

import java.util.SplittableRandom;

/// Sobol's sequence (Sobol 1967, direction numbers of Joe and Kuo 2008), scrambled as Owen (1995)
/// does, by hashes (Burley 2020): any 2^k points from the start fill every axis evenly, and another
/// seed gives another sequence as good.
public final class Sobol {
  /// The dimensions that have direction numbers; further ones are random.
  public static final int DIMENSIONS = 21;

  private static final int BITS = 32;

  /// Of each dimension but the first: degree and inner coefficients of its primitive polynomial,
  /// then the first direction numbers.
  private static final int[][] JOE_KUO = {
    {1, 0, 1},
    {2, 1, 1, 3},
    {3, 1, 1, 3, 1},
    {3, 2, 1, 1, 1},
    {4, 1, 1, 1, 3, 3},
    {4, 4, 1, 3, 5, 13},
    {5, 2, 1, 1, 5, 5, 17},
    {5, 4, 1, 1, 5, 5, 5},
    {5, 7, 1, 1, 7, 11, 19},
    {5, 11, 1, 1, 5, 1, 1},
    {5, 13, 1, 1, 1, 3, 11},
    {5, 14, 1, 3, 5, 5, 31},
    {6, 1, 1, 3, 3, 9, 7, 49},
    {6, 13, 1, 1, 1, 15, 21, 21},
    {6, 16, 1, 3, 1, 13, 27, 49},
    {6, 19, 1, 1, 1, 15, 7, 5},
    {6, 22, 1, 3, 1, 15, 13, 25},
    {6, 25, 1, 1, 5, 5, 19, 61},
    {7, 1, 1, 3, 7, 11, 23, 15, 103},
    {7, 4, 1, 3, 7, 13, 13, 15, 69}
  };

  private static final int[][] DIRECTIONS = directions();

  private Sobol() {}

  private static int[][] directions() {
    int[][] all = new int[DIMENSIONS][BITS];
    for (int bit = 0; bit < BITS; bit++) {
      all[0][bit] = 1 << (BITS - 1 - bit);
    }
    for (int d = 1; d < DIMENSIONS; d++) {
      int[] row = JOE_KUO[d - 1];
      int degree = row[0];
      for (int bit = 0; bit < BITS; bit++) {
        if (bit < degree) {
          all[d][bit] = row[2 + bit] << (BITS - 1 - bit);
          continue;
        }
        int v = all[d][bit - degree] ^ (all[d][bit - degree] >>> degree);
        for (int k = 1; k < degree; k++) {
          if ((row[1] >>> (degree - 1 - k) & 1) == 1) {
            v ^= all[d][bit - k];
          }
        }
        all[d][bit] = v;
      }
    }
    return all;
  }

  /// Returns a point of the sequence.
  ///
  /// @param index its place, from 0
  /// @param dimensions how many coordinates, each in 0..1 without 1
  /// @param seed of the scrambling
  public static double[] point(int index, int dimensions, long seed) {
    double[] point = new double[dimensions];
    for (int d = 0; d < dimensions; d++) {
      if (d >= DIMENSIONS) {
        long own = SeededRandom.resample(seed, (long) index * dimensions + d);
        point[d] = new SplittableRandom(own).nextDouble();
        continue;
      }
      int hash = (int) (SeededRandom.resample(seed, d) >>> BITS);
      point[d] = Integer.toUnsignedLong(scrambled(plain(index, d), hash)) / (double) (1L << BITS);
    }
    return point;
  }

  /// Returns a coordinate without scrambling, as the 32 bits after the point.
  static int plain(int index, int dimension) {
    int x = 0;
    for (int bit = 0; bit < BITS; bit++) {
      if ((index >>> bit & 1) == 1) {
        x ^= DIRECTIONS[dimension][bit];
      }
    }
    return x;
  }

  /// Flips each bit by a hash of the bits above it.
  private static int scrambled(int value, int seed) {
    int x = Integer.reverse(value);
    x += seed;
    x ^= x * 0x6c50b47c;
    x ^= x * 0xb82f1e52;
    x ^= x * 0xc7afe638;
    x ^= x * 0x8d22f6e6;
    return Integer.reverse(x);
  }
}
