package io.kaseb.tune.space;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A search space: parameters, some of which exist only under an option of another.
public final class Space {
  private final List<Parameter> parameters;
  private final List<Dimension> dimensions = new ArrayList<>();
  private @Nullable Space ordered;

  private Space(List<Parameter> parameters) {
    this.parameters = List.copyOf(parameters);
    add(this.parameters, "", -1, 0);
    Set<String> paths = new HashSet<>();
    for (Dimension dimension : dimensions) {
      if (!paths.add(dimension.path())) {
        throw new IllegalArgumentException(
            "parameter " + dimension.path() + " stands twice; names must differ");
      }
    }
  }

  private void add(List<Parameter> level, String prefix, int parent, int option) {
    for (Parameter parameter : level) {
      int index = dimensions.size();
      String path = prefix + parameter.name();
      dimensions.add(new Dimension(index, path, parameter, parent, option));
      if (parameter.domain() instanceof Choice choice) {
        for (int o = 0; o < choice.options().size(); o++) {
          Choice.Option inner = choice.options().get(o);
          add(inner.inner(), path + "/" + inner.value() + "/", index, o);
        }
      }
    }
  }

  /// Creates a space of parameters; at least one.
  ///
  /// @param parameters each name once
  /// @return a space whose points have a coordinate for each of them, in this order, options' own
  ///   parameters behind their choice
  public static Space of(List<Parameter> parameters) {
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException("the search space is empty; give at least one parameter");
    }
    return new Space(parameters);
  }

  /// Creates a space of named domains, in the map's order; by name where it has none, as an order
  /// that differs from one process to the next would make the same seed give other trials.
  ///
  /// @param domains by parameter
  /// @return a space whose points have a coordinate for each of them, in this order
  public static Space of(Map<String, Domain> domains) {
    Map<String, Domain> ordered =
        domains instanceof SequencedMap<String, Domain> ? domains : new TreeMap<>(domains);
    return of(
        ordered.entrySet().stream().map(e -> new Parameter(e.getKey(), e.getValue())).toList());
  }

  /// {@return the same space with choices among three numbers or more in the order of the numbers:
  /// equal parameters, other coordinates} The space itself where it has none.
  public synchronized Space ordered() {
    if (ordered == null) {
      List<Parameter> same = ordered(parameters);
      ordered = same.equals(parameters) ? this : new Space(same);
    }
    return ordered;
  }

  private static List<Parameter> ordered(List<Parameter> level) {
    List<Parameter> ordered = new ArrayList<>();
    for (Parameter parameter : level) {
      if (parameter.domain() instanceof Choice choice) {
        Steps steps = Steps.of(choice);
        Domain inside =
            new Choice(
                choice.options().stream()
                    .map(o -> new Choice.Option(o.value(), o.named(), ordered(o.inner())))
                    .toList());
        ordered.add(new Parameter(parameter.name(), steps == null ? inside : steps));
      } else {
        ordered.add(parameter);
      }
    }
    return ordered;
  }

  /// {@return the parameters of the top level}
  public List<Parameter> parameters() {
    return parameters;
  }

  /// {@return all parameters, flattened, a choice before what hangs on it}
  public List<Dimension> dimensions() {
    return dimensions;
  }

  /// {@return how many different parameter sets there are, or [Domain#UNLIMITED]}
  public long size() {
    return size(parameters);
  }

  private static long size(List<Parameter> level) {
    double product = 1;
    for (Parameter parameter : level) {
      double here = parameter.domain().size();
      if (parameter.domain() instanceof Choice choice) {
        here = choice.options().stream().mapToDouble(o -> size(o.inner())).sum();
      }
      product *= here;
    }
    return product >= 1e15 ? Domain.UNLIMITED : (long) product;
  }

  /// Draws a point: a coordinate for every dimension, NaN where it does not exist.
  ///
  /// @param random where the numbers come from
  /// @return `[dimensions]`
  public double[] random(RandomGenerator random) {
    double[] point = new double[dimensions.size()];
    for (Dimension dimension : dimensions) {
      point[dimension.index()] = dimension.active(point) ? random(dimension, random) : Double.NaN;
    }
    return point;
  }

  /// Draws a coordinate: an option's index, else a number of 0..1.
  ///
  /// @param dimension one of [#dimensions()]
  /// @param random where the number comes from
  /// @return 0..1 of a range, an option's index of a choice
  public static double random(Dimension dimension, RandomGenerator random) {
    int options = dimension.options();
    return options > 0 ? random.nextInt(options) : random.nextDouble();
  }

  /// Makes a changed point whole again: draws what has come to exist, drops what no longer does.
  ///
  /// @param changed `[dimensions]`, any of which were set anew; left as it is
  /// @param random where what is drawn comes from
  /// @return `[dimensions]`
  public double[] repaired(double[] changed, RandomGenerator random) {
    double[] point = changed.clone();
    for (Dimension dimension : dimensions) {
      int i = dimension.index();
      if (!dimension.active(point)) {
        point[i] = Double.NaN;
      } else if (Double.isNaN(point[i])) {
        point[i] = random(dimension, random);
      }
    }
    return point;
  }

  /// {@return the parameters at a point}
  ///
  /// @param point `[dimensions]`
  public Parameters at(double[] point) {
    return new Parameters(values(parameters, point, new int[1]));
  }

  private Map<String, Object> values(List<Parameter> level, double[] point, int[] next) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Parameter parameter : level) {
      double coordinate = point[next[0]++];
      if (!(parameter.domain() instanceof Choice choice)) {
        if (!Double.isNaN(coordinate)) {
          values.put(parameter.name(), parameter.domain().value(coordinate));
        }
        continue;
      }
      for (int o = 0; o < choice.options().size(); o++) {
        Choice.Option option = choice.options().get(o);
        Map<String, Object> inner = values(option.inner(), point, next);
        if (o != coordinate) {
          continue;
        }
        if (option.named()) {
          Map<String, Object> nested = new LinkedHashMap<>(Map.of("_name", option.value()));
          nested.putAll(inner);
          values.put(parameter.name(), nested);
        } else {
          values.put(parameter.name(), option.value());
        }
      }
    }
    return values;
  }

  /// {@return the point of some parameters, or null where they do not fit this space}
  ///
  /// @param given parameters of any space
  public double @Nullable [] point(Parameters given) {
    double[] point = new double[dimensions.size()];
    try {
      fill(parameters, given.values(), "", point, new int[1], true);
    } catch (IllegalArgumentException e) {
      return null;
    }
    return point;
  }

  /// Checks that parameters fit this space and returns them as this space writes them.
  ///
  /// @param given parameters as a user or a file has them
  /// @return the same, whole numbers as Long, others as Double
  /// @throws IllegalArgumentException naming the first parameter that is missing, unknown or
  ///   outside its domain
  public Parameters checked(Parameters given) {
    double[] point = new double[dimensions.size()];
    return new Parameters(fill(parameters, given.values(), "", point, new int[1], true));
  }

  private static Map<String, Object> fill(
      List<Parameter> level,
      Map<String, ?> given,
      String prefix,
      double[] point,
      int[] next,
      boolean active) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Parameter parameter : level) {
      int index = next[0]++;
      Object raw = active ? given.get(parameter.name()) : null;
      if (active && raw == null) {
        throw new IllegalArgumentException(
            prefix + parameter.name() + " is missing; must be " + parameter.domain().describe());
      }
      Object value = raw == null ? null : canonical(parameter, raw, prefix);
      point[index] = value == null ? Double.NaN : parameter.domain().coordinate(value);
      if (value != null) {
        values.put(parameter.name(), value);
      }
      if (parameter.domain() instanceof Choice choice) {
        for (int o = 0; o < choice.options().size(); o++) {
          Choice.Option option = choice.options().get(o);
          boolean taken = point[index] == o;
          Map<String, ?> below = taken && raw instanceof Map<?, ?> m ? textKeys(m) : Map.of();
          Map<String, Object> inner =
              fill(option.inner(), below, prefix + parameter.name() + "/", point, next, taken);
          if (taken && option.named()) {
            Map<String, Object> nested = new LinkedHashMap<>(Map.of("_name", option.value()));
            nested.putAll(inner);
            values.put(parameter.name(), nested);
          }
        }
      }
    }
    if (active) {
      for (String name : given.keySet()) {
        if (!name.equals("_name") && !values.containsKey(name)) {
          throw new IllegalArgumentException(
              prefix + name + " is not in the search space; known are " + values.keySet());
        }
      }
    }
    return values;
  }

  private static Object canonical(Parameter parameter, Object raw, String prefix) {
    Object name = raw instanceof Map<?, ?> m ? m.get("_name") : null;
    Object plain = name == null ? raw : name;
    Object value = parameter.domain().canonical(plain);
    if (value == null) {
      throw new IllegalArgumentException(
          prefix + parameter.name() + "=" + plain + "; must be " + parameter.domain().describe());
    }
    return value;
  }

  private static Map<String, ?> textKeys(Map<?, ?> map) {
    Map<String, Object> keyed = new LinkedHashMap<>();
    map.forEach((k, v) -> keyed.put(k.toString(), v));
    return keyed;
  }

  /// {@return how far two parameter sets are apart: the sum over all parameters, 1 for another
  /// option or one that only one of them has, up to 1 for numbers} Infinite where one of them is
  /// outside this space.
  ///
  /// @param a parameters of this space
  /// @param b others of this space
  public double distance(Parameters a, Parameters b) {
    double[] x = point(a);
    double[] y = point(b);
    return x == null || y == null ? Double.POSITIVE_INFINITY : distance(x, y);
  }

  /// {@return the same of two points}
  ///
  /// @param a `[dimensions]`
  /// @param b `[dimensions]`
  public double distance(double[] a, double[] b) {
    double sum = 0;
    for (Dimension dimension : dimensions) {
      int i = dimension.index();
      boolean both = !Double.isNaN(a[i]) && !Double.isNaN(b[i]);
      if (dimension.options() > 0 || !both) {
        sum += (both && a[i] == b[i]) || (Double.isNaN(a[i]) && Double.isNaN(b[i])) ? 0 : 1;
      } else {
        sum += Math.abs(a[i] - b[i]);
      }
    }
    return sum;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Space space && parameters.equals(space.parameters);
  }

  @Override
  public int hashCode() {
    return parameters.hashCode();
  }

  @Override
  public String toString() {
    return parameters.toString();
  }
}
