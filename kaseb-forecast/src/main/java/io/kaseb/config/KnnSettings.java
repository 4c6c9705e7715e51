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
/// @param norm power of a neighbour's number of items that its similarity is divided by
/// @param lambdaSpw see [KnnKeys]; 0 leaves it to `weighting`
/// @param lambdaSnh in days; 0 for no fall
/// @param lambdaInh in places; 0 for no fall
/// @param lambdaIpw in clicks; 0 leaves it to `decay`
public record KnnSettings(
    int k,
    int sample,
    Weight weighting,
    Weight decay,
    double idf,
    int clicks,
    double norm,
    double lambdaSpw,
    double lambdaSnh,
    double lambdaInh,
    double lambdaIpw) {
  /// The most clicks that a session is remembered by.
  public static final int MOST_CLICKS = 100;

  /// V-SkNN's as session-rec tuned them on RetailRocket (Ludewig et al. 2021): k 500, sample 5,000,
  /// quadratic, div, idf 5.
  public static final KnnSettings VS_KNN =
      new KnnSettings(500, 5_000, Weight.QUADRATIC, Weight.DIV, 5, MOST_CLICKS);

  /// VMIS-kNN's as Serenade ships them (Kersbergen et al., SIGMOD 2022): k 500 of the 500 most
  /// recent sessions, position / length, a linear decay over ten clicks, idf 1.
  public static final KnnSettings VMIS_KNN = KnnKeys.TABLE.defaults();

  /// STAN's (Garg et al., SIGIR 2019) as session-rec tuned them for MRR on RetailRocket: k 500 of
  /// the 1,000 most recent sessions, cosine, the three decays 1.81 clicks, 100 days and .4525
  /// places.
  public static final KnnSettings STAN =
      new KnnSettings(
          500, 1_000, Weight.SAME, Weight.SAME, 0, MOST_CLICKS, .5, 1.81, 100, .4525, 0);

  /// VSTAN's (Ludewig et al. 2021) as session-rec tuned them for MRR on RetailRocket: k 1,000 of
  /// the 2,500 most recent sessions, STAN's decays 3.62, 100 and .4525, and V-SkNN's weight of a
  /// neighbour by its newest shared item (3.62 clicks) and lift of rare items (1).
  public static final KnnSettings VSTAN =
      new KnnSettings(
          1_000, 2_500, Weight.SAME, Weight.SAME, 1, MOST_CLICKS, 0, 3.62, 100, .4525, 3.62);

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
    KnnKeys.TABLE.check(
        k, sample, weighting, decay, idf, clicks, norm, lambdaSpw, lambdaSnh, lambdaInh, lambdaIpw);
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

  /// Creates settings without STAN's decays.
  public KnnSettings(int k, int sample, Weight weighting, Weight decay, double idf, int clicks) {
    this(k, sample, weighting, decay, idf, clicks, 0, 0, 0, 0, 0);
  }

  /// Returns the weight of the click at `place` (from 1) of `length`.
  public double place(int place, int length) {
    return lambdaSpw > 0 ? Math.exp((place - length) / lambdaSpw) : weighting.place(place, length);
  }

  /// Returns the weight of a neighbour whose newest shared item was clicked `ago` clicks ago, 1 the
  /// newest.
  public double ago(int ago) {
    return lambdaIpw > 0 ? Math.exp((1 - ago) / lambdaIpw) : decay.ago(ago);
  }

  /// Returns the same, changed by key-value pairs as users write them.
  ///
  /// @param pairs keys that begin with `knn_`
  /// @throws KasebException naming the key, its value and what is allowed
  public KnnSettings with(Map<String, String> pairs) {
    return KnnKeys.TABLE.changed(null, this, pairs);
  }
}
