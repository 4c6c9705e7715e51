package io.kaseb.kernel;

import io.kaseb.config.LossKind;

/// A block of scores on its way through a loss, with everything that its kernels read and write.
///
/// Scores are columns x batch: row `c` holds the score of candidate item `c` for each session of
/// the mini-batch, so that the lanes of a vector are sessions. A row stands for `weight` equal
/// columns. The cell where a row is the session's own target is a negative `weight - 1` times: the
/// exact count is in `ownWeight`, which the first `ownRows` rows of the block use.
///
/// A loss is one pass of [Kernels#lossSums] over all blocks, the finishing of the sums for each
/// session, and a second pass of [Kernels#lossGradient]. The caller then adds the target's own
/// part. Cross-entropy has no second pass: the first leaves e = weight exp(s - max), which is its
/// gradient but for a factor a session.
public final class LossBlock {
  /// Which loss.
  public LossKind kind = LossKind.CROSS_ENTROPY;

  /// Rows in this block.
  public int rows;

  /// Sessions, padded to a multiple of [Kernels#LANES]; padded lanes get a gradient of 0.
  public int lanes;

  /// Scores after the final activation, `rows` x `lanes`, from `scores0`, rows `stride` apart.
  public float[] scores = {};

  /// Where the scores start.
  public int scores0;

  /// Floats from one row of `scores` and `own` to the next.
  public int stride;

  /// How many columns each row stands for, from `row0`.
  public float[] weight = {};

  /// What is subtracted from each row's scores before the softmax (logQ), from `row0`;
  /// cross-entropy only.
  public float[] correction = {};

  /// This block's first row within `weight` and `correction`.
  public int row0;

  /// How many of the block's rows, its first, may be some session's own target; 0 for
  /// cross-entropy.
  public int ownRows;

  /// 1 where a row is the session's own target, which is not among its negatives, else 0: rows
  /// `stride` apart. The first row is all 0 and belongs to no column.
  public float[] own = {};

  /// Where the block's rows of `own` start.
  public int own0;

  /// Each session's target score after the final activation, [lanes].
  public float[] target = {};

  /// Running maximum by session, [lanes]; softmax losses only. Start with [#NO_MAX].
  /// Cross-entropy's is raised only by a score that is [#HEADROOM] above it.
  public float[] max = {};

  /// Scratch for the next `max`, [lanes].
  public float[] newMax = {};

  /// Running sums by session, 4 x [lanes] from 0, `stride` apart. Softmax losses: sum of e, e a
  /// (BPR-max) or e c (TOP1-max), e s^2 (BPR-max), e a (1-a) (BPR-max) or e c' (TOP1-max), with e =
  /// weight exp(s - max). TOP1 and BPR: sum of the loss's terms, sum of their derivatives.
  public float[] sums = {};

  /// Finished coefficients by session, 4 x [lanes], `stride` apart; see the losses.
  public float[] coefficients = {};

  /// The regularisation weight of BPR-max.
  public float bpreg;

  /// Receives the gradient, `rows` x `lanes`, rows `stride` apart; scratch space in the first pass.
  public float[] gradient = {};

  /// Where the gradient starts.
  public int gradient0;

  /// The start value of `max`: below any score, far from infinity.
  public static final float NO_MAX = -1e30f;

  /// How far above cross-entropy's running maximum a score may be: e^30 times all columns is far
  /// below a float's end.
  public static final float HEADROOM = 30;
}
