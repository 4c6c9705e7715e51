package io.kaseb.tune.sampler;

import io.kaseb.tune.space.Dimension;
import io.kaseb.tune.space.Domain;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.trial.History;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Replaces a point that was tried already by the nearest one that was not.
final class UnseenPoint {
  private static final int NUDGES = 60;

  private record Candidate(double[] point, double distance, int order) {}

  private UnseenPoint() {}

  /// Returns the parameters at the point, or the nearest unseen ones; empty where all were tried.
  static Optional<Parameters> nearest(History history, double[] point, RandomGenerator random) {
    Parameters wanted = history.space().at(point);
    if (!history.seen(wanted)) {
      return Optional.of(wanted);
    }
    return nudged(history, point, random).or(() -> neighbour(history, point, random));
  }

  /// Moves the coordinates of endless domains by a little, then by more.
  private static Optional<Parameters> nudged(
      History history, double[] point, RandomGenerator random) {
    List<Dimension> endless =
        history.space().dimensions().stream()
            .filter(d -> d.active(point) && d.domain().size() == Domain.UNLIMITED)
            .toList();
    double reach = 1e-3;
    for (int i = 0; i < NUDGES && !endless.isEmpty(); i++, reach = Math.min(.5, reach * 1.5)) {
      double[] moved = point.clone();
      for (Dimension dimension : endless) {
        double u = moved[dimension.index()] + reach * random.nextGaussian();
        moved[dimension.index()] = Math.clamp(u, 0, 1);
      }
      Parameters parameters = history.space().at(moved);
      if (!history.seen(parameters)) {
        return Optional.of(parameters);
      }
    }
    return Optional.empty();
  }

  /// Walks from neighbour to neighbour, nearest first; every seen point is left at most once.
  private static Optional<Parameters> neighbour(
      History history, double[] start, RandomGenerator random) {
    Space space = history.space();
    PriorityQueue<Candidate> queue =
        new PriorityQueue<>(
            Comparator.comparingDouble(Candidate::distance).thenComparingInt(Candidate::order));
    Set<Parameters> known = new HashSet<>(Set.of(space.at(start)));
    queue.add(new Candidate(start, 0, 0));
    int order = 1;
    while (!queue.isEmpty()) {
      Candidate here = queue.remove();
      Parameters parameters = space.at(here.point());
      if (!history.seen(parameters)) {
        return Optional.of(parameters);
      }
      for (double[] next : around(space, here.point(), random)) {
        if (known.add(space.at(next))) {
          queue.add(new Candidate(next, space.distance(start, next), order++));
        }
      }
    }
    return Optional.empty();
  }

  private static List<double[]> around(Space space, double[] point, RandomGenerator random) {
    List<double[]> around = new ArrayList<>();
    for (Dimension dimension : space.dimensions()) {
      Domain domain = dimension.domain();
      if (!dimension.active(point) || domain.size() == Domain.UNLIMITED) {
        continue;
      }
      long at = domain.indexOf(point[dimension.index()]);
      boolean choice = dimension.options() > 0;
      long first = choice ? 0 : Math.max(0, at - 1);
      long last = choice ? domain.size() - 1 : Math.min(domain.size() - 1, at + 1);
      for (long i = first; i <= last; i++) {
        if (i != at) {
          double[] next = point.clone();
          next[dimension.index()] = domain.coordinateAt(i);
          around.add(space.repaired(next, random));
        }
      }
    }
    return around;
  }
}
