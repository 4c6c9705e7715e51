package io.kaseb.compress;

import io.kaseb.base.KasebException;
import io.kaseb.base.Workers;
import io.kaseb.baseline.Ensemble;
import io.kaseb.baseline.ModelKinds;
import io.kaseb.forecast.Forecaster;
import io.kaseb.model.Architecture;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ItemMask;
import io.kaseb.model.ModelFile;
import io.kaseb.model.NextItemModel;
import io.kaseb.model.SessionState;
import io.kaseb.model.Tensor;
import io.kaseb.model.TopItems;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A model of some of the items: the others have no rows, and the model does not know them.
///
/// As a next-item model it is that one over all items, to be measured beside the whole: clicks on
/// items that it lacks change nothing, and they score below all others, so that as the next click
/// they count as missed. Where no click so far is of an item that it knows, it ranks by its biases.
public final class KeptItems implements NextItemModel {
  private final Catalogue whole;
  private final NextItemModel part;

  /// Each kept item's place in the whole, rising.
  private final int[] kept;

  /// Each item's place in the part, or -1.
  private final int[] places;

  private KeptItems(Catalogue whole, NextItemModel part) {
    this.whole = whole;
    this.part = part;
    this.kept = part.catalogue().indicesIn(whole);
    this.places = whole.indicesIn(part.catalogue());
  }

  /// Returns what forecasts next items as a model does, over a whole catalogue.
  ///
  /// @param part knows all of its items, or some of them in the same order
  public static Forecaster forecaster(Catalogue whole, ModelFile part) {
    return part.catalogue().size() == whole.size()
        ? Forecaster.of(part)
        : Forecaster.of(over(whole, ModelKinds.of(part)));
  }

  /// Returns a model over a whole catalogue.
  ///
  /// @param part knows some of its items, in the same order
  static NextItemModel over(Catalogue whole, NextItemModel part) {
    return new KeptItems(whole, part);
  }

  /// Returns the items that were clicked most, of equally many the first.
  ///
  /// @param clicks of each item
  /// @param most how many there shall be
  /// @return their indices, rising
  static int[] mostClicked(long[] clicks, int most) {
    return IntStream.range(0, clicks.length)
        .boxed()
        .sorted(Comparator.comparingLong((Integer i) -> -clicks[i]).thenComparing(i -> i))
        .limit(most)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  /// Returns a model of some of a model's items.
  ///
  /// @param items their indices, rising
  /// @throws KasebException where the model has more than networks, which counts items by their
  ///   place
  static ModelFile part(ModelFile model, int[] items) {
    Architecture shape = model.shape();
    String more =
        !List.of(ModelFile.GRU4REC, Ensemble.KIND).contains(model.kind())
            ? "a model of kind " + model.kind()
            : model.intent() != null ? "a model with a purchase forecast" : null;
    if (more != null) {
      throw new KasebException(
          new KasebException.Problem(
              null,
              more + ", which remembers every item of its training sessions",
              "networks alone, without purchase forecast, where items are left out",
              "train one with "
                  + KasebException.setting("model", ModelFile.GRU4REC)
                  + " and intent=off, or leave "
                  + KasebException.setting("keep")
                  + " out"));
    }
    int all = model.catalogue().size();
    Map<String, Tensor> tensors = new LinkedHashMap<>(model.tensors());
    for (String table : shape.shapes(all).keySet()) {
      if (table.endsWith(".weight") && !table.startsWith("R.")) {
        tensors.computeIfPresent(table, (n, tensor) -> rows(tensor, items));
        for (int n = 1; tensors.containsKey("net." + n + "." + table); n++) {
          tensors.computeIfPresent("net." + n + "." + table, (m, tensor) -> rows(tensor, items));
        }
      }
    }
    List<String> ids = Arrays.stream(items).mapToObj(model.catalogue()::id).toList();
    return model.with(Catalogue.of(ids), tensors);
  }

  private static Tensor rows(Tensor table, int[] items) {
    int columns = table.shape()[1];
    float[] data = new float[items.length * columns];
    for (int i = 0; i < items.length; i++) {
      System.arraycopy(table.data(), items[i] * columns, data, i * columns, columns);
    }
    return Tensor.matrix(items.length, columns, data);
  }

  @Override
  public String name() {
    return part.name();
  }

  @Override
  public Catalogue catalogue() {
    return whole;
  }

  @Override
  public SessionState newSession() {
    return part.newSession();
  }

  @Override
  public void click(SessionState state, int item) {
    if (places[item] >= 0) {
      part.click(state, places[item]);
    }
  }

  @Override
  public void scores(SessionState[] states, int n, float[][] out) {
    float[][] scores = new float[1][kept.length];
    for (int i = 0; i < n; i++) {
      float[] known = scores[0];
      if (states[i].clicks() > 0) {
        part.scores(new SessionState[] {states[i]}, 1, scores);
      } else {
        known = part.popularity();
      }
      Arrays.fill(out[i], 0, whole.size(), Float.NEGATIVE_INFINITY);
      for (int k = 0; k < kept.length; k++) {
        out[i][kept[k]] = known[k];
      }
    }
  }

  @Override
  public double top(SessionState state, TopItems top, @Nullable ItemMask allowed, float sharpness) {
    if (allowed != null || sharpness > 0 || state.clicks() == 0) {
      return NextItemModel.super.top(state, top, allowed, sharpness);
    }
    TopItems found = TopItems.of(top.capacity());
    part.top(state, found);
    top.clear();
    for (int i = 0; i < found.size(); i++) {
      top.offer(kept[found.item(i)], found.score(i));
    }
    return Double.NaN;
  }

  @Override
  public float[] popularity() {
    float[] known = part.popularity();
    float[] all = new float[whole.size()];
    Arrays.fill(all, Float.NEGATIVE_INFINITY);
    for (int k = 0; k < kept.length; k++) {
      all[kept[k]] = known[k];
    }
    return all;
  }

  @Override
  public void prepare(Workers workers) {
    part.prepare(workers);
  }
}
