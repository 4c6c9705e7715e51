package io.kaseb.tune.trial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Orders points of several losses by domination (Deb et al. 2002, NSGA-II).
final class Pareto {
  private Pareto() {}

  /// Returns whether `a` is nowhere worse than `b` and somewhere better; less is better.
  static boolean dominates(double[] a, double[] b) {
    boolean better = false;
    for (int i = 0; i < a.length; i++) {
      if (!(a[i] <= b[i])) {
        return false;
      }
      better |= a[i] < b[i];
    }
    return better;
  }

  /// Returns the indices of the points, best first: by front, within a front the loneliest first,
  /// then by index. One loss gives the plain order.
  static int[] order(List<double[]> losses) {
    int n = losses.size();
    Integer[] order = IntStream.range(0, n).boxed().toArray(Integer[]::new);
    if (n == 0 || losses.getFirst().length == 1) {
      Arrays.sort(order, Comparator.comparingDouble(i -> losses.get(i)[0]));
    } else {
      int[] front = fronts(losses);
      double[] lonely = crowding(losses, front);
      Arrays.sort(
          order,
          Comparator.<Integer>comparingInt(i -> front[i]).thenComparingDouble(i -> -lonely[i]));
    }
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  /// Returns each point's front: 0 for those that nothing dominates, and so on.
  static int[] fronts(List<double[]> losses) {
    int n = losses.size();
    int[] dominators = new int[n];
    List<List<Integer>> worse = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      List<Integer> below = new ArrayList<>();
      for (int j = 0; j < n; j++) {
        if (dominates(losses.get(i), losses.get(j))) {
          below.add(j);
        } else if (dominates(losses.get(j), losses.get(i))) {
          dominators[i]++;
        }
      }
      worse.add(below);
    }
    int[] front = new int[n];
    List<Integer> current = IntStream.range(0, n).filter(i -> dominators[i] == 0).boxed().toList();
    for (int f = 0; !current.isEmpty(); f++) {
      List<Integer> next = new ArrayList<>();
      for (int i : current) {
        front[i] = f;
        for (int j : worse.get(i)) {
          if (--dominators[j] == 0) {
            next.add(j);
          }
        }
      }
      current = next;
    }
    return front;
  }

  private static double[] crowding(List<double[]> losses, int[] front) {
    int n = losses.size();
    double[] distance = new double[n];
    int fronts = Arrays.stream(front).max().orElse(-1) + 1;
    for (int f = 0; f < fronts; f++) {
      int here = f;
      int[] members = IntStream.range(0, n).filter(i -> front[i] == here).toArray();
      for (int goal = 0; goal < losses.getFirst().length; goal++) {
        addCrowding(losses, members, goal, distance);
      }
    }
    return distance;
  }

  private static void addCrowding(
      List<double[]> losses, int[] members, int goal, double[] distance) {
    int[] sorted =
        Arrays.stream(members)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> losses.get(i)[goal]))
            .mapToInt(Integer::intValue)
            .toArray();
    int last = sorted.length - 1;
    double range = losses.get(sorted[last])[goal] - losses.get(sorted[0])[goal];
    distance[sorted[0]] = Double.POSITIVE_INFINITY;
    distance[sorted[last]] = Double.POSITIVE_INFINITY;
    for (int i = 1; i < last && range > 0; i++) {
      distance[sorted[i]] +=
          (losses.get(sorted[i + 1])[goal] - losses.get(sorted[i - 1])[goal]) / range;
    }
  }
}
