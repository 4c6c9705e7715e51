package io.kaseb.train;

import static java.util.Objects.requireNonNull;

import io.kaseb.base.Workers;
import io.kaseb.data.AttributeColumn;
import io.kaseb.data.OpenDataset;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import io.kaseb.newitem.AttributeRows;
import io.kaseb.newitem.ItemValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Finds what attributes give a trained network's item rows, and gives items without clicks theirs.
///
/// The rows of items with clicks are regressed on their attributes ([RidgeRows]); an item counts
/// the more, the more clicks its row was learned from. How much the regression is held back is
/// chosen by how well it foretells the rows of items left out of it. Nothing changes for items with
/// clicks.
public final class AttributeFit {
  private static final int FOLDS = 5;
  private static final int LIFT_FOLDS = 10;
  private static final String BIAS = "By.weight";
  private static final int MOST_TRIED_COLUMNS = 16;
  private static final double[] LAMBDAS = {.1, .3, 1, 3, 10, 30, 100};

  /// Clicks at which an item's row counts half.
  private static final double HALF = 10;

  private final ModelFile file;
  private final ItemFields items;
  private final int[] index;
  private final long[] clicks;
  private final Workers workers;

  /// What each attribute value adds to rows as it was trained with them, by table; may be empty.
  private final Map<String, Tensor> shared;

  private AttributeFit(
      ModelFile file,
      ItemFields items,
      long[] clicks,
      Map<String, Tensor> shared,
      Workers workers) {
    this.file = file;
    this.shared = shared;
    this.items = items;
    this.index = items.index();
    this.clicks = clicks;
    this.workers = workers;
  }

  /// Returns a model with what attributes give items, and with rows for those items of the log that
  /// it lacked; the same model where no item has attributes.
  ///
  /// @param file a network
  /// @param attributes the log's attributes; those of items count
  /// @param log the log's items, which the columns' rows are numbered by
  /// @param clicks how often each item of the model was clicked in training
  /// @param sessions those clicks in the model's numbers, by which is chosen how much items without
  ///   clicks are raised
  /// @param shared what each value of [ItemFields] adds to rows as it was trained with them, by the
  ///   item table's name; empty where rows were trained without
  public static ModelFile extended(
      ModelFile file,
      List<AttributeColumn> attributes,
      Catalogue log,
      long[] clicks,
      Sessions sessions,
      Map<String, Tensor> shared,
      Workers workers) {
    ItemFields items = ItemFields.of(attributes, log.indicesIn(file.catalogue()), clicks);
    return items.values() == 0
        ? file
        : new AttributeFit(file, items, clicks, shared, workers).extended(log, sessions);
  }

  /// Returns the values of a model's items, null where it knows no attributes of items.
  ///
  /// @param file a network that [#extended] gave what attributes give
  /// @param dataset that it was trained on
  public static @Nullable ItemValues values(ModelFile file, OpenDataset dataset) {
    AttributeRows rows = AttributeRows.of(file);
    if (rows == null) {
      return null;
    }
    ItemFields items = ItemFields.of(rows.fields(), dataset.labelledTrain().signals().attributes());
    int[][] values = new int[file.catalogue().size()][0];
    Catalogue log = dataset.dataset().catalogue();
    int[] index = log.indicesIn(file.catalogue());
    for (int item = 0; item < index.length; item++) {
      if (index[item] >= 0) {
        values[index[item]] = rows.numbers(items.numbers(item));
      }
    }
    return ItemValues.of(values);
  }

  private ModelFile extended(Catalogue log, Sessions sessions) {
    int rows = file.catalogue().size();
    int[][] values = new int[rows][0];
    float[][] shares = new float[rows][0];
    double[] weights = new double[rows];
    for (int item = 0; item < index.length; item++) {
      int at = index[item];
      if (at >= 0 && clicks[at] > 0) {
        values[at] = items.sparse(item);
        shares[at] = items.shares(item);
        weights[at] = clicks[at] / (clicks[at] + HALF);
      }
    }
    int features = items.values();
    RidgeRows ridge = new RidgeRows(values, shares, weights, features);
    double lambda = lambda(ridge);
    Map<String, Tensor> tables = tables(ridge, features, lambda);
    float lift = lift(ridge.without(0, LIFT_FOLDS), features, lambda, sessions);
    tables.computeIfPresent(
        BIAS,
        (name, table) -> {
          float[] raised = table.data().clone();
          raised[0] += lift;
          return Tensor.matrix(1 + features, 1, raised);
        });
    AttributeRows found = new AttributeRows(items.fields(), tables);
    List<String> ids = new ArrayList<>();
    List<int[][]> cold = new ArrayList<>();
    for (int item = 0; item < index.length; item++) {
      int[][] own = items.numbers(item);
      if (index[item] < 0 && Arrays.stream(own).anyMatch(v -> v.length > 0)) {
        ids.add(log.id(item));
        cold.add(own);
      }
    }
    return found.within(found.extended(file, ids, cold));
  }

