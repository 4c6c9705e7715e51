package io.kaseb.train;

import static java.util.Objects.requireNonNull;

import io.kaseb.base.Workers;
import io.kaseb.data.AttributeColumn;
import io.kaseb.event.Attribute;
import io.kaseb.model.Catalogue;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Sessions;
import io.kaseb.model.Tensor;
import io.kaseb.newitem.AttributeField;
import io.kaseb.newitem.AttributeRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Finds what attributes give a trained network's item rows, and gives items without clicks theirs.
///
/// The rows of items with clicks are regressed on their attributes ([RidgeRows]); an item counts
/// the more, the more clicks its row was learned from. How much the regression is held back is
/// chosen by how well it foretells the rows of items left out of it. Nothing changes for items with
/// clicks.
public final class AttributeFit {
  private static final int MOST_VALUES = 4_096;
  private static final int LEAST_ITEMS = 2;
  private static final int STEPS = 8;
  private static final int FOLDS = 5;
  private static final int LIFT_FOLDS = 10;
  private static final String BIAS = "By.weight";
  private static final int MOST_TRIED_COLUMNS = 16;
  private static final double[] LAMBDAS = {.1, .3, 1, 3, 10, 30, 100};

  /// Clicks at which an item's row counts half.
  private static final double HALF = 10;

  private final ModelFile file;
  private final List<AttributeColumn> columns;
  private final int[] index;
  private final long[] clicks;
  private final Workers workers;
  private final List<AttributeField> fields = new ArrayList<>();

  private AttributeFit(
      ModelFile file, List<AttributeColumn> columns, int[] index, long[] clicks, Workers workers) {
    this.file = file;
    this.columns = columns;
    this.index = index;
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
  public static ModelFile extended(
      ModelFile file,
      List<AttributeColumn> attributes,
      Catalogue log,
      long[] clicks,
      Sessions sessions,
      Workers workers) {
    List<AttributeColumn> columns =
        attributes.stream().filter(a -> a.attribute().level() == Attribute.Level.ITEM).toList();
    AttributeFit fit =
        new AttributeFit(file, columns, log.indicesIn(file.catalogue()), clicks, workers);
    return columns.isEmpty() ? file : fit.extended(log, sessions);
  }

  private ModelFile extended(Catalogue log, Sessions sessions) {
    columns.forEach(column -> fields.add(field(column)));
    if (fields.stream().allMatch(field -> field.size() == 0)) {
      return file;
    }
    int rows = file.catalogue().size();
    int[][] values = new int[rows][0];
    float[][] shares = new float[rows][0];
    double[] weights = new double[rows];
    for (int item = 0; item < index.length; item++) {
      int at = index[item];
      if (at >= 0 && clicks[at] > 0) {
        sparse(numbers(item), at, values, shares);
        weights[at] = clicks[at] / (clicks[at] + HALF);
      }
    }
    int features = fields.stream().mapToInt(AttributeField::size).sum();
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
    AttributeRows found = new AttributeRows(fields, tables);
    List<String> ids = new ArrayList<>();
    List<int[][]> cold = new ArrayList<>();
    for (int item = 0; item < index.length; item++) {
      int[][] own = numbers(item);
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
        float[] fitted = ridge.fit(table.data(), width, all, lambda, workers);
        tables.put(name, Tensor.matrix(1 + features, width, fitted));
      }
    }
    return tables;
  }

