package io.kaseb.network;

/// What tests see and change of a network in training that nobody else may.
public final class NetworkProbe {
  private NetworkProbe() {}

  /// Returns a layer's states after the last step, [samples x units].
  public static float[] hidden(Network network, int l, int samples) {
    Activations out = network.layers.get(l).out;
    float[] copy = new float[samples * out.size];
    for (int b = 0; b < samples; b++) {
      System.arraycopy(out.bySample, b * out.width, copy, b * out.size, out.size);
    }
    return copy;
  }

  /// Makes a network repeat the reference's slip: where slots have closed, the first negatives get
  /// the logQ correction of targets.
  ///
  /// @param counts training events of each item
  public static Slip slip(Network network, long[] counts, Network.StepConfig config) {
    Slip slip = new Slip();
    int threads = network.columns.length;
    float[] logCounts = ScoreColumns.logCounts(counts);
    for (int t = 0; t < threads; t++) {
      network.columns[t] = new SlippedColumns(slip, logCounts, config, t, threads);
    }
    return slip;
  }

  /// How far the slip goes.
  public static final class Slip {
    private int targetLike;

    /// Sets how many of the next step's first negatives are taken for targets.
    public void targetLike(int n) {
      targetLike = n;
    }
  }

  private static final class SlippedColumns extends ScoreColumns {
    private final Slip slip;

    SlippedColumns(
        Slip slip, float[] logCounts, Network.StepConfig config, int thread, int threads) {
      super(
          logCounts,
          config.sampleAlpha(),
          config.loss().logq(),
          config.batchSize(),
          config.samples(),
          0,
          thread,
          threads);
      this.slip = slip;
    }

    @Override
    void addNegatives(int[] negatives, int n) {
      targetItems.add(negatives, 0, slip.targetLike);
      sampleItems.add(negatives, slip.targetLike, n);
    }
  }
}