  private Map<String, Tensor> tables(RidgeRows ridge, int features, double lambda) {
    Map<String, Tensor> tables = new LinkedHashMap<>();
    for (String name : WarmStart.BY_ITEM.stream().sorted().toList()) {
      Tensor table = file.tensors().get(name);
      if (table != null) {
        int width = table.shape()[1];
        int[] all = IntStream.range(0, width).toArray();
        float[] fitted = ridge.fit(rest(name, table), width, all, lambda, workers);
        Tensor learned = shared.get(name);
        for (int i = 0; learned != null && i < learned.data().length; i++) {
          fitted[width + i] += learned.data()[i];
        }
        tables.put(name, Tensor.matrix(1 + features, width, fitted));
      }
    }
    return tables;
  }

  /// Returns a table's rows without the parts that they have of what was learned with them.
  private float[] rest(String name, Tensor table) {
    Tensor learned = shared.get(name);
    if (learned == null) {
      return table.data();
    }
    int width = table.shape()[1];
    float[] rest = table.data().clone();
    for (int item = 0; item < index.length; item++) {
      int at = index[item];
      if (at < 0) {
        continue;
      }
      int[] own = items.sparse(item);
      float[] shares = items.shares(item);
      for (int i = 0; i < own.length; i++) {
        for (int k = 0; k < width; k++) {
          rest[at * width + k] -= shares[i] * learned.data()[own[i] * width + k];
        }
      }
    }
    return rest;
  }

  /// Chooses how much items without clicks are raised: some items that have clicks get the rows
  /// that they would have without.
  private float lift(RidgeRows others, int features, double lambda, Sessions sessions) {
    if (!file.tensors().containsKey(BIAS)) {
      return 0;
    }
    AttributeRows rows = new AttributeRows(items.fields(), tables(others, features, lambda));
    boolean[] isCold = new boolean[file.catalogue().size()];
    Map<String, Tensor> tensors = new LinkedHashMap<>(file.tensors());
    rows.tables()
        .forEach(
            name -> {
              Tensor table = requireNonNull(tensors.get(name));
              int width = table.shape()[1];
              float[] data = table.data().clone();
              for (int item = 0; item < index.length; item++) {
                int at = index[item];
                if (at >= 0 && at % LIFT_FOLDS == 0 && clicks[at] > 0) {
                  isCold[at] = true;
                  System.arraycopy(rows.row(name, items.numbers(item)), 0, data, at * width, width);
                }
              }
              tensors.put(name, Tensor.matrix(isCold.length, width, data));
            });
    return NewItemLift.of(file.with(file.catalogue(), tensors), isCold, sessions);
  }

  private double lambda(RidgeRows ridge) {
    Tensor table = requireNonNull(file.tensors().get("Wy.weight"));
    int width = table.shape()[1];
    float[] rest = rest("Wy.weight", table);
    int[] tried =
        IntStream.range(0, width)
            .filter(c -> c % Math.max(1, width / MOST_TRIED_COLUMNS) == 0)
            .toArray();
    double best = LAMBDAS[0];
    double least = Double.POSITIVE_INFINITY;
    for (double lambda : LAMBDAS) {
      double error = 0;
      for (int fold = 0; fold < FOLDS; fold++) {
        float[] fitted = ridge.without(fold, FOLDS).fit(rest, width, tried, lambda, workers);
        error += ridge.error(fold, FOLDS, rest, width, tried, fitted);
      }
      if (error < least) {
        least = error;
        best = lambda;
      }
    }
    return best;
  }
}
