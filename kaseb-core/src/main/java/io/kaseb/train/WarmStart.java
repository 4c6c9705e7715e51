package io.kaseb.train;

import io.kaseb.base.KasebException;
import io.kaseb.model.Catalogue;
import io.kaseb.model.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Starts a network from another model's weights (daily retraining, pre-training): dense weights as
/// they are, item rows by item id; items that the other does not know keep their random rows.
public final class WarmStart {
  /// The tables with a row for each item.
  static final Set<String> BY_ITEM = Set.of("Wy.weight", "By.weight", "E.weight", "GE.Wx0.weight");

  private WarmStart() {}

  /// Returns `fresh` with what `old` knows put in.
  ///
  /// @throws KasebException where the two networks differ in shape
  public static Map<String, Tensor> weights(
      Map<String, Tensor> fresh, Map<String, Tensor> old, Catalogue oldItems, Catalogue newItems) {
    for (String name : old.keySet()) {
      if (name.startsWith("R.") && !fresh.containsKey(name)) {
        throw new KasebException(
            new KasebException.Problem(
                KasebException.setting("init"),
                "it has readout core, this network has not",
                null,
                "train with " + KasebException.setting("readout", "core")));
      }
    }
    int[] index = oldItems.indicesIn(newItems);
    Map<String, Tensor> all = new LinkedHashMap<>();
    fresh.forEach(
        (name, tensor) -> {
          Tensor before = old.get(name);
          int from = BY_ITEM.contains(name) ? 1 : 0;
          if (before == null
              || before.shape().length != tensor.shape().length
              || !Arrays.equals(
                  before.shape(),
                  from,
                  before.shape().length,
                  tensor.shape(),
                  from,
                  tensor.shape().length)) {
            throw new KasebException(
                new KasebException.Problem(
                    KasebException.setting("init"),
                    "its tensor "
                        + name
                        + " is "
                        + (before == null ? "missing" : Arrays.toString(before.shape()))
                        + ", this network's is "
                        + Arrays.toString(tensor.shape()),
                    null,
                    "layers, cell, readout, constrained_embedding and embedding must be the same"));
          }
          all.put(name, from == 0 ? before : rows(tensor, before, index));
        });
    return all;
  }

  private static Tensor rows(Tensor fresh, Tensor old, int[] index) {
    int width = fresh.shape()[1];
    float[] data = fresh.data().clone();
    for (int i = 0; i < index.length; i++) {
      System.arraycopy(old.data(), i * width, data, index[i] * width, width);
    }
    return new Tensor(fresh.shape(), data);
  }
}
