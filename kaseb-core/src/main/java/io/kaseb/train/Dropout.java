package io.kaseb.train;

import java.util.Arrays;

/// Decides which activations of a step are dropped. Inverted dropout: what is kept is scaled by 1 /
/// (1 - p), so that nothing changes at inference.
interface Dropout {
  /// Fills the mask of features `from..to` of a module, [features x stride], for the first `active`
  /// samples: 0 where dropped, 1 / (1 - p) where kept.
  void fill(int module, float p, float[] mask, int from, int to, int stride, int active);

  /// Dropout by hashing (seed, step, module, place): independent of the number of threads, and a
  /// plain integer loop that compiles to vectors.
  final class Hashed implements Dropout {
    private long seed;

    /// Sets the seed of the next step.
    void seed(long seed) {
      this.seed = seed;
    }

    @Override
    public void fill(int module, float p, float[] mask, int from, int to, int stride, int active) {
      int key = (int) (seed >>> 32) ^ (module * 0x9E3779B9) ^ (int) seed;
      int limit = (int) (p * 0x1p24f);
      float kept = 1 / (1 - p);
      for (int i = from * stride; i < to * stride; i++) {
        // lowbias32, an integer hash with nearly ideal avalanche.
        int h = key + i;
        h = (h ^ (h >>> 16)) * 0x7feb352d;
        h = (h ^ (h >>> 15)) * 0x846ca68b;
        h ^= h >>> 16;
        mask[i] = (h >>> 8) >= limit ? kept : 0f;
      }
    }
  }

  /// No dropout: every mask is 1.
  Dropout NONE =
      (module, p, mask, from, to, stride, active) ->
          Arrays.fill(mask, from * stride, to * stride, 1f);
}
