package io.kaseb.tune.space;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Search spaces that tests share.
public final class Spaces {
  private Spaces() {}

  /// One of every domain, with a nested choice.
  public static Space everything() {
    Map<String, Domain> all = new LinkedHashMap<>();
    all.put("choice", Choice.of("a", 2, 3.5, true, List.of(100, 50)));
    all.put("randint", Range.integers(3, 40));
    all.put("uniform", Range.of(-2, 3));
    all.put("quniform", new Range(2, 10, 5, false, false));
    all.put("loguniform", Range.log(1e-5, 1));
    all.put("qloguniform", new Range(1, 1000, 10, true, false));
    all.put("logint", new Range(1, 512, 1, true, true));
    all.put("normal", new NormalRange(10, 3, 0, false));
    all.put("qnormal", new NormalRange(10, 3, 2, false));
    all.put("lognormal", new NormalRange(0, 1, 0, true));
    all.put("qlognormal", new NormalRange(2, .5, 1, true));
    all.put("nested", nested());
    return Space.of(all);
  }

  /// A choice whose options have parameters of their own, two levels deep.
  public static Choice nested() {
    Choice.Option deep =
        new Choice.Option("deep", true, List.of(new Parameter("size", Range.integers(1, 8))));
    return new Choice(
        List.of(
            new Choice.Option("none", true, List.of()),
            new Choice.Option(
                "bpr-max",
                true,
                List.of(
                    new Parameter("bpreg", Range.of(0, 2)),
                    new Parameter("kind", new Choice(List.of(deep, option("flat"))))))));
  }

  private static Choice.Option option(String name) {
    return new Choice.Option(name, true, List.of());
  }

  /// Twelve parameter sets, one choice hanging on another.
  public static Space twelve() {
    Choice.Option more =
        new Choice.Option("more", true, List.of(new Parameter("n", Range.integers(1, 3))));
    return Space.of(
        Map.of("a", new Choice(List.of(option("none"), more)), "b", Range.integers(0, 2)));
  }

  /// Two numbers in 0..1.
  public static Space square() {
    Map<String, Domain> all = new LinkedHashMap<>();
    all.put("x", Range.of(0, 1));
    all.put("y", Range.of(0, 1));
    return Space.of(all);
  }
}
