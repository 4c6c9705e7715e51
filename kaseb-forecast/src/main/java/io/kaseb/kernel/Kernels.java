package io.kaseb.kernel;

/// The float maths that training and scoring spend their time in.
///
/// Every kernel exists twice: [ScalarKernels] is the plain reference, [VectorKernels] does the same
/// with the Vector API. Matrices are row-major slices of flat arrays: an offset, and a leading
/// dimension (floats from one row to the next).
public sealed interface Kernels permits ScalarKernels, VectorKernels {
  /// All row lengths are padded to a multiple of this many floats, whatever the vector width.
  int LANES = 16;

  /// Items in a block of [#scan].
  int SCAN = 64;

  /// The kernels of this process: vectors where the machine has the `jdk.incubator.vector` module,
  /// the scalar reference where it has not or where `-Dkaseb.kernels=scalar` asks for it.
  Kernels BEST = KernelChoice.best();

  /// Rounds a length up to a multiple of [#LANES].
  static int pad(int n) {
    return (n + LANES - 1) / LANES * LANES;
  }

  /// Returns the distance between the rows of a matrix of `n` columns: padded, and not a multiple
  /// of 512 bytes, where a column's floats would all compete for a few lines of the cache.
  static int stride(int n) {
    int padded = pad(n);
    return padded % (8 * LANES) == 0 ? padded + LANES : padded;
  }

  /// Returns what runs, as in `vector 512 bit` or `scalar`.
  String description();

  /// Matrix product `C = A B`, or `C += A B` where `add`. Each element is summed from 0 in the
  /// order of A's columns, one fused multiply-add each, so that it does not depend on the block it
  /// is made in: the item scorer counts on that.
  ///
  /// @param m rows of A and C
  /// @param n columns of B and C
  /// @param k columns of A, rows of B
  void multiply(
      int m,
      int n,
      int k,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc,
      boolean add);

  /// Matrix product with the first factor transposed, `C = A^T B` or `C += A^T B` where `add`.
  ///
  /// @param m columns of A, rows of C
  /// @param n columns of B and C
  /// @param k rows of A and of B
  void multiplyTransposed(
      int m,
      int n,
      int k,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int ldb,
      float[] c,
      int c0,
      int ldc,
      boolean add);

  /// Replaces `n` values by their logistic function, 1 / (1 + exp(-x)).
  void sigmoid(int n, float[] x, int x0);

  /// Replaces `n` values by their hyperbolic tangent.
  void tanh(int n, float[] x, int x0);

  /// Replaces `n` values by ELU: x where x is above 0, else `alpha` (exp(x) - 1).
  void elu(int n, float[] x, int x0, float alpha);

  /// x += y, over `n` values.
  void add(int n, float[] x, int x0, float[] y, int y0);

  /// x *= y, over `n` values.
  void times(int n, float[] x, int x0, float[] y, int y0);

  /// x += y z, over `n` values.
  void addProduct(int n, float[] x, int x0, float[] y, int y0, float[] z, int z0);

  /// Adds a matrix to another, each column times its scale: `x[r, i] += y[r, i] scale[i]`, over
  /// `rows` rows of `n`, `stride` apart in both.
  void addScaled(int rows, int n, float[] x, int x0, float[] y, int y0, int stride, float[] scale);

  /// x = (1 - gate) a + gate b, over `n` values.
  void interpolate(
      int n, float[] x, int x0, float[] a, int a0, float[] b, int b0, float[] gate, int g0);

  /// Turns `n` gates of a GRU (Cho et al. 2014, PyTorch's form) into their gradients: those of the
  /// input's part of the pre-activations in `x`, of the hidden state's part in `g`. Each of the two
  /// holds reset, update and candidate gates, `block` floats apart.
  ///
  /// @param x on entry the gates' values
  /// @param g on entry, in its third block, the hidden state's part of the candidate
  /// @param h the previous hidden state
  /// @param d on entry the gradient of the new hidden state, on return what of it goes straight to
  ///   the previous one, past the gates
  void gruGradient(
      int n, int block, float[] x, int x0, float[] g, int g0, float[] h, int h0, float[] d, int d0);

  /// Fills a dropout mask of `n` values from `m0`: 0 where the upper 24 bits of a hash of `key`
  /// plus the place in `mask` are below `limit`, else `kept`.
  void dropout(int n, float[] mask, int m0, int key, int limit, float kept);

  /// Adagrad with heavy-ball momentum on `n` weights: acc += g^2; v = momentum v - rate g /
  /// sqrt(acc + eps); w += v. Duchi et al. 2011; eps inside the root as in GRU4Rec. Where momentum
  /// is 0 there is no v.
  ///
  /// @param s the state: acc from `acc0`, v from `v0`
  void adagrad(
      int n,
      float[] w,
      int w0,
      float[] s,
      int acc0,
      int v0,
      float[] g,
      int g0,
      float rate,
      float momentum,
      float eps);

  /// Copies `n` floats. For the short rows of an item table, many a step, this beats the call of
  /// `System.arraycopy` by a third.
  void copy(int n, float[] from, int from0, float[] to, int to0);

  /// Adds a block of scores to the running sums of a loss; see [LossBlock].
  void lossSums(LossBlock block);

  /// Turns a block of scores into the gradient of any loss but cross-entropy; see [LossBlock].
  void lossGradient(LossBlock block);

  /// Counts how many of `n` values are greater than `limit` (low 32 bits) and equal to it (high 32
  /// bits).
  long countAbove(int n, float[] x, int x0, float limit);

  /// Scans a block of [#SCAN] items that are kept as bytes: sums hidden x byte over the units, and
  /// says which items' upper bounds, scale x (sum + slack) + bias, are at least the threshold.
  ///
  /// @param rows [units x SCAN] from `rows0`, with 8 bytes to spare at the end of the array
  /// @param scales the items' scales from `scales0`, then their biases
  /// @param out the sums, [SCAN]
  /// @return a bit for each item, the lowest for the first
  long scan(
      int units,
      float[] hidden,
      int hidden0,
      byte[] rows,
      int rows0,
      float[] scales,
      int scales0,
      float slack,
      float threshold,
      float[] out);

  /// Adds the first `n` items of a scanned block to a running softmax denominator: with y = scale x
  /// sum + bias, `total` holds a shift and, over all y so far, the sum of exp(y - shift). The shift
  /// follows the largest y as in Milakov and Gimelshein 2018, algorithm 3, but only where it is
  /// passed by more than 40, so that most blocks need one pass; exponents below -87 count as -87.
  ///
  /// @param n 1 to SCAN
  /// @param sums what [#scan] wrote, [SCAN]; scratch afterwards
  /// @param scales the items' scales from `scales0`, then their biases
  /// @param total shift and sum, [2]; minus infinity and 0 at the start
  void addExponentials(int n, float[] sums, float[] scales, int scales0, double[] total);
}
