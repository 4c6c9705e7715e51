package io.kaseb.config;

import io.kaseb.base.KasebException;
import io.kaseb.base.KasebException.Problem;
import java.util.Map;

/// How session-kNN finds and weighs neighbours. [KnnKeys] says what each component means: it is the
/// key of the same name after `knn_`.
///
/// @param weighting weight of a click of the session so far, the newest weighing 1
/// @param decay weight of a neighbour by how many clicks ago the newest shared item was clicked
/// @param idf rare items are lifted: score x (1 + idf x ln(sessions / sessions with the item))
public record KnnSettings(
    int k, int sample, Weight weighting, Weight decay, double idf, int clicks) {
  /// The most clicks that a session is remembered by.
  public static final int MOST_CLICKS = 100;

  /// V-SkNN's as session-rec tuned them on RetailRocket (Ludewig et al. 2021): k 500, sample 5,000,
  /// quadratic, div, idf 5.
  public static final KnnSettings VS_KNN =
      new KnnSettings(500, 5_000, Weight.QUADRATIC, Weight.DIV, 5, MOST_CLICKS);

  /// VMIS-kNN's as Serenade ships them (Kersbergen et al., SIGMOD 2022): k 500 of the 500 most
  /// recent sessions, position / length, a linear decay over ten clicks, idf 1.
  public static final KnnSettings VMIS_KNN = KnnKeys.TABLE.defaults();

  /// A falling weight.
  public enum Weight {
    /// 1 whatever the place.
    SAME,
    /// place / length, or 1 / clicks ago.
    DIV,
    /// The square of [#DIV].
    QUADRATIC,
    /// 1 - clicks before the newest / 10, none beyond ten.
    LINEAR;

    /// Returns the weight of the click at `place` (from 1) of `length`.
    public double place(int place, int length) {
      return switch (this) {
        case SAME -> 1;
        case DIV -> (double) place / length;
        case QUADRATIC -> (double) place * place / ((double) length * length);
        case LINEAR -> Math.max(0, 1 - .1 * (length - place));
      };
    }

    /// Returns the weight of a click made `ago` clicks ago, 1 the newest.
    public double ago(int ago) {
      return switch (this) {
        case SAME -> 1;
        case DIV -> 1.0 / ago;
        case QUADRATIC -> 1.0 / ((double) ago * ago);
        case LINEAR -> Math.max(0, 1 - .1 * (ago - 1));
      };
    }
  }

  /// Checks the ranges.
  public KnnSettings {
    KnnKeys.TABLE.check(k, sample, weighting, decay, idf, clicks);
    if (sample < k) {
      throw new KasebException(
          new Problem(
              null,
              "knn_sample=" + sample,
              k + ".." + KnnKeys.MOST_SAMPLES + ", knn_k at least",
              null),
          null);
    }
  }

  /// Returns the same, changed by key-value pairs as users write them.
  ///
  /// @param pairs keys that begin with `knn_`
  /// @throws KasebException naming the key, its value and what is allowed
  public KnnSettings with(Map<String, String> pairs) {
    return KnnKeys.TABLE.changed(null, this, pairs);
  }
}
