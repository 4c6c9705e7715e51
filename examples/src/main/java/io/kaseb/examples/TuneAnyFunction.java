package io.kaseb.examples;

import io.kaseb.tune.space.Choice;
import io.kaseb.tune.space.Parameter;
import io.kaseb.tune.space.Parameters;
import io.kaseb.tune.space.Range;
import io.kaseb.tune.space.Space;
import io.kaseb.tune.study.MemoryStore;
import io.kaseb.tune.study.Objective;
import io.kaseb.tune.study.Settings;
import io.kaseb.tune.study.Study;
import io.kaseb.tune.trial.Goal;
import io.kaseb.tune.trial.Trial;
import java.util.List;
import java.util.Locale;

/// Tunes a function that has nothing to do with forecasts: how much stock a shop should order, when
/// what is too much costs storage and what is too little costs sales. It needs `kaseb-tune` and the
/// JDK alone.
public final class TuneAnyFunction {
  private static final int DAYS = 400;

  private TuneAnyFunction() {}

  /// Runs it.
  public static void main(String[] args) {
    Study study = tune(80);
    Trial best = study.best().orElseThrow();
    System.out.printf(
        Locale.ROOT,
        "Of %d trials the best is %d: a day costs %.2f with %s%n",
        study.trials().size(),
        best.id(),
        best.values().getFirst(),
        best.parameters().flat());
  }

  /// Searches the cheapest policy.
  static Study tune(int trials) {
    Space space =
        Space.of(
            List.of(
                new Parameter("order_below", Range.integers(0, 200)),
                new Parameter(
                    "policy",
                    new Choice(
                        List.of(
                            new Choice.Option(
                                "fixed",
                                true,
                                List.of(new Parameter("amount", Range.integers(1, 300)))),
                            new Choice.Option(
                                "fill_up",
                                true,
                                List.of(new Parameter("level", Range.integers(50, 400)))))))));
    Settings settings = Settings.of(space, Goal.minimize("cost")).withMaxTrials(trials);
    Study study = Study.create(new MemoryStore(), settings);
    study.run(Objective.of(TuneAnyFunction::cost));
    return study;
  }

  /// Returns the mean cost of a day.
  static double cost(Parameters policy) {
    double stock = 100;
    double arriving = 0;
    double cost = 0;
    for (int day = 0; day < DAYS; day++) {
      stock += arriving;
      arriving = 0;
      double demand = 30 + 20 * Math.sin(day / 7.0) + day * 37 % 23;
      cost += 4 * Math.max(0, demand - stock) + .1 * stock;
      stock = Math.max(0, stock - demand);
      if (stock <= policy.number("order_below")) {
        arriving =
            policy.text("policy").equals("fixed")
                ? policy.number("amount")
                : Math.max(0, policy.number("level") - stock);
        cost += 20;
      }
    }
    return cost / DAYS;
  }
}
