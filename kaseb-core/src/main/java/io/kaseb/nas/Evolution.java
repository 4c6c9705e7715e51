package io.kaseb.nas;

import io.kaseb.model.Architecture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/// Which network to measure next: regularised evolution (Real et al. 2019). A child differs in one
/// choice from the best of some of the population, whose oldest member it takes the place of. No
/// network comes twice.
final class Evolution {
  private static final int POPULATION = 16;
  private static final int SAMPLE = 5;

  private final Set<Architecture> left;
  private final Map<Architecture, Double> values = new HashMap<>();
  private final Deque<Architecture> population = new ArrayDeque<>();
  private final boolean inOrder;
  private final Random random;

  private Evolution(Set<Architecture> left, boolean inOrder, Random random) {
    this.left = left;
    this.inOrder = inOrder;
    this.random = random;
  }

  /// Creates a search.
  ///
  /// @param inOrder whether all will be measured, so that their order does not matter
  static Evolution of(List<Architecture> all, boolean inOrder, Random random) {
    List<Architecture> order = new ArrayList<>(all);
    if (!inOrder) {
      Collections.shuffle(order, random);
    }
    return new Evolution(new LinkedHashSet<>(order), inOrder, random);
  }

  /// Returns the next network, which was not returned before.
  Architecture next() {
    Architecture next =
        inOrder || population.size() < POPULATION ? left.iterator().next() : child();
    left.remove(next);
    return next;
  }

  private Architecture child() {
    List<Architecture> some = new ArrayList<>(population);
    Collections.shuffle(some, random);
    Architecture parent =
        some.subList(0, SAMPLE).stream()
            .max(Comparator.comparingDouble(a -> Objects.requireNonNull(values.get(a))))
            .orElseThrow();
    int nearest = left.stream().mapToInt(a -> Shapes.distance(a, parent)).min().orElseThrow();
    List<Architecture> children =
        left.stream().filter(a -> Shapes.distance(a, parent) == nearest).toList();
    return children.get(random.nextInt(children.size()));
  }

  /// Takes what a network reached.
  void told(Architecture shape, double value) {
    values.put(shape, value);
    population.add(shape);
    if (population.size() > POPULATION) {
      population.remove();
    }
  }
}
