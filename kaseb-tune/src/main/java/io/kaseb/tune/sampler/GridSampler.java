package io.kaseb.tune.sampler;

import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.Domain;
import io.kaseb.tune.space.NormalRange;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.trial.History;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Tries every combination in order, the last parameter changing fastest. Continuous parameters
/// begin with their bounds and middle; when all combinations are tried, each interval is halved.
public final class GridSampler implements Sampler {
  private static final int LEVELS = 40;

  /// Creates the sampler; it keeps nothing between trials.
  public GridSampler() {}

  @Override
  public Optional<Suggestion> suggest(History history, RandomGenerator random) {
    Space space = history.space();
    int levels = space.size() == Domain.UNLIMITED && endless(space) ? LEVELS : 1;
    for (int level = 0; level < levels; level++) {
      double[] point = first(space, level);
      do {
        Parameters parameters = space.at(point);
        if (!history.seen(parameters)) {
          return Optional.of(new Suggestion(parameters, -1));
        }
      } while (advance(space, point, level));
    }
    return Optional.empty();
  }

  private static boolean endless(Space space) {
    return space.dimensions().stream().anyMatch(d -> d.domain().size() == Domain.UNLIMITED);
  }

  private static double[] first(Space space, int level) {
    double[] point = new double[space.dimensions().size()];
    reset(space, point, 0, level);
    return point;
  }

  private static void reset(Space space, double[] point, int from, int level) {
    for (Dimension dimension : space.dimensions().subList(from, point.length)) {
      point[dimension.index()] =
          dimension.active(point) ? coordinate(dimension, 0, level) : Double.NaN;
    }
  }

  /// Moves to the next combination; false where there is none.
  private static boolean advance(Space space, double[] point, int level) {
    for (int i = point.length - 1; i >= 0; i--) {
      Dimension dimension = space.dimensions().get(i);
      if (!dimension.active(point)) {
        continue;
      }
      long next = index(dimension, point[i], level) + 1;
      if (next < count(dimension, level)) {
        point[i] = coordinate(dimension, next, level);
        reset(space, point, i + 1, level);
        return true;
      }
    }
    return false;
  }

  private static long count(Dimension dimension, int level) {
    long size = dimension.domain().size();
    return size == Domain.UNLIMITED ? (1L << (level + 1)) + 1 : size;
  }

  private static double coordinate(Dimension dimension, long index, int level) {
    if (dimension.domain().size() != Domain.UNLIMITED) {
      return dimension.domain().coordinateAt(index);
    }
    double share = (double) index / (count(dimension, level) - 1);
    // A bell has no bounds: its outermost points are those that leave 2.5 % beyond.
    return dimension.domain() instanceof NormalRange ? .025 + .95 * share : share;
  }

  private static long index(Dimension dimension, double coordinate, int level) {
    if (dimension.domain().size() != Domain.UNLIMITED) {
      return dimension.domain().indexOf(coordinate);
    }
    double share =
        dimension.domain() instanceof NormalRange ? (coordinate - .025) / .95 : coordinate;
    return Math.round(share * (count(dimension, level) - 1));
  }
}
