package io.kaseb.compress;

import io.kaseb.base.KasebException;
import io.kaseb.model.Architecture;
import io.kaseb.model.Embedding;
import io.kaseb.model.ModelFile;
import io.kaseb.model.Tensor;
import io.kaseb.tune.math.SymmetricMatrix;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Item tables as products: a table W of [items, columns] becomes A B with A of [items, rank] and B
/// of [rank, columns], the nearest such product by squared error (Eckart and Young, "The
/// approximation of one matrix by another of lower rank", Psychometrika 1936): B has the first
/// eigenvectors of W'W in its rows, and A = W B'.
///
/// Every item counts the same, and every column: weights by items' clicks, and by the covariance of
/// what the rows are multiplied with, kept no more of the ranking (docs/scale.md has figures).
final class LowRank {
  /// The names of item tables, those of an ensemble's further networks too.
  private static final Pattern TABLE = Pattern.compile("(net\\.\\d+\\.)?(Wy|E|GE\\.Wx0)\\.weight");

  private final ModelFile file;
  private final int rank;
  private final Map<String, Tensor> tensors;

  private LowRank(ModelFile file, int rank) {
    this.file = file;
    this.rank = rank;
    this.tensors = new LinkedHashMap<>(file.tensors());
  }

  /// Returns how many floats the widest row of a network's item tables has: ranks below it make
  /// something smaller.
  static int widest(Architecture shape) {
    boolean own = shape.embedding() != Embedding.CONSTRAINED;
    return Math.max(shape.outputSize(), own ? shape.inputSize(0) : 0);
  }

  /// Returns a model with its networks' item tables as products; tables of `rank` columns or fewer
  /// stay as they are.
  ///
  /// @param model with a network; left as it is
  /// @param rank floats of an item's row
  /// @throws KasebException where no table has more columns
  static ModelFile of(ModelFile model, int rank) {
    ModelFile whole = model.expanded();
    int widest = widest(whole.shape());
    if (rank < 1 || rank >= widest) {
      throw KasebException.ofSetting(
          "rank",
          rank,
          widest == 1
              ? "no more than 0, as its items' rows have one float each"
              : "1..%d: the widest row of its items has %d floats".formatted(widest - 1, widest));
    }
    return new LowRank(whole, rank).made();
  }

  private ModelFile made() {
    for (String name : file.tensors().keySet()) {
      if (TABLE.matcher(name).matches()) {
        factor(name);
      }
    }
    return file.with(file.shape().withRank(rank), tensors);
  }

  private void factor(String name) {
    Tensor table = tensors.get(name);
    if (table == null || table.shape()[1] <= rank) {
      return;
    }
    int columns = table.shape()[1];
    double[][] base = base(table, rank);
    float[] floats = new float[rank * columns];
    for (int r = 0; r < rank; r++) {
      for (int c = 0; c < columns; c++) {
        floats[r * columns + c] = (float) base[r][c];
      }
    }
    tensors.put(Architecture.base(name), Tensor.matrix(rank, columns, floats));
    tensors.put(name, narrow(table, base));
    // What attributes give an item without clicks is a sum of rows, which turn as those do.
    tensors.computeIfPresent("attributes." + name, (n, rows) -> narrow(rows, base));
  }

  /// Returns the first eigenvectors of W'W, [rank x columns].
  private static double[][] base(Tensor table, int rank) {
    int columns = table.shape()[1];
    SymmetricMatrix square = SymmetricMatrix.of(square(table));
    return IntStream.range(0, columns)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> -square.root(k)))
        .limit(rank)
        .map(square::vector)
        .toArray(double[][]::new);
  }

  /// Returns W'W, times what makes the mean along its diagonal 1.
  private static double[][] square(Tensor table) {
    int columns = table.shape()[1];
    float[] x = table.data();
    double[][] square = new double[columns][columns];
    for (int at = 0; at < x.length; at += columns) {
      for (int i = 0; i < columns; i++) {
        for (int j = 0; j <= i; j++) {
          square[i][j] += (double) x[at + i] * x[at + j];
        }
      }
    }
    double trace = 0;
    for (int i = 0; i < columns; i++) {
      trace += square[i][i];
    }
    for (int i = 0; i < columns; i++) {
      for (int j = 0; j <= i; j++) {
        square[i][j] *= trace > 0 ? columns / trace : 1;
        square[j][i] = square[i][j];
      }
    }
    return square;
  }

  private static Tensor narrow(Tensor rows, double[][] base) {
    int rank = base.length;
    int columns = rows.shape()[1];
    float[] data = new float[rows.shape()[0] * rank];
    double[] row = new double[columns];
    for (int i = 0; i < rows.shape()[0]; i++) {
      for (int c = 0; c < columns; c++) {
        row[c] = rows.data()[i * columns + c];
      }
      for (int r = 0; r < rank; r++) {
        double sum = 0;
        for (int c = 0; c < columns; c++) {
          sum += row[c] * base[r][c];
        }
        data[i * rank + r] = (float) sum;
      }
    }
    return Tensor.matrix(rows.shape()[0], rank, data);
  }
}
