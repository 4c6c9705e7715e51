package io.kaseb.config;

import io.kaseb.config.KnnSettings.Weight;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The keys of [KnnSettings]; all begin with `knn_`.
public final class KnnKeys {
  static final int MOST_SAMPLES = 1_000_000;

  /// The table. Defaults are VMIS-kNN's as Serenade ships them (Kersbergen et al., SIGMOD 2022): k
  /// 500 of the 500 most recent sessions, position / length, a linear decay over ten clicks, idf 1.
  public static final KeyTable<KnnSettings> TABLE =
      new KeyTable<>(
          KnnSettings.class,
          "knn_",
          Set.of(),
          (pairs, base) -> {},
          List.of(
              Key.of("knn_k", new KeyType.Whole(1, 100_000), 500, "neighbours that score items"),
              Key.of(
                  "knn_sample",
                  new KeyType.Whole(1, MOST_SAMPLES),
                  500,
                  "most recent sessions among which they are sought; `knn_k` at least"),
              Key.of(
                  "knn_weighting",
                  KeyType.OneOf.of(Weight.class),
                  Weight.DIV,
                  "weight of a click by its place in the session"),
              Key.of(
                  "knn_decay",
                  KeyType.OneOf.of(Weight.class),
                  Weight.LINEAR,
                  "weight of a neighbour by how long ago the newest shared item was clicked"),
              Key.of(
                  "knn_idf",
                  KeyType.LongDecimal.of(0, 1000),
                  1.0,
                  "how much rare items are lifted; 0 for not at all"),
              Key.of(
                  "knn_clicks",
                  new KeyType.Whole(1, KnnSettings.MOST_CLICKS),
                  9,
                  "last clicks of the session that are looked at"),
              Key.of(
                  "knn_norm",
                  KeyType.LongDecimal.offAtZero(1),
                  0.0,
                  "a neighbour's similarity is divided by its number of items to this power: 0.5 for the cosine, 0 for not at all"),
              Key.of(
                  "knn_lambda_spw",
                  KeyType.LongDecimal.offAtZero(1_000_000),
                  0.0,
                  "clicks after which a click's weight has fallen to 1 / e, in the place of `knn_weighting`; 0 for that"),
              Key.of(
                  "knn_lambda_snh",
                  KeyType.LongDecimal.offAtZero(1_000_000),
                  0.0,
                  "days after which a neighbour's weight has fallen to 1 / e; 0 for no fall"),
              Key.of(
                  "knn_lambda_inh",
                  KeyType.LongDecimal.offAtZero(1_000_000),
                  0.0,
                  "places from the newest shared item over which the weight of a neighbour's items falls to 1 / e; 0 for no fall"),
              Key.of(
                  "knn_lambda_ipw",
                  KeyType.LongDecimal.offAtZero(1_000_000),
                  0.0,
                  "clicks since the newest shared item over which a neighbour's weight falls to 1 / e, in the place of `knn_decay`; 0 for that")));

  private KnnKeys() {}

  /// Checks keys and values one by one: which go together, the kind of model decides.
  ///
  /// @param place where they stand, for messages, or null
  /// @throws io.kaseb.base.KasebException naming the key, its value and what is allowed
  public static void check(@Nullable String place, Map<String, String> pairs) {
    TABLE.parsed(place, KnnSettings.VMIS_KNN, pairs);
  }
}
