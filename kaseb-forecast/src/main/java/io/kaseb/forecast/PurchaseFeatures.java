package io.kaseb.forecast;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the trees and regressions of a purchase forecast read of a session: the rows that a graph
/// of `kaseb export --to onnx-purchases` takes.
///
/// @param session `[n]`, what [PurchaseForecaster#sessionFeatures()] names, in its order
/// @param items by item id, in order of first events: `[m]`, what
///   [PurchaseForecaster#itemFeatures()] names, in its order
public record PurchaseFeatures(float[] session, Map<String, float[]> items) {
  /// Copies the map.
  public PurchaseFeatures {
    items = Collections.unmodifiableMap(new LinkedHashMap<>(items));
  }
}
