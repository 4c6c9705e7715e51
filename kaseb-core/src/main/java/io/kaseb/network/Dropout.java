package io.kaseb.network;

import io.kaseb.kernel.Kernels;
import io.kaseb.tune.math.SeededRandom;
import java.util.Arrays;

/// Decides which activations of a step are dropped. Inverted dropout: what is kept is scaled by 1 /
/// (1 - p), so that nothing changes at inference.
public interface Dropout {
  /// Fills the mask of features `from..to` of a module, [features x stride], for the first `active`
  /// samples: 0 where dropped, 1 / (1 - p) where kept.
  void fill(int module, float p, float[] mask, int from, int to, int stride, int active);

  /// Dropout by hashing (seed, step, module, place), which is independent of the number of threads.
  final class Hashed implements Dropout {
    private final Kernels kernels;
    private long seed;

    /// Creates it with a seed of 0.
    public Hashed(Kernels kernels) {
      this.kernels = kernels;
    }

    /// Sets the seed of the next step.
    public void seed(long seed) {
      this.seed = seed;
    }

    @Override
    public void fill(int module, float p, float[] mask, int from, int to, int stride, int active) {
      int key = SeededRandom.fold(seed, module);
      int n = (to - from) * stride;
      kernels.dropout(n, mask, from * stride, key, (int) (p * 0x1p24f), 1 / (1 - p));
    }
  }

  /// No dropout: every mask is 1.
  Dropout NONE =
      (module, p, mask, from, to, stride, active) ->
          Arrays.fill(mask, from * stride, to * stride, 1f);
}