  /// Chooses how much items without clicks are raised: some items that have clicks get the rows
  /// that they would have without.
  private float lift(RidgeRows others, int features, double lambda, Sessions sessions) {
    if (!file.tensors().containsKey(BIAS)) {
      return 0;
    }
    AttributeRows rows = new AttributeRows(fields, tables(others, features, lambda));
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
                  System.arraycopy(rows.row(name, numbers(item)), 0, data, at * width, width);
                }
              }
              tensors.put(name, Tensor.matrix(isCold.length, width, data));
            });
    return NewItemLift.of(file.with(file.catalogue(), tensors), isCold, sessions);
  }

  /// Numbers the values that some items with clicks share.
  private AttributeField field(AttributeColumn column) {
    Attribute attribute = column.attribute();
    if (attribute.kind() == Attribute.Kind.NUMBER) {
      float[] known =
          sorted(
              IntStream.range(0, index.length)
                  .filter(i -> isTrained(i) && !Float.isNaN(column.numbers()[i]))
                  .mapToDouble(i -> column.numbers()[i])
                  .toArray());
      return new AttributeField(attribute.name(), attribute.kind(), List.of(), edges(known));
    }
    int[] items = new int[column.names().size()];
    for (int item = 0; item < index.length; item++) {
      if (isTrained(item)) {
        for (int code : codes(column, item)) {
          items[code]++;
        }
      }
    }
    List<String> words =
        IntStream.range(0, items.length)
            .filter(c -> items[c] >= LEAST_ITEMS)
            .boxed()
            .sorted(
                Comparator.comparingInt((Integer c) -> -items[c])
                    .thenComparing(c -> column.names().get(c)))
            .limit(MOST_VALUES)
            .map(c -> column.names().get(c))
            .toList();
    return new AttributeField(attribute.name(), attribute.kind(), words, new float[0]);
  }

  private boolean isTrained(int item) {
    return index[item] >= 0 && clicks[index[item]] > 0;
  }

  private static float[] sorted(double[] values) {
    float[] all = new float[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) values[i];
    }
    Arrays.sort(all);
    return all;
  }

  /// Returns where steps of about equal size begin.
  private static float[] edges(float[] sorted) {
    float[] edges = new float[STEPS - 1];
    int n = 0;
    for (int step = 1; step < STEPS && sorted.length > 0; step++) {
      float edge = sorted[step * sorted.length / STEPS];
      if (edge > sorted[0] && (n == 0 || edge > edges[n - 1])) {
        edges[n++] = edge;
      }
    }
    return Arrays.copyOf(edges, n);
  }

  private static int[] codes(AttributeColumn column, int item) {
    if (column.attribute().kind() == Attribute.Kind.WORDS) {
      return Arrays.copyOfRange(column.codes(), column.offsets()[item], column.offsets()[item + 1]);
    }
    return column.codes()[item] < 0 ? new int[0] : new int[] {column.codes()[item]};
  }

  /// Returns the numbers of an item's values, for each field.
  private int[][] numbers(int item) {
    int[][] numbers = new int[columns.size()][];
    for (int f = 0; f < numbers.length; f++) {
      AttributeColumn column = columns.get(f);
      AttributeField field = fields.get(f);
      numbers[f] =
          column.attribute().kind() == Attribute.Kind.NUMBER
              ? field.values(column.numbers()[item])
              : Arrays.stream(codes(column, item))
                  .map(code -> field.number(column.names().get(code)))
                  .filter(number -> number >= 0)
                  .toArray();
    }
    return numbers;
  }

  /// Writes an item's values as one sparse row.
  private void sparse(int[][] numbers, int at, int[][] values, float[][] shares) {
    int n = Arrays.stream(numbers).mapToInt(v -> v.length).sum();
    int[] own = new int[n];
    float[] share = new float[n];
    int offset = 0;
    int k = 0;
    for (int f = 0; f < numbers.length; f++) {
      for (int value : numbers[f]) {
        own[k] = offset + value;
        share[k++] = 1f / numbers[f].length;
      }
      offset += fields.get(f).size();
    }
    values[at] = own;
    shares[at] = share;
  }

  private double lambda(RidgeRows ridge) {
    Tensor table = requireNonNull(file.tensors().get("Wy.weight"));
    int width = table.shape()[1];
    int[] tried =
        IntStream.range(0, width)
            .filter(c -> c % Math.max(1, width / MOST_TRIED_COLUMNS) == 0)
            .toArray();
    double best = LAMBDAS[0];
    double least = Double.POSITIVE_INFINITY;
    for (double lambda : LAMBDAS) {
      double error = 0;
      for (int fold = 0; fold < FOLDS; fold++) {
        float[] fitted =
            ridge.without(fold, FOLDS).fit(table.data(), width, tried, lambda, workers);
        error += ridge.error(fold, FOLDS, table.data(), width, tried, fitted);
      }
      if (error < least) {
        least = error;
        best = lambda;
      }
    }
    return best;
  }
}
