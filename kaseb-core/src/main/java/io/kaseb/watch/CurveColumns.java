package io.kaseb.watch;

import io.kaseb.store.Curve;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// Curves as a page takes them: a million points would be slow as text.
final class CurveColumns {
  private CurveColumns() {}

  /// Returns `trials` (ids), `counts` (points of each), `values` (all points, one curve after the
  /// other: little-endian 32-bit floats in base64), `steps` by id for the curves that are not
  /// reports of the steps 1, 2, 3 ..., and `thinned`, how many curves have lost points.
  ///
  /// @param isWhole whether curves keep all their points
  static Map<String, Object> of(Map<Integer, Curve> curves, boolean isWhole) {
    Map<Integer, Curve> ordered = new TreeMap<>(curves);
    int points = 0;
    int thinned = 0;
    for (Map.Entry<Integer, Curve> e : ordered.entrySet()) {
      Curve kept = isWhole ? e.getValue() : ReportSample.thinned(e.getValue());
      thinned += kept == e.getValue() ? 0 : 1;
      points += kept.values().length;
      e.setValue(kept);
    }
    int[] trials = ordered.keySet().stream().mapToInt(Integer::intValue).toArray();
    int[] counts = new int[trials.length];
    Map<String, int[]> steps = new LinkedHashMap<>();
    for (int i = 0; i < trials.length; i++) {
      Curve curve = of(ordered, trials[i]);
      counts[i] = curve.values().length;
      if (!isPlain(curve.steps())) {
        steps.put(Integer.toString(trials[i]), curve.steps());
      }
    }
    ByteBuffer bytes = ByteBuffer.allocate(4 * points).order(ByteOrder.LITTLE_ENDIAN);
    for (int trial : trials) {
      for (float value : of(ordered, trial).values()) {
        bytes.putFloat(value);
      }
    }
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("trials", trials);
    out.put("counts", counts);
    out.put("values", Base64.getEncoder().encodeToString(bytes.array()));
    out.put("steps", steps);
    out.put("thinned", thinned);
    return out;
  }

  private static Curve of(Map<Integer, Curve> curves, int trial) {
    return curves.getOrDefault(trial, new Curve(new int[0], new float[0]));
  }

  private static boolean isPlain(int[] steps) {
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] != i + 1) {
        return false;
      }
    }
    return true;
  }
}
